"""**Reschedule**, where it may not be: the old time is kept, and the page says why (B1)."""

import pytest
import time_machine

from bookings.models import State
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, chosen, frozen, main_of, now_on_file, times
from tests.bookings.visits import at, book

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def visit(willow, owner, miso, check, okafor):
    visits.create_policy(willow, grid_minutes=60)
    return book(owner, check, at(willow, "2026-04-23 09:00"), miso, person=okafor)


def address(visit) -> str:
    return f"{ADDRESS}{visit.pk}/reschedule/"


def move(browser, visit, when, follow=True, **fields):
    text = when if isinstance(when, str) else when.isoformat()
    return browser.post(address(visit), {"at": text} | fields, follow=follow)


def test_a_time_that_has_gone_keeps_the_old_one_and_offers_the_nearest(signed_in, willow, visit):
    other = factories.create_owner(willow)
    book(other, visit.service, at(willow, "2026-04-24 14:00"), factories.create_pet(other))

    response = move(signed_in, visit, at(willow, "2026-04-24 14:00"), follow=False)

    words = main_of(response)
    assert (response.status_code, now_on_file(visit).starts_at) == (422, visit.starts_at)
    assert words.startswith(
        "Someone just took 14:00 Your appointment is still on Thursday 23 April at 09:00. "
        "These are the nearest free times."
    )
    assert chosen(response) == ["2026-04-24T13:00:00+01:00"]
    assert "<title>Error: Reschedule" in response.content.decode()


def test_the_pet_has_something_else_then(signed_in, willow, owner, miso, visit):
    nurse = visits.create_service(willow, visits.create_person(willow))
    book(owner, nurse, at(willow, "2026-04-24 14:00"), miso)

    response = move(signed_in, visit, at(willow, "2026-04-24 14:00"), follow=False)

    assert main_of(response).startswith("There is another appointment at that time already. Your appointment is still")
    assert (response.status_code, now_on_file(visit).starts_at) == (422, visit.starts_at)


@pytest.mark.parametrize(
    "when",
    [
        "2026-04-14T10:00:00+01:00",
        "2026-04-15T13:00:00+01:00",
        "2026-04-24T14:10:00+01:00",
        "2026-04-25T10:00:00+01:00",
        "2026-12-24T10:00:00+00:00",
        "2000-01-01T10:00:00+00:00",
        "9000-12-31T10:00:00+00:00",
    ],
    ids=["past", "within the notice", "off the grid", "closed", "beyond the horizon", "long past", "far ahead"],
)
def test_what_is_not_offered_is_refused(signed_in, visit, when):
    response = move(signed_in, visit, when, follow=False)

    assert main_of(response).startswith("That isn’t a time that can be booked. Choose one of those below. ")
    assert (response.status_code, now_on_file(visit).starts_at) == (422, visit.starts_at)


@pytest.mark.parametrize(
    "when",
    ["soon", "2026-04-24T14:00", "2026-04-24", "0001-01-01T00:00:00+01:00", "x" * 10_000, "\x00", "9999-12-31T23:59Z"],
)
def test_what_is_no_time_is_refused_beside_the_picker(signed_in, visit, when):
    response = move(signed_in, visit, when, follow=False)

    assert response.status_code == 422
    assert response.context["error"] in {
        "That isn’t a time that can be booked. Choose one of those below.",
        "Null characters are not allowed.",
    }
    assert now_on_file(visit).starts_at == visit.starts_at


def test_no_time_at_all_is_asked_for(signed_in, visit):
    response = signed_in.post(address(visit), {"day": "2026-04-24"})

    assert (response.status_code, response.context["error"]) == (422, "Choose a time.")
    assert times(response)[0] == "2026-04-24T09:00:00+01:00"


@pytest.mark.parametrize("query", ["day=x", "day=\x00", "who=x", "who=999999", "who=\x00", "at=x"])
def test_an_odd_address_shows_the_visits_own_day(signed_in, visit, query):
    response = signed_in.get(f"{address(visit)}?{query}")

    assert (response.status_code, len(times(response))) == (200, 8)


@pytest.mark.parametrize("day", ["9999-12-31", "2020-01-01"])
def test_a_day_that_cannot_be_looked_at_opens_on_the_first_with_a_free_time(signed_in, visit, day):
    assert times(signed_in.get(f"{address(visit)}?day={day}"))[0] == "2026-04-15T14:00:00+01:00"


def test_where_it_may_not_be_moved_it_says_why_and_whom_to_call(signed_in, willow, owner, miso, okafor):
    strict = visits.create_service(willow, okafor, move_hours=48)
    late = book(owner, strict, at(willow, "2026-04-16 09:15"), miso)

    asked = signed_in.get(address(late))
    refused = move(signed_in, late, at(willow, "2026-04-24 14:00"), follow=False)

    words = (
        "It is too late to move this visit here. Please call the clinic. 01632 960418 Keep Thursday 16 April at 09:15"
    )
    assert [main_of(response).endswith(words) for response in (asked, refused)] == [True, True]
    assert ([asked.status_code, refused.status_code], now_on_file(late).moves) == ([200, 422], 0)


def test_a_visit_is_moved_only_so_often(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, most_moves=1)
    visit = book(owner, service, at(willow, "2026-04-23 09:00"), miso)
    move(signed_in, visit, at(willow, "2026-04-24 14:00"))

    response = move(signed_in, visit, at(willow, "2026-04-27 14:00"), follow=False)

    assert "This visit has been moved as often as is possible here." in main_of(response)
    assert now_on_file(visit).starts_at == at(willow, "2026-04-24 14:00")


@pytest.mark.parametrize("end", ["cancelled", "begun"])
def test_what_has_ended_or_begun_is_not_moved(signed_in, willow, visit, reception, end):
    noon = at(willow, "2026-04-23 09:10")
    if end == "cancelled":
        by_staff("cancel_appointment", visit, reception)
    else:
        by_staff("mark_visit", visit, reception, state=State.ARRIVED, now=noon)

    with time_machine.travel(noon, tick=False):
        response = move(signed_in, visit, at(willow, "2026-04-24 14:00"), follow=False)

    assert (response.status_code, now_on_file(visit).starts_at) == (422, visit.starts_at)
