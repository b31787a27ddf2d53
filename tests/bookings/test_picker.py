"""The picker: a week at a glance, and the times of one of its days."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bookings import picker, policy
from bookings.availability import Wanted
from bookings.models import Policy, Resource, Service
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, TODAY, at


def address(day: date) -> str:
    return f"?day={day}"


def built(
    clinic: Clinic,
    service: Service,
    *,
    day: str = "",
    chosen: datetime | None = None,
    now: datetime = NOON,
    **wishes: Any,
) -> picker.Picker:
    with tenant(clinic), timezone.override(clinic.zone):
        rules = policy.rules_for(service, policy.in_force(clinic))
        wanted = Wanted(service=service, rules=rules, **wishes)
        asked = date.fromisoformat(day) if day else None
        return picker.build(clinic, wanted, address=address, day=asked, chosen=chosen, now=now)


def labels(found: picker.Picker) -> dict[str, list[str]]:
    return {part.label: [time.label for time in part.times] for part in found.parts}


@pytest.fixture
def hourly(willow: Clinic) -> Policy:
    """Times on the hour keep the lists of these tests short."""
    return visits.create_policy(willow, grid_minutes=60)


def test_a_week_runs_from_monday_to_sunday_and_says_how_full_each_day_is(
    willow: Clinic, check: Service, hourly: Policy, owner: Client, miso: Pet
) -> None:
    for hour in range(9, 17):
        visits.book(owner, check, at(willow, f"2026-04-21 {hour:02}:00"), miso)
    for hour in range(9, 15):
        visits.book(owner, check, at(willow, f"2026-04-22 {hour:02}:00"), miso)

    found = built(willow, check, day="2026-04-23")

    assert found.week_label == "20 – 26 April"
    assert found.day_label == "Thursday 23 April"
    assert (found.earlier_url, found.later_url) == ("?day=2026-04-19", "?day=2026-04-27")
    assert [(one.weekday, one.number, one.words, one.tone, one.url, one.count) for one in found.days] == [
        ("Mon", 20, "Free", "", "?day=2026-04-20", "8 times"),
        ("Tue", 21, "Full", "", "", ""),
        ("Wed", 22, "Few", "few", "?day=2026-04-22", "2 times"),
        ("Thu", 23, "Free", "", "?day=2026-04-23", "8 times"),
        ("Fri", 24, "Free", "", "?day=2026-04-24", "8 times"),
        ("Sat", 25, "Closed", "", "", ""),
        ("Sun", 26, "Closed", "", "", ""),
    ]
    assert [one.number for one in found.days if one.is_current] == [23]


def test_times_are_grouped_by_part_of_the_day(willow: Clinic, hourly: Policy) -> None:
    late = visits.create_person(willow, hours="10:00-19:00")
    service = visits.create_service(willow, late)

    found = built(willow, service, day="2026-04-23", chosen=at(willow, "2026-04-23 17:00"))

    assert labels(found) == {
        "Morning": ["10:00", "11:00"],
        "Afternoon": ["12:00", "13:00", "14:00", "15:00", "16:00"],
        "Evening": ["17:00", "18:00"],
    }
    assert [time.value for part in found.parts for time in part.times if time.is_chosen] == [
        "2026-04-23T17:00:00+01:00"
    ]
    assert (found.chosen_label, found.short_day) == ("Thu 23 April, 17:00", "Thu 23 April")


def test_without_a_day_it_opens_on_the_first_with_a_free_time(willow: Clinic, check: Service, hourly: Policy) -> None:
    assert built(willow, check).on == TODAY


def test_without_a_day_it_opens_on_the_day_of_the_chosen_time(willow: Clinic, check: Service, hourly: Policy) -> None:
    assert built(willow, check, chosen=at(willow, "2026-04-28 10:00")).on == date(2026, 4, 28)


def test_when_this_week_has_nothing_it_opens_on_the_first_free_day_of_a_later_one(
    willow: Clinic, hourly: Policy
) -> None:
    mondays = visits.create_person(willow, hours="")
    visits.create_hours(mondays, 0, "09:00-11:00", first_on=date(2026, 5, 1))

    found = built(willow, visits.create_service(willow, mondays))

    assert found.on == date(2026, 5, 4)
    assert found.week_label == "4 – 10 May"
    assert labels(found) == {"Morning": ["09:00", "10:00"]}


def test_a_day_without_times_offers_the_next_free_one(willow: Clinic, check: Service, hourly: Policy) -> None:
    found = built(willow, check, day="2026-04-25")

    assert found.parts == []
    assert found.next_free == picker.NextFree("?day=2026-04-27", "Monday 27 April at 09:00")
    assert [one.url for one in found.days if one.is_current] == ["?day=2026-04-25"]


def test_after_the_last_free_day_the_first_one_is_offered(willow: Clinic, okafor: Resource) -> None:
    visits.create_policy(willow, grid_minutes=60, horizon_days=10)
    found = built(willow, visits.create_service(willow, okafor), day="2026-04-25")

    assert found.next_free == picker.NextFree("?day=2026-04-15", "Wednesday 15 April at 14:00")


def test_nothing_at_all_is_said(willow: Clinic) -> None:
    never = visits.create_person(willow, hours="")

    found = built(willow, visits.create_service(willow, never))

    assert found.is_empty
    assert found.next_free is None
    assert [one.words for one in found.days] == ["–", "–", "Closed", "Closed", "Closed", "Closed", "Closed"]


def test_it_ends_at_today_and_at_the_horizon(willow: Clinic, okafor: Resource) -> None:
    visits.create_policy(willow, grid_minutes=60, horizon_days=5)
    service = visits.create_service(willow, okafor)

    first, last = built(willow, service, day="2026-04-15"), built(willow, service, day="2026-04-20")

    assert (first.earlier_url, first.later_url) == ("", "?day=2026-04-20")
    assert [one.words for one in first.days] == ["–", "–", "Few", "Free", "Free", "Closed", "Closed"]
    assert (last.earlier_url, last.later_url) == ("?day=2026-04-19", "")
    assert [one.words for one in last.days] == ["Free", "–", "–", "–", "–", "–", "–"]


@pytest.mark.parametrize("day", ["2026-04-14", "2020-01-01", "2026-07-15", "9999-12-31", "0001-01-01"])
def test_a_day_that_cannot_be_looked_at_is_as_none(willow: Clinic, check: Service, hourly: Policy, day: str) -> None:
    assert built(willow, check, day=day).on == TODAY


def test_an_hour_that_comes_twice_is_told_apart(willow: Clinic) -> None:
    nights = visits.create_person(willow, hours="")
    visits.create_hours(nights, 6, "00:00-03:00")
    visits.create_policy(willow, grid_minutes=60)
    service = visits.create_service(willow, nights)

    found = built(willow, service, day="2026-10-25", now=at(willow, "2026-10-20 12:00"))

    assert [(time.label, time.value) for part in found.parts for time in part.times] == [
        ("00:00", "2026-10-25T00:00:00+01:00"),
        ("01:00 BST", "2026-10-25T01:00:00+01:00"),
        ("01:00 GMT", "2026-10-25T01:00:00+00:00"),
        ("02:00", "2026-10-25T02:00:00+00:00"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "note"),
    [
        ("Europe/London", "All times are local to the clinic (London, BST)."),
        ("America/Santiago", "All times are local to the clinic (Santiago, UTC−04)."),
        ("America/Argentina/Buenos_Aires", "All times are local to the clinic (Buenos Aires, UTC−03)."),
    ],
)
def test_the_clinics_zone_is_named(zone: str, note: str) -> None:
    clinic = factories.create_clinic(time_zone=zone)
    person = visits.create_person(clinic)

    found = built(clinic, visits.create_service(clinic, person))

    assert (found.zone_note, found.zone) == (note, zone)


@pytest.mark.parametrize(
    ("day", "label"),
    [("2026-04-27", "27 April – 3 May"), ("2026-12-28", "28 December – 3 January 2027")],
)
def test_a_week_over_the_end_of_a_month_or_year_names_both(
    willow: Clinic, okafor: Resource, day: str, label: str
) -> None:
    visits.create_policy(willow, horizon_days=300)

    assert built(willow, visits.create_service(willow, okafor), day=day).week_label == label


def test_a_week_costs_one_statement_and_one_more_where_it_has_nothing(
    willow: Clinic, check: Service, hourly: Policy, statements: Callable[[int], AbstractContextManager[None]]
) -> None:
    with tenant(willow):
        wanted = Wanted(service=check, rules=policy.rules_for(check, policy.in_force(willow)))
        for day, expected in [(None, 1), (date(2026, 4, 23), 1), (date(2026, 4, 25), 2)]:
            with statements(expected):
                picker.build(willow, wanted, address=address, day=day, chosen=None, now=NOON)


def test_the_nearest_free_time_takes_the_place_of_one_that_is_gone(
    willow: Clinic, check: Service, hourly: Policy, owner: Client, miso: Pet
) -> None:
    gone = at(willow, "2026-04-23 10:00")
    visits.book(owner, check, gone, miso)

    with tenant(willow):
        wanted = Wanted(service=check, rules=policy.rules_for(check, policy.in_force(willow)))
        near = picker.nearest(willow, wanted, gone, now=NOON)
        nowhere = picker.nearest(willow, wanted, gone + timedelta(days=2000), now=NOON)

    assert near == at(willow, "2026-04-23 09:00")
    assert nowhere is None
