"""What else is in the diaries: other people's visits, so that days are full, nearly full and quiet, and staff have one.

Written in bulk and without a word to anybody, for hundreds of messages would bury the few that somebody tries the demo
with. Everybody's day is walked through from visit to visit, so that nothing overlaps by construction.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from bookings import policy
from bookings.models import (
    ENDS,
    Appointment,
    AppointmentChange,
    AppointmentPet,
    Claim,
    Closure,
    Mode,
    Policy,
    Resource,
    Service,
    ServiceResource,
    State,
    WorkingException,
    WorkingHours,
)
from clinics.models import Clinic, HoursException
from demo.people import SIGN_IN
from pets.models import Pet

FIRST_DAY, LAST_DAY = -10, 24
# How much of a day is taken, by the days from today; the rest by dice.
TAKEN = {0: 0.9, 1: 0.75, 2: 1.0, 3: 0.85}
QUIET, BUSY = 0.25, 0.95
STEP = timedelta(minutes=10)
KIND = AppointmentChange.Kind
# What becomes of a visit of the past; most take place.
PAST = (State.COMPLETED,) * 16 + (State.NO_SHOW, State.LATE_CANCELLED, State.CANCELLED_BY_CLIENT)
Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Diaries:
    """What is known about a clinic while its days are filled. `busy` is by person, room and pet."""

    clinic: Clinic
    now: datetime
    dice: random.Random
    policy: Policy
    pets: list[Pet]
    people: list[Resource]
    services: dict[int, list[Service]] = field(default_factory=dict)
    rooms: dict[int, list[Resource]] = field(default_factory=dict)
    busy: dict[tuple[str, int], list[Span]] = field(default_factory=dict)

    def is_free(self, who: tuple[str, int], span: Span) -> bool:
        return all(span[1] <= start or end <= span[0] for start, end in self.busy.get(who, ()))

    def take(self, who: tuple[str, int], span: Span) -> None:
        self.busy.setdefault(who, []).append(span)


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit that is about to be written."""

    visit: Appointment
    pet: Pet
    room: Resource | None


def fill_diaries(clinic: Clinic, *, now: datetime) -> None:
    """Inside `tenant(clinic)`, after what those who sign in have booked: that is left free."""
    diaries, today = _read(clinic, now), timezone.localdate(now, clinic.zone)
    entries: list[Entry] = []
    for offset in range(FIRST_DAY, LAST_DAY + 1):
        day = today + timedelta(days=offset)
        share = TAKEN.get(offset) or diaries.dice.choice((QUIET, 0.5, 0.7, BUSY))
        for person in diaries.people:
            entries += [entry for span in _spans(person, day) for entry in _walk(diaries, person, span, share)]
    _write(entries, now)


def _read(clinic: Clinic, now: datetime) -> Diaries:
    known = [person.external_id for person in SIGN_IN[clinic.slug]]
    pets = Pet.objects.for_clinic(clinic).living().exclude(owner__external_id__in=known).select_related("owner")
    people = Resource.objects.for_clinic(clinic).people().prefetch_related("hours", "exceptions")
    diaries = Diaries(
        clinic=clinic,
        now=now,
        dice=random.Random(clinic.slug),
        policy=policy.in_force(clinic),
        pets=list(pets.order_by("pk")),
        people=list(people.order_by("position")),
    )
    # What is asked for by request or by phone doesn't come in dozens.
    links = ServiceResource.objects.for_clinic(clinic).filter(service__mode=Mode.DIRECT, service__is_active=True)
    for link in links.select_related("service", "resource").order_by("service__position", "resource__position"):
        if link.resource.kind == Resource.Kind.PERSON:
            diaries.services.setdefault(link.resource_id, []).append(link.service)
        else:
            diaries.rooms.setdefault(link.service_id, []).append(link.resource)
    _read_what_is_taken(diaries)
    return diaries


def _read_what_is_taken(diaries: Diaries) -> None:
    for claim in Claim.objects.for_clinic(diaries.clinic):
        who = ("pet", claim.pet_id) if claim.pet_id else ("resource", claim.resource_id or 0)
        diaries.take(who, (claim.blocked_at, claim.blocked_until))
    for closure in Closure.objects.for_clinic(diaries.clinic):
        for row in Resource.objects.for_clinic(diaries.clinic):
            if closure.resource_id in {None, row.pk}:
                diaries.take(("resource", row.pk), (closure.starts_at, closure.ends_at))
    for holiday in HoursException.objects.for_clinic(diaries.clinic):
        for person in diaries.people:
            start = datetime.combine(holiday.on, datetime.min.time(), diaries.clinic.zone)
            diaries.take(("resource", person.pk), (start, start + timedelta(days=1)))


def _spans(person: Resource, day: date) -> Iterator[Span]:
    """When somebody works that day, by the exceptions or else by the week."""
    rows: list[WorkingException] | list[WorkingHours] = [row for row in person.exceptions.all() if row.on == day]
    if not rows:
        rows = [
            row
            for row in person.hours.all()
            if row.weekday == day.weekday()
            and (row.first_on is None or row.first_on <= day)
            and (row.last_on is None or day <= row.last_on)
        ]
    for row in rows:
        if row.starts is not None and row.ends is not None:
            zone = person.clinic.zone
            yield datetime.combine(day, row.starts, zone), datetime.combine(day, row.ends, zone)


