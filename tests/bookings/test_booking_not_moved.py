"""Where **Reschedule** can't be, its place says why and whom to call: on the list, the page and the message's link."""

import pytest

from bookings import links as signed
from bookings.models import Mode
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, frozen, links, main_of
from tests.bookings.visits import at, book

clock = pytest.fixture(autouse=True)(frozen)
CODE = "To make sure that it’s you, we send you a code first."


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def arranged(willow, owner, miso, okafor, reception):
    """A request that the clinic has accepted."""
    service = visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)
    by_staff("accept_request", visit, reception)
    return visit


@pytest.fixture
def late(willow, owner, miso, okafor):
    """It can be cancelled, and not be moved any more."""
    service = visits.create_service(willow, okafor, name="Check", cancel_hours=2, move_hours=48)
    return book(owner, service, at(willow, "2026-04-16 09:15"), miso)


def link(visit):
    return f"{ADDRESS}visit/{signed.token_of(visit)}/"


def test_the_list_says_too_late_and_offers_a_call(signed_in, late):
    response = signed_in.get(ADDRESS)

    assert "Too late to move here Call to move Check Cancel Check" in main_of(response)
    assert links(response, "Call to move") == ["tel:+441632960418"]


def test_the_list_says_that_the_clinic_arranges_it(signed_in, arranged):
    assert "Moved by phone only Call to move Dental Cancel Dental" in main_of(signed_in.get(ADDRESS))


def test_the_list_says_that_it_was_moved_often_enough(signed_in, willow, owner, miso, okafor):
    book(owner, visits.create_service(willow, okafor, most_moves=0), at(willow, "2026-04-23 09:15"), miso)

    assert "Can’t be moved again here Call to move" in main_of(signed_in.get(ADDRESS))


def test_the_page_says_it_where_the_button_would_be(signed_in, arranged):
    words = main_of(signed_in.get(f"{ADDRESS}{arranged.pk}/"))

    assert (
        "Confirmed The clinic arranges this kind of visit itself. Please call to move it. Call 01632 960418 "
        "Add to calendar"
    ) in words


def test_the_page_to_move_it_refuses(signed_in, arranged):
    response = signed_in.get(f"{ADDRESS}{arranged.pk}/reschedule/")

    assert "The clinic arranges this kind of visit itself. Please call to move it. 01632 960418 Keep" in main_of(
        response
    )


def test_the_link_says_why_it_cannot_be_moved(client, late):
    response = client.get(link(late))

    assert (f"Plans changed? It is too late to move this visit here. Please call the clinic. {CODE} Cancel") in main_of(
        response
    )
    assert links(response, "Reschedule") == []


def test_the_link_speaks_of_no_code_where_nothing_can_be_done(client, willow, owner, miso, okafor):
    strict = visits.create_service(willow, okafor, cancel_hours=48, move_hours=48, late_rule="call")
    visit = book(owner, strict, at(willow, "2026-04-16 09:15"), miso)

    words = main_of(client.get(link(visit)))

    assert "It is too late to cancel this visit here. Please call the clinic. Call the clinic" in words
    assert CODE not in words
