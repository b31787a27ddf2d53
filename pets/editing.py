"""Which of a pet's details its owner may change, which are changed by request, and which are only seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinics.models import Editing

if TYPE_CHECKING:
    from pets.models import Pet

FACTS = (
    "name",
    "breed",
    "sex",
    "neutered",
    "born_on",
    "is_birth_estimated",
    "colour",
    "insurance_company",
    "insurance_policy",
)
# What makes a card trustworthy: that this animal is the one in the clinic's records.
IDENTITY = ("species", "microchip")
# The owner's own words to the clinic.
OWN = ("notes",)
# No field of a pet: each is a row, and one that an owner tells is marked as such, so there is nothing to propose.
WEIGHT = "weight"


def rules_for(pet: Pet) -> dict[str, Editing]:
    """How the owner may change each field of a pet on file. A new pet has nothing to vouch for yet."""
    clinic = pet.clinic
    identity = Editing(clinic.pet_identity_editing)
    if not pet.is_identity_checked and identity == Editing.REQUEST:
        identity = Editing.EDIT
    facts = Editing(clinic.pet_facts_editing)
    weight = Editing.READ_ONLY if facts == Editing.READ_ONLY else Editing.EDIT
    rules = dict.fromkeys(FACTS, facts) | dict.fromkeys(IDENTITY, identity) | dict.fromkeys(OWN, Editing.EDIT)
    return rules | {WEIGHT: weight}
