"""Builders of what a visit needs. Times are the clinic's own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from bookings import actions
from bookings.models import (
    Appointment,
    Mode,
    Policy,
    Resource,
    Service,
    ServiceResource,
    State,
    WarningSign,
    WorkingHours,
)
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet
from tests.factories import numbers

# A Wednesday in spring, with no change of the clocks near; the tests' "now" unless they say otherwise.
NOON = datetime.fromisoformat("2026-04-15T12:00:00+01:00")
TODAY = date(2026, 4, 15)


def at(clinic: Clinic, text: str) -> datetime:
    """`at(willow, "2026-04-23 09:20")`: that moment on the clinic's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=clinic.zone)


def create_person(clinic: Clinic, name: str = "", *, hours: str = "09:00-17:00", **fields: Any) -> Resource:
    """Somebody who works Monday to Friday at these hours; "" for never."""
    fields = {"name": name or f"Dr Amara Okafor {next(numbers)}", "job": "Vet"} | fields
    with tenant(clinic):
        person = Resource.objects.create(clinic=clinic, kind=Resource.Kind.PERSON, **fields)
        for weekday in range(5) if hours else ():
            create_hours(person, weekday, hours)
    return person


def create_room(clinic: Clinic, name: str = "", *, hours: str = "", **fields: Any) -> Resource:
    """A room, free at all times unless it is given hours."""
    with tenant(clinic):
        name = name or f"Room {next(numbers)}"
        room = Resource.objects.create(clinic=clinic, kind=Resource.Kind.ROOM, name=name, **fields)
        for weekday in range(5) if hours else ():
            create_hours(room, weekday, hours)
    return room


def create_hours(resource: Resource, weekday: int, hours: str, **fields: Any) -> WorkingHours:
    starts, ends = (time.fromisoformat(text) for text in hours.split("-"))
    with tenant(resource.clinic_id):
        return WorkingHours.objects.create(
            clinic_id=resource.clinic_id, resource=resource, weekday=weekday, starts=starts, ends=ends, **fields
        )


def create_service(clinic: Clinic, *resources: Resource, **fields: Any) -> Service:
    """A health check of 30 minutes that these people and rooms do."""
    fields = {"name": f"Health check {next(numbers)}", "minutes": 30, "mode": Mode.DIRECT} | fields
    with tenant(clinic):
        service = Service.objects.create(clinic=clinic, **fields)
        for resource in resources:
            ServiceResource.objects.create(clinic=clinic, service=service, resource=resource)
    return service


def create_policy(clinic: Clinic, **rules: Any) -> Policy:
    with tenant(clinic):
        return actions.set_policy(clinic=clinic, by=None, now=NOON - timedelta(days=100), **rules)


def create_sign(clinic: Clinic, text: str, **fields: Any) -> WarningSign:
    with tenant(clinic):
        return WarningSign.objects.create(clinic=clinic, text=text, **fields)


def book(
    owner: Client,
    service: Service,
    starts_at: datetime,
    *pets: Pet,
    person: Resource | None = None,
    by: Any = None,
    now: datetime = NOON,
    **fields: Any,
) -> Appointment:
    """A visit that the owner booked through the front door."""
    with tenant(owner.clinic):
        return actions.book_appointment(
            client=owner,
            service=service,
            pets=list(pets),
            starts_at=starts_at,
            person=person,
            by=by or owner,
            now=now,
            **fields,
        )


def create_past_visit(
    owner: Client, service: Service, starts_at: datetime, *pets: Pet, state: State = State.COMPLETED, **fields: Any
) -> Appointment:
    """A visit of the past, as it is on file; its time is free again."""
    with tenant(owner.clinic):
        visit = Appointment.objects.create(
            clinic=owner.clinic,
            client=owner,
            service=service,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=service.minutes),
            state=state,
            ended_at=starts_at + timedelta(minutes=service.minutes),
            booked_at=starts_at - timedelta(days=20),
            changed_at=starts_at,
            **fields,
        )
        visit.pets.set(pets, through_defaults={"clinic": owner.clinic})
    return visit
