"""A pet's visits on its page (R83), and what becomes of them when it leaves (R25)."""

from datetime import date

import pytest
import time_machine

from bookings.models import Appointment, AppointmentPet, Mode, State
from clinics.tenancy import tenant
from pets import visits as reading
from pets.models import Sex
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import dialog_of, links, main_of, said
from tests.bookings.visits import NOON, at, book
from tests.pets.profiles import create_membership


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def biscuit(owner):
    return factories.create_pet(owner, name="Biscuit")


@pytest.fixture
def okafor(willow):
    return visits.create_person(willow, "Dr Amara Okafor")


@pytest.fixture
def check(willow, okafor):
    return visits.create_service(willow, okafor, name="Health check", most_pets=2)


def page(browser, pet, part=""):
    return browser.get(f"/willow/pets/{pet.pk}/{part}")


def states(*rows) -> list[str]:
    with tenant(rows[0].clinic_id):
        return [Appointment.objects.get(pk=row.pk).state for row in rows]


def test_a_page_shows_the_upcoming_visits_of_this_pet_alone(signed_in, willow, owner, miso, biscuit, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    book(owner, check, at(willow, "2026-04-24 09:15"), biscuit)
    visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso)

    response = page(signed_in, miso)

    words = main_of(response)
    assert "Appointments New booking for Miso Apr 23 Health check Thursday 23 April at 09:15 Dr Amara Okafor" in words
    assert (
        "24 April" in words,
        "9 February" in words,
        '<span class="count">1</span>' in response.content.decode(),
    ) == (
        False,
        False,
        True,
    )
    assert links(response, "Apr 23") == [f"/willow/bookings/{visit.pk}/"]
    assert links(response, "New booking for Miso") == [f"/willow/bookings/new/?pet={miso.pk}"]


def test_a_request_says_so(signed_in, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    book(owner, dental, at(willow, "2026-04-23 09:15"), miso)

    assert "Dr Amara Okafor Requested" in main_of(page(signed_in, miso))


def test_nothing_booked_offers_the_first_step(signed_in, miso):
    response = page(signed_in, miso)

    assert "Appointments Nothing booked What you book for Miso shows here. New booking" in main_of(response)
    assert links(response, "New booking")[-1] == f"/willow/bookings/new/?pet={miso.pk}"


def test_a_visit_that_it_has_left_is_not_its_own(signed_in, willow, owner, miso, biscuit, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso, biscuit)
    with tenant(willow):
        AppointmentPet.objects.filter(appointment=visit, pet=miso).update(removed_at=NOON)

    assert [page(signed_in, pet).context["visits"] == [] for pet in (miso, biscuit)] == [True, False]


def test_what_the_owner_before_booked_stays_theirs(signed_in, willow, owner, check):
    before = factories.create_owner(willow)
    pet, other = (factories.create_pet(before, name=name) for name in ("Clover", "Somebody"))
    book(before, check, at(willow, "2026-04-23 09:15"), pet, other)
    with tenant(willow):
        type(pet).objects.filter(pk=pet.pk).update(owner=owner)

    words = [main_of(page(signed_in, pet, part)) for part in ("", "delete/", "loss/")]

    assert [("23 April" in one, "Somebody" in one) for one in words] == [(False, False)] * 3


def test_a_remembered_pet_has_no_appointments(signed_in, owner):
    pepper = factories.create_pet(owner, name="Pepper", deceased_on=date(2023, 3, 1))

    assert "ppointment" not in main_of(page(signed_in, pepper))


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_visits_costs_the_same(willow, owner, miso, check, statements, count):
    for day in range(count):
        book(owner, check, at(willow, f"2026-04-{20 + day} 09:15"), miso, factories.create_pet(owner))

    miso.clinic = willow
    with tenant(willow), statements(1):
        found = reading.upcoming_of(miso, now=NOON)

    assert len(found) == count


def test_an_hour_that_comes_twice_is_told_apart(willow):
    second = at(willow, "2026-10-25 01:30").replace(fold=1)

    assert (reading.clock(second), reading.clock(at(willow, "2026-10-25 02:30"))) == ("01:30 GMT", "02:30")


@pytest.mark.parametrize(
    ("sex", "words"),
    [
        (Sex.FEMALE, "Her appointment on Thursday 23 April at 09:15 will be cancelled as well, free of charge."),
        (Sex.MALE, "His appointment on Thursday 23 April at 09:15 will be cancelled as well, free of charge."),
        (Sex.UNKNOWN, "The appointment on Thursday 23 April at 09:15 will be cancelled as well, free of charge."),
    ],
)
def test_deleting_says_before_and_after_which_visit_ends(signed_in, willow, owner, check, sex, words):
    pet = factories.create_pet(owner, name="Miso", sex=sex)
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), pet)

    asked = dialog_of(page(signed_in, pet, "delete/"))
    response = signed_in.post(f"/willow/pets/{pet.pk}/delete/", follow=True)

    assert words in asked
    assert said(response) == [
        (
            "Miso is deleted\nThe appointment on Thursday 23 April at 09:15 is cancelled, free of charge.\n"
            "You can restore Miso for 30 days."
        )
    ]
    assert states(visit) == [State.CANCELLED_BY_CLIENT]


