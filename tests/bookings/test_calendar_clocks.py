"""The zone in a calendar file, on both days when the clocks change and beside them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bookings import calendar, facts
from bookings.models import Appointment, AppointmentPet
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import ical, visits
from tests.bookings.visits import NOON

CLOCKS = {
    # The last moments before each change, and what a whole year of them is called.
    "Europe/London": ("2026-03-29T00:59:59Z", "2026-10-25T00:59:59Z"),
    "America/New_York": ("2026-03-08T06:59:59Z", "2026-11-01T05:59:59Z"),
    "Australia/Sydney": ("2026-04-04T15:59:59Z", "2026-10-03T15:59:59Z"),
    "America/Santiago": ("2026-04-05T02:59:59Z", "2026-09-06T03:59:59Z"),
}
STILL = ["Asia/Kolkata", "UTC", "America/Phoenix"]


def zone_in_a_file(key, first, last):
    raw = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    raw += calendar.time_zone(key, first, last).to_ical() + b"END:VCALENDAR\r\n"
    (zone,) = ical.parse(raw).all("VTIMEZONE")
    return zone


def told_by(zone, key, at):
    """What a reader of the file makes of a moment that the clinic's clock shows; None for the second of two."""
    local = at.astimezone(ZoneInfo(key))
    return None if local.fold else ical.to_utc(zone, local.replace(tzinfo=None))


@pytest.mark.parametrize("key", [*CLOCKS, *STILL])
@pytest.mark.parametrize("years", [(2026, 2026), (2025, 2027), (2029, 2030)])
def test_every_half_hour_of_the_years_is_read_as_it_was_meant(key, years):
    first, last = years
    zone = zone_in_a_file(key, first, last)
    start = datetime(first, 1, 1, 12, tzinfo=UTC)
    moments = [start + timedelta(minutes=30 * step) for step in range(48 * 365 * (last - first + 1) - 48)]

    wrong = [at for at in moments if told_by(zone, key, at) not in {None, at}]

    assert wrong == []


@pytest.mark.parametrize(("key", "change"), [(key, text) for key, texts in CLOCKS.items() for text in texts])
def test_the_seconds_beside_a_change_are_read_as_they_were_meant(key, change):
    zone, at = zone_in_a_file(key, 2026, 2026), datetime.fromisoformat(change)

    told = [told_by(zone, key, at + timedelta(seconds=step)) for step in (-3600, 0, 3601, 7200)]

    assert told == [at - timedelta(hours=1), at, *(at + timedelta(seconds=step) for step in (3601, 7200))]


@pytest.mark.parametrize("key", CLOCKS)
def test_it_is_told_as_a_rule_for_winter_and_one_for_summer(key):
    zone = zone_in_a_file(key, 2026, 2026)

    assert sorted(part.name for part in zone.parts) == ["DAYLIGHT", "STANDARD"]
    assert ["RRULE" in part.lines for part in zone.parts] == [True, True]


@pytest.mark.parametrize("key", STILL)
def test_a_zone_without_summer_time_is_one_standard(key):
    assert [part.name for part in zone_in_a_file(key, 2026, 2026).parts] == ["STANDARD"]


def test_a_change_that_follows_no_rule_is_told_date_by_date():
    zone = zone_in_a_file("Africa/Casablanca", 2025, 2027)
    moments = [datetime(2025, 1, 2, tzinfo=UTC) + timedelta(hours=step) for step in range(24 * 365 * 3 - 48)]

    assert [at for at in moments if told_by(zone, "Africa/Casablanca", at) not in {None, at}] == []
    assert [part.lines.get("RRULE") for part in zone.parts] == [None] * len(zone.parts)


@pytest.mark.parametrize("key", CLOCKS)
def test_a_visit_on_the_day_of_a_change_is_when_it_is(db, key):
    """Also in the hour that comes twice, of which a local time can only be the first."""
    clinic = factories.create_clinic(time_zone=key)
    owner = factories.create_owner(clinic)
    pet, service = factories.create_pet(owner), visits.create_service(clinic)
    changes = [datetime.fromisoformat(text) + timedelta(seconds=1) for text in CLOCKS[key]]
    starts = [change + timedelta(minutes=step) for change in changes for step in (-90, -30, 0, 30, 90)]
    with tenant(clinic), time_machine.travel(NOON, tick=False):
        rows = [_visit(owner, service, pet, at) for at in starts]
        text = calendar.document(clinic, facts.read(clinic, rows, now=NOON))

    found = ical.parse(text.encode())

    assert [ical.moment(found, event, "DTSTART") for event in found.all("VEVENT")] == starts
    assert [ical.moment(found, event, "DTEND") - at for event, at in zip(found.all("VEVENT"), starts, strict=True)] == [
        timedelta(minutes=45)
    ] * len(starts)


def _visit(owner, service, pet, starts_at):
    visit = Appointment.objects.create(
        clinic=owner.clinic,
        client=owner,
        service=service,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        state="confirmed",
        booked_at=NOON,
        changed_at=NOON,
    )
    AppointmentPet.objects.create(clinic=owner.clinic, appointment=visit, pet=pet)
    return visit
