"""What changed on a pet's file, kept as text and read by people (R27)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Client
from clinics.models import Clinic, StaffMember, User
from pets import editing, history
from pets.history import Difference
from pets.models import Neutered, Pet, PetChange, Sex, Species

PROPOSABLE = (*editing.FACTS, *editing.IDENTITY, *editing.OWN)
VALUES: dict[str, list[Any]] = {
    "name": ["Miso", "", "Мурка", "🐈", "<b>Miso</b>", "True", "x" * 80],
    "species": list(Species),
    "breed": ["", "Domestic shorthair"],
    "sex": list(Sex),
    "neutered": list(Neutered),
    "born_on": [None, date(2021, 5, 12), date(1, 1, 1), date(2024, 2, 29)],
    "is_birth_estimated": [True, False],
    "colour": ["", "Brown tabby"],
    "microchip": ["", "985141003276540", "0006B1D2E3"],
    "insurance_company": ["", "Pet & Co"],
    "insurance_policy": ["", "00-12345"],
    "notes": ["", "Scared of men.\nHides."],
}


def test_every_field_that_an_owner_may_change_is_tried_here():
    assert set(VALUES) == set(PROPOSABLE)


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in PROPOSABLE for value in VALUES[field]])
def test_what_is_kept_as_text_comes_back_as_it_was(field, value):
    text = history.as_text(value)
    read = history.as_value(field, text)

    assert isinstance(text, str)
    assert (read, type(read) is type(value) or isinstance(value, str)) == (value, True)


@given(day=st.dates())
def test_any_day_comes_back(day):
    assert history.as_value("born_on", history.as_text(day)) == day


@given(words=st.text())
def test_any_words_come_back(words):
    assert history.as_value("notes", history.as_text(words)) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (False, "False"),
        (date(2021, 5, 12), "2021-05-12"),
        (datetime(2021, 5, 12, 8, 30), "2021-05-12T08:30:00"),  # noqa: DTZ001  as text it is just that
        (Species.CAT, "cat"),
        (Decimal("4.600"), "4.6"),
        (Decimal("10.000"), "10"),
    ],
)
def test_values_are_kept_as_plain_text(value, text):
    assert history.as_text(value) == text


def test_only_what_differs_is_a_difference():
    pet = Pet(name="Miso", species=Species.CAT, born_on=date(2021, 5, 12), colour="Brown", is_birth_estimated=False)

    found = history.differences(
        pet,
        {
            "name": "Miso",
            "species": "cat",
            "born_on": None,
            "colour": "Brown tabby",
            "microchip": "",
            "is_birth_estimated": True,
        },
    )

    assert found == {
        "born_on": ["2021-05-12", ""],
        "colour": ["Brown", "Brown tabby"],
        "is_birth_estimated": ["False", "True"],
    }


def test_nothing_is_no_difference():
    assert history.differences(Pet(name="Miso"), {}) == {}


def test_differences_read_like_the_form():
    details = {
        "species": ["cat", "dog"],
        "born_on": ["", "2021-05-12"],
        "is_birth_estimated": ["False", "True"],
        "neutered": ["unknown", "yes"],
        "microchip": ["", "985141003276540"],
        "weight": ["4.4", "1500"],
        "notes": ["Hides", ""],
    }

    assert list(history.readable(details)) == [
        Difference("Species", "Cat", "Dog"),
        Difference("Date of birth", "–", "12 May 2021"),
        Difference("Date of birth is an estimate", "No", "Yes"),
        Difference("Neutered", "Unknown", "Yes"),
        Difference("Microchip", "–", "985141003276540"),
        Difference("Weight", "4.4 kg", "1500 kg"),
        Difference("Notes for the clinic", "Hides", "–"),
    ]


@pytest.mark.parametrize("field", PROPOSABLE)
def test_every_field_has_words_of_its_own(field):
    (difference,) = history.readable({field: ["", ""]})

    assert difference == Difference(difference.label, "–", "–")
    assert difference.label not in {"", field}
    assert difference.label[0].isupper()


@pytest.mark.parametrize("text", ["2021-02-28", "2021-13-01", "True", "cat", "0123456789"])
def test_an_owners_words_are_shown_as_they_are_whatever_they_look_like(text):
    assert history.shown("notes", text) == text


def test_words_are_those_of_the_reader():
    with translation.override("de"):
        shown = history.shown("born_on", "2021-05-12")

    assert shown == "12 Mai 2021"


@pytest.mark.parametrize(
    ("change", "author"),
    [
        (PetChange(client=Client(name="Nadia Brennan")), "Nadia Brennan"),
        (PetChange(staff=StaffMember(user=User(email="vet@example.com"), clinic=Clinic())), "vet@example.com"),
        (PetChange(), "Import or platform"),
    ],
)
def test_the_author_is_who_did_it_by_name(change, author):
    assert history.author_of(change) == author
