"""A closure without times: whole days, by the clinic's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bookings import clocks
from bookings.models import Closure
from clinics.models import Role
from clinics.tenancy import tenant
from tests.bookings.mine import frozen
from tests.bookings.visits import at, book
from tests.staff.desk_pages import inside, words
from tests.staff.rows import page, staff

clock = pytest.fixture(autouse=True)(frozen)
ADD = "/staff/bookings/closure/add/"


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


def typed(first: str, last: str, starts: str = "", ends: str = "") -> dict[str, str]:
    times = {"starts_at_0": first, "starts_at_1": starts, "ends_at_0": last, "ends_at_1": ends}
    return {"resource": "", "reason": "Holidays"} | times


def closures(clinic) -> list[Closure]:
    with tenant(clinic):
        return list(Closure.objects.for_clinic(clinic).order_by("pk"))


def test_days_without_times_are_closed_from_the_first_ones_start_to_the_last_ones_end(desk, willow):
    desk.post(ADD, typed("2026-12-24", "2026-12-26"))

    (made,) = closures(willow)
    assert (made.starts_at, made.ends_at) == (at(willow, "2026-12-24 00:00"), at(willow, "2026-12-27 00:00"))


def test_the_visits_of_the_whole_day_are_listed_next(desk, willow, nadia, miso, check, okafor):
    book(nadia, check, at(willow, "2026-04-23 16:00"), miso)

    response = desk.post(ADD, typed("2026-04-23", "2026-04-23"))

    assert response.headers["Location"] == inside(closures(willow)[0])


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-04-23", 24)])
def test_a_whole_day_is_as_long_as_its_clock_makes_it(desk, willow, day, hours):
    desk.post(ADD, typed(day, day))

    (made,) = closures(willow)
    assert (made.ends_at - made.starts_at).total_seconds() == hours * 3600


def test_where_midnight_is_skipped_the_day_begins_with_its_first_moment():
    day, zone = date(2026, 3, 29), ZoneInfo("Asia/Beirut")

    first, last = (moment.astimezone(UTC) for moment in clocks.whole_days(day, day, zone))

    assert (first, last) == (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 21, tzinfo=UTC))


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        (typed("2026-04-23", "2026-04-23", "09:00"), "ends_at", "Add the time, or leave both empty for whole days."),
        (typed("2026-04-23", "2026-04-23", "", "12:00"), "starts_at", "Add the time, or leave both empty for"),
        (typed("2026-04-23", "2026-04-22"), "ends_at", "It must end after it starts."),
        (typed("2026-04-23", "9999-12-31"), "ends_at", "That is too far away."),
        (typed("2026-04-23", ""), "ends_at", "This field is required."),
        (typed("2026-04-23", "", "", "12:00"), "ends_at", "Enter a complete value."),
    ],
    ids=["no end", "no start", "backwards", "far", "one day", "no day"],
)
def test_what_is_half_said_is_asked_about(desk, willow, sent, field, said):
    response = desk.post(ADD, sent)

    errors = response.context["adminform"].form.errors
    assert (list(errors), errors[field][0].startswith(said), closures(willow)) == ([field], True, [])


def test_a_closure_becomes_whole_days_when_its_times_are_emptied(desk, willow):
    desk.post(ADD, typed("2026-04-23", "2026-04-24", "09:00", "12:00"))
    (made,) = closures(willow)

    desk.post(page(made), typed("2026-04-23", "2026-04-24"))

    (kept,) = closures(willow)
    assert (kept.starts_at, kept.ends_at) == (at(willow, "2026-04-23 00:00"), at(willow, "2026-04-25 00:00"))


def test_the_form_says_how_and_what_comes_next(desk):
    shown = words(desk.get(ADD))

    assert "For whole days leave both times empty: from the start of the first day to the end of the last." in shown
    assert "The visits inside are listed next. None of them is cancelled by itself." in shown
