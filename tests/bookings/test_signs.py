"""Warning signs in the reader's language: none that the clinic asks about gets lost in translation."""

import pytest
from django.utils import translation

from bookings import signs
from clinics.tenancy import tenant
from tests.bookings import visits


@pytest.mark.parametrize(
    ("translated", "asked"),
    [
        ([], ["Collapsed", "Bleeding"]),
        (["Zusammengebrochen"], ["Zusammengebrochen", "Collapsed", "Bleeding"]),
        (["Zusammengebrochen", "Blutet"], ["Zusammengebrochen", "Blutet"]),
    ],
)
def test_a_list_that_is_partly_translated_hides_nothing(willow, translated, asked):
    for place, text in enumerate(["Collapsed", "Bleeding"]):
        visits.create_sign(willow, text, position=place)
    for place, text in enumerate(translated):
        visits.create_sign(willow, text, position=place, language="de")

    with tenant(willow), translation.override("de"):
        assert signs.signs_for(willow, ["cat"]) == asked


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "Does your pet have any of these?"),
        (["Miso"], "Does Miso have any of these?"),
        (["Miso", "Rex"], "Does one of your pets have any of these?"),
    ],
)
def test_the_question_names_the_pet(names, words):
    assert signs.question(names) == words


def test_signs_of_a_species_and_of_all_are_asked_once(willow):
    visits.create_sign(willow, "Collapsed")
    visits.create_sign(willow, "Collapsed", species="cat", position=1)
    visits.create_sign(willow, "Strains", species="cat", position=2)
    visits.create_sign(willow, "Bloated", species="dog", position=3)

    with tenant(willow):
        assert signs.signs_for(willow, ["cat"]) == ["Collapsed", "Strains"]
