"""One believable row of every model that staff see, and the addresses of its pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from bookings.models import Closure, Policy, PolicyWords, Resource, Service, ServiceResource, WarningSign
from clinics.models import (
    Clinic,
    EmergencyClinic,
    HoursException,
    LegalText,
    OpeningHours,
    Role,
    StaffMember,
    User,
)
from clinics.tenancy import ClinicOwned, tenant
from loyalty.models import Membership, MembershipPlan
from messaging.models import Channel, Outgoing, RequestType, Sender, State
from pets.models import Breed, CarePlan, Certificate, ChangeRequest, IdCard, Pet, PetChange
from tests import factories
from tests.bookings.visits import create_past_visit


def staff(browser: Browser, clinic: Clinic, role: Role = Role.OWNER) -> User:
    """Somebody of the clinic's staff, signed in on this browser."""
    user = factories.create_staff(clinic, role)
    browser.force_login(user)
    return user


def create_platform_admin(browser: Browser) -> User:
    """A platform administrator who signed in with a second factor."""
    user = User.objects.create_superuser(f"platform{next(factories.numbers)}@example.com", factories.PASSWORD)
    browser.force_login(user)
    factor = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0, "id": factor.pk, "type": factor.type}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
    return user


def create_outgoing(clinic: Clinic, **fields: Any) -> Outgoing:
    number = next(factories.numbers)
    defaults: dict[str, Any] = {
        "channel": Channel.SMS,
        "to": f"+4477009{number:05d}",
        "body": "Your visit is tomorrow.",
        "kind": "reminder",
    }
    defaults |= {"key": f"reminder:{number}", "state": State.FAILED, "due_at": timezone.now()}
    with tenant(clinic):
        return Outgoing.objects.create(clinic=clinic, **(defaults | fields))


def create_request(pet: Pet, **details: list[str]) -> ChangeRequest:
    """A change that the pet's owner asks for: field → [on file then, asked for]."""
    with tenant(pet.clinic_id):
        return ChangeRequest.objects.create(
            clinic_id=pet.clinic_id, pet=pet, client=pet.owner, details=details, asked_at=timezone.now()
        )


def create_certificate(pet: Pet, plan: CarePlan, **fields: Any) -> Certificate:
    """A certificate that waits for staff."""
    fields = {"state": Certificate.State.WAITING, "handed_in_at": timezone.now()} | fields
    with tenant(pet.clinic_id):
        return Certificate.objects.create(clinic_id=pet.clinic_id, pet=pet, client=pet.owner, plan=plan, **fields)


def every_trace_of(pet: Pet) -> None:
    """One of each thing that a profile lists about a pet."""
    clinic, owner = pet.clinic, pet.owner
    create_request(pet, colour=["", "Grey"])
    create_certificate(pet, factories.create_plan(clinic))
    with tenant(clinic):
        member = StaffMember.objects.for_clinic(clinic).first()
        club = MembershipPlan.objects.create(clinic=clinic, name=f"Club {pet.pk}")
        Membership.objects.create(clinic=clinic, plan=club, client=owner, pet=pet, starts_on=date(2026, 1, 1))
        for author in ({"client": owner}, {"staff": member}, {}):
            PetChange.objects.create(clinic=clinic, pet=pet, kind="photo", done_at=timezone.now(), **author)


