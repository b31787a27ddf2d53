"""What availability answers, as clocks read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bookings import availability, policy
from bookings.availability import Openings, Wanted
from bookings.models import Service
from clinics.tenancy import tenant
from tests.bookings.visits import NOON

# A Thursday.
DAY = date(2026, 4, 23)


def find(
    service: Service, *, day: date = DAY, last: date | None = None, now: datetime = NOON, **wanted: Any
) -> Openings:
    """The openings of a service, by default of one Thursday."""
    clinic = service.clinic
    with tenant(clinic):
        rules = policy.rules_for(service, policy.in_force(clinic))
        return availability.read(
            clinic, Wanted(service=service, rules=rules, **wanted), first=day, last=last or day, now=now
        )


def clocks(openings: Openings, day: date = DAY) -> list[str]:
    return [f"{moment:%H:%M}" for moment in openings.times_on(day)]
