"""Everything that can happen to a pet's file. The import writes the same rows in bulk, by the same rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from pets.default_plans import DEFAULT_PLANS
from pets.models import CarePlan, CareRecord, Pet, Weight
from portal.kit import crypto
from portal.kit.images import read_picture
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clients.models import Client
    from clinics.models import Clinic

# Enough for the largest place that shows one, on a sharp screen.
PHOTO_SIDE = 320


class OtherSpecies(Refusal):
    message = gettext_lazy("This service is for another species.")


class NotALifespan(Refusal):
    message = gettext_lazy("The date of death is before the date of birth.")


class NotAPeriod(Refusal):
    message = gettext_lazy("“Valid until” is before “given on”.")


class NotAWeight(Refusal):
    message = gettext_lazy("A weight is more than 0 and at most 1,500 kg.")


@transaction.atomic
def file_pet(*, owner: Client, name: str, species: str, **details: Any) -> Pet:
    """Put an owner's pet on file; `details` are other fields, checked by a form. Raises NotALifespan."""
    pet = Pet(clinic=owner.clinic, owner=owner, name=name, species=species, **details)
    _check_lifespan(pet)
    pet.save(force_insert=True)
    return pet


@transaction.atomic
def update_pet(*, pet: Pet, **details: Any) -> Pet:
    """Change what is on file; `details` are fields of Pet, checked by a form. Raises NotALifespan."""
    for field, value in details.items():
        setattr(pet, field, value)
    _check_lifespan(pet)
    pet.save(update_fields=list(details))
    return pet


@transaction.atomic
def record_weight(*, pet: Pet, kg: Decimal, weighed_on: date) -> Weight:
    """Note what a pet weighed on a day; a second figure for the day replaces the first. Raises NotAWeight."""
    if not 0 < kg <= 1500:
        raise NotAWeight
    weight, _is_new = Weight.objects.for_clinic(pet.clinic).update_or_create(
        pet=pet, weighed_on=weighed_on, defaults={"kg": kg}, create_defaults={"kg": kg, "clinic": pet.clinic}
    )
    return weight


@transaction.atomic
def record_care(*, pet: Pet, plan: CarePlan, given_on: date, valid_until: date, **details: Any) -> CareRecord:
    """Note a service that was given. `details` are other fields of CareRecord, such as `product` and `lot`.

    `valid_until` is what the vet wrote down; no caller computes it. A record with another's `external_id`
    replaces what that one says. Raises OtherSpecies or NotAPeriod.
    """
    if plan.species != pet.species:
        raise OtherSpecies
    if valid_until < given_on:
        raise NotAPeriod
    said = {"pet": pet, "plan": plan, "given_on": given_on, "valid_until": valid_until, **details}
    records = CareRecord.objects.for_clinic(pet.clinic)
    if number := details.get("external_id", ""):
        record, _is_new = records.update_or_create(
            external_id=number, defaults=said, create_defaults={"clinic": pet.clinic, **said}
        )
        return record
    return records.create(clinic=pet.clinic, **said)


@transaction.atomic
def set_photo(*, pet: Pet, upload: File[Any]) -> None:
    """Give a pet its photo: checked, made square and painted anew, under a random name of ours.

    Raises one of the kit's UnusablePictures. The photo before it goes once this is committed.
    """
    picture = read_picture(upload).as_webp(side=PHOTO_SIDE, square=True)
    _forget_photo(pet)
    pet.photo.save(f"{pet.clinic_id}/{crypto.new_token()}.webp", ContentFile(picture), save=False)
    pet.save(update_fields=["photo"])


@transaction.atomic
def remove_photo(*, pet: Pet) -> None:
    """Go back to the species' icon. Without a photo nothing happens."""
    _forget_photo(pet)
    pet.photo = ""
    pet.save(update_fields=["photo"])


@transaction.atomic
def install_default_plans(*, clinic: Clinic) -> int:
    """Give a clinic the usual care plans, named in its language. Returns how many were new.

    What the clinic has already, changed or retired, stays as it is, so this may run again.
    """
    plans = CarePlan.objects.for_clinic(clinic)
    known = set(plans.values_list("species", "family"))
    with translation.override(clinic.language):
        missing = [
            CarePlan(
                clinic=clinic,
                species=plan.species,
                family=plan.family,
                name=str(plan.name),
                every_months=plan.every_months,
                is_vaccine=plan.is_vaccine,
            )
            for plan in DEFAULT_PLANS
            if (plan.species, plan.family) not in known
        ]
    plans.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _check_lifespan(pet: Pet) -> None:
    if pet.born_on and pet.deceased_on and pet.deceased_on < pet.born_on:
        raise NotALifespan


def _forget_photo(pet: Pet) -> None:
    """After the commit, so that a photo is never lost to a change that didn't happen."""
    if pet.photo:
        transaction.on_commit(partial(pet.photo.storage.delete, str(pet.photo.name)), robust=True)
