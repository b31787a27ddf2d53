"""Builders for messages, and a clock to move."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import delivery, outbox
from messaging.models import Channel, Outgoing, Sender, Waiting
from messaging.pace import USUAL, Pace

numbers = count(1)
PHONE = "+447700900123"


def queue(clinic: Clinic, body: str = "", *, now: datetime, due_at: datetime | None = None, **fields: Any) -> Outgoing:
    """A message in the clinic's outbox, a text unless said otherwise."""
    number = next(numbers)
    defaults: dict[str, Any] = {"channel": Channel.SMS, "to": PHONE, "kind": "test", "key": f"test:{number}"}
    words = outbox.Words(body=body or f"Message {number}", **(defaults | fields))
    with tenant(clinic):
        outbox.enqueue(clinic, words, now=now, due_at=due_at)
        return Outgoing.objects.for_clinic(clinic).get(key=words.key)


def fresh(row: Outgoing) -> Outgoing:
    """The row as it is now."""
    with tenant(row.clinic_id):
        return Outgoing.objects.get(pk=row.pk)


def change(row: Outgoing, **fields: Any) -> None:
    with tenant(row.clinic_id):
        Outgoing.objects.filter(pk=row.pk).update(**fields)


def deliver(clinic: Clinic, at: datetime, *, pace: Pace = USUAL) -> int:
    """One look at the clinic's outbox by a worker whose clock stands still."""
    return delivery.deliver_clinic(clinic.pk, clock=lambda: at, pace=pace)


def rings(clinic: Clinic) -> list[datetime]:
    return list(Waiting.objects.filter(clinic=clinic).order_by("due_at").values_list("due_at", flat=True))


def create_sender(clinic: Clinic, **fields: Any) -> Sender:
    with tenant(clinic):
        return Sender.objects.create(clinic=clinic, **fields)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
