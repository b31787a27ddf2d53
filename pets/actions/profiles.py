"""Putting a pet on file, and changing what is on file. The import writes the same rows in bulk, by the same rules."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from clients.models import Client
from pets import breeds, history
from pets.actions.history import note_change
from pets.models import Pet, PetChange, Weight
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from pets.history import Author


class NotALifespan(Refusal):
    message = gettext_lazy("The date of death is before the date of birth.")


class NotAWeight(Refusal):
    message = gettext_lazy("A weight is more than 0 and at most 1,500 kg.")


class WeighedAtClinic(Refusal):
    message = gettext_lazy("The clinic has a weight for that day already.")


class ChangedMeanwhile(Refusal):
    """Somebody else changed the pet since this form was opened. `pet` is what is on file now."""

    message = gettext_lazy("Somebody changed this pet’s details while you were editing.")

    def __init__(self, pet: Pet) -> None:
        super().__init__()
        self.pet = pet


@transaction.atomic
def file_pet(*, owner: Client, name: str, species: str, by: Author, now: datetime, **details: Any) -> Pet:
    """Put an owner's pet on file; `details` are other fields, checked by a form. Raises NotALifespan.

    Filed by its owner, its species and chip are the owner's word until the clinic has seen the animal.
    """
    pet = Pet(clinic=owner.clinic, owner=owner, name=name, species=species, **details)
    if isinstance(by, Client):
        pet.is_identity_checked = False
    _check_lifespan(pet)
    pet.save(force_insert=True)
    note_change(pet=pet, kind=PetChange.Kind.ADDED, by=by, now=now)
    return pet


@transaction.atomic
def update_pet(*, pet: Pet, by: Author, now: datetime, edition: int | None = None, **details: Any) -> Pet:
    """Change what is on file; `details` are fields of Pet, checked by a form.

    A breed that is another species' goes when the species changes. `edition` is the one that the form was opened
    with: where it is given and no longer the pet's, raises ChangedMeanwhile. Raises NotALifespan. Writes nothing
    when nothing differs.
    """
    on_file = Pet.objects.for_clinic(pet.clinic).select_for_update(no_key=True).get(pk=pet.pk)
    if edition is not None and edition != on_file.edition:
        raise ChangedMeanwhile(on_file)
    species = details.get("species", on_file.species)
    is_stray = breeds.is_stray(details.get("breed", on_file.breed), species, clinic=pet.clinic)
    if species != on_file.species and is_stray:
        details["breed"] = ""
    changed = history.differences(on_file, details)
    for field in changed:
        setattr(on_file, field, details[field])
    _check_lifespan(on_file)
    for field in details:
        setattr(pet, field, details[field])
    if changed:
        pet.edition = on_file.edition = on_file.edition + 1
        on_file.save(update_fields=[*changed, "edition"])
        note_change(pet=pet, kind=PetChange.Kind.EDITED, by=by, now=now, details=changed)
    return pet


@transaction.atomic
def record_weight(*, pet: Pet, kg: Decimal, weighed_on: date, by: Author, now: datetime) -> Weight:
    """Note what a pet weighed on a day; a second figure for the day replaces the first.

    An owner's figure never replaces the clinic's: raises WeighedAtClinic. Raises NotAWeight.
    """
    if not 0 < kg <= 1500:
        raise NotAWeight
    is_owners = isinstance(by, Client)
    weights = Weight.objects.for_clinic(pet.clinic)
    before = weights.select_for_update().filter(pet=pet, weighed_on=weighed_on).first()
    if before and is_owners and not before.is_owners:
        raise WeighedAtClinic
    said = {"kg": kg, "is_owners": is_owners}
    weight, _is_new = weights.update_or_create(
        pet=pet, weighed_on=weighed_on, defaults=said, create_defaults={"clinic": pet.clinic, **said}
    )
    text = history.as_text(before.kg.normalize()) if before else ""
    if before is None or before.kg != kg:
        details = {"weight": [text and f"{text} kg", f"{kg.normalize():f} kg"]}
        note_change(pet=pet, kind=PetChange.Kind.WEIGHED, by=by, now=now, details=details)
    return weight


def _check_lifespan(pet: Pet) -> None:
    if pet.born_on and pet.deceased_on and pet.deceased_on < pet.born_on:
        raise NotALifespan
