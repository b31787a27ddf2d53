"""Putting a pet on file, and changing what is on file. The import writes the same rows in bulk, by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clients.models import Client
from pets import breeds, history
from pets.actions.changes import note_change
from pets.editing import IDENTITY
from pets.models import ChangeRequest, IdCard, Pet, PetChange, Weight
from pets.signals import pet_handed_over
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from pets.history import Author


# More than any household; a shelter asks the clinic. So nobody fills a clinic's lists by a program.
MOST_PETS = 100


class NotALifespan(Refusal):
    message = gettext_lazy("The date of death is before the date of birth.")


class NotAWeight(Refusal):
    message = gettext_lazy("A weight is more than 0 and at most 1,500 kg.")


class TooManyPets(Refusal):
    message = gettext_lazy("You have 100 pets here. Please ask the clinic to add more.")


class ChangedMeanwhile(Refusal):
    """Somebody else changed the pet since this form was opened. `pet` is what is on file now."""

    message = gettext_lazy("Somebody changed this pet’s details while you were editing.")

    def __init__(self, pet: Pet) -> None:
        super().__init__()
        self.pet = pet


class WeighedAtClinic(Refusal):
    message = gettext_lazy("The clinic has a weight for that day already.")


@transaction.atomic
def file_pet(
    *,
    owner: Client,
    name: str,
    species: str,
    by: Author,
    now: datetime,
    kg: Decimal | None = None,
    opened_at: datetime | None = None,
    **details: Any,
) -> Pet:
    """Put an owner's pet on file, with today's weight if it is known; `details` are other fields, checked by a form.

    Filed by its owner, its species and chip are the owner's word until the clinic has seen the animal. `opened_at` is
    when the form was opened: one that is sent twice, by a double tap or after a lost connection, files one pet, and
    the second gets that. Raises NotALifespan, NotAWeight and, for an owner, TooManyPets.
    """
    pet = Pet(clinic=owner.clinic, owner=owner, name=name, species=species, **details)
    if isinstance(by, Client):
        pet.is_identity_checked = False
    _check_lifespan(pet)
    if isinstance(by, Client) and owner.pets.living().count() >= MOST_PETS:
        raise TooManyPets
    if opened_at and (twin := _filed_since(opened_at, pet, ("name", "species", *details))):
        return twin
    pet.save(force_insert=True)
    note_change(pet=pet, kind=PetChange.Kind.ADDED, by=by, now=now)
    if kg:
        record_weight(pet=pet, kg=kg, weighed_on=timezone.localdate(now, owner.clinic.zone), by=by, now=now)
    return pet


@transaction.atomic
def update_pet(*, pet: Pet, by: Author, now: datetime, **details: Any) -> Pet:
    """Change what is on file; `details` are fields of Pet, checked by a form.

    A breed that is another species' goes when the species changes. A species or chip that an owner writes is the
    owner's word again. With another owner the former one's card and request end. Raises NotALifespan. Writes nothing
    when nothing differs.
    """
    on_file = held(pet=pet)
    if isinstance(by, Client) and history.differences(on_file, _among(details, IDENTITY)):
        details["is_identity_checked"] = False
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
    if "owner" in changed:
        after_handover(pet=on_file, now=now)
    return pet


def after_handover(*, pet: Pet, now: datetime) -> None:
    """What follows when a pet is another client's, whoever wrote that down: the import does so in bulk."""
    IdCard.objects.for_clinic(pet.clinic).valid().filter(pet=pet).update(withdrawn_at=now)
    waiting = ChangeRequest.objects.for_clinic(pet.clinic).waiting().filter(pet=pet)
    waiting.update(state=ChangeRequest.State.WITHDRAWN, decided_at=now)
    pet_handed_over.send(Pet, pet=pet, now=now)


@transaction.atomic
def record_weight(*, pet: Pet, kg: Decimal, weighed_on: date, by: Author, now: datetime) -> Weight:
    """Note what a pet weighed on a day; a second figure for the day replaces the first.

    An owner's figure never replaces the clinic's: raises WeighedAtClinic. Raises NotAWeight.
    """
    if not 0 < kg <= 1500:
        raise NotAWeight
    held(pet=pet)
    is_owners = isinstance(by, Client)
    weights = Weight.objects.for_clinic(pet.clinic)
    before = weights.filter(pet=pet, weighed_on=weighed_on).first()
    if before and is_owners and not before.is_owners:
        raise WeighedAtClinic
    said = {"kg": kg, "is_owners": is_owners}
    weight, _is_new = weights.update_or_create(
        pet=pet, weighed_on=weighed_on, defaults=said, create_defaults={"clinic": pet.clinic, **said}
    )
    if before is None or before.kg != kg:
        details = {"weight": [history.as_text(before.kg) if before else "", history.as_text(kg)]}
        note_change(pet=pet, kind=PetChange.Kind.WEIGHED, by=by, now=now, details=details)
    return weight


def held(*, pet: Pet) -> Pet:
    """The row as it is, held until the end of the transaction. Whoever writes anything of a pet holds it first, so that
    no two wait for each other in turn."""
    on_file = Pet.objects.for_clinic(pet.clinic).select_for_update(no_key=True).get(pk=pet.pk)
    on_file.clinic = pet.clinic
    return on_file


def _among(values: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {field: values[field] for field in fields if field in values}


def _filed_since(opened_at: datetime, pet: Pet, fields: Iterable[str]) -> Pet | None:
    """The same in every one of these fields, and put on file since then. Five hens of one name are five forms, each
    opened after the hen before was filed.

    The owner's row is held, so that of two at once the second waits and finds the first's pet.
    """
    Client.objects.for_clinic(pet.clinic).select_for_update(no_key=True).get(pk=pet.owner.pk)
    same = {field: getattr(pet, field) for field in fields}
    return Pet.objects.for_client(pet.owner).filter(created_at__gte=opened_at, **same).first()


def _check_lifespan(pet: Pet) -> None:
    if pet.born_on and pet.deceased_on and pet.deceased_on < pet.born_on:
        raise NotALifespan
