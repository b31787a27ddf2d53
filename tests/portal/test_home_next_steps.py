"""Home: what to do next about a pet (R71, R80): add one, call, or hand in another clinic's certificate."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import care
from pets.models import Certificate, Species
from portal import home
from tests import factories
from tests.pets.papers import hand_in

TODAY = date(2026, 4, 15)
NOW = datetime.fromisoformat("2026-04-15T09:00+01:00")
State = Certificate.State


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, name="Nadia Brennan")


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def booster(willow):
    return factories.create_plan(willow, name="Booster", family="booster")


def overdue(pet, plan):
    factories.create_record(pet, plan, valid_until=TODAY - timedelta(days=14))


def visit(client, owner):
    with time_machine.travel("2026-04-15T08:00:00Z", tick=False):
        factories.sign_in(client, owner)
        return client.get("/willow/")


def switch_off(clinic, switch):
    Clinic.objects.filter(pk=clinic.pk).update(**{switch: False})


def texts(response, heading):
    """The items of the list below a heading, without tags."""
    html = response.content.decode()
    (below,) = re.findall(rf"<h2>{heading}</h2>.*?<ul[^>]*>(.*?)</ul>", html, re.DOTALL)
    items = re.findall(r"<li.*?</li>", below, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", item).split()) for item in items]


def test_a_reminder_offers_a_call_and_a_certificate(client, owner, miso, booster):
    overdue(miso, booster)

    response = visit(client, owner)

    address = reverse("pets:certificate_add", args=["willow", miso.pk])
    assert texts(response, "Service Reminders") == [
        "Booster Miso · was due 1 April Overdue by 2 weeks Done elsewhere? Booster, Miso Call to book Booster for Miso"
    ]
    assert f'href="{address}?plan={booster.pk}"' in response.content.decode()


def test_what_was_handed_in_is_not_asked_for_again(client, owner, miso, booster):
    overdue(miso, booster)
    hand_in(miso, booster)

    response = visit(client, owner)

    assert texts(response, "Service Reminders") == [
        "Booster Miso · was due 1 April Certificate handed in, the clinic is checking it"
    ]
    assert response.context["summary"] == "Nothing needs your attention today."
    assert [note for _pet, note, _tone in response.context["pets"]] == ["Being checked"]


def test_what_was_handed_in_hides_nothing_else(client, willow, owner, miso, booster):
    overdue(miso, booster)
    factories.create_record(miso, factories.create_plan(willow, name="Rabies"), valid_until=date(2026, 4, 20))
    hand_in(miso, booster)

    response = visit(client, owner)

    assert response.context["summary"] == "Coming up: Rabies for Miso."
    assert [note for _pet, note, _tone in response.context["pets"]] == ["Due 20 Apr"]


@pytest.mark.parametrize("switch", ["accepts_certificates", "has_pet_management"])
def test_a_clinic_that_takes_no_certificates_is_only_called(client, willow, owner, miso, booster, switch):
    switch_off(willow, switch)
    overdue(miso, booster)

    assert texts(visit(client, owner), "Service Reminders") == [
        "Booster Miso · was due 1 April Overdue by 2 weeks Call to book Booster for Miso"
    ]


def test_without_a_phone_there_is_still_the_certificate(client, willow, owner, miso, booster):
    Clinic.objects.filter(pk=willow.pk).update(phone="")
    overdue(miso, booster)

    assert texts(visit(client, owner), "Service Reminders") == [
        "Booster Miso · was due 1 April Overdue by 2 weeks Done elsewhere? Booster, Miso"
    ]


@pytest.mark.parametrize("state", State)
def test_the_one_statement_knows_each_state_of_a_certificate(willow, owner, miso, booster, state):
    overdue(miso, booster)
    hand_in(miso, booster, state)

    with tenant(willow):
        found = home.read(owner, now=NOW).reminders
        plain = care.reminders_of([miso], clinic=willow, today=TODAY)

    assert found == plain
    assert [one.is_handed_in for one in found] == [state in {State.PREPARING, State.WAITING}]


def test_the_one_statement_knows_a_certificate_from_before_the_species_was_corrected(willow, owner):
    for_cats = factories.create_plan(willow, family="rabies")
    for_dogs = factories.create_plan(willow, family="rabies", species=Species.DOG)
    biscuit = factories.create_pet(owner, name="Biscuit", species=Species.DOG)
    overdue(biscuit, for_dogs)
    hand_in(biscuit, for_cats)

    with tenant(willow):
        found = home.read(owner, now=NOW).reminders
        plain = care.reminders_of([biscuit], clinic=willow, today=TODAY)

    assert (found, [one.plan_id for one in found]) == (plain, [for_dogs.pk])


def test_pets_are_shown_small_and_with_their_own_picture(client, owner, booster):
    pet = factories.create_pet(owner, name="Miso", photo="pets/7/abcdefghijkl.webp")
    overdue(pet, booster)

    html = visit(client, owner).content.decode()

    assert (
        re.findall(r'<img src="([^"]+)" width="(\d+)"', html)
        == [(f"/willow/pets/{pet.pk}/photo/small/?v=abcdefgh", "128")] * 2
    )


def test_another_pet_is_added_after_the_others(client, owner, miso):
    response = visit(client, owner)

    assert texts(response, "Your pets") == ["Miso", "Add Pet"]
    assert f'href="{reverse("pets:add", args=["willow"])}"' in response.content.decode()


def test_the_first_pet_can_be_added_too(client, owner):
    html = visit(client, owner).content.decode()

    assert "Add your pet, and your clinic sees it too." in html
    assert re.findall(r'<a class="btn btn-soft" href="([^"]+)">Add Pet</a>', html) == [
        reverse("pets:add", args=["willow"])
    ]


@pytest.mark.parametrize("has_pet", [True, False])
def test_where_the_clinic_manages_pets_none_is_added(client, willow, owner, has_pet):
    switch_off(willow, "has_pet_management")
    if has_pet:
        factories.create_pet(owner, name="Miso")

    html = visit(client, owner).content.decode()

    assert ("Add Pet" in html, "Call your clinic and they will add your pet." in html) == (False, not has_pet)


def test_a_name_with_markup_is_shown_as_text(client, willow, owner):
    pet = factories.create_pet(owner, name="<b>Miso</b>")
    overdue(pet, factories.create_plan(willow, name="<i>Booster</i>"))

    html = visit(client, owner).content.decode()

    assert ("<b>Miso" in html, "<i>Booster" in html) == (False, False)
