"""**My bookings**: **Upcoming appointments** (R47, R48)."""

from datetime import UTC, timedelta

import pytest
import time_machine

from bookings import actions
from bookings.models import Appointment, AppointmentPet, Mode, State
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


@pytest.fixture
def dental(willow, okafor):
    return visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST)


def test_visits_to_come_are_listed_the_next_one_first(signed_in, willow, owner, miso, check, okafor):
    later = book(owner, check, at(willow, "2026-05-12 16:30"), miso)
    sooner = book(owner, check, at(willow, "2026-04-23 09:15"), miso, person=okafor)

    response = signed_in.get(ADDRESS)

    assert response.status_code == 200
    assert main_of(response) == (
        "My bookings New booking Upcoming appointments 2 Past Upcoming appointments "
        "Apr 23 In 8 days Annual health check Thursday 23 April at 09:15 Miso AO Dr Amara Okafor "
        "Reschedule Annual health check Cancel Annual health check "
        "May 12 In 4 weeks Annual health check Tuesday 12 May at 16:30 Miso AO Dr Amara Okafor "
        "Reschedule Annual health check Cancel Annual health check "
        "Have your appointments in your own calendar"
    )
    assert links(response, "Annual health check") == [f"{ADDRESS}{sooner.pk}/", f"{ADDRESS}{later.pk}/"]
    assert links(response, "Cancel") == [f"{ADDRESS}{sooner.pk}/cancel/", f"{ADDRESS}{later.pk}/cancel/"]


def test_an_empty_list_offers_the_first_step(signed_in):
    response = signed_in.get(ADDRESS)

    assert main_of(response) == (
        "My bookings New booking Upcoming appointments Past Upcoming appointments "
        "Nothing booked Pick a time that suits you. It takes about a minute. New booking"
    )
    assert links(response, "New booking") == [f"{ADDRESS}new/"] * len(links(response, "New booking"))


def test_a_request_waits_for_the_clinics_answer(signed_in, willow, owner, miso, dental):
    book(owner, dental, at(willow, "2026-04-23 09:15"), miso)

    (visit,) = signed_in.get(ADDRESS).context["visits"]

    assert (visit.chip.tone, visit.chip.text) == ("warn", "Waiting for the clinic’s answer")
    assert (visit.can_move, visit.can_cancel, visit.is_proposed) == (True, True, False)


def test_a_proposal_asks_for_the_clients_answer(signed_in, willow, owner, miso, dental, reception):
    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)
    moved = at(willow, "2026-04-24 10:00")
    by_staff("propose_time", visit, reception, starts_at=moved, person=None, reason="The surgeon is here then.")

    response = signed_in.get(ADDRESS)

    assert (
        "Friday 24 April at 10:00 The clinic proposes this time The surgeon is here then. Miso AO Dr Amara Okafor "
        "Accept Friday 24 April at 10:00 Choose another time Dental Cancel Dental"
    ) in main_of(response)
    html = response.content.decode()
    assert f'action="{ADDRESS}{visit.pk}/agree/"' in html
    assert f'<input type="hidden" name="at" value="{moved.isoformat()}">' in html


def test_where_the_policy_says_no_there_is_a_phone_and_no_button(signed_in, willow, owner, miso, okafor):
    strict = visits.create_service(willow, okafor, name="Strict", cancel_hours=48, move_hours=48, late_rule="call")
    book(owner, strict, at(willow, "2026-04-16 09:15"), miso)

    response = signed_in.get(ADDRESS)

    assert (links(response, "Reschedule"), links(response, "Cancel")) == ([], [])
    assert "Too late to move here Call to move Strict" in main_of(response)
    assert links(response, "Call to move Strict") == ["tel:+441632960418"]


