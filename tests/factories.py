"""Builders of believable rows. Each opens its clinic by itself, so a test reads as a story about people and animals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from clients import devices, directory
from clients.models import Client, Device
from clinics.models import Clinic, LegalText, Role, StaffMember, User, Workplace
from clinics.tenancy import tenant
from pets.models import CarePlan, CareRecord, Pet, Species, Weight
from portal.kit import crypto

numbers = count(1)
PASSWORD = "correct-horse-battery"


def create_clinic(slug: str = "", **fields: Any) -> Clinic:
    slug = slug or f"clinic-{next(numbers)}"
    fields = {"name": f"{slug.title()} Vets", "phone": "+441632960418", "email": f"hello@{slug}.example.com"} | fields
    clinic = Clinic.objects.create(slug=slug, **fields)
    with tenant(clinic):
        for kind in LegalText.Kind:
            LegalText.objects.create(
                clinic=clinic, kind=kind, version=1, body=f"{kind.label} of {clinic.name}.", published_at=timezone.now()
            )
    Clinic.objects.filter(pk=clinic.pk).update(legal_revision=1)
    clinic.legal_revision = 1
    return clinic


def create_owner(clinic: Clinic, **fields: Any) -> Client:
    """A client of the clinic, who has agreed to its texts, with a phone and an e-mail of their own."""
    number = next(numbers)
    defaults = {
        "name": f"Nadia Brennan {number}",
        "phone": f"+447700{900000 + number % 1000:06d}",
        "email": f"owner{number}@example.com",
        "agreed_revision": clinic.legal_revision,
    }
    with tenant(clinic):
        owner = Client.objects.create(clinic=clinic, **(defaults | fields))
        directory.refresh(clinic, owner.contacts)
    return owner


def create_pet(owner: Client, **fields: Any) -> Pet:
    defaults: dict[str, Any] = {"name": f"Miso {next(numbers)}", "species": Species.CAT}
    with tenant(owner.clinic_id):
        return Pet.objects.create(clinic_id=owner.clinic_id, owner=owner, **(defaults | fields))


def create_weight(pet: Pet, kg: str, weighed_on: date) -> Weight:
    with tenant(pet.clinic_id):
        return Weight.objects.create(clinic_id=pet.clinic_id, pet=pet, kg=Decimal(kg), weighed_on=weighed_on)


def create_plan(clinic: Clinic, **fields: Any) -> CarePlan:
    number = next(numbers)
    defaults: dict[str, Any] = {
        "species": Species.CAT,
        "family": f"family-{number}",
        "name": f"Vaccine {number}",
        "every_months": 12,
    }
    with tenant(clinic):
        return CarePlan.objects.create(clinic=clinic, **(defaults | fields))


def create_record(pet: Pet, plan: CarePlan, *, valid_until: date, **fields: Any) -> CareRecord:
    fields.setdefault("given_on", valid_until - timedelta(days=365))
    with tenant(pet.clinic_id):
        return CareRecord.objects.create(clinic_id=pet.clinic_id, pet=pet, plan=plan, valid_until=valid_until, **fields)


def create_staff(clinic: Clinic, role: Role = Role.OWNER, **fields: Any) -> User:
    """A user with a job at the clinic. The password is PASSWORD."""
    user = User.objects.create_user(f"staff{next(numbers)}@example.com", PASSWORD, **fields)
    employ(user, clinic, role)
    return user


def employ(user: User, clinic: Clinic, role: Role = Role.OWNER) -> StaffMember:
    Workplace.objects.get_or_create(user=user, clinic=clinic)
    with tenant(clinic):
        return StaffMember.objects.create(clinic=clinic, user=user, role=role)


def create_device(owner: Client, *, contact: str = "", at: datetime | None = None, **fields: Any) -> tuple[Device, str]:
    """A signed-in browser of the owner's, and its token in clear."""
    token, at = crypto.new_token(), at or timezone.now()
    with tenant(owner.clinic_id):
        device = Device.objects.create(
            clinic_id=owner.clinic_id,
            client=owner,
            token_digest=crypto.token_digest(token),
            contact=contact or owner.phone or owner.email,
            **({"signed_in_at": at, "last_seen_at": at} | fields),
        )
    return device, token


def sign_in(browser: Browser, owner: Client) -> Device:
    """Sign the owner in on Django's test client."""
    device, token = create_device(owner)
    browser.cookies[devices.cookie_name(owner.clinic)] = token
    return device
