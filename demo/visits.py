"""The visits of those who sign in: what they see under My bookings, and what staff find waiting for an answer.

What is ahead is booked by the product's own actions, as clients and staff would; days are counted from today, and where
nobody works on that day, or the time is gone, it is the nearest that is free. What is over is written down as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from bookings import actions, availability, policy
from bookings.availability import Wanted
from bookings.models import Appointment, AppointmentChange, AppointmentPet, Resource, Service, State
from clients.actions import choose_channels
from clients.models import Client
from clinics.models import Clinic, StaffMember
from demo.harbour_offers import CALDER
from demo.setting_up import weekday_from
from demo.willow_offers import LINDQVIST, OKAFOR, SHAH
from pets.models import Pet

Pets = Mapping[str, Pet]
KIND = AppointmentChange.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A visit that is booked: in so many days, about that time, so many days ago."""

    service: str
    pets: tuple[str, ...]
    days: int
    at: time
    person: str = ""
    booked_ago: int = 3
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A visit that is over, `ago` days ago."""

    service: str
    pet: str
    ago: int
    at: time
    person: str = ""
    state: State = State.COMPLETED
    reason: str = ""
    reason_code: str = ""


NADIA_AT_WILLOW = (
    Past(service="Annual health check", pet="Biscuit", ago=65, at=time(10, 30), person=LINDQVIST),
    Past(service="Dental scale and polish", pet="Miso", ago=89, at=time(8, 30)),
    Past(service="Travel certificate", pet="Biscuit", ago=163, at=time(15), person=OKAFOR),
    Past(service="Nail trim", pet="Clover", ago=205, at=time(11, 40), person=SHAH),
    Past(service="Vaccination only", pet="Miso", ago=356, at=time(9, 20), person=OKAFOR),
    Past(service="Vaccination only", pet="Biscuit", ago=391, at=time(9, 40), person=OKAFOR),
    Past(service="Puppy party", pet="Biscuit", ago=720, at=time(16), person=SHAH),
    Past(service="Nail trim", pet="Clover", ago=240, at=time(9), person=SHAH, state=State.NO_SHOW),
    Past(
        service="Weight and diet check",
        pet="Biscuit",
        ago=121,
        at=time(14, 20),
        person=SHAH,
        state=State.CANCELLED_BY_CLIENT,
        reason="We are away that week.",
    ),
    Past(
        service="Follow-up visit",
        pet="Miso",
        ago=80,
        at=time(17, 10),
        person=LINDQVIST,
        state=State.LATE_CANCELLED,
    ),
    Past(
        service="Blood test",
        pet="Biscuit",
        ago=44,
        at=time(9, 30),
        person=SHAH,
        state=State.CANCELLED_BY_CLINIC,
        reason="Our nurse is unwell today. We are sorry, and will find you another time.",
    ),
    Past(
        service="Neutering",
        pet="Clover",
        ago=30,
        at=time(8, 30),
        state=State.DECLINED,
        reason="Clover was still a little light. Please ask again when she is above 1.1 kg.",
    ),
)
NADIA_AT_HARBOUR = (
    Past(service="Wellness exam", pet="Otis", ago=377, at=time(10), person=CALDER),
    Past(service="Vaccines", pet="Juniper", ago=250, at=time(9, 30)),
    Past(service="Sick visit", pet="Marble", ago=58, at=time(14, 15), person=CALDER),
)


def tell_visits(owner: Client, pets: Pets, *, now: datetime) -> None:
    """Inside `tenant(clinic)`, while the diaries are still empty."""
    if owner.clinic.slug == "willow":
        choose_channels(client=owner, accepts_texts=True, now=now)
        for past in NADIA_AT_WILLOW:
            _write_past(owner, pets[past.pet], past, now=now)
        _at_willow(owner, pets, now=now)
    elif "Otis" in pets:
        for past in NADIA_AT_HARBOUR:
            _write_past(owner, pets[past.pet], past, now=now)
        # So soon that the clinic wants to be called.
        _book(owner, pets, Ahead(service="Wellness exam", pets=("Otis",), days=1, at=time(10, 30)), now=now)
        _book(owner, pets, Ahead(service="Vaccines", pets=("Juniper",), days=20, at=time(11)), now=now)


def _at_willow(owner: Client, pets: Pets, *, now: datetime) -> None:
    staff = StaffMember.objects.for_clinic(owner.clinic).select_related("user")
    vet, desk = staff.get(shown_name=OKAFOR), staff.get(user__email="reception@example.com")
    check = Ahead(service="Annual health check", pets=("Miso",), days=8, at=time(9, 20), person=OKAFOR, booked_ago=13)
    _book(owner, pets, check, now=now)
    dental = _book(
        owner,
        pets,
        Ahead(service="Dental check", pets=("Biscuit",), days=24, at=time(11, 40), person=SHAH, booked_ago=9),
        now=now,
    )
    later = _free(dental, 27, time(16, 40), now)
    actions.reschedule_appointment(
        appointment=dental, starts_at=later, person=None, by=owner, now=now - timedelta(days=4)
    )
    _book(owner, pets, Ahead(service="Nail trim", pets=("Biscuit", "Clover"), days=36, at=time(10)), now=now)
    # One request waits for the clinic, another for the client.
    scale = Ahead(
        service="Dental scale and polish",
        pets=("Biscuit",),
        days=15,
        at=time(8, 30),
        booked_ago=1,
        note="Tuesdays and Wednesdays suit us best.",
    )
    _book(owner, pets, scale, now=now)
    wish = _book(
        owner, pets, Ahead(service="Neutering", pets=("Clover",), days=10, at=time(8, 30), booked_ago=2), now=now
    )
    actions.propose_time(
        appointment=wish,
        starts_at=_free(wish, 13, time(8, 30), now),
        person=None,
        by=vet,
        now=now - timedelta(days=1),
        reason="Dr Lindqvist, who operates on rabbits, is here on this day.",
    )
    lost = _book(owner, pets, Ahead(service="Weight and diet check", pets=("Clover",), days=12, at=time(15)), now=now)
    actions.cancel_appointment(
        appointment=lost, by=desk, now=now - timedelta(days=2), reason="Nurse clinics are full of kittens that day."
    )


def _book(owner: Client, pets: Pets, facts: Ahead, *, now: datetime) -> Appointment:
    clinic, then = owner.clinic, now - timedelta(days=facts.booked_ago)
    service = Service.objects.for_clinic(clinic).get(name=facts.service)
    person = Resource.objects.for_clinic(clinic).filter(name=facts.person).first()
    theirs = [pets[name] for name in facts.pets]
    wanted = Wanted(
        service=service,
        rules=policy.rules_for(service, policy.in_force(clinic)),
        pets=theirs,
        person_id=person.pk if person else None,
    )
    return actions.book_appointment(
        client=owner,
        service=service,
        pets=theirs,
        starts_at=_nearest(clinic, wanted, facts.days, facts.at, now, then),
        person=person,
        by=owner,
        now=then,
        note=facts.note,
    )


def _free(visit: Appointment, days: int, at: time, now: datetime) -> datetime:
    """A free time for an existing visit, with whom it is."""
    rules = policy.rules_for(visit.service, policy.in_force(visit.clinic))
    wanted = Wanted(
        service=visit.service, rules=rules, pets=list(visit.pets.all()), person_id=visit.person_id, moving=visit
    )
    return _nearest(visit.clinic, wanted, days, at, now, now)


def _nearest(clinic: Clinic, wanted: Wanted, days: int, at: time, now: datetime, then: datetime) -> datetime:
    """The free time of that day, or of the days after it, that is closest to the wish."""
    day = timezone.localdate(now, clinic.zone) + timedelta(days=days)
    openings = availability.read(clinic, wanted, first=day, last=day + timedelta(days=12), now=then)
    wish = datetime.combine(day, at, clinic.zone)
    first_day = next(one.on for one in openings.days if one.count)
    (found,) = sorted(openings.times_on(first_day), key=lambda one: abs(_clock(one) - _clock(wish)))[:1]
    return found


def _clock(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _write_past(owner: Client, pet: Pet, facts: Past, *, now: datetime) -> Appointment:
    clinic = owner.clinic
    service = Service.objects.for_clinic(clinic).get(name=facts.service)
    person = Resource.objects.for_clinic(clinic).filter(name=facts.person).first()
    rules = policy.rules_for(service, policy.in_force(clinic))
    day = weekday_from(timezone.localdate(now, clinic.zone) - timedelta(days=facts.ago))
    starts_at = datetime.combine(day, facts.at, clinic.zone)
    ends_at = starts_at + timedelta(minutes=service.minutes)
    took_place = facts.state in {State.COMPLETED, State.NO_SHOW}
    ended_at = ends_at if took_place else starts_at - timedelta(hours=6)
    visit = Appointment.objects.create(
        clinic=clinic,
        client=owner,
        service=service,
        person=person,
        starts_at=starts_at,
        ends_at=ends_at,
        state=facts.state,
        price=service.price if service.is_price_shown else None,
        policy_id=rules.policy_id,
        reason=facts.reason,
        reason_code=facts.reason_code,
        booked_at=starts_at - timedelta(days=20),
        changed_at=ended_at,
        ended_at=ended_at,
        **rules.terms,
    )
    AppointmentPet.objects.create(clinic=clinic, appointment=visit, pet=pet)
    _write_history(visit)
    return visit


def _write_history(visit: Appointment) -> None:
    kinds = {State.COMPLETED: KIND.COMPLETED, State.NO_SHOW: KIND.NO_SHOW, State.DECLINED: KIND.DECLINED}
    first = State.REQUESTED if visit.state == State.DECLINED else State.CONFIRMED
    said = {"clinic": visit.clinic, "appointment": visit, "new_starts_at": visit.starts_at, "new_person": visit.person}
    by_client = visit.state in {State.CANCELLED_BY_CLIENT, State.LATE_CANCELLED}
    AppointmentChange.objects.bulk_create(
        [
            AppointmentChange(
                kind=KIND.REQUESTED if first == State.REQUESTED else KIND.BOOKED,
                client=visit.client,
                done_at=visit.booked_at,
                new_state=first,
                **said,
            ),
            AppointmentChange(
                kind=kinds.get(State(visit.state), KIND.CANCELLED),
                client=visit.client if by_client else None,
                done_at=visit.changed_at,
                old_state=first,
                new_state=visit.state,
                old_starts_at=visit.starts_at,
                old_person=visit.person,
                reason=visit.reason,
                **said,
            ),
        ]
    )
