"""A person's week in words, and lines of it that would say two things about the same hour."""

from datetime import date, time

import pytest

from bookings.models import WorkingException, WorkingHours
from bookings.setting_up.spans import overlaps
from bookings.setting_up.week import week_of
from clinics.models import HoursException
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.bookings.visits import TODAY


def line(weekday: int, starts: str, ends: str, first_on: date | None = None, last_on: date | None = None):
    begins, over = time.fromisoformat(starts), time.fromisoformat(ends)
    return WorkingHours(weekday=weekday, starts=begins, ends=over, first_on=first_on, last_on=last_on)


def on(day: date, starts: str = "", ends: str = "") -> WorkingException:
    return WorkingException(
        on=day, starts=time.fromisoformat(starts) if starts else None, ends=time.fromisoformat(ends) if ends else None
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (line(0, "09:00", "13:00"), line(0, "14:00", "18:00"), False),
        (line(0, "09:00", "13:00"), line(0, "13:00", "18:00"), False),
        (line(0, "09:00", "13:00"), line(0, "12:59", "18:00"), True),
        (line(0, "09:00", "13:00"), line(1, "09:00", "13:00"), False),
        (line(0, "22:00", "06:00"), line(1, "05:00", "09:00"), True),
        (line(6, "22:00", "06:00"), line(0, "05:00", "09:00"), True),
        (line(0, "08:00", "08:00"), line(1, "08:00", "10:00"), False),
        (line(0, "09:00", "13:00", last_on=TODAY), line(0, "09:00", "13:00", first_on=date(2026, 4, 16)), False),
        (line(0, "09:00", "13:00", last_on=TODAY), line(0, "09:00", "13:00", first_on=TODAY), True),
        (on(TODAY), on(TODAY, "09:00", "10:00"), True),
        (on(TODAY, "09:00", "10:00"), on(TODAY, "10:00", "11:00"), False),
        (on(TODAY, "09:00", "10:00"), on(TODAY, "09:30", "11:00"), True),
        (on(TODAY), on(date(2026, 4, 16)), False),
    ],
)
def test_lines_that_meet_are_found(one, other, expected):
    assert (overlaps(one, other), overlaps(other, one)) == (expected, expected)


def test_a_week_is_said_day_by_day_with_its_exceptions_and_the_clinics(willow):
    person = visits.create_person(willow, hours="09:00-17:00")
    visits.create_hours(person, 4, "22:00-06:00")
    visits.create_hours(person, 5, "10:00-12:00", first_on=date(2026, 5, 1))
    with tenant(willow):
        WorkingException.objects.create(clinic=willow, resource=person, on=date(2026, 4, 14))
        HoursException.objects.create(clinic=willow, on=date(2026, 4, 14), opens=time(9), closes=time(10))
        HoursException.objects.create(clinic=willow, on=date(2026, 4, 16), opens=time(12), closes=time(20))

        said = [day.text for day in week_of(person, today=TODAY)]

    assert said == [
        "09:00 – 17:00",
        "not there (an exception)",
        "09:00 – 17:00",
        "12:00 – 17:00 (an exception)",
        "09:00 – 17:00, 22:00 – 06:00",
        "not there",
        "not there",
    ]


def test_a_room_without_hours_is_always_free_and_a_person_never(willow):
    room, person = visits.create_room(willow), visits.create_person(willow, hours="")

    with tenant(willow):
        said = [{day.text for day in week_of(one, today=TODAY)} for one in (room, person)]

    assert said == [{"always free"}, {"not there"}]


def test_the_week_costs_three_statements(willow, statements):
    person = visits.create_person(willow)

    with tenant(willow), statements(3):
        week_of(person, today=TODAY)