def _walk(diaries: Diaries, person: Resource, span: Span, share: float) -> Iterator[Entry]:
    """From the start of somebody's hours to their end: a visit, or some minutes with none."""
    at, until = span
    while at < until:
        entry = _entry(diaries, person, at, until) if diaries.dice.random() < share else None
        if entry is None:
            at += STEP if share >= 1 else STEP * diaries.dice.choice((1, 2, 3))
            continue
        yield entry
        at = _on_grid(diaries, entry.visit.ends_at + timedelta(minutes=entry.visit.service.buffer_after))


def _on_grid(diaries: Diaries, moment: datetime) -> datetime:
    minutes = diaries.policy.grid_minutes
    return moment + timedelta(minutes=-moment.minute % minutes)


def _entry(diaries: Diaries, person: Resource, at: datetime, until: datetime) -> Entry | None:
    """A visit that fits here, or None."""
    service = diaries.dice.choice(diaries.services[person.pk])
    ends_at = at + timedelta(minutes=service.minutes)
    taken = at, ends_at + timedelta(minutes=service.buffer_after)
    if taken[1] > until or not diaries.is_free(("resource", person.pk), taken):
        return None
    rooms = diaries.rooms.get(service.pk, [])
    room = next((room for room in rooms if diaries.is_free(("resource", room.pk), taken)), None)
    pets = diaries.dice.sample(diaries.pets, 12)
    pet = next((one for one in pets if service.treats(one.species) and diaries.is_free(("pet", one.pk), taken)), None)
    if pet is None or (rooms and room is None):
        return None
    diaries.take(("resource", person.pk), taken)
    diaries.take(("pet", pet.pk), taken)
    if room is not None:
        diaries.take(("resource", room.pk), taken)
    return Entry(_visit(diaries, service, person, room, pet, (at, ends_at)), pet, room)


def _visit(
    diaries: Diaries, service: Service, person: Resource, room: Resource | None, pet: Pet, span: Span
) -> Appointment:
    now, dice = diaries.now, diaries.dice
    state = _state(diaries, span)
    booked_at = min(span[0], now) - timedelta(days=dice.randint(1, 20), minutes=dice.randint(0, 600))
    ended_at = None
    if state in ENDS:
        ended_at = span[1] if state in {State.COMPLETED, State.NO_SHOW} else span[0] - timedelta(hours=5)
    rules = policy.rules_for(service, diaries.policy)
    return Appointment(
        clinic=diaries.clinic,
        client=pet.owner,
        service=service,
        person=person,
        room=room,
        starts_at=span[0],
        ends_at=span[1],
        state=state,
        source=dice.choice(Appointment.Source.values),
        price=service.price if service.is_price_shown else None,
        policy=diaries.policy,
        booked_at=booked_at,
        changed_at=ended_at or booked_at,
        ended_at=ended_at,
        **rules.terms,
    )


def _state(diaries: Diaries, span: Span) -> State:
    """By the clock: over, under way, in the waiting room, still ahead. What ended just now nobody has marked yet."""
    now = diaries.now
    if span[1] <= now - timedelta(minutes=30):
        return diaries.dice.choice(PAST)
    if span[0] <= now:
        return State.IN_PROGRESS
    return State.ARRIVED if span[0] <= now + timedelta(minutes=20) else State.CONFIRMED


def _write(entries: list[Entry], now: datetime) -> None:
    visits = Appointment.objects.bulk_create([entry.visit for entry in entries])
    AppointmentPet.objects.bulk_create(
        AppointmentPet(clinic=entry.visit.clinic, appointment=entry.visit, pet=entry.pet) for entry in entries
    )
    Claim.objects.bulk_create(claim for entry in entries if not entry.visit.is_ended for claim in _claims(entry))
    AppointmentChange.objects.bulk_create(change for visit in visits for change in _changes(visit, now))


def _claims(entry: Entry) -> Iterator[Claim]:
    visit = entry.visit
    until = visit.ends_at + timedelta(minutes=visit.service.buffer_after)
    for resource in (visit.person, entry.room):
        if resource is not None:
            yield Claim(
                clinic=visit.clinic,
                resource=resource,
                appointment=visit,
                blocked_at=visit.starts_at,
                blocked_until=until,
            )
    yield Claim(
        clinic=visit.clinic,
        pet=entry.pet,
        appointment=visit,
        blocked_at=visit.starts_at,
        blocked_until=visit.ends_at,
    )


def _changes(visit: Appointment, now: datetime) -> Iterator[AppointmentChange]:
    by = {"client": visit.client} if visit.source == Appointment.Source.ONLINE else {}
    said = {"clinic": visit.clinic, "appointment": visit, "new_starts_at": visit.starts_at, "new_person": visit.person}
    yield AppointmentChange(kind=KIND.BOOKED, done_at=visit.booked_at, new_state=State.CONFIRMED, **said, **by)
    if visit.state == State.CONFIRMED:
        return
    kinds = {State.COMPLETED: KIND.COMPLETED, State.NO_SHOW: KIND.NO_SHOW, State.ARRIVED: KIND.ARRIVED}
    kinds |= {State.IN_PROGRESS: KIND.STARTED}
    yield AppointmentChange(
        kind=kinds.get(State(visit.state), KIND.CANCELLED),
        done_at=visit.ended_at or min(visit.starts_at, now),
        old_state=State.CONFIRMED,
        new_state=visit.state,
        old_starts_at=visit.starts_at,
        old_person=visit.person,
        **said,
    )
