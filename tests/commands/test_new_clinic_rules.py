"""A new clinic starts with the usual booking rules as its first version, and with nothing that can be booked."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command

from bookings.models import Policy, Resource, Service, WarningSign
from clinics.models import Clinic
from clinics.tenancy import tenant

FACTS = ["fern", "--name=Fern", "--country=GB", "--time-zone=Europe/London", "--owner-email=helen@example.com"]


def test_a_new_clinic_has_the_usual_rules_as_version_1(db: Any) -> None:
    call_command("create_clinic", *FACTS)

    clinic = Clinic.objects.get(slug="fern")
    with tenant(clinic):
        rules = Policy.objects.for_clinic(clinic).get()
        assert (rules.number, rules.cancel_hours, rules.move_hours, rules.made_by) == (1, 24, 24, None)


def test_a_new_clinic_has_no_services_people_or_signs(db: Any) -> None:
    call_command("create_clinic", *FACTS)

    clinic = Clinic.objects.get(slug="fern")
    with tenant(clinic):
        assert [model.objects.for_clinic(clinic).count() for model in (Service, Resource, WarningSign)] == [0, 0, 0]
