"""Both days of a year on which the clocks change, in both hemispheres, and nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests import factories
from tests.bookings import visits
from tests.bookings.finding import DAY, clocks, find

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "day", "hours", "grid", "expected"),
    [
        ("Europe/London", date(2026, 3, 29), "00:00-03:00", 30, "00:00 00:30 02:00 02:30"),
        ("Europe/London", date(2026, 10, 25), "00:00-03:00", 60, "00:00 01:00 01:00 02:00"),
        ("America/New_York", date(2026, 3, 8), "01:00-04:00", 60, "01:00 03:00"),
        ("America/New_York", date(2026, 11, 1), "00:00-03:00", 60, "00:00 01:00 01:00 02:00"),
        ("Australia/Sydney", date(2026, 10, 4), "01:00-04:00", 60, "01:00 03:00"),
        ("Australia/Sydney", date(2026, 4, 5), "01:00-04:00", 60, "01:00 02:00 02:00 03:00"),
        ("America/Santiago", date(2026, 9, 6), "00:00-03:00", 60, "01:00 02:00"),
        ("America/Santiago", date(2026, 4, 4), "22:00-02:00", 60, "22:00 23:00 23:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "01:00-04:00", 60, "01:00 03:00"),
        ("Asia/Kathmandu", date(2026, 6, 1), "01:00-03:00", 60, "01:00 02:00"),
    ],
)
def test_days_on_which_the_clocks_change(zone, day, hours, grid, expected):
    """Times that don't exist aren't offered, those that come twice are two, and a visit is as long as ever."""
    clinic = factories.create_clinic(time_zone=zone)
    person = visits.create_person(clinic, hours="")
    visits.create_hours(person, day.weekday(), hours)
    service = visits.create_service(clinic, person, minutes=30, grid_minutes=grid)

    openings = find(service, day=day, now=datetime.combine(day - timedelta(days=3), time(12), clinic.zone))

    times = openings.times_on(day)
    assert " ".join(clocks(openings, day)) == expected
    assert len({moment.timestamp() for moment in times}) == len(times)


def test_a_night_belongs_to_the_day_on_which_it_is(willow):
    """Hours over midnight: a visit at two is on the next day."""
    person = visits.create_person(willow, hours="")
    visits.create_hours(person, DAY.weekday(), "22:00-02:00")
    service = visits.create_service(willow, person, minutes=60, grid_minutes=60)

    openings = find(service, last=date(2026, 4, 24))

    assert clocks(openings) == ["22:00", "23:00"]
    assert clocks(openings, date(2026, 4, 24)) == ["00:00", "01:00"]


@pytest.mark.parametrize(("fold", "utc"), [(0, "00:30"), (1, "01:30")])
def test_each_of_two_hours_of_one_name_is_booked_as_itself(fold, utc):
    """The clock of the clinic doesn't count the minutes of a visit: real time does."""
    clinic = factories.create_clinic(time_zone="Europe/London")
    person = visits.create_person(clinic, hours="")
    visits.create_hours(person, 6, "00:00-04:00")
    night = visits.create_service(clinic, person, minutes=60, grid_minutes=30, horizon_days=300)
    owner = factories.create_owner(clinic)
    start = visits.at(clinic, "2026-10-25 01:30").replace(fold=fold)

    visit = visits.book(owner, night, start, factories.create_pet(owner))

    assert f"{visit.starts_at.astimezone(UTC):%H:%M}" == utc
    assert visit.length == timedelta(hours=1)
