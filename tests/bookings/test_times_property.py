"""Whatever a clinic sets up, the fast way of finding times finds those of the slow and obvious way."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings import actions, availability, policy
from bookings.availability import Wanted
from bookings.models import Appointment, Claim, Closure, State, WorkingException, WorkingHours
from clinics.models import Clinic, HoursException
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.slow_times import slow_times

pytestmark = pytest.mark.django_db

# Places, and a day near which their clocks change; Kathmandu's never do, but differ by 5:45.
PLACES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Sydney", date(2026, 4, 5)),
    ("Australia/Sydney", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 4, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
]
fives = st.integers(0, 287).map(lambda five: time(five // 12, five % 12 * 5))
minutes_of_day = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
offsets = st.integers(-600, 3600)
spans = st.lists(
    st.tuples(st.integers(0, 6), st.one_of(fives, minutes_of_day), fives), max_size=4, unique_by=lambda s: s[:2]
)
set_ups = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "people": st.lists(spans, min_size=1, max_size=2),
        "room": st.one_of(st.none(), spans),
        "minutes": st.sampled_from([5, 15, 30, 40, 90]),
        "buffers": st.tuples(st.sampled_from([0, 5, 15]), st.sampled_from([0, 10])),
        "grid": st.sampled_from([5, 15, 20, 30, 45, 60]),
        "notice": st.sampled_from([0, 2, 30]),
        "taken": st.lists(st.tuples(st.integers(0, 1), offsets, st.integers(5, 120)), max_size=4),
        "closed": st.lists(st.tuples(st.integers(-1, 1), offsets, st.integers(1, 600)), max_size=2),
        "own_exception": st.one_of(
            st.none(), st.tuples(st.integers(0, 2), st.one_of(st.none(), st.tuples(fives, fives)))
        ),
        "holiday": st.one_of(st.none(), st.tuples(st.integers(0, 2), st.one_of(st.none(), st.tuples(fives, fives)))),
        "pet_taken": st.one_of(st.none(), st.tuples(offsets, st.integers(5, 90))),
    }
)


@contextmanager
def undone(clinic: Clinic) -> Any:
    """A clinic whose rows are gone afterwards."""
    with transaction.atomic(), tenant(clinic):
        yield
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(set_up=set_ups)
def test_both_ways_find_the_same_times(willow, set_up):
    zone, near = set_up["place"]
    Clinic.objects.filter(pk=willow.pk).update(time_zone=zone)
    clinic = Clinic.objects.get(pk=willow.pk)
    now = datetime.combine(near - timedelta(days=1), time(6), UTC)
    first, last = near - timedelta(days=1), near + timedelta(days=1)
    owner = factories.create_owner(clinic)
    pet = factories.create_pet(owner)

    with undone(clinic):
        service, rules = build(clinic, owner, pet, near, set_up)
        wanted = Wanted(service=service, rules=policy.rules_for(service, rules), pets=[pet])
        found = availability.read(clinic, wanted, first=first, last=last, now=now)
        days = [first + timedelta(days=ahead) for ahead in range(3)]
        fast = [moment.astimezone(UTC) for day in days for moment in found.times_on(day)]
        slow = slow_times(clinic, service, rules, pets=[pet], first=first, last=last, now=now)

    assert fast == slow


def build(clinic, owner, pet, near, set_up):
    midnight = datetime.combine(near, time.min, clinic.zone).astimezone(UTC)
    people = [visits.create_person(clinic, hours="") for _spans in set_up["people"]]
    resources = list(people)
    if set_up["room"] is not None:
        resources.append(visits.create_room(clinic))
    for one, wished in zip(resources, [*set_up["people"], set_up["room"]], strict=False):
        WorkingHours.objects.bulk_create(
            WorkingHours(clinic=clinic, resource=one, weekday=day, starts=starts, ends=ends)
            for day, starts, ends in wished
        )
    before, after = set_up["buffers"]
    service = visits.create_service(
        clinic, *resources, minutes=set_up["minutes"], buffer_before=before, buffer_after=after
    )
    rules = actions.set_policy(
        clinic=clinic,
        by=None,
        now=midnight,
        grid_minutes=set_up["grid"],
        minimum_notice_hours=set_up["notice"],
    )
    for which, offset, length in set_up["taken"]:
        take(
            clinic,
            owner,
            service,
            midnight + timedelta(minutes=offset),
            length,
            resource=resources[which % len(resources)],
        )
    if set_up["pet_taken"]:
        offset, length = set_up["pet_taken"]
        take(clinic, owner, service, midnight + timedelta(minutes=offset), length, pet=pet)
    for which, offset, length in set_up["closed"]:
        starts_at = midnight + timedelta(minutes=offset)
        Closure.objects.create(
            clinic=clinic,
            resource=None if which < 0 else resources[which % len(resources)],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=length),
        )
    if set_up["own_exception"]:
        ahead, hours = set_up["own_exception"]
        starts, ends = hours or (None, None)
        on = near + timedelta(days=ahead - 1)
        WorkingException.objects.create(clinic=clinic, resource=people[0], on=on, starts=starts, ends=ends)
    if set_up["holiday"]:
        ahead, hours = set_up["holiday"]
        opens, closes = sorted(hours) if hours and hours[0] != hours[1] else (None, None)
        HoursException.objects.create(clinic=clinic, on=near + timedelta(days=ahead - 1), opens=opens, closes=closes)
    return service, rules


def take(clinic, owner, service, starts_at, length, **whose):
    """A claim that is there already, at any minute; PostgreSQL refuses those that overlap, so they are left out."""
    ends_at = starts_at + timedelta(minutes=length)
    if Claim.objects.filter(**whose, blocked_at__lt=ends_at, blocked_until__gt=starts_at).exists():
        return
    promise = Appointment.objects.create(
        clinic=clinic,
        client=owner,
        service=service,
        starts_at=starts_at,
        ends_at=ends_at,
        state=State.CONFIRMED,
        booked_at=starts_at,
        changed_at=starts_at,
    )
    Claim.objects.create(clinic=clinic, appointment=promise, blocked_at=starts_at, blocked_until=ends_at, **whose)
