"""Taking a cancellation back, while the time is free."""

from datetime import timedelta

import pytest
import time_machine

from bookings import actions
from bookings.models import Claim, Mode, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, frozen, now_on_file, said
from tests.bookings.visits import NOON, at, book

clock = pytest.fixture(autouse=True)(frozen)
TOO_LATE = "This can’t be taken back any more. You can book a new time."


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def address(visit) -> str:
    return f"{ADDRESS}{visit.pk}/undo/"


def cancel(visit, owner, **fields):
    with tenant(visit.clinic_id):
        actions.cancel_appointment(appointment=visit, by=owner, **({"now": NOON} | fields))


def test_the_visit_is_back_with_its_time(signed_in, owner, visit):
    cancel(visit, owner)

    response = signed_in.post(address(visit), follow=True)

    with tenant(visit.clinic_id):
        claims = Claim.objects.filter(appointment=visit).count()
    assert response.redirect_chain == [(ADDRESS, 303)]
    assert said(response) == ["Annual health check is yours again\nThursday 23 April at 09:15."]
    assert (now_on_file(visit).state, claims) == (State.CONFIRMED, 2)


def test_a_request_is_a_request_again(signed_in, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    asked = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)
    cancel(asked, owner)

    signed_in.post(address(asked))

    assert now_on_file(asked).state == State.REQUESTED


def test_somebody_else_was_faster(signed_in, willow, owner, visit, check):
    cancel(visit, owner)
    other = factories.create_owner(willow)
    book(other, check, at(willow, "2026-04-23 09:15"), factories.create_pet(other))

    response = signed_in.post(address(visit), follow=True)

    assert said(response) == ["That time has just gone. Nothing has changed yet."]
    assert now_on_file(visit).state == State.CANCELLED_BY_CLIENT


def test_the_pet_has_another_visit_by_now(signed_in, willow, owner, miso, visit):
    cancel(visit, owner)
    nurse = visits.create_service(willow, visits.create_person(willow))
    book(owner, nurse, at(willow, "2026-04-23 09:00"), miso)

    response = signed_in.post(address(visit), follow=True)

    assert said(response) == ["There is another appointment at that time already."]


def test_after_a_while_it_is_too_late(signed_in, owner, visit):
    cancel(visit, owner)

    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        response = signed_in.post(address(visit), follow=True)

    assert (said(response), now_on_file(visit).state) == ([TOO_LATE], State.CANCELLED_BY_CLIENT)


def test_what_the_clinic_cancelled_is_not_the_clients_to_undo(signed_in, visit, reception):
    by_staff("cancel_appointment", visit, reception)

    response = signed_in.post(address(visit), follow=True)

    assert (said(response), now_on_file(visit).state) == ([TOO_LATE], State.CANCELLED_BY_CLINIC)


def test_a_double_tap_is_quiet(signed_in, owner, visit):
    cancel(visit, owner)

    answers = [signed_in.post(address(visit), follow=True) for _ in range(2)]

    assert [said(answer) for answer in answers] == [
        ["Annual health check is yours again\nThursday 23 April at 09:15."],
        [],
    ]


def test_a_link_does_not_undo(signed_in, visit):
    assert signed_in.get(address(visit)).status_code == 405


def test_a_neighbour_finds_nothing(client, willow, owner, visit):
    cancel(visit, owner)
    factories.sign_in(client, factories.create_owner(willow))

    assert (client.post(address(visit)).status_code, now_on_file(visit).state) == (404, State.CANCELLED_BY_CLIENT)
