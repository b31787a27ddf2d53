"""Builders of certificates: “done elsewhere”, as an owner hands it in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from clinics.tenancy import tenant
from pets.models import CarePlan, Certificate, Pet


def hand_in(pet: Pet, plan: CarePlan, state: str = Certificate.State.WAITING, **fields: Any) -> Certificate:
    """A certificate of the pet's owner, looked at by the worker and waiting for staff unless said otherwise."""
    defaults: dict[str, Any] = {"client_id": pet.owner_id, "handed_in_at": timezone.now()}
    with tenant(pet.clinic_id):
        return Certificate.objects.create(
            clinic_id=pet.clinic_id, pet=pet, plan=plan, state=state, **(defaults | fields)
        )