def every_row(clinic: Clinic, mark: str) -> dict[str, Model]:
    """A row of each model at the clinic; whatever text it can hold starts with the mark."""
    owner = factories.create_owner(clinic, name=f"{mark} Brennan", address=f"{mark} Lane", external_id=f"{mark}-1")
    pet = factories.create_pet(owner, name=f"{mark} Miso", breed=f"{mark} Shorthair")
    plan = factories.create_plan(clinic, name=f"{mark} rabies")
    record = factories.create_record(pet, plan, valid_until=date(2027, 5, 1), product=f"{mark} Vax", lot=f"{mark}-9")
    factories.create_weight(pet, "4.2", date(2026, 5, 1))
    factories.create_device(owner, label=f"{mark} iPhone")
    colleague = factories.create_staff(clinic, Role.VET, name=f"{mark} Okafor")
    outgoing = create_outgoing(clinic, body=f"{mark} is due", to=owner.phone)
    with tenant(clinic):
        member = StaffMember.objects.for_clinic(clinic).get(user=colleague)
        text = LegalText.objects.create(clinic=clinic, kind="privacy_policy", version=9, body=f"{mark} policy")
        hours = OpeningHours.objects.create(clinic=clinic, weekday=6, opens=time(9), closes=time(12))
        exception = HoursException.objects.create(clinic=clinic, on=date(2026, 12, 24), note=f"{mark} day")
        emergency = EmergencyClinic.objects.create(clinic=clinic, name=f"{mark} Emergency", phone="+441632960999")
        asked = RequestType.objects.create(clinic=clinic, name=f"{mark} refill", slug=f"refill-{mark.lower()}")
        sender = Sender.objects.create(clinic=clinic, sms_from=f"{mark}", email_from=f"{mark.lower()}@example.com")
        club = MembershipPlan.objects.create(clinic=clinic, name=f"{mark} Club")
        bound = {"clinic": clinic, "plan": club, "client": owner, "pet": pet}
        membership = Membership.objects.create(**bound, starts_on=date(2026, 1, 1))
        papers = {"clinic": clinic, "pet": pet, "client": owner}
        change = PetChange.objects.create(
            **papers, kind="edited", details={"breed": ["", mark]}, done_at=timezone.now()
        )
        breed = Breed.objects.create(clinic=clinic, species="cat", name=f"{mark} Longhair")
        card = IdCard.objects.create(
            clinic=clinic, pet=pet, token=f"{mark}-token", issued_at=timezone.now(), made_at=timezone.now()
        )
    request = create_request(pet, colour=["", f"{mark} tabby"])
    certificate = create_certificate(pet, plan, given_at_clinic=f"{mark} Vets")
    rows: list[Model] = [
        club,
        membership,
        change,
        breed,
        card,
        request,
        certificate,
        owner,
        pet,
        plan,
        record,
        member,
        text,
        hours,
        exception,
        emergency,
        asked,
        sender,
        outgoing,
    ]
    set_up = set_up_rows(clinic, mark)
    rows += [*set_up, *booked_rows(pet, set_up[0], mark)]
    return {row._meta.label_lower: row for row in rows} | {"clinics.clinic": clinic}


def set_up_rows(clinic: Clinic, mark: str) -> list[Model]:
    """What a clinic has set up for bookings: a service that a person does, its rules and a warning sign."""
    with tenant(clinic):
        person = Resource.objects.create(clinic=clinic, name=f"Dr {mark}", job=f"{mark} vet")
        service = Service.objects.create(clinic=clinic, name=f"{mark} check", category=f"{mark} group")
        ServiceResource.objects.create(clinic=clinic, service=service, resource=person)
        rules = Policy.objects.create(clinic=clinic, number=1, made_at=timezone.now())
        PolicyWords.objects.create(clinic=clinic, policy=rules, language="en", body=f"{mark} says so.")
        sign = WarningSign.objects.create(clinic=clinic, text=f"{mark} breathes badly")
    return [service, person, rules, sign]


def booked_rows(pet: Pet, service: Any, mark: str) -> list[Model]:
    """A visit of the pet's, and a day on which the clinic is closed."""
    clinic, start = pet.clinic, datetime(2026, 5, 1, 9, tzinfo=pet.clinic.zone)
    visit = create_past_visit(pet.owner, service, start, pet, note=f"{mark} note", reason=f"{mark} reason")
    with tenant(clinic):
        closure = Closure.objects.create(
            clinic=clinic, starts_at=start, ends_at=start + timedelta(days=1), reason=f"{mark} training"
        )
    return [visit, closure]


def page(row: Model, name: str = "change") -> str:
    """The address of a row's page in the admin."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def listing(row: Model | type[Model], name: str = "changelist") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}")


def action(name: str, *rows: Model) -> dict[str, Any]:
    """What the list posts for an action on chosen rows."""
    return {"action": name, "_selected_action": [row.pk for row in rows], "index": 0}


def typed_client(owner: Any, **fields: Any) -> dict[str, Any]:
    """What the profile's form posts."""
    kept = {name: getattr(owner, name) for name in ("name", "phone", "email", "address", "language", "external_id")}
    kept |= {name: "on" for name in ("accepts_emails", "accepts_texts") if getattr(owner, name)}
    counts = {f"{prefix}-{count}_FORMS": 0 for prefix in ("devices", "consents") for count in ("TOTAL", "INITIAL")}
    return kept | counts | fields


def typed_pet(pet: Pet, **fields: Any) -> dict[str, Any]:
    """What a pet's form posts: all as it is, but for these fields; weights and records in their tables are left out."""
    kept = {name: getattr(pet, name) for name in ("name", "species", "sex", "neutered", "colour")}
    kept |= {"owner": pet.owner_id, "born_on": pet.born_on or ""}
    kept |= {"is_identity_checked": "on"} if pet.is_identity_checked else {}
    counts = {f"{prefix}-{count}_FORMS": 0 for prefix in ("weights", "care_records") for count in ("TOTAL", "INITIAL")}
    return kept | counts | fields


def reread[M: ClinicOwned](row: M) -> M:
    """The row as it is now, with its clinic closed again."""
    with tenant(row.clinic_id):
        return type(row)._default_manager.get(pk=row.pk)