def test_a_visit_under_way_says_so(signed_in, willow, owner, miso, check, reception):
    visit = book(owner, check, at(willow, "2026-04-16 09:00"), miso)
    begun = at(willow, "2026-04-16 09:05")
    by_staff("mark_visit", visit, reception, state=State.ARRIVED, now=begun)

    with time_machine.travel(begun, tick=False):
        (shown,) = signed_in.get(ADDRESS).context["visits"]

    assert (shown.how_soon, shown.chip.text, shown.can_move, shown.can_cancel) == ("Now", "Arrived", False, False)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-04-15 16:00", "Today"),
        ("2026-04-16 09:00", "Tomorrow"),
        ("2026-04-28 09:00", "In 13 days"),
        ("2026-04-29 09:00", "In 2 weeks"),
        ("2026-05-06 09:00", "In 3 weeks"),
        ("2026-07-08 09:00", "In 3 months"),
    ],
)
def test_how_soon_is_said_beside_the_date(signed_in, willow, owner, miso, check, when, words):
    book(owner, check, at(willow, when), miso)

    (visit,) = signed_in.get(ADDRESS).context["visits"]

    assert visit.how_soon == words


def test_another_year_is_named(signed_in, willow, owner, miso, okafor):
    visits.create_policy(willow, horizon_days=400)
    service = visits.create_service(willow, okafor, name="Check")
    book(owner, service, at(willow, "2027-01-14 09:00"), miso)

    assert "Check Thursday 14 January 2027 at 09:00" in main_of(signed_in.get(ADDRESS))


def test_an_hour_that_comes_twice_is_told_apart(signed_in, willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    second = at(willow, "2026-10-25 01:00").replace(fold=1).astimezone(UTC)
    with tenant(willow):
        Appointment.objects.filter(pk=visit.pk).update(starts_at=second, ends_at=second + timedelta(minutes=30))

    (shown,) = signed_in.get(ADDRESS).context["visits"]

    assert shown.when == "Sunday 25 October at 01:00 GMT"


def test_a_pet_that_left_the_visit_is_not_named(signed_in, willow, owner, miso, okafor):
    biscuit = factories.create_pet(owner, name="Biscuit")
    service = visits.create_service(willow, okafor, most_pets=2)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso, biscuit)
    with tenant(willow):
        AppointmentPet.objects.filter(appointment=visit, pet=biscuit).update(removed_at=NOON)

    assert [one.pet_names for one in signed_in.get(ADDRESS).context["visits"]] == ["Miso"]


def test_what_is_over_cancelled_or_somebody_elses_is_not_there(signed_in, willow, harbour, owner, miso, check):
    visits.create_past_visit(owner, check, NOON - timedelta(days=9), miso)
    gone = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=gone, by=owner, now=NOON)
    neighbour = factories.create_owner(willow)
    book(neighbour, check, at(willow, "2026-04-24 09:15"), factories.create_pet(neighbour))
    elsewhere = factories.create_owner(harbour)
    service = visits.create_service(harbour, visits.create_person(harbour))
    book(elsewhere, service, at(harbour, "2026-04-24 09:15"), factories.create_pet(elsewhere))

    assert signed_in.get(ADDRESS).context["visits"] == []


def test_names_are_shown_as_text(signed_in, willow, owner, okafor):
    service = visits.create_service(willow, okafor, name="<b>Check</b>")
    book(owner, service, at(willow, "2026-04-23 09:15"), factories.create_pet(owner, name="<i>مشمش 🐈"))

    html = signed_in.get(ADDRESS).content.decode()

    assert ("<b>Check" in html, "<i>مشمش" in html, "&lt;i&gt;مشمش 🐈" in html) == (False, False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_visits_costs_the_same(signed_in, willow, owner, okafor, statements, count):
    service = visits.create_service(willow, okafor, most_pets=3)
    for day in range(count):
        pets = [factories.create_pet(owner, photo="pets/1/abc.webp") for _pet in range(count)]
        book(owner, service, at(willow, f"2026-04-{20 + day} 09:15"), *pets, person=okafor)

    # Clinic, device, visits, their pets.
    with statements(4):
        signed_in.get(ADDRESS)


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client, willow):
    assert client.get(ADDRESS).url == "/willow/sign-in/?next=%2Fwillow%2Fbookings%2F"


def test_the_list_is_only_read(signed_in):
    assert signed_in.post(ADDRESS).status_code == 405
