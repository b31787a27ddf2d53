"""What an owner chooses from: animals as cards with a picture, and the sexes in an owner's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from pets.models import Neutered, Sex, Species, icon_of

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.forms.boundfield import BoundWidget
    from django.utils.functional import _StrPromise

# The first of them in sight; the others unfold. Each with the tint that tells their pictures apart.
COMMON = {
    Species.DOG: 1,
    Species.CAT: 6,
    Species.RABBIT: 3,
    Species.GUINEA_PIG: 5,
    Species.HAMSTER: 1,
    Species.BIRD: 4,
    Species.HORSE: 2,
    Species.TORTOISE: 3,
    Species.FISH: 4,
}
SEXES: dict[str, str | _StrPromise] = {
    f"{Sex.FEMALE}-{Neutered.YES}": gettext_lazy("Female, spayed"),
    f"{Sex.FEMALE}-{Neutered.NO}": gettext_lazy("Female, not spayed"),
    f"{Sex.FEMALE}-{Neutered.UNKNOWN}": gettext_lazy("Female, not sure if spayed"),
    f"{Sex.MALE}-{Neutered.YES}": gettext_lazy("Male, neutered"),
    f"{Sex.MALE}-{Neutered.NO}": gettext_lazy("Male, not neutered"),
    f"{Sex.MALE}-{Neutered.UNKNOWN}": gettext_lazy("Male, not sure if neutered"),
    f"{Sex.UNKNOWN}-{Neutered.UNKNOWN}": gettext_lazy("I’m not sure"),
}


@dataclass(frozen=True, slots=True)
class AnimalCard:
    """A species to choose, with its picture."""

    choice: BoundWidget
    icon: str
    tint: int
    is_chosen: bool


def cards(field: BoundField, *, are_common: bool) -> list[AnimalCard]:
    """The radio buttons of the species, each as a card: the common ones or the rest."""
    found = []
    for place, choice in enumerate(field.subwidgets):
        species = Species(choice.data["value"])
        if (species in COMMON) == are_common:
            tint = COMMON.get(species, place % 6 + 1)
            found.append(AnimalCard(choice, icon_of(species), tint, is_chosen=species == field.value()))
    # In the order of COMMON; the others keep their own.
    places = list(COMMON)
    return sorted(found, key=lambda card: places.index(card.choice.data["value"])) if are_common else found
