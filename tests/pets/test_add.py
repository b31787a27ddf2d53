"""**Add New Pet** → **Save Pet** (R10–R12)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from pets.models import Species
from tests import factories
from tests.pets.profiles import changes_of, errors, pets_of, said, switch, typed, weights_of

ADDRESS = "/willow/pets/add/"
A_MINUTE = timedelta(minutes=1)


def opened(client):
    """The form's hidden time, as the browser sends it back."""
    return str(client.get(ADDRESS).context["form"]["opened"].value())


def test_the_dialog_stands_over_the_list_and_works_as_a_page(signed_in, owner):
    factories.create_pet(owner, name="Biscuit")

    response = signed_in.get(ADDRESS)

    html = response.content.decode()
    assert (response.status_code, "<title>Add New Pet – Willow" in html) == (200, True)
    assert ('class="app" inert' in html, '<dialog class="dialog" id="add" open' in html) == (True, True)
    assert ('data-close="/willow/pets/"' in html, "Biscuit" in html, "Save Pet" in html) == (True, True, True)


def test_all_species_can_be_chosen_without_a_script(signed_in):
    html = signed_in.get(ADDRESS).content.decode()

    assert [html.count(f'name="species" value="{species}"') for species in Species] == [1] * len(Species)


def test_a_pet_is_filed_and_the_list_confirms_it(signed_in, owner):
    response = signed_in.post(ADDRESS, typed(notes="Bites\r\nwhen tired"), follow=True)

    (pet,) = pets_of(owner)
    assert response.redirect_chain == [("/willow/pets/", 303)]
    assert said(response) == ["Clover is in your list\nThe clinic sees the new pet too."]
    assert (pet.name, pet.species, pet.breed, pet.sex, pet.neutered) == (
        "Clover", "rabbit", "Netherland Dwarf", "female", "yes",
    )  # fmt: skip
    assert (pet.born_on, pet.is_birth_estimated, pet.notes) == (date(2024, 2, 20), False, "Bites\nwhen tired")
    assert (weights_of(pet), changes_of(pet)) == ([("1.2", True)], ["added", "weighed"])
    assert pet.is_identity_checked is False


def test_name_species_and_sex_are_enough(signed_in, owner):
    signed_in.post(ADDRESS, {"name": "Rex", "species": "dog", "sex": "unknown-unknown"})

    (pet,) = pets_of(owner)
    assert (pet.born_on, pet.breed, weights_of(pet)) == (None, "", [])


def test_an_empty_form_says_what_is_missing_and_keeps_the_rest(signed_in, owner):
    response = signed_in.post(ADDRESS, {"breed": "Beagle"})

    html = response.content.decode()
    assert (response.status_code, pets_of(owner)) == (422, [])
    assert errors(response) == {
        "name": ["Enter your pet’s name."],
        "species": ["Choose your pet’s species."],
        "sex": ["Choose one. “I’m not sure” is fine."],
    }
    assert ("<title>Error: Add New Pet" in html, 'class="errsum' in html, 'value="Beagle"' in html) == (True,) * 3
    assert ('href="#id_species_0"' in html, html.count('id="id_species_0"')) == (True, 1)


