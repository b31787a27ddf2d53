"""What has happened lately between those who sign in and their clinics, so that every screen has something to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clients.models import Client
from clinics.models import Clinic, StaffMember
from demo.papers import certificate
from demo.visits import tell_visits
from loyalty import actions as loyalty_actions
from pets import actions as pet_actions
from pets.actions.uploads import send_certificate
from pets.models import CarePlan, Pet

PICTURES = Path(__file__).parent / "pictures"
Pets = Mapping[str, Pet]


def ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def tell(clinic: Clinic, *, now: datetime) -> None:
    """What leaves rows only, inside `tenant(clinic)`."""
    today = timezone.localdate(now, clinic.zone)
    for owner, pets in _households(clinic):
        tell_visits(owner, pets, now=now)
        if clinic.slug == "willow":
            _at_willow(owner, pets, today=today, now=now)
        elif "Otis" in pets:
            _at_harbour(owner, pets, today=today, now=now)


def hand_in_files(clinic: Clinic, *, now: datetime) -> None:
    """What leaves files as well, once the clinic is there to stay: photos and certificates. Inside `tenant(clinic)`."""
    for owner, pets in _households(clinic):
        for name, pet in pets.items():
            if (picture := PICTURES / f"{name.lower()}.webp").exists():
                photo = ContentFile(picture.read_bytes(), name=picture.name)
                pet_actions.set_photo(pet=pet, upload=photo, by=owner, now=ago(now, 20))
        if clinic.slug == "willow":
            _papers(owner, pets, now=now)


def _households(clinic: Clinic) -> list[tuple[Client, Pets]]:
    """Those who sign in, each with the pets that live."""
    rows = Pet.objects.for_clinic(clinic).living().select_related("owner").order_by("pk")
    found: dict[Client, dict[str, Pet]] = {}
    for pet in rows.filter(owner__external_id__in=("WP-1001", "HS-1001", "HS-1002")):
        pet.clinic = pet.owner.clinic = clinic
        found.setdefault(pet.owner, {})[pet.name] = pet
    return list(found.items())


def _at_willow(owner: Client, pets: Pets, *, today: date, now: datetime) -> None:
    club = loyalty_actions.file_plan(clinic=owner.clinic, name="Wellness Club")
    of_owner: dict[str, Any] = {"client": owner, "plan": club}
    loyalty_actions.file_membership(**of_owner, pet=pets["Biscuit"], starts_on=today - timedelta(days=200))
    loyalty_actions.file_membership(
        **of_owner, pet=pets["Clover"], starts_on=today - timedelta(days=400), cancel_on=today - timedelta(days=40)
    )
    loyalty_actions.file_membership(**of_owner, pet=pets["Miso"], starts_on=today + timedelta(days=12))
    pet_actions.propose_changes(
        pet=pets["Miso"], client=owner, values={"microchip": "985112003456798"}, now=ago(now, 1)
    )
    pet_actions.record_weight(
        pet=pets["Clover"], kg=Decimal("1.15"), weighed_on=today - timedelta(days=6), by=owner, now=ago(now, 6)
    )


def _at_harbour(owner: Client, pets: Pets, *, today: date, now: datetime) -> None:
    """Where facts are changed by request: one that was declined, with an answer to read, and one that waits."""
    helen = StaffMember.objects.for_clinic(owner.clinic).select_related("user").get()
    pet_actions.propose_changes(pet=pets["Marble"], client=owner, values={"sex": "male"}, now=ago(now, 5))
    pet_actions.decline_request(
        request=pets["Marble"].change_requests.for_clinic(owner.clinic).get(),
        by=helen,
        answer="We looked again at her visit in March: Marble is a girl. Ask us if you are in doubt.",
        now=ago(now, 4),
    )
    pet_actions.propose_changes(
        pet=pets["Juniper"],
        client=owner,
        values={"breed": "Border Collie", "colour": "Black, white chest"},
        now=ago(now, 2),
    )
    club = loyalty_actions.file_plan(clinic=owner.clinic, name="Harbour Plus")
    loyalty_actions.file_membership(
        client=owner, plan=club, pet=pets["Juniper"], starts_on=today - timedelta(days=300), suspended_on=today
    )


def _papers(owner: Client, pets: Pets, *, now: datetime) -> None:
    """A certificate that waits for staff, and one that they could not accept."""
    plans = {(plan.species, plan.family): plan for plan in CarePlan.objects.for_clinic(owner.clinic)}
    biscuit, today = pets["Biscuit"], timezone.localdate(now, owner.clinic.zone)
    given_on = today - timedelta(days=30)
    said: dict[str, Any] = {"client": owner, "given_at_clinic": "Cray Veterinary Centre"}
    send_certificate(
        pet=biscuit,
        plan=plans["dog", "leptospirosis"],
        upload=_paper(
            "Cray Veterinary Centre", "Biscuit, Border Terrier", "Canivax L4, lot CL6032", f"Given {given_on}"
        ),
        given_on=given_on,
        now=ago(now, 1),
        **said,
    )
    unclear = send_certificate(
        pet=biscuit, plan=plans["dog", "kennel-cough"], upload=_paper("Page 2 of 2"), now=ago(now, 8), **said
    )
    pet_actions.decline_certificate(
        certificate=unclear,
        by=StaffMember.objects.for_clinic(owner.clinic).select_related("user").get(shown_name="Dr Amara Okafor"),
        answer="This is the second page only. Please send the first one too: it has the vaccine and the date.",
        now=ago(now, 7),
    )


def _paper(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("paper.pdf", certificate(*lines), content_type="application/pdf")
