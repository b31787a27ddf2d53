"""**Book again** (R52): a new booking with what still fits."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.messages import get_messages

from bookings.models import Audience, Mode, Resource, Service
from clinics.tenancy import tenant
from pets import actions as pet_actions
from pets.models import Species
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, frozen
from tests.bookings.visits import NOON, at

clock = pytest.fixture(autouse=True)(frozen)
CHANGED = "Please look at what has changed"


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def visit(willow, owner, miso, check, okafor):
    return visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso, person=okafor)


def repeat(browser, visit):
    """What New booking is asked for, and what is said."""
    response = browser.get(f"{ADDRESS}{visit.pk}/repeat/")
    assert (response.status_code, urlsplit(response.url).path) == (302, f"{ADDRESS}new/")
    return parse_qsl(urlsplit(response.url).query), [str(one) for one in get_messages(response.wsgi_request)]


def test_pet_service_and_person_are_chosen_again(signed_in, visit, miso, check, okafor):
    assert repeat(signed_in, visit) == (
        [("pet", str(miso.pk)), ("service", str(check.pk)), ("who", str(okafor.pk))],
        [],
    )


def test_all_pets_of_a_visit_are_chosen_again(signed_in, willow, owner, miso, okafor):
    biscuit = factories.create_pet(owner, name="Biscuit")
    service = visits.create_service(willow, okafor, most_pets=2)
    visit = visits.create_past_visit(owner, service, at(willow, "2026-02-09 10:00"), miso, biscuit)

    query, said = repeat(signed_in, visit)

    assert ([value for name, value in query if name == "pet"], said) == ([str(biscuit.pk), str(miso.pk)], [])


def test_a_pet_that_is_gone_is_left_out_and_said(signed_in, willow, owner, miso, okafor):
    biscuit = factories.create_pet(owner, name="Biscuit")
    service = visits.create_service(willow, okafor, most_pets=2)
    visit = visits.create_past_visit(owner, service, at(willow, "2026-02-09 10:00"), miso, biscuit)
    with tenant(willow):
        pet_actions.delete_pet(pet=biscuit, by=owner, now=NOON)

    query, said = repeat(signed_in, visit)

    assert query == [("pet", str(miso.pk)), ("service", str(service.pk))]
    assert said == [f"{CHANGED}\nThe visit was also for Biscuit."]


def test_without_any_of_its_pets_one_is_to_be_chosen(signed_in, willow, owner, miso, visit, check, okafor):
    with tenant(willow):
        pet_actions.report_death(pet=miso, died_on=None, by=owner, now=NOON)

    assert repeat(signed_in, visit) == (
        [("service", str(check.pk)), ("who", str(okafor.pk))],
        [f"{CHANGED}\nChoose who it is for."],
    )


def test_a_pet_that_somebody_else_has_now_is_left_out(signed_in, willow, miso, visit, check, okafor):
    with tenant(willow):
        type(miso).objects.filter(pk=miso.pk).update(owner=factories.create_owner(willow))

    listed = signed_in.get(f"{ADDRESS}past/").context["years"][0][1][0]

    assert (repeat(signed_in, visit)[0], listed.can_repeat) == (
        [("service", str(check.pk)), ("who", str(okafor.pk))],
        False,
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"is_active": False}, "The clinic doesn’t offer this any more."),
        ({"mode": Mode.PHONE}, "This is booked by phone. Please call the clinic."),
        ({"species": [Species.DOG]}, "This isn’t for that species."),
        ({"audience": Audience.NEW}, "This is for a first visit to the clinic."),
    ],
)
def test_a_service_that_no_longer_fits_is_left_out_and_said(signed_in, willow, miso, visit, check, fields, reason):
    with tenant(willow):
        Service.objects.filter(pk=check.pk).update(**fields)

    assert repeat(signed_in, visit) == ([("pet", str(miso.pk))], [f"{CHANGED}\n{reason}"])


@pytest.mark.parametrize("change", ["left", "does something else"])
def test_a_person_who_no_longer_does_it_is_left_out_and_said(signed_in, willow, miso, visit, check, okafor, change):
    with tenant(willow):
        if change == "left":
            Resource.objects.filter(pk=okafor.pk).update(is_active=False)
        else:
            check.resources.remove(okafor)

    assert repeat(signed_in, visit) == (
        [("pet", str(miso.pk)), ("service", str(check.pk))],
        [f"{CHANGED}\nDr Amara Okafor can’t be booked for it any more."],
    )


def test_a_visit_without_a_person_repeats_without_one(signed_in, willow, owner, miso, check):
    visit = visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso)

    assert repeat(signed_in, visit) == ([("pet", str(miso.pk)), ("service", str(check.pk))], [])


def test_new_booking_opens_with_it(signed_in, visit):
    response = signed_in.get(f"{ADDRESS}{visit.pk}/repeat/", follow=True)

    assert response.status_code == 200


def test_a_neighbours_visit_is_not_repeated(client, willow, visit):
    factories.sign_in(client, factories.create_owner(willow))

    assert client.get(f"{ADDRESS}{visit.pk}/repeat/").status_code == 404


def test_it_is_a_link_that_changes_nothing(signed_in, visit):
    assert signed_in.post(f"{ADDRESS}{visit.pk}/repeat/").status_code == 405
