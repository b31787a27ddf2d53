"""The only way to say something: a row in the transaction that decides it.

Everything after is safe to repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from messaging.models import Channel, Outgoing, Waiting
from portal.kit import crypto

if TYPE_CHECKING:
    from clinics.models import Clinic


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message before it is anybody's.

    `key` says it only once at a clinic; `expires_at` is when it becomes useless. `about` names what it speaks of,
    like “pet:42”, so that it is not sent when that is no longer so (messaging/truths.py). An e-mail may carry one file
    of text: its name, its Content-Type and what is in it. It is kept in clear, so it goes with no sensitive message.
    """

    channel: Channel
    to: str
    body: str
    kind: str
    key: str
    subject: str = ""
    about: str = ""
    is_sensitive: bool = False
    is_decoy: bool = False
    is_platforms: bool = False
    expires_at: datetime | None = None
    attachment_name: str = ""
    attachment_type: str = ""
    attachment_text: str = ""

    def __post_init__(self) -> None:
        if self.is_sensitive and self.attachment_text:
            raise ValueError("A sensitive message is sealed, and its attachment would not be.")


def enqueue(
    clinic: Clinic,
    words: Words,
    *,
    now: datetime,
    due_at: datetime | None = None,
    parent: Outgoing | None = None,
) -> None:
    """Queue a message for delivery at once or at `due_at`; the same key again changes nothing.

    Must be called inside `tenant(clinic)`. A sensitive body is sealed before it is stored; its subject is
    not, so a code belongs in the body only. `parent` is the message that this one says again.
    """
    due_at = due_at or now
    row = Outgoing(
        clinic=clinic,
        channel=words.channel,
        to=words.to,
        subject=words.subject,
        body=crypto.seal(words.body) if words.is_sensitive else words.body,
        kind=words.kind,
        key=words.key,
        about=words.about,
        is_sensitive=words.is_sensitive,
        is_decoy=words.is_decoy,
        is_platforms=words.is_platforms,
        due_at=due_at,
        expires_at=words.expires_at,
        attachment_name=words.attachment_name,
        attachment_type=words.attachment_type,
        attachment_text=words.attachment_text,
        parent=parent,
    )
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    ring(clinic.pk, at=due_at, now=now)


def ring(clinic_id: int, *, at: datetime, now: datetime) -> None:
    """Note that a clinic's outbox has work from `at` on; if that is now, nudge a worker after the commit."""
    Waiting.objects.create(clinic_id=clinic_id, due_at=at)
    if at <= now:
        transaction.on_commit(partial(_nudge, clinic_id), robust=True)


def _nudge(clinic_id: int) -> None:
    """Say “look”. It may be lost: beat says it again within seconds."""
    from messaging.tasks import deliver_clinic  # Here, because tasks are what becomes of the rows above.

    deliver_clinic.delay(clinic_id=clinic_id)
