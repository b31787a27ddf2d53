"""When a clinic is open."""

from datetime import UTC, date, datetime, time

import pytest

from clinics import hours
from clinics.models import HoursException, OpeningHours
from clinics.tenancy import tenant

# A Wednesday. Noon in London (winter) is 12:00 UTC.
NOON = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def weekdays(willow):
    with tenant(willow):
        for weekday in range(5):
            OpeningHours.objects.create(clinic=willow, weekday=weekday, opens=time(8, 30), closes=time(12, 30))
            OpeningHours.objects.create(clinic=willow, weekday=weekday, opens=time(13, 30), closes=time(18))
    return willow


def read(clinic, now=NOON):
    with tenant(clinic):
        return hours.at(clinic, now)


def test_the_week_starts_on_monday_and_knows_a_lunch_break(weekdays):
    found = read(weekdays)

    assert [day.text for day in found.week] == ["08:30 – 12:30, 13:30 – 18:00"] * 5 + ["Closed"] * 2
    assert found.week[0].on == date(2026, 1, 12)
    assert (found.today.name, found.open_until) == ("Wednesday", time(12, 30))


@pytest.mark.parametrize(
    ("now", "opens_next"),
    [
        (NOON.replace(hour=13), "today at 13:30"),
        (NOON.replace(hour=20), "on Thursday at 08:30"),
        (NOON.replace(day=16, hour=20), "on Monday at 08:30"),
    ],
)
def test_a_closed_clinic_says_when_it_opens(weekdays, now, opens_next):
    found = read(weekdays, now)

    assert (found.open_until, found.opens_next) == (None, opens_next)


def test_a_clinic_that_is_closed_all_week_does_not_say_when_it_opens(weekdays):
    with tenant(weekdays):
        OpeningHours.objects.for_clinic(weekdays).exclude(weekday=0).delete()
        for day in (12, 19):
            HoursException.objects.create(clinic=weekdays, on=date(2026, 1, day), note="holiday")

    assert read(weekdays, NOON).opens_next == ""


def test_an_exception_replaces_its_day(weekdays):
    with tenant(weekdays):
        HoursException.objects.create(clinic=weekdays, on=date(2026, 1, 14), note="staff training")
        HoursException.objects.create(clinic=weekdays, on=date(2026, 2, 3), opens=time(10), closes=time(12))

    found = read(weekdays)

    assert (found.today.text, found.today.note, found.open_until) == ("Closed", "staff training", None)
    assert [(day.on, day.text) for day in found.coming_exceptions] == [
        (date(2026, 1, 14), "Closed"),
        (date(2026, 2, 3), "10:00 – 12:00"),
    ]


def test_hours_are_the_clinics_own_time(harbour):
    with tenant(harbour):
        OpeningHours.objects.create(clinic=harbour, weekday=2, opens=time(7), closes=time(7, 30))

    assert read(harbour).open_until == time(7, 30)


def test_nothing_is_claimed_without_hours(willow):
    with tenant(willow):
        assert hours.today_at(willow, NOON) is None
    assert read(willow).are_known is False
