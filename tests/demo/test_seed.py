"""The made-up clinics, as somebody sees them who tries the portal."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients import directory
from clients.models import Client
from clinics.models import Clinic, EmergencyClinic, HoursException, LegalText, OpeningHours, StaffMember, User
from clinics.tenancy import tenant
from demo.facts import PASSWORD
from messaging.models import RequestType
from pets.models import CareRecord, Pet, Weight
from pets.setting_up import missing
from portal.kit.contacts import Contact


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(seeded: str, db: None) -> str:
    """What the command said."""
    return seeded


def everything() -> dict[str, int]:
    counts = {model._meta.label: model._default_manager.count() for model in (Clinic, User)}
    for clinic in Clinic.objects.all():
        with tenant(clinic):
            for model in (Client, Pet, Weight, CareRecord, StaffMember, OpeningHours, LegalText, RequestType):
                counts[f"{clinic.slug} {model._meta.label}"] = model._default_manager.for_clinic(clinic).count()
    return counts


def pets_of(slug: str, phone: str) -> list[tuple[str, str]]:
    clinic = Clinic.objects.get(slug=slug)
    with tenant(clinic):
        owner = Client.objects.for_clinic(clinic).get(phone=phone)
        return [
            (pet.name, "deleted" if pet.deleted_at else "deceased" if pet.deceased_on else pet.species)
            for pet in Pet.objects.for_clinic(clinic).filter(owner=owner).in_staff_order()
        ]


def test_it_says_who_can_sign_in(demo):
    clients, staff, *rest = demo.splitlines()

    assert clients.endswith("+44 7700 900123 or demo@example.com at both clinics, +1 202 555 0142 at harbour.")
    assert staff.endswith("staff@example.com (owns both), reception@example.com and vet@example.com (willow),")
    assert rest == [
        "admin@example.com (the platform); the password of each is demo-staff-please-change.",
        "Made 2 of 2 demo clinics anew.",
    ]


def test_a_second_time_changes_nothing_and_asks_little(demo):
    before = everything()

    with CaptureQueriesContext(connection) as captured:
        said = seed()

    assert said.splitlines()[-1] == "Made 0 of 2 demo clinics anew."
    assert everything() == before
    assert len([query for query in captured if query["sql"].startswith("SELECT")]) == 3


def test_nothing_is_missing_at_either_clinic(demo):
    for clinic in Clinic.objects.all():
        with tenant(clinic):
            assert list(missing(clinic)) == []


def test_one_person_is_known_at_both_clinics_and_another_at_one(demo):
    def slugs(contact: Contact) -> list[str]:
        return sorted(clinic.slug for clinic in directory.clinics_knowing(contact))

    assert slugs(Contact("sms", "+447700900123")) == ["harbour", "willow"]
    assert slugs(Contact("email", "demo@example.com")) == ["harbour", "willow"]
    assert slugs(Contact("sms", "+12025550142")) == ["harbour"]


def test_the_pets_of_those_who_sign_in(demo):
    assert pets_of("willow", "+447700900123") == [
        ("Biscuit", "dog"),
        ("Clover", "rabbit"),
        ("Miso", "cat"),
        ("Tango", "deleted"),
        ("Pepper", "deceased"),
    ]
    assert pets_of("harbour", "+447700900123") == [
        ("Juniper", "dog"),
        ("Marble", "rat"),
        ("Otis", "tortoise"),
        ("Ziggy", "deleted"),
        ("Clementine", "deceased"),
        ("Figaro", "deceased"),
    ]
    assert pets_of("harbour", "+12025550142") == [("Pickle", "lizard"), ("Waffles", "cat")]


@pytest.mark.parametrize("slug", ["willow", "harbour"])
def test_care_is_current_due_soon_and_overdue_on_the_day_it_is_made(demo, slug):
    clinic = Clinic.objects.get(slug=slug)
    today = timezone.localdate(timezone.now(), clinic.zone)
    with tenant(clinic):
        nadias = CareRecord.objects.for_clinic(clinic).filter(pet__owner__phone="+447700900123")
        days_left = [(record.valid_until - today).days for record in nadias]

    assert min(days_left) < 0
    assert [left for left in days_left if 0 <= left <= 30]
    assert max(days_left) > 30


def test_weights_reach_back_two_years(demo):
    clinic = Clinic.objects.get(slug="willow")
    today = timezone.localdate(timezone.now(), clinic.zone)
    with tenant(clinic):
        weights = Weight.objects.for_clinic(clinic).filter(pet__name="Miso", pet__owner__name="Nadia Brennan")
        days = list(weights.values_list("weighed_on", flat=True))

    assert (min(days), max(days)) == (today - timedelta(days=730), today - timedelta(days=30))


def test_staff_sign_in_with_the_printed_password(demo):
    for email in ("staff@example.com", "reception@example.com", "vet@example.com", "admin@example.com"):
        assert User.objects.get(email=email).check_password(PASSWORD)
    assert [user.email for user in User.objects.filter(is_superuser=True)] == ["admin@example.com"]


def test_what_else_a_clinic_has(demo):
    for slug, types in (("willow", 4), ("harbour", 2)):
        clinic = Clinic.objects.get(slug=slug)
        with tenant(clinic):
            assert RequestType.objects.for_clinic(clinic).filter(is_active=True).count() == types
            assert EmergencyClinic.objects.for_clinic(clinic).count() == 2
            assert HoursException.objects.for_clinic(clinic).count() == 2
            assert Client.objects.for_clinic(clinic).count() > 40
            assert clinic.logo.size > 1000


def test_every_number_is_reserved_for_examples(demo):
    for clinic in Clinic.objects.all():
        with tenant(clinic):
            phones = [phone for phone in Client.objects.for_clinic(clinic).values_list("phone", flat=True) if phone]
            phones += EmergencyClinic.objects.for_clinic(clinic).values_list("phone", flat=True)
        phones.append(clinic.phone)
        assert [phone for phone in phones if not phone.startswith(("+447700900", "+441632960", "+120255501"))] == []
