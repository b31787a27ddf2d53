"""A visit's page: what, who, where, what to bring, and what may still be done (R49, R50, B1)."""

from datetime import timedelta

import pytest
import time_machine

from bookings import actions
from bookings.models import Mode, PolicyWords, State
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, frozen, links, main_of
from tests.bookings.visits import NOON, at, book

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


def page(browser, visit):
    return browser.get(f"{ADDRESS}{visit.pk}/")


def test_it_says_everything_about_the_visit(signed_in, willow, owner, miso, okafor):
    Clinic.objects.filter(pk=willow.pk).update(street="14 Mill Lane", city="Hartwell", directions="Park behind us.")
    policy = visits.create_policy(willow)
    with tenant(willow):
        PolicyWords.objects.create(clinic=willow, policy=policy, language="en", body="Late? Call us.")
    service = visits.create_service(
        willow, okafor, name="Check", price=5800, preparation="Bring a carrier.\n\n  Food is fine.  "
    )
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso, person=okafor, note="She bites.\nSorry.")

    response = page(signed_in, visit)

    assert response.status_code == 200
    assert main_of(response) == (
        "My bookings Check Apr 23 Thursday 23 April 2026 09:15 to 09:45 Confirmed Reschedule Add to calendar "
        "Have all your appointments in your calendar "
        "Pet Miso With AO Dr Amara Okafor · Vet Price £58.00, pay at the clinic Booked 15 April, online "
        "Your note She bites. Sorry. "
        "Before you come Bring a carrier. Food is fine. "
        "Where 14 Mill Lane, Hartwell Park behind us. Directions Call "
        "What Willow & Pine Veterinary asks of you Late? Call us. "
        "Plans changed? You can cancel free of charge until Wednesday 22 April at 09:15. Cancel appointment"
    )
    assert links(response, "Add to calendar") == [f"{ADDRESS}{visit.pk}.ics"]
    assert links(response, "Have all your appointments") == [f"{ADDRESS}calendar/"]


def test_a_different_end_of_moving_is_said_too(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, cancel_hours=24, move_hours=2)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)

    assert page(signed_in, visit).context["terms"] == [
        "You can cancel free of charge until Wednesday 22 April at 09:15.",
        "You can move it until Thursday 23 April at 07:15.",
    ]


def test_too_late_to_cancel_freely_is_said_with_what_it_means(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, cancel_hours=48, move_hours=2)
    visit = book(owner, service, at(willow, "2026-04-16 09:15"), miso)

    response = page(signed_in, visit)

    assert response.context["terms"] == [
        "You could cancel free of charge until Tuesday 14 April at 09:15. If you cancel now, it is marked as late."
    ]
    assert (links(response, "Cancel"), len(links(response, "Reschedule"))) == ([f"{ADDRESS}{visit.pk}/cancel/"], 1)


def test_where_nothing_may_be_done_it_says_why_and_whom_to_call(signed_in, willow, owner, miso, okafor):
    strict = visits.create_service(willow, okafor, cancel_hours=48, move_hours=48, late_rule="call")
    visit = book(owner, strict, at(willow, "2026-04-16 09:15"), miso)

    response = page(signed_in, visit)

    assert (links(response, "Cancel"), links(response, "Reschedule")) == ([], [])
    assert (
        "It is too late to move this visit here. Please call the clinic. "
        "It is too late to cancel this visit here. Please call the clinic. Call 01632 960418"
    ) in main_of(response)


def test_moved_as_often_as_possible_is_said(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, most_moves=0)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)

    assert page(signed_in, visit).context["hindrances"] == [
        "This visit has been moved as often as is possible here. Please call the clinic."
    ]


def test_a_request_binds_nobody_and_has_no_calendar_file_yet(signed_in, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)

    response = page(signed_in, visit)

    assert response.context["terms"] == ["The clinic hasn’t confirmed it yet. You can cancel free of charge."]
    assert (links(response, "Add to calendar"), links(response, "Cancel request")) == (
        [],
        [f"{ADDRESS}{visit.pk}/cancel/"],
    )
    assert "Willow & Pine Veterinary keeps this time for you and answers soon." in main_of(response)


