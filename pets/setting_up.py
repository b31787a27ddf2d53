"""A new clinic with everything that it starts with, and what it still lacks before its clients may come.

Here because pets is the highest app that a clinic is made of: its own row and staff, what its clients can ask
for, and the care plans for their pets. An app below must not know the ones above.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics import actions as clinic_actions
from clinics.models import Clinic, EmergencyClinic, LegalText, OpeningHours, Role, StaffMember
from clinics.tenancy import tenant
from messaging import gateways
from messaging.models import RequestType
from pets.actions import install_default_plans
from pets.models import CarePlan

Icon = RequestType.Icon
# Address, icon, name, what to have ready.
REQUEST_TYPES = (
    (
        "appointment",
        Icon.APPOINTMENT,
        gettext_lazy("Appointment request"),
        gettext_lazy("Tell us what it is about and which days suit you. We answer with a time."),
    ),
    (
        "refill",
        Icon.REFILL,
        gettext_lazy("Prescription refill"),
        gettext_lazy("Have the label at hand: the name of the medicine, its strength and how much is left."),
    ),
    (
        "question",
        Icon.QUESTION,
        gettext_lazy("Ask a question"),
        gettext_lazy("For anything that can wait until tomorrow. In an emergency, please call."),
    ),
)
DRAFT_MARK = "DRAFT."


@transaction.atomic
def open_clinic(*, name: str, slug: str, country: str, time_zone: str, owner_email: str, **details: Any) -> Clinic:
    """A new clinic with its owner, drafts of its legal texts, the usual request types and care plans."""
    clinic = clinic_actions.create_clinic(
        name=name, slug=slug, country=country, time_zone=time_zone, owner_email=owner_email, **details
    )
    with tenant(clinic):
        install_request_types(clinic=clinic)
        install_default_plans(clinic=clinic)
    return clinic


def install_request_types(*, clinic: Clinic) -> None:
    """Give a clinic the usual request types, named in its language. What it has already stays as it is."""
    with translation.override(clinic.language):
        rows = [
            RequestType(clinic=clinic, slug=slug, icon=icon, name=str(name), explanation=str(text), position=position)
            for position, (slug, icon, name, text) in enumerate(REQUEST_TYPES)
        ]
    RequestType.objects.bulk_create(rows, ignore_conflicts=True)


def missing(clinic: Clinic) -> Iterator[str]:
    """What the open clinic lacks before it goes live, a sentence each."""
    yield from _missing_senders(clinic)
    yield from _missing_facts(clinic)
    yield from _missing_texts(clinic)
    yield from _missing_people(clinic)
    rows = {
        OpeningHours: "No opening hours.",
        EmergencyClinic: "No emergency clinic for help out of hours.",
        RequestType: "No request types: Get Help Now is empty.",
        CarePlan: "No care plans: there are no reminders.",
        Client: "No clients: nobody can sign in. See import_clients.",
    }
    for model, sentence in rows.items():
        if not model._default_manager.filter(clinic=clinic).exists():
            yield sentence


def _missing_senders(clinic: Clinic) -> Iterator[str]:
    if not gateways.can_text(clinic):
        yield "No sender for texts: sign-in by phone can't work."
    if not gateways.can_email(clinic):
        yield "No sender for e-mails: sign-in by e-mail can't work."


def _missing_facts(clinic: Clinic) -> Iterator[str]:
    usual = {field.name: field.default for field in Clinic._meta.concrete_fields}
    if not clinic.phone:
        yield "No phone number."
    if not clinic.address_lines:
        yield "No address."
    if clinic.brand_colour == usual["brand_colour"]:
        yield "The brand colour is still the one that every clinic starts with."
    if clinic.time_zone == usual["time_zone"] and clinic.country != usual["country"]:
        yield f"The time zone is still {clinic.time_zone}, though the country is {clinic.country}."


def _missing_texts(clinic: Clinic) -> Iterator[str]:
    published = {text.kind: text.body for text in LegalText.objects.for_clinic(clinic).in_force()}
    for kind in LegalText.Kind:
        if kind not in published:
            yield f"The text “{kind.label}” is not published."
        elif published[kind].startswith(DRAFT_MARK):
            yield f"The text “{kind.label}” is published but still says that it is a draft."


def _missing_people(clinic: Clinic) -> Iterator[str]:
    owners = StaffMember.objects.for_clinic(clinic).filter(role=Role.OWNER, is_active=True, user__is_active=True)
    if not owners:
        yield "No owner among the staff."
    if clinic.requires_second_factor:
        # Recovery codes alone are none.
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        safe = set(
            Authenticator.objects.filter(type__in=kinds, user__in=owners.values("user")).values_list(
                "user_id", flat=True
            )
        )
        for owner in owners.select_related("user").order_by("user__email"):
            if owner.user_id not in safe:
                yield f"{owner.user.email} is an owner without the second factor that the clinic requires."
