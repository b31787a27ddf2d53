"""Making the demo's clinics as staff would, by the product's own actions. One that exists is left alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from clients.actions import file_client
from clients.models import Client
from clinics import actions as clinic_actions
from clinics.models import Clinic, EmergencyClinic, HoursException, LegalText, OpeningHours, StaffMember, User
from clinics.tenancy import tenant
from demo import stories
from demo.animals import DemoPet
from demo.diaries import fill_diaries
from demo.facts import ADMINISTRATOR, CLINICS, OWNER, PASSWORD, DemoClinic
from demo.people import SIGN_IN, DemoClient, others
from demo.setting_up import set_up_booking
from messaging.models import RequestType
from pets import actions as pet_actions
from pets.models import CarePlan, Pet, Species
from pets.setting_up import DRAFT_MARK, open_clinic

PICTURES = Path(__file__).parent / "pictures"
VETS = {"willow": "Dr Amara Okafor", "harbour": "Dr Ruth Calder"}
Plans = dict[tuple[str, str], CarePlan]


def seed(*, now: datetime) -> list[Clinic]:
    """Make what is missing of the demo. Returns the clinics that are new: none the second time."""
    _administrator()
    made = [clinic for facts in CLINICS if (clinic := seed_clinic(facts=facts, now=now))]
    for clinic in made:
        with tenant(clinic), (PICTURES / f"{clinic.slug}.webp").open("rb") as picture:
            clinic_actions.set_logo(clinic=clinic, image=File(picture))
            stories.hand_in_files(clinic, now=now)
    return made


@transaction.atomic
def seed_clinic(*, facts: DemoClinic, now: datetime) -> Clinic | None:
    """One clinic with everything in it, or nothing of it. None when there is one of that name."""
    if Clinic.objects.filter(slug=facts.fields["slug"]).exists():
        return None
    clinic = open_clinic(owner_email=OWNER, **facts.fields)
    with tenant(clinic):
        _staff(clinic, facts)
        _opening(clinic, facts, timezone.localdate(now, clinic.zone))
        _request_types(clinic, facts)
        _publish(clinic, now)
        _clients(clinic, now)
        set_up_booking(clinic, now=now)
        stories.tell(clinic, now=now)
        fill_diaries(clinic, now=now)
    return clinic


@transaction.atomic
def _administrator() -> None:
    if not User.objects.filter(email=ADMINISTRATOR).exists():
        User.objects.create_superuser(ADMINISTRATOR, PASSWORD, name="Platform administrator")


def _staff(clinic: Clinic, facts: DemoClinic) -> None:
    for email, name, role in facts.staff:
        if email != OWNER:
            clinic_actions.add_staff_member(clinic=clinic, email=email, role=role)
        member = StaffMember.objects.for_clinic(clinic).select_related("user").get(user__email=email)
        member.shown_name = name
        member.save(update_fields=["shown_name"])
        if not member.user.has_usable_password():
            member.user.name = name
            member.user.set_password(PASSWORD)
            member.user.save(update_fields=["name", "password"])


def _opening(clinic: Clinic, facts: DemoClinic, today: date) -> None:
    hours = [OpeningHours(clinic=clinic, weekday=day, opens=opens, closes=closes) for day, opens, closes in facts.hours]
    OpeningHours.objects.bulk_create(hours)
    emergency = [
        EmergencyClinic(clinic=clinic, position=place, **fields) for place, fields in enumerate(facts.emergency)
    ]
    EmergencyClinic.objects.bulk_create(emergency)
    monday = today + timedelta(days=14 - today.weekday())
    short_day = monday + timedelta(days=10)
    HoursException.objects.bulk_create(
        [
            HoursException(clinic=clinic, on=monday, note=facts.holiday),
            HoursException(clinic=clinic, on=short_day, opens=time(10), closes=time(14), note="staff training"),
        ]
    )


def _request_types(clinic: Clinic, facts: DemoClinic) -> None:
    offered = RequestType.objects.for_clinic(clinic)
    offered.exclude(slug__in=facts.request_types).update(is_active=False)
    if "travel" in facts.request_types:
        RequestType.objects.create(
            clinic=clinic,
            slug="travel",
            icon=RequestType.Icon.TRAVEL,
            name="Travel paperwork",
            explanation="Tell us where you are going and when. Certificates take a week or more.",
            position=len(facts.request_types),
        )


def _publish(clinic: Clinic, now: datetime) -> None:
    """The drafts without the paragraph that says that they are drafts."""
    owner = User.objects.get(email=OWNER)
    for text in LegalText.objects.for_clinic(clinic).order_by("pk"):
        paragraphs = text.body.split("\n\n")
        body = "\n\n".join(part for part in paragraphs if not part.startswith(DRAFT_MARK))
        clinic_actions.reword_legal_text(text=text, body=body)
        clinic_actions.publish_legal_text(text=text, by=owner, now=now)


def _clients(clinic: Clinic, now: datetime) -> None:
    for species in (Species.TORTOISE, Species.RAT):
        CarePlan.objects.create(
            clinic=clinic, species=species, family="wellness-exam", name="Wellness exam", every_months=12
        )
    plans = {(plan.species, plan.family): plan for plan in CarePlan.objects.for_clinic(clinic)}
    for person in (*SIGN_IN[clinic.slug], *others(clinic.slug)):
        _client(clinic, person, plans, now)


def _client(clinic: Clinic, person: DemoClient, plans: Plans, now: datetime) -> None:
    owner = file_client(
        clinic=clinic,
        name=person.name,
        phone=person.phone,
        email=person.email,
        address=person.address,
        external_id=person.external_id,
    )
    for facts in person.pets:
        _pet(owner, facts, plans, now)


def _pet(owner: Client, facts: DemoPet, plans: Plans, now: datetime) -> None:
    today = timezone.localdate(now, owner.clinic.zone)
    birth: dict[str, Any] = {"born_on": today - timedelta(days=facts.aged)} if facts.aged else {}
    pet = pet_actions.file_pet(
        owner=owner,
        name=facts.name,
        species=facts.species,
        by=None,
        now=now - timedelta(days=731),
        **birth,
        **facts.facts,
    )
    if facts.left_ago:
        _leave(pet, owner, facts, now - timedelta(days=facts.left_ago))
    if facts.kg:
        _weights(pet, facts.kg, today, now)
    for given in facts.care:
        pet_actions.record_care(
            pet=pet,
            by=None,
            now=now,
            plan=plans[pet.species, given.family],
            given_on=today - timedelta(days=given.ago),
            valid_until=today + timedelta(days=given.left),
            product=given.product,
            lot=given.lot,
            given_at_clinic=given.elsewhere,
            vet_name="" if given.elsewhere else VETS[owner.clinic.slug],
        )


def _leave(pet: Pet, owner: Client, facts: DemoPet, then: datetime) -> None:
    """As its owner told: lately enough to be taken back, or not."""
    pet_actions.delete_pet(pet=pet, by=owner, now=then, is_deceased=facts.has_died)


def _weights(pet: Pet, kg: tuple[str, ...], today: date, now: datetime) -> None:
    """From two years ago, or from its first weeks, until a month ago."""
    first, last = today - timedelta(days=730), today - timedelta(days=30)
    if pet.born_on is not None:
        first = max(first, pet.born_on + timedelta(days=56))
    step = (last - first) / max(len(kg) - 1, 1)
    for number, figure in enumerate(kg):
        day = first + step * number
        then = now - (today - day)
        pet_actions.record_weight(pet=pet, kg=Decimal(figure), weighed_on=day, by=None, now=then)
