"""What an owner types into the forms about a pet, and what is on file afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from pets.models import ChangeRequest, Pet, PetChange, Weight
from tests import factories

CHIP = "985141003276540"


def typed(**changes: Any) -> dict[str, Any]:
    """A form that is filled in well."""
    return {
        "name": "Clover",
        "species": "rabbit",
        "breed": "Netherland Dwarf",
        "sex": "female-yes",
        "born_day": "20",
        "born_month": "2",
        "born_year": "2024",
        "weight": "1.2",
        "microchip": "",
        "colour": "Grey",
        "insurance_company": "",
        "insurance_policy": "",
        "notes": "",
    } | changes


def as_on_file(pet: Pet, **changes: Any) -> dict[str, Any]:
    """The form for editing, sent back as it came but for `changes`."""
    on_file = {
        "edition": str(pet.edition),
        "name": pet.name,
        "species": pet.species,
        "breed": pet.breed,
        "sex": f"{pet.sex}-{pet.neutered}",
        "microchip": pet.microchip,
        "colour": pet.colour,
        "insurance_company": pet.insurance_company,
        "insurance_policy": pet.insurance_policy,
        "notes": pet.notes,
        "weight": "",
        "weight_before": "",
    }
    born = pet.born_on
    return (
        on_file
        | {
            "born_day": str(born.day) if born else "",
            "born_month": str(born.month) if born else "",
            "born_year": str(born.year) if born else "",
        }
        | changes
    )


def pets_of(owner: Any) -> list[Pet]:
    with tenant(owner.clinic_id):
        return list(Pet.objects.for_clinic(owner.clinic).filter(owner=owner).order_by("pk"))


def now_on_file(pet: Pet) -> Pet:
    with tenant(pet.clinic_id):
        return Pet.objects.for_clinic(pet.clinic).get(pk=pet.pk)


def weights_of(pet: Pet) -> list[tuple[str, bool]]:
    with tenant(pet.clinic_id):
        weights = Weight.objects.for_clinic(pet.clinic).filter(pet=pet).order_by("weighed_on")
        return [(f"{one.kg.normalize():f}", one.is_owners) for one in weights]


def changes_of(pet: Pet) -> list[str]:
    with tenant(pet.clinic_id):
        changes = PetChange.objects.for_clinic(pet.clinic).filter(pet=pet).order_by("pk")
        return [change.kind for change in changes]


def request_of(pet: Pet) -> ChangeRequest:
    """The last one."""
    with tenant(pet.clinic_id):
        return ChangeRequest.objects.for_clinic(pet.clinic).filter(pet=pet).latest("pk")


def create_membership(pet: Pet, **fields: Any) -> Membership:
    """An active membership of the pet's, in “Wellness Club”."""
    with tenant(pet.clinic_id):
        plan, _is_new = MembershipPlan.objects.get_or_create(clinic=pet.clinic, name="Wellness Club")
        defaults = {"starts_on": timezone.localdate() - timedelta(days=30)}
        return Membership.objects.create(clinic=pet.clinic, plan=plan, client=pet.owner, pet=pet, **(defaults | fields))


def switch(clinic: Clinic, **switches: Any) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(**switches)


def said(response: Any) -> list[str]:
    """The confirmations that the next page shows."""
    return [str(message) for message in response.context["messages"]]


def errors(response: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = response.context["form"].errors
    return {field: [str(error) for error in wrong] for field, wrong in found.items()}


def create_miso(owner: Any, **fields: Any) -> Pet:
    """A cat whose species and chip the clinic has checked."""
    defaults = {
        "name": "Miso",
        "breed": "Bengal",
        "sex": "female",
        "neutered": "yes",
        "born_on": date(2021, 5, 12),
        "microchip": CHIP,
    }
    return factories.create_pet(owner, **(defaults | fields))
