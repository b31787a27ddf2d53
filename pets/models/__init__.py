"""Animals and their papers."""

from pets.models.animals import Breed, Neutered, Pet, PetQuerySet, Sex, Species, Weight, icon_of, validate_microchip
from pets.models.cards import CardCheck, CardDocument, CardKey, IdCard
from pets.models.care import CarePlan, CareRecord, Certificate
from pets.models.changes import ChangeRequest, PetChange
from pets.models.uploads import Upload

__all__ = [
    "Breed",
    "CardCheck",
    "CardDocument",
    "CardKey",
    "CarePlan",
    "CareRecord",
    "Certificate",
    "ChangeRequest",
    "IdCard",
    "Neutered",
    "Pet",
    "PetChange",
    "PetQuerySet",
    "Sex",
    "Species",
    "Upload",
    "Weight",
    "icon_of",
    "validate_microchip",
]
