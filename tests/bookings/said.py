"""What was said to clients: the rows of the outbox, read as people get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clients.actions import choose_channels
from clinics.tenancy import tenant
from messaging.models import Outgoing
from tests.bookings.visits import NOON

if TYPE_CHECKING:
    from clients.models import Client
    from clinics.models import Clinic


def outbox(clinic: Clinic) -> list[Outgoing]:
    """Everything that was written, oldest first."""
    with tenant(clinic):
        return list(Outgoing.objects.for_clinic(clinic).order_by("id"))


def last(clinic: Clinic) -> Outgoing:
    return outbox(clinic)[-1]


def kinds(clinic: Clinic) -> list[tuple[str, str]]:
    return [(row.kind.removeprefix("appointment_"), row.channel) for row in outbox(clinic)]


def allow(owner: Client, *, emails: bool, texts: bool) -> None:
    with tenant(owner.clinic):
        choose_channels(client=owner, accepts_emails=emails, accepts_texts=texts, now=NOON)


def do(action: Any, visit: Any, **fields: Any) -> Any:
    """An action about a visit, at noon."""
    with tenant(visit.clinic):
        return action(appointment=visit, now=NOON, **fields)
