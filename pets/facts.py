"""What is on file about a pet, in the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pets import days
from pets.age import age_text, years_text
from pets.models import Neutered, Sex

if TYPE_CHECKING:
    from pets.models import Pet


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str


def chips_of(pet: Pet, *, today: date) -> list[str]:
    """Beside the name: “Female, spayed”, and the age or the years. What isn't known is left out."""
    return [text for text in (sex_text(pet), life_text(pet, today=today)) if text]


def life_text(pet: Pet, *, today: date) -> str:
    """The age of a living pet, the years of a remembered one."""
    if pet.deceased_on:
        return years_text(pet.born_on, pet.deceased_on, is_estimated=pet.is_birth_estimated)
    return age_text(pet.born_on, today=today, is_estimated=pet.is_birth_estimated)


def sex_text(pet: Pet) -> str:
    """“Female, spayed”; "" when neither is known."""
    words = {
        (Sex.FEMALE, Neutered.YES): _("Female, spayed"),
        (Sex.FEMALE, Neutered.NO): _("Female, not spayed"),
        (Sex.FEMALE, Neutered.UNKNOWN): _("Female"),
        (Sex.MALE, Neutered.YES): _("Male, neutered"),
        (Sex.MALE, Neutered.NO): _("Male, not neutered"),
        (Sex.MALE, Neutered.UNKNOWN): _("Male"),
        (Sex.UNKNOWN, Neutered.YES): _("Neutered"),
        (Sex.UNKNOWN, Neutered.NO): _("Not neutered"),
    }
    return words.get((Sex(pet.sex), Neutered(pet.neutered)), "")


def birth_text(born_on: date | None, *, is_estimated: bool) -> str:
    """“12 May 2021”; of an estimate the year alone, “about 2021”; "" when nothing is known."""
    if born_on is None:
        return ""
    return _("about %(years)s") % {"years": born_on.year} if is_estimated else days.full(born_on)


def facts_of(pet: Pet, *, known_since: date) -> list[Fact]:
    """The list under “About Miso”. What isn't on file is left out."""
    facts = [
        Fact(_("Date of birth"), birth_text(pet.born_on, is_estimated=pet.is_birth_estimated)),
        Fact(_("Died"), days.full(pet.deceased_on) if pet.deceased_on and pet.is_death_day_known else ""),
        Fact(_("Colour"), pet.colour),
        Fact(_("Microchip"), grouped(pet.microchip)),
        Fact(_("Known to us since"), "" if _was_filed_later(pet, known_since) else days.month(known_since)),
    ]
    return [fact for fact in facts if fact.text]


def grouped(microchip: str) -> str:
    """An ISO number in threes, as it is read out: “985 141 003 276 540”. Older chips stay as they are."""
    if len(microchip) != 15:
        return microchip
    return " ".join(microchip[start : start + 3] for start in range(0, 15, 3))


def _was_filed_later(pet: Pet, known_since: date) -> bool:
    """A pet that was put on file after its death: when the clinic came to know it isn't known."""
    return pet.deceased_on is not None and known_since > pet.deceased_on
