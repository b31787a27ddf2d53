"""Keeps messages in files instead of sending them, for the demo's own page. Nothing leaves the machine."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from messaging.gateways.base import Message


@dataclass(frozen=True, slots=True)
class Saved:
    """A message as the demo shows it."""

    outbox_id: int
    channel: str
    to: str
    subject: str
    body: str
    clinic_slug: str
    clinic_name: str
    sent_at: datetime
    # The name of the file that came with it. Messages that were kept before there were any have none.
    attachment_name: str = ""


class DemoGateway:
    can_be_asked = True

    def send(self, message: Message) -> str:
        save(message)
        return _id(message)

    def find(self, message: Message) -> list[str]:
        return [_id(message)] if _file(message).exists() else []


def save(message: Message) -> None:
    """Keep one message. The file is named after its row, so saving again changes nothing but the time."""
    saved = Saved(
        outbox_id=message.outbox_id,
        channel=message.channel,
        to=message.to,
        subject=message.subject,
        body=message.text,
        clinic_slug=message.clinic.slug,
        clinic_name=message.clinic.name,
        sent_at=timezone.now(),
        attachment_name=message.attachment.name if message.attachment else "",
    )
    file = _file(message)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_suffix(".new")  # Renamed when whole, so that a reader never sees half a message.
    unfinished.write_text(json.dumps(asdict(saved) | {"sent_at": saved.sent_at.isoformat()}, ensure_ascii=False))
    unfinished.replace(file)


def read_all() -> list[Saved]:
    """Every message kept so far, newest first."""
    found = [json.loads(file.read_text()) for file in _folder().glob("*.json")]
    saved = [Saved(**(fields | {"sent_at": datetime.fromisoformat(fields["sent_at"])})) for fields in found]
    return sorted(saved, key=lambda message: (message.sent_at, message.outbox_id), reverse=True)


def _folder() -> Path:
    return Path(settings.STATE_DIR) / "messages"


def _file(message: Message) -> Path:
    return _folder() / f"{message.outbox_id}.json"


def _id(message: Message) -> str:
    return f"demo-{message.outbox_id}"
