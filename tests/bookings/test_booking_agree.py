"""Saying yes to the time that the clinic proposes."""

import pytest
import time_machine

from bookings.models import Mode, State
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, frozen, now_on_file, said
from tests.bookings.visits import at, book

clock = pytest.fixture(autouse=True)(frozen)
ANSWERED = "This request has been answered already. Please look again."


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def visit(willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST)
    return book(owner, dental, at(willow, "2026-04-23 09:15"), miso)


def propose(visit, reception, when):
    by_staff("propose_time", visit, reception, starts_at=when, person=None)


def agree(browser, visit, when):
    at = when if isinstance(when, str) else when.isoformat()
    return browser.post(f"{ADDRESS}{visit.pk}/agree/", {"at": at}, follow=True)


def test_the_proposed_time_is_booked(signed_in, willow, visit, reception):
    proposed = at(willow, "2026-04-24 10:00")
    propose(visit, reception, proposed)

    response = agree(signed_in, visit, proposed)

    row = now_on_file(visit)
    assert response.redirect_chain == [(ADDRESS, 303)]
    assert said(response) == ["You’re booked in\nDental for Miso on Friday 24 April at 10:00."]
    assert (row.state, row.is_proposal, row.starts_at) == (State.CONFIRMED, False, proposed)


@pytest.mark.parametrize("answer", ["2026-04-24T10:00:00+01:00", "", "soon", "\x00", "2026-04-27T11:00"])
def test_a_yes_to_anything_else_than_what_is_proposed_now_books_nothing(signed_in, willow, visit, reception, answer):
    propose(visit, reception, at(willow, "2026-04-24 10:00"))
    propose(visit, reception, at(willow, "2026-04-27 11:00"))

    response = agree(signed_in, visit, answer)

    assert response.redirect_chain == [(f"{ADDRESS}{visit.pk}/", 303)]
    assert (said(response), now_on_file(visit).state) == ([ANSWERED], State.REQUESTED)


def test_a_client_cannot_accept_the_own_request(signed_in, visit):
    response = agree(signed_in, visit, visit.starts_at)

    assert (said(response), now_on_file(visit).state) == ([ANSWERED], State.REQUESTED)


def test_a_time_that_has_passed_is_refused(signed_in, willow, visit, reception):
    proposed = at(willow, "2026-04-24 10:00")
    propose(visit, reception, proposed)

    with time_machine.travel(proposed, tick=False):
        response = agree(signed_in, visit, proposed)

    assert said(response) == ["This visit is over, so it can’t be changed here."]


def test_a_double_tap_is_quiet(signed_in, willow, visit, reception):
    proposed = at(willow, "2026-04-24 10:00")
    propose(visit, reception, proposed)

    answers = [agree(signed_in, visit, proposed) for _ in range(2)]

    assert [len(said(answer)) for answer in answers] == [1, 0]


def test_a_link_agrees_to_nothing_and_a_neighbour_finds_nothing(client, signed_in, willow, visit):
    link = signed_in.get(f"{ADDRESS}{visit.pk}/agree/")
    factories.sign_in(client, factories.create_owner(willow))
    neighbour = client.post(f"{ADDRESS}{visit.pk}/agree/")

    assert (link.status_code, neighbour.status_code) == (405, 404)
