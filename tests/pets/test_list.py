"""The list of an owner's pets."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pets.models import Species
from tests import factories
from tests.pets.profiles import switch

ADDRESS = "/willow/pets/"


def names(response) -> list[str]:
    return [row["pet"].name for row in response.context["living"]]


def test_the_living_are_listed_by_name_with_an_icon_for_their_species(signed_in, owner):
    factories.create_pet(owner, name="Miso", species=Species.CAT, breed="Domestic shorthair")
    factories.create_pet(owner, name="Biscuit", species=Species.DOG)

    response = signed_in.get(ADDRESS)

    html = response.content.decode()
    assert (response.status_code, names(response)) == (200, ["Biscuit", "Miso"])
    assert (html.count("#dog-duotone"), html.count("#cat-duotone")) == (1, 1)
    assert "Cat · Domestic shorthair" in html
    assert response.headers["Cache-Control"] == "no-store"


def test_every_species_has_an_icon(signed_in, owner):
    for species in Species:
        factories.create_pet(owner, species=species)

    assert signed_in.get(ADDRESS).status_code == 200


def test_a_name_leads_to_the_pets_page(signed_in, owner):
    pet = factories.create_pet(owner)

    assert f'href="{reverse("pets:pet", args=["willow", pet.pk])}"' in signed_in.get(ADDRESS).content.decode()


def test_a_card_says_what_is_most_pressing(signed_in, owner, willow):
    pet = factories.create_pet(owner)
    plan = factories.create_plan(willow)
    factories.create_record(pet, plan, valid_until=timezone.localdate(timezone=willow.zone) - timedelta(days=20))

    (row,) = signed_in.get(ADDRESS).context["living"]

    assert (row["summary"].tone, row["summary"].text) == ("bad", "1 reminder overdue")


def test_the_remembered_follow_grey_and_with_their_years(signed_in, owner):
    factories.create_pet(owner, name="Pepper", born_on=date(2006, 1, 1), deceased_on=date(2023, 3, 1))
    factories.create_pet(owner, name="Tango", deceased_on=date(2025, 3, 1))

    response = signed_in.get(ADDRESS)

    html = response.content.decode()
    remembered = [(row["pet"].name, row["years"]) for row in response.context["remembered"]]
    assert (names(response), remembered) == ([], [("Tango", "2025"), ("Pepper", "2006 – 2023")])
    assert (html.count("No longer with you"), html.count("ava-gone"), html.count("No pets")) == (1, 2, 0)


def test_what_was_deleted_within_30_days_can_be_restored(signed_in, owner):
    for name, days in (("Tango", 29), ("Pip", 2), ("Rex", 30)):
        gone = timezone.now() - timedelta(days=days)
        factories.create_pet(owner, name=name, deleted_at=gone, undo_until=gone + timedelta(days=30))
    factories.create_pet(owner, name="Fern", deleted_at=timezone.now())  # By the clinic.

    response = signed_in.get(ADDRESS)

    html = response.content.decode()
    assert [row["pet"].name for row in response.context["deleted"]] == ["Pip", "Tango"]
    assert (html.count("Cat · deleted "), html.count("Restore<span"), "Rex" in html, "Fern" in html) == (
        2,
        2,
        False,
        False,
    )


def test_a_death_that_was_told_here_can_be_taken_back_for_30_days(signed_in, owner):
    for name, days in (("Tango", 29), ("Rex", 31)):
        until = timezone.now() + timedelta(days=30 - days)
        factories.create_pet(owner, name=name, deceased_on=date(2026, 1, 1), undo_until=until)
    factories.create_pet(owner, name="Pepper", deceased_on=date(2026, 1, 1))

    html = signed_in.get(ADDRESS).content.decode()

    assert (html.count(">Restore<"), 'Restore<span class="vh"> Tango' in html) == (1, True)


def test_each_card_leads_to_its_dialogs(signed_in, owner):
    pet = factories.create_pet(owner, name="Miso")

    html = signed_in.get(ADDRESS).content.decode()

    assert f'href="/willow/pets/{pet.pk}/edit/"' in html
    assert f'href="/willow/pets/{pet.pk}/delete/"' in html
    assert ('Edit<span class="vh"> Miso</span>' in html, 'Delete<span class="vh"> Miso</span>' in html) == (True, True)


def test_where_clients_do_not_manage_pets_they_only_see_them(signed_in, owner, willow):
    switch(willow, has_pet_management=False)
    factories.create_pet(owner, name="Miso")
    soon = timezone.now() + timedelta(days=9)
    factories.create_pet(owner, name="Tango", deleted_at=timezone.now(), undo_until=soon)
    factories.create_pet(owner, name="Rex", deceased_on=date(2026, 1, 1), undo_until=soon)

    html = signed_in.get(ADDRESS).content.decode()

    buttons = ("Add Pet", "Edit<", "Delete<", "Restore", "Tango")
    assert ([part in html for part in buttons], "Miso" in html, "Rex" in html) == ([False] * 5, True, True)


def test_a_list_shows_the_small_pictures(signed_in, owner):
    pet = factories.create_pet(owner, photo="pets/1/abc.webp")

    assert f'src="/willow/pets/{pet.pk}/photo/small/?v=abc"' in signed_in.get(ADDRESS).content.decode()


def test_the_deleted_and_other_peoples_pets_are_not_there(signed_in, owner, willow, harbour):
    factories.create_pet(owner, deleted_at=timezone.now() - timedelta(days=30))
    factories.create_pet(owner, deleted_at=timezone.now() - timedelta(days=40), deceased_on=date(2025, 1, 1))
    factories.create_pet(factories.create_owner(willow))
    factories.create_pet(factories.create_owner(harbour))

    response = signed_in.get(ADDRESS)

    shown = response.context["living"], response.context["remembered"], response.context["deleted"]
    assert shown == ([], [], [])


def test_an_empty_list_invites_to_add_a_pet(signed_in):
    html = signed_in.get(ADDRESS).content.decode()

    assert ("No pets yet" in html, html.count('href="/willow/pets/add/"'), "tel:" in html) == (True, 2, False)


def test_where_the_clinic_keeps_the_pets_an_empty_list_leads_to_its_phone(signed_in, willow):
    switch(willow, has_pet_management=False)

    html = signed_in.get(ADDRESS).content.decode()

    assert ("No pets on file yet" in html, f'href="tel:{willow.phone}"' in html) == (True, True)


def test_without_a_phone_an_empty_list_offers_no_call(signed_in, willow):
    switch(willow, phone="", has_pet_management=False)

    html = signed_in.get(ADDRESS).content.decode()

    assert ("No pets on file yet" in html, "tel:" in html) == (True, False)


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client, willow):
    response = client.get(ADDRESS)

    assert response.headers["Location"] == "/willow/sign-in/?next=%2Fwillow%2Fpets%2F"


def test_the_door_of_another_clinic_stays_shut(signed_in, harbour):
    assert signed_in.get("/harbour/pets/").headers["Location"] == "/harbour/sign-in/?next=%2Fharbour%2Fpets%2F"


def test_the_list_is_only_read(signed_in):
    assert signed_in.post(ADDRESS).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_pets_costs_the_same(signed_in, owner, willow, statements, count):
    plan = factories.create_plan(willow)
    for _ in range(count):
        pet = factories.create_pet(owner, photo="pets/1/abc.webp")
        factories.create_record(pet, plan, valid_until=timezone.localdate(timezone=willow.zone))
        factories.create_pet(owner, deceased_on=date(2025, 1, 1))
        soon = timezone.now() + timedelta(days=9)
        factories.create_pet(owner, deleted_at=timezone.now(), undo_until=soon)

    # Clinic, device, pets, plans, records, the deleted.
    with statements(6):
        signed_in.get(ADDRESS)