def test_a_late_cancellation_by_death_costs_nothing_either(signed_in, willow, owner, miso, okafor):
    strict = visits.create_service(willow, okafor, cancel_hours=72, late_rule="call")
    visit = book(owner, strict, at(willow, "2026-04-16 09:15"), miso)

    asked = main_of(page(signed_in, miso, "loss/"))
    response = signed_in.post(f"/willow/pets/{miso.pk}/loss/", follow=True)

    assert "The appointment on Thursday 16 April at 09:15 is cancelled, free of charge." in asked
    assert said(response) == [
        (
            "We’re so sorry\nWillow & Pine Veterinary knows now. No more messages about Miso are sent.\n"
            "The appointment on Thursday 16 April at 09:15 is cancelled, free of charge."
        )
    ]
    assert states(visit) == [State.CANCELLED_BY_CLIENT]


def test_a_visit_for_others_too_goes_on_and_is_said(signed_in, willow, owner, miso, biscuit, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso, biscuit)

    deleting = dialog_of(page(signed_in, miso, "delete/"))
    dying = main_of(page(signed_in, miso, "loss/"))
    response = signed_in.post(f"/willow/pets/{miso.pk}/delete/", follow=True)

    assert "The appointment on Thursday 23 April at 09:15 goes on for Biscuit, without Miso." in deleting
    assert "The appointment on Thursday 23 April at 09:15 goes on for Biscuit." in dying
    assert said(response) == ["Miso is deleted\nYou can restore Miso for 30 days."]
    assert states(visit) == [State.CONFIRMED]


def test_several_visits_are_counted_afterwards(signed_in, willow, owner, miso, check):
    rows = [book(owner, check, at(willow, f"2026-04-{day} 09:15"), miso) for day in (20, 21)]

    response = signed_in.post(f"/willow/pets/{miso.pk}/delete/", follow=True)

    assert "2 appointments are cancelled, free of charge." in said(response)[0]
    assert states(*rows) == [State.CANCELLED_BY_CLIENT] * 2


def test_a_refused_deletion_leaves_the_visits_alone(signed_in, willow, owner, miso, check):
    create_membership(miso)
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    response = signed_in.post(f"/willow/pets/{miso.pk}/delete/")

    assert (response.status_code, states(visit)) == (422, [State.CONFIRMED])


def test_a_double_tap_speaks_of_the_visit_once(signed_in, willow, owner, miso, check):
    book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    answers = [signed_in.post(f"/willow/pets/{miso.pk}/delete/", follow=True) for _ in range(2)]

    assert ["cancelled" in said(answer)[0] for answer in answers] == [True, False]
