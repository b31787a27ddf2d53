"""Acts of rivals, and what comes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from bookings import actions
from bookings.models import Appointment, Service
from clients.models import Client
from clinics.models import Clinic
from pets.models import Pet
from portal.kit.refusals import Refusal
from tests import factories
from tests.bookings.visits import NOON
from tests.races import at_once_inside

RIVALS = 12
ROUNDS = 4
type Act = Callable[[], Any]


def outcomes(clinic: Clinic, *acts: Act) -> Counter[str]:
    """How often each came out: "done", or the name of the refusal."""
    found = at_once_inside(clinic, *acts)
    return Counter(type(one).__name__ if isinstance(one, Refusal) else "done" for one in found)


def attempt(owner: Client, service: Service, starts_at: datetime, pet: Pet, **fields: Any) -> Act:
    return partial(
        actions.book_appointment,
        client=owner,
        service=service,
        pets=[pet],
        starts_at=starts_at,
        by=owner,
        now=NOON,
        **({"person": None} | fields),
    )


def move(visit: Appointment, starts_at: datetime) -> Act:
    return partial(
        actions.reschedule_appointment, appointment=visit, starts_at=starts_at, person=None, by=visit.client, now=NOON
    )


def rivals(clinic: Clinic, count: int = RIVALS) -> list[tuple[Client, Pet]]:
    owners = [factories.create_owner(clinic) for _rival in range(count)]
    return [(owner, factories.create_pet(owner)) for owner in owners]