def test_a_proposal_says_what_was_asked_for_and_why_not(signed_in, willow, owner, miso, okafor, reception):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)
    by_staff(
        "propose_time",
        visit,
        reception,
        starts_at=at(willow, "2026-04-24 10:00"),
        person=None,
        reason="The surgeon is here then.",
    )

    response = page(signed_in, visit)

    assert (
        "The clinic proposes this time You had asked for Thursday 23 April at 09:15. The surgeon is here then. "
        "Accept Friday 24 April at 10:00 Choose another time"
    ) in main_of(response)


def test_a_time_that_the_clinic_changed_is_said_until_the_client_moves_it(
    signed_in, willow, owner, miso, check, reception
):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    by_staff("reschedule_appointment", visit, reception, starts_at=at(willow, "2026-04-24 10:00"), person=None)

    words = "The clinic moved it. It was on Thursday 23 April at 09:15 before."
    before = main_of(page(signed_in, visit))
    with tenant(willow):
        actions.reschedule_appointment(
            appointment=visit, starts_at=at(willow, "2026-04-27 10:00"), person=None, by=owner, now=NOON
        )
    after = main_of(page(signed_in, visit))

    assert (words in before, words in after) == (True, False)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("cancel_appointment", {"reason": "The vet is ill."}),
        ("decline_request", {"reason": "The vet is ill."}),
    ],
)
def test_what_the_clinic_ended_has_its_reason(signed_in, willow, owner, miso, okafor, reception, action, fields):
    service = visits.create_service(
        willow, okafor, price=5800, mode=Mode.REQUEST if "decline" in action else Mode.DIRECT
    )
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)
    by_staff(action, visit, reception, **fields)

    response = page(signed_in, visit)

    assert response.context["reason"] == "The vet is ill."
    assert response.context["price"] == ""
    assert links(response, "Book again") == [f"{ADDRESS}{visit.pk}/repeat/"]
    assert (links(response, "Reschedule"), links(response, "Cancel")) == ([], [])


def test_a_visit_that_ended_with_its_pet_says_so(signed_in, willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    with tenant(willow):
        actions.take_pet_out(pet=miso, reason_code="pet_removed", now=NOON)

    assert page(signed_in, visit).context["reason"] == "It was cancelled because Miso left your list."


def test_words_of_staff_about_a_correction_stay_with_them(signed_in, willow, owner, miso, check, reception):
    visit = visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso)
    by_staff("correct_visit", visit, reception, state=State.NO_SHOW, reason="They never came, again.")

    assert "never came" not in main_of(page(signed_in, visit))


def test_a_cancellation_can_be_undone_from_its_page_for_a_while(signed_in, willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    soon = page(signed_in, visit).content.decode()
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        later = page(signed_in, visit).content.decode()

    form = f'action="{ADDRESS}{visit.pk}/undo/"'
    assert (form in soon, form in later) == (True, False)


def test_a_visit_that_staff_booked_says_so(signed_in, willow, owner, miso, check, reception):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso, by=reception)

    assert page(signed_in, visit).context["booked"] == "15 April, by the clinic"


def test_it_costs_the_same_for_any_number_of_pets(signed_in, willow, owner, okafor, statements):
    visits.create_policy(willow)
    service = visits.create_service(willow, okafor, most_pets=3)
    single = book(owner, service, at(willow, "2026-04-23 09:15"), factories.create_pet(owner))
    three = book(owner, service, at(willow, "2026-04-24 09:15"), *[factories.create_pet(owner) for _ in range(3)])

    for visit in (single, three):
        # Clinic, device, visit, pets, the clinic's words, the last move.
        with statements(6):
            page(signed_in, visit)


def test_somebody_elses_and_unknown_visits_are_not_found(signed_in, willow, check):
    neighbour = factories.create_owner(willow)
    theirs = book(neighbour, check, at(willow, "2026-04-24 09:15"), factories.create_pet(neighbour))

    addresses = [f"{ADDRESS}{pk}/" for pk in (theirs.pk, 0, 999_999, 9_999_999_999_999_999_999)]

    assert [signed_in.get(address).status_code for address in addresses] == [404] * 4


def test_what_people_wrote_is_shown_as_text(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, preparation="<script>alert(1)</script>")
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso, note="<b hx-get='/x'>")

    html = page(signed_in, visit).content.decode()

    assert ("<script>alert" in html, "<b hx" in html) == (False, False)
