"""What is on file about a pet, in the words of its page."""

from datetime import date

import pytest

from pets import facts
from pets.facts import Fact
from pets.models import Neutered, Pet, Sex

TODAY = date(2026, 4, 15)


@pytest.mark.parametrize(
    ("sex", "neutered", "words"),
    [
        (Sex.FEMALE, Neutered.YES, "Female, spayed"),
        (Sex.FEMALE, Neutered.NO, "Female, not spayed"),
        (Sex.FEMALE, Neutered.UNKNOWN, "Female"),
        (Sex.MALE, Neutered.YES, "Male, neutered"),
        (Sex.MALE, Neutered.NO, "Male, not neutered"),
        (Sex.MALE, Neutered.UNKNOWN, "Male"),
        (Sex.UNKNOWN, Neutered.YES, "Neutered"),
        (Sex.UNKNOWN, Neutered.NO, "Not neutered"),
        (Sex.UNKNOWN, Neutered.UNKNOWN, ""),
    ],
)
def test_sex_is_told_in_the_trades_words(sex, neutered, words):
    assert facts.sex_text(Pet(sex=sex, neutered=neutered)) == words


@pytest.mark.parametrize(
    ("fields", "chips"),
    [
        ({}, []),
        ({"sex": Sex.MALE}, ["Male"]),
        ({"born_on": date(2021, 5, 12)}, ["4 years and 11 months old"]),
        ({"born_on": date(2021, 5, 12), "is_birth_estimated": True}, ["About 4 years old"]),
        ({"born_on": date(2006, 1, 1), "deceased_on": date(2023, 3, 1)}, ["2006 – 2023"]),
        ({"deceased_on": date(2023, 3, 1), "sex": Sex.FEMALE}, ["Female", "2023"]),
    ],
)
def test_chips_say_sex_and_age_or_years(fields, chips):
    assert facts.chips_of(Pet(**fields), today=TODAY) == chips


@pytest.mark.parametrize(
    ("microchip", "shown"),
    [("985141003276540", "985 141 003 276 540"), ("0006B1D2E3", "0006B1D2E3"), ("123456789", "123456789"), ("", "")],
)
def test_an_iso_number_is_read_in_threes(microchip, shown):
    assert facts.grouped(microchip) == shown


def test_everything_on_file_has_a_line():
    pet = Pet(
        born_on=date(2006, 1, 1),
        is_birth_estimated=True,
        deceased_on=date(2023, 3, 1),
        colour="Brown tabby",
        microchip="985141003276540",
    )

    assert facts.facts_of(pet, known_since=date(2007, 7, 1)) == [
        Fact("Date of birth", "about 2006"),
        Fact("Died", "1 March 2023"),
        Fact("Colour", "Brown tabby"),
        Fact("Microchip", "985 141 003 276 540"),
        Fact("Known to us since", "July 2007"),
    ]


def test_a_pet_that_was_filed_after_its_death_was_not_known_before():
    pet = Pet(deceased_on=date(2023, 3, 1))

    assert facts.facts_of(pet, known_since=date(2024, 1, 1)) == [Fact("Died", "1 March 2023")]
