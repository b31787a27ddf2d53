"""Whom a visit can be with, in words for the page: each with the first time that they are free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bookings import availability, picker
from bookings.facts import listed
from bookings.models import AppointmentPet, Resource, State

if TYPE_CHECKING:
    from bookings.availability import Openings, Wanted
    from clients.models import Client
    from clinics.models import Clinic
    from pets.models import Pet


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOffer:
    """Somebody to choose, or nobody in particular (`value` "any"). `is_free` is there any time at all?"""

    value: str
    name: str
    initials: str
    lines: list[str]
    is_free: bool


def offered(
    wanted: Wanted, staff: Sequence[Resource], *, clinic: Clinic, client: Client | None, now: datetime
) -> list[PersonOffer]:
    """Nobody in particular first, then those who do it, each with the first time that they are free.

    One statement for all diaries to the horizon, and one for whom these pets saw last.
    """
    today = now.astimezone(clinic.zone).date()
    last = today + timedelta(days=wanted.rules.horizon_days)
    found = availability.read(clinic, wanted, first=today, last=last, now=now)
    seen = _seen_last(client, wanted.pets) if client else {}
    first = _first_free(found.first, today=today)
    anybody = PersonOffer(
        value="any",
        name=_("No preference"),
        initials="",
        lines=[_("Whoever is free soonest"), first],
        is_free=found.first is not None,
    )
    return [anybody, *(_person(one, found, seen, today=today) for one in staff)]


def _person(one: Resource, found: Openings, seen: dict[int, str], *, today: date) -> PersonOffer:
    first = found.first_with(one.pk)
    last_time = _("saw %(pets)s last time") % {"pets": seen[one.pk]} if one.pk in seen else ""
    return PersonOffer(
        value=str(one.pk),
        name=one.name,
        initials=one.initials,
        lines=[
            line
            for line in (" · ".join(part for part in (one.job, last_time) if part), _first_free(first, today=today))
            if line
        ],
        is_free=first is not None,
    )


def _first_free(at: datetime | None, *, today: date) -> str:
    """“First free: tomorrow at 15:10”."""
    if at is None:
        return _("No free time to book online at the moment")
    if at.date() == today:
        when = _("today at %(time)s") % {"time": picker.clock(at)}
    elif at.date() == today + timedelta(days=1):
        when = _("tomorrow at %(time)s") % {"time": picker.clock(at)}
    else:
        when = picker.day_and_time(at, today=today)
    return _("First free: %(when)s") % {"when": when}


def _seen_last(client: Client, pets: Sequence[Pet]) -> dict[int, str]:
    """Whom these pets saw at their last visits: the pets' names by person."""
    names = {pet.pk: pet.name for pet in pets}
    visits = AppointmentPet.objects.for_clinic(client.clinic).filter(
        pet__in=names, appointment__state=State.COMPLETED, appointment__person__isnull=False
    )
    last = visits.order_by("pet_id", "-appointment__starts_at").distinct("pet_id")
    seen: dict[int, list[str]] = {}
    for pet_id, person_id in last.values_list("pet_id", "appointment__person_id"):
        seen.setdefault(person_id, []).append(names[pet_id])
    return {person_id: listed(found) for person_id, found in seen.items()}
