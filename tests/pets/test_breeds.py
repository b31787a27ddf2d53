"""The breeds that clients choose from, and what becomes of a breed when the species changes."""

from collections import Counter

import pytest

from clinics.tenancy import tenant
from pets import breeds
from pets.models import Breed, Species
from tests import factories

ALWAYS = ["Mixed breed", "Unknown"]


def add_breed(clinic, species, name):
    with tenant(clinic):
        Breed.objects.create(clinic=clinic, species=species, name=name)


def names(species, clinic):
    with tenant(clinic):
        return breeds.names_for(species, clinic=clinic)


def is_stray(breed, species, clinic):
    with tenant(clinic):
        return breeds.is_stray(breed, species, clinic=clinic)


@pytest.mark.parametrize("species", breeds.BREEDS)
def test_each_list_names_a_breed_once_and_fits_its_field(species):
    listed = breeds.BREEDS[species]

    assert [name for name, count in Counter(name.casefold() for name in listed).items() if count > 1] == []
    assert [name for name in listed if name != name.strip() or not name] == []
    assert [name for name in listed if len(name) > 80] == []


@pytest.mark.parametrize("species", Species)
def test_every_species_has_what_is_said_of_all_and_says_it_last(willow, species):
    found = names(species, willow)

    assert found[-2:] == ALWAYS
    assert found[:-2] == sorted(breeds.BREEDS.get(species, ()), key=str.casefold)


def test_a_species_without_a_list_begins_with_the_clinics_own(willow):
    add_breed(willow, Species.GERBIL, "Mongolian")

    assert names(Species.GERBIL, willow) == ["Mongolian", *ALWAYS]


@pytest.mark.parametrize("species", ["", "dragon"])
def test_an_unknown_species_has_what_is_said_of_all(willow, species):
    assert names(species, willow) == ALWAYS


def test_what_a_clinic_adds_stands_in_its_place_and_only_there(willow, harbour):
    add_breed(willow, Species.SHEEP, "Kerry Hill")

    assert names(Species.SHEEP, willow)[:3] == ["Jacob", "Kerry Hill", "Merino"]
    assert "Kerry Hill" not in names(Species.GOAT, willow)
    assert "Kerry Hill" not in names(Species.SHEEP, harbour)


def test_a_breed_in_other_letters_is_the_same_one_as_the_clinic_writes_it(willow):
    for name in ("SUFFOLK", "mixed breed", "unknown"):
        add_breed(willow, Species.SHEEP, name)

    assert names(Species.SHEEP, willow) == ["Jacob", "Merino", "Shetland", "SUFFOLK", "Texel", *ALWAYS]


@pytest.mark.parametrize(
    ("breed", "species", "answer"),
    [
        ("Beagle", Species.DOG, False),
        ("Beagle", Species.CAT, True),
        ("  beagle ", Species.CAT, True),
        ("GÖTTINGEN MINIPIG", Species.DOG, True),
        ("Himalayan", Species.CAT, False),
        ("Himalayan", Species.RABBIT, False),
        ("Himalayan", Species.DOG, True),
        ("Beagle", Species.GERBIL, True),
        ("Found at the harbour", Species.DOG, False),
        ("Mixed breed", Species.FISH, False),
        ("Unknown", Species.FISH, False),
        ("", Species.DOG, False),
        ("   ", Species.DOG, False),
    ],
)
def test_a_breed_is_a_stray_where_only_other_species_have_it(willow, breed, species, answer):
    assert is_stray(breed, species, willow) is answer


@pytest.mark.parametrize(("species", "answer"), [(Species.GERBIL, False), (Species.DOG, True)])
def test_the_clinics_own_breeds_have_a_species_too(willow, species, answer):
    add_breed(willow, Species.GERBIL, "Mongolian")

    assert is_stray("mongolian", species, willow) is answer


def test_a_listed_breed_that_the_clinic_has_for_another_species_is_at_home_there(willow):
    add_breed(willow, Species.FERRET, "Angora")

    assert [is_stray("Angora", kind, willow) for kind in (Species.FERRET, Species.RABBIT, Species.CAT)] == [
        False,
        False,
        True,
    ]


def test_a_neighbours_breeds_say_nothing(willow, harbour):
    add_breed(harbour, Species.GERBIL, "Mongolian")

    assert is_stray("Mongolian", Species.DOG, willow) is False


def test_what_is_said_of_every_species_is_no_stray_even_if_a_clinic_lists_it(willow):
    add_breed(willow, Species.DOG, "Mixed breed")

    assert is_stray("Mixed breed", Species.CAT, willow) is False


@pytest.mark.parametrize("breed", ["100% dog", "_____", "O'Malley", "<b>", "🐕", "x" * 10_000])
def test_anything_may_be_asked_about(willow, breed):
    assert is_stray(breed, Species.DOG, willow) is False


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_is_one_statement_and_so_is_the_question(willow, statements, count):
    for number in range(count):
        add_breed(willow, Species.DOG, f"Breed {number}")

    with tenant(willow), statements(2):
        breeds.names_for(Species.DOG, clinic=willow)
        breeds.is_stray("Beagle", Species.CAT, clinic=willow)


def test_names_of_breeds_fit_pets_of_the_clinic(willow):
    pet = factories.create_pet(factories.create_owner(willow), species=Species.PIG, breed="Göttingen minipig")

    assert (pet.breed in names(Species.PIG, willow), pet.kind) == (True, "Pig · Göttingen minipig")