@time_machine.travel(datetime(2026, 4, 16, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("day", "month", "year", "born_on", "is_estimated"),
    [
        ("20", "2", "2024", date(2024, 2, 20), False),
        ("", "2", "2024", date(2024, 2, 1), True),
        ("", "", "2024", date(2024, 7, 1), True),
        ("", "", "2026", date(2026, 1, 1), True),
        ("16", "4", "2026", date(2026, 4, 16), False),
        ("", "", "", None, False),
    ],
)
def test_a_birth_may_be_a_guess(signed_in, owner, day, month, year, born_on, is_estimated):
    signed_in.post(ADDRESS, typed(born_day=day, born_month=month, born_year=year))

    (pet,) = pets_of(owner)
    assert (pet.born_on, pet.is_birth_estimated) == (born_on, is_estimated)


@time_machine.travel(datetime(2026, 4, 16, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("species", "born", "error"),
    [
        ("cat", ("31", "2", "2024"), "This day is not in the calendar."),
        ("cat", ("1", "13", "2024"), "This day is not in the calendar."),
        ("cat", ("1", "1", "0000"), "This day is not in the calendar."),
        ("cat", ("17", "4", "2026"), "This day is still to come."),
        ("cat", ("16", "3", "1966"), "That is more than 60 years ago. Check the year."),
        ("tortoise", ("1", "1", "1870"), "That is more than 150 years ago. Check the year."),
        ("cat", ("1", "1", "24"), "Write all four digits of the year."),
        ("cat", ("1", "1", ""), "Enter the year."),
        ("cat", ("1", "", "2024"), "Enter the month."),
        ("cat", ("x", "1", "2024"), "Write the date in numbers, like 20 2 2024."),
        ("cat", ("١", "1", "2024"), "Write the date in numbers, like 20 2 2024."),
        ("cat", ("1" * 10_000, "1", "2024"), "Write the date in numbers, like 20 2 2024."),
    ],
)
def test_an_impossible_birth_is_refused_beside_the_field(signed_in, owner, species, born, error):
    boxes = dict(zip(("born_day", "born_month", "born_year"), born, strict=True))

    response = signed_in.post(ADDRESS, typed(species=species, breed="", **boxes))

    assert (response.status_code, errors(response), pets_of(owner)) == (422, {"born": [error]}, [])
    assert response.context["form"]["born"].value() == list(born)


@time_machine.travel(datetime(2026, 4, 16, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(("species", "year"), [("tortoise", "1880"), ("bird", "1930"), ("cat", "1967")])
def test_long_lives_are_believed(signed_in, owner, species, year):
    signed_in.post(ADDRESS, typed(species=species, breed="", born_year=year))

    assert [f"{pet.born_on:%Y}" for pet in pets_of(owner)] == [year]


def test_a_breed_of_another_species_is_questioned(signed_in, owner):
    response = signed_in.post(ADDRESS, typed(species="cat", breed="Beagle"))

    expected = {"breed": ["This is another animal’s breed. Check the breed and the species."]}
    assert (response.status_code, errors(response), pets_of(owner)) == (422, expected, [])


def test_the_same_form_sent_twice_files_one_pet(signed_in, owner):
    form = typed(opened=opened(signed_in))

    first, second = (signed_in.post(ADDRESS, form) for _ in range(2))

    assert (first.status_code, second.status_code, len(pets_of(owner))) == (303, 303, 1)


def test_hens_of_one_name_are_as_many_as_their_forms(signed_in, owner):
    for _ in range(3):
        hen = typed(name="Hen", species="chicken", breed="", opened=opened(signed_in))
        signed_in.post(ADDRESS, hen)

    assert [pet.name for pet in pets_of(owner)] == ["Hen"] * 3


@pytest.mark.parametrize("when", ["", "yesterday", "2026-13-41T00:00", "2026-01-01T00:00:00", "9999-01-01T00:00:00Z"])
def test_a_form_that_hides_its_time_is_taken_for_a_minute_old(signed_in, owner, when):
    for _ in range(2):
        signed_in.post(ADDRESS, typed(opened=when))

    assert len(pets_of(owner)) == 1


def test_a_pet_that_was_deleted_can_be_added_anew(signed_in, owner):
    form = typed(opened=opened(signed_in))
    signed_in.post(ADDRESS, form)
    signed_in.post(f"/willow/pets/{pets_of(owner)[0].pk}/delete/")

    signed_in.post(ADDRESS, form)

    assert [pet.deleted_at is None for pet in pets_of(owner)] == [False, True]


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client, willow):
    assert client.get(ADDRESS).headers["Location"] == "/willow/sign-in/?next=%2Fwillow%2Fpets%2Fadd%2F"


@pytest.mark.parametrize("address", [ADDRESS, "/willow/pets/breeds/"])
def test_where_clients_do_not_manage_pets_there_is_no_such_page(signed_in, willow, owner, address):
    switch(willow, has_pet_management=False)

    assert [signed_in.get(address).status_code, signed_in.post(address, typed()).status_code] in (
        [404, 404],
        [404, 405],
    )
    assert pets_of(owner) == []


def test_the_time_of_the_form_is_the_one_it_was_opened_at(signed_in):
    assert timezone.now() - datetime.fromisoformat(opened(signed_in)) < A_MINUTE
