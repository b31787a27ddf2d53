"""Everything that can happen to messages and senders, but for delivery itself (`messaging.delivery`)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import DateTimeField, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from clinics.models import Clinic, User
from messaging import outbox, outcomes
from messaging.models import OPEN_STATES, Channel, Outgoing, OutgoingQuerySet, Sender, State, Waiting
from portal.kit import crypto
from portal.kit.refusals import Refusal

log = structlog.get_logger(__name__)

CODES_KEPT = timedelta(hours=24)
BODIES_KEPT = timedelta(days=730)
RINGS_KEPT = timedelta(days=1)
# What a provider can report. A later report of a lower rank changes nothing: reports arrive twice and out of
# order.
RANKS = {State.SENT: 1, State.UNDELIVERED: 2, State.FAILED: 2, State.DELIVERED: 3}


class NeverAgain(Refusal):
    message = gettext_lazy("A sign-in code is never sent again. The person can ask for a new one.")


class StillOnItsWay(Refusal):
    message = gettext_lazy("This message is still on its way.")


class SentAgainAlready(Refusal):
    message = gettext_lazy("This message was sent again already.")


class NothingLeft(Refusal):
    message = gettext_lazy("The text of this message is no longer kept.")


@transaction.atomic
def send_again(*, message: Outgoing, now: datetime, by: User) -> None:
    """Say the same once more, as a new message that knows its parent.

    Raises NeverAgain, StillOnItsWay, SentAgainAlready or NothingLeft.
    """
    message = Outgoing.objects.for_clinic(message.clinic).select_for_update(no_key=True).get(pk=message.pk)
    if message.is_sensitive or message.is_decoy or message.is_platforms:
        raise NeverAgain
    if message.state in OPEN_STATES:
        raise StillOnItsWay
    if message.resent_as.exists():
        raise SentAgainAlready
    if not message.body:
        raise NothingLeft
    words = outbox.Words(
        channel=Channel(message.channel),
        to=message.to,
        subject=message.subject,
        body=message.body,
        kind=message.kind,
        key=f"again:{message.pk}",
        about=message.about,
        attachment_name=message.attachment_name,
        attachment_type=message.attachment_type,
        attachment_text=message.attachment_text,
    )
    outbox.enqueue(message.clinic, words, now=now, parent=message)
    log.info("messaging.sent_again", outbox_id=message.pk, clinic_id=message.clinic_id, user_id=by.pk)


def requeue_dead(*, clinic: Clinic, now: datetime) -> int:
    """Queue again what was refused or given up at this clinic, once its cause is mended. Returns how many.

    Call inside `tenant(clinic)`.
    """
    again = requeueable(clinic=clinic, now=now)
    count = again.update(state=State.QUEUED, attempts=0, doubts=0, due_at=now, error="")
    if count:
        outbox.ring(clinic.pk, at=now, now=now)
    return count


def requeueable(*, clinic: Clinic, now: datetime) -> OutgoingQuerySet:
    """What `requeue_dead` would queue: neither codes, nor what is useless by now, nor what a provider once
    took.
    """
    ended = Outgoing.objects.for_clinic(clinic).clinics_own().filter(state__in=(State.DEAD, State.FAILED))
    useful = ended.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    return useful.filter(is_sensitive=False, provider_id="", resent_as__isnull=True).exclude(body="")


def record_status(*, clinic: Clinic, outbox_id: int, provider_id: str, state: State, error: str, now: datetime) -> bool:
    """Write down what the provider reports; also settles a doubt. Returns whether it changed anything.

    One statement, so that reports at the same time can't undo each other. Call inside `tenant(clinic)`.
    """
    overtaken = [other for other, rank in RANKS.items() if rank >= RANKS[state]]
    rows = Outgoing.objects.for_clinic(clinic).filter(pk=outbox_id, provider_id__in=("", provider_id))
    sent_at = Coalesce("sent_at", Value(now, output_field=DateTimeField()))
    values: dict[str, Any] = {"state": state, "error": error[:300], "sent_at": sent_at}
    if state == State.DELIVERED:
        values["delivered_at"] = now
    return outcomes.hold(clinic, rows.exclude(state__in=overtaken), provider_id, now=now, **values)


def set_twilio_token(*, sender: Sender, token: str) -> None:
    """Keep a clinic's Twilio token, sealed; "" forgets it."""
    sender.sealed_twilio_auth_token = crypto.seal(token) if token else ""
    sender.save(update_fields=["sealed_twilio_auth_token"])


def set_email_options(*, sender: Sender, options: dict[str, Any]) -> None:
    """Keep what a clinic's e-mail provider needs, such as an API key, sealed; {} forgets it."""
    sender.sealed_email_options = crypto.seal(json.dumps(options)) if options else ""
    sender.save(update_fields=["sealed_email_options"])


def reseal_credentials(*, sender: Sender, dry_run: bool = False) -> bool:
    """Seal a clinic's credentials with the newest of PORTAL_KEYS. Returns whether there are any.

    Raises crypto.Unreadable, and changes nothing then.
    """
    secrets = [name for name in ("sealed_twilio_auth_token", "sealed_email_options") if getattr(sender, name)]
    for name in secrets:
        setattr(sender, name, crypto.reseal(getattr(sender, name)))
    if secrets and not dry_run:
        sender.save(update_fields=secrets)
    return bool(secrets)


def purge(*, clinic: Clinic, now: datetime) -> int:
    """Forget what must not be kept: codes and decoys after a day, texts after two years, rings nobody
    answered.

    Call inside `tenant(clinic)`. Returns how many rows were deleted or emptied.
    """
    rows = Outgoing.objects.for_clinic(clinic)
    codes = rows.filter(Q(is_sensitive=True) | Q(is_decoy=True), created_at__lt=now - CODES_KEPT)
    deleted, _by_model = codes.delete()
    old = rows.filter(created_at__lt=now - BODIES_KEPT).exclude(state__in=OPEN_STATES).exclude(body="", subject="")
    emptied = old.update(body="", subject="", attachment_name="", attachment_type="", attachment_text="")
    rings, _by_model = Waiting.objects.filter(clinic=clinic, due_at__lt=now - RINGS_KEPT).delete()
    return deleted + emptied + rings
