"""What an owner can do from a pet's page, and what stands there in the owner's own words."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.pets.profiles import create_miso, switch


@pytest.fixture
def miso(owner):
    return create_miso(owner)


@pytest.fixture
def page(client, owner):
    """The HTML of a pet's page."""
    factories.sign_in(client, owner)
    return lambda pet: client.get(f"/willow/pets/{pet.pk}/").content.decode()


ACTS = ("View Pet ID Card", ">Edit<", "Has Miso died? Tell us")


def acts(html: str) -> list[bool]:
    return [part in html.replace("</svg>", ">") for part in ACTS]


def test_a_living_pet_has_its_card_its_edit_and_a_quiet_link_for_its_death(page, miso):
    html = page(miso)

    assert acts(html) == [True, True, True]
    assert (f'href="/willow/pets/{miso.pk}/card/"' in html, f'href="/willow/pets/{miso.pk}/edit/"' in html) == (
        True,
        True,
    )


def test_a_clinic_without_cards_shows_no_button_for_one(page, miso, willow):
    switch(willow, has_pet_cards=False)

    assert acts(page(miso)) == [False, True, True]


def test_where_clients_do_not_manage_pets_only_the_card_is_there(page, miso, willow):
    switch(willow, has_pet_management=False)

    assert acts(page(miso)) == [True, False, False]


def test_a_remembered_pet_has_none_of_them(page, owner):
    html = page(create_miso(owner, deceased_on=date(2025, 1, 1)))

    assert (acts(html), 'id="undo"' in html) == ([False, False, False], False)


@pytest.mark.parametrize(("days", "is_offered"), [(29, True), (31, False)])
def test_a_death_that_was_told_here_can_be_taken_back_for_30_days(page, owner, days, is_offered):
    told = timezone.now() - timedelta(days=days)

    html = page(create_miso(owner, deceased_on=told.date(), undo_until=told + timedelta(days=30)))

    assert (">Restore<" in html, 'id="undo"' in html) == (is_offered, is_offered)


def test_insurance_and_notes_stand_under_about_as_text(page, owner):
    pet = create_miso(owner, insurance_company="Paws & Co", insurance_policy="P-7", notes="Shy.\n<b>Likes</b> cheese")

    html = page(pet)

    assert "<dt>Insurance</dt><dd>Paws &amp; Co<br>P-7</dd>" in html
    assert "Shy.<br>&lt;b&gt;Likes&lt;/b&gt; cheese" in html


def test_what_is_not_told_is_left_out(page, miso):
    html = page(miso)

    assert ("Insurance" in html, "Notes for the clinic" in html) == (False, False)
