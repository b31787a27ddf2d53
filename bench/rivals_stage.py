"""`python -m bench.rivals_stage`: what is there before many want the same time, and what is there afterwards."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import django

from bench.rivals import Attempt

if TYPE_CHECKING:
    from bookings.models import Resource, Service
    from clients.models import Client
    from clinics.models import Clinic
    from pets.models import Pet

RIVALS = 200
OURS = "Rivals"  # How the services begin that runs leave behind.
OVERLAPS = """
SELECT count(*) FROM bookings_claim one JOIN bookings_claim other ON other.id > one.id
    AND (other.resource_id = one.resource_id OR other.pet_id = one.pet_id)
    AND tstzrange(other.blocked_at, other.blocked_until) && tstzrange(one.blocked_at, one.blocked_until)
"""
# A visit of which the person's or the pet's claim is missing, or says another time.
WITHOUT_TIME = """
SELECT count(*) FROM bookings_appointment visit WHERE service_id = ANY(%s) AND (
    SELECT count(*) FROM bookings_claim claim WHERE claim.appointment_id = visit.id
        AND (claim.resource_id = visit.person_id OR claim.pet_id IS NOT NULL)
        AND claim.blocked_at = visit.starts_at AND claim.blocked_until = visit.ends_at
) <> 2
"""


class Cast:
    """Two hundred households, and people and rooms of this run's own."""

    def __init__(self, clinic: Clinic) -> None:
        from django.utils import timezone

        from pets.models import Pet

        self.clinic = clinic
        self.run = uuid4().hex[:8]
        pets = Pet.objects.for_clinic(clinic).select_related("owner").order_by("pk")[:RIVALS]
        self.households: list[tuple[Client, Pet]] = [(pet.owner, pet) for pet in pets]
        for owner, pet in self.households:
            owner.clinic = pet.clinic = clinic
        self.day = timezone.localdate(timezone.now(), clinic.zone) + timedelta(days=7)

    def resources(self, people: int, rooms: int = 0) -> list[Resource]:
        from bookings.models import Resource, WorkingHours

        kinds = [Resource.Kind.PERSON] * people + [Resource.Kind.ROOM] * rooms
        rows = [
            Resource.objects.create(clinic=self.clinic, kind=kind, name=f"{kind} {place} of {self.run}")
            for place, kind in enumerate(kinds)
        ]
        WorkingHours.objects.bulk_create(
            WorkingHours(clinic=self.clinic, resource=one, weekday=day, starts=clock(9), ends=clock(17))
            for one in rows[:people]
            for day in range(7)
        )
        return rows

    def service(self, resources: list[Resource]) -> Service:
        from bookings.models import Service, ServiceResource

        service = Service.objects.create(clinic=self.clinic, name=f"{OURS} {uuid4().hex[:8]}", minutes=30)
        for one in resources:
            ServiceResource.objects.create(clinic=self.clinic, service=service, resource=one)
        return service

    def at(self, hour: int, minute: int = 0, days: int = 0) -> str:
        return datetime.combine(self.day + timedelta(days=days), clock(hour, minute), self.clinic.zone).isoformat()

    def attempt(self, number: int, service: Service, at: str, **fields: Any) -> Attempt:
        owner, pet = self.households[number]
        return Attempt(clinic=self.clinic.pk, client=owner.pk, pet=pet.pk, service=service.pk, at=at, **fields)


def one_time(cast: Cast) -> dict[str, Any]:
    service = cast.service(cast.resources(1))
    return _told([service], [cast.attempt(n, service, cast.at(10)) for n in range(RIVALS)])


def overlapping(cast: Cast) -> dict[str, Any]:
    """Eight times, a quarter of an hour apart, of half an hour each."""
    service = cast.service(cast.resources(1))
    times = [cast.at(10 + n // 4, n % 4 * 15) for n in range(8)]
    return _told([service], [cast.attempt(n, service, times[n % 8]) for n in range(RIVALS)])


def mixed_order(cast: Cast) -> dict[str, Any]:
    """Two vets and two rooms, named in either order by two services, and wished for by half of the rivals."""
    rows = cast.resources(2, rooms=2)
    services = [cast.service(rows), cast.service(rows[::-1])]
    wishes = [rows[0].pk, None, rows[1].pk, None]
    attempts = [cast.attempt(n, services[n % 2], cast.at(10), person=wishes[n // 2 % 4]) for n in range(RIVALS)]
    return _told(services, attempts)


def moves(cast: Cast) -> dict[str, Any]:
    """A hundred visits of ten vets; they and a hundred others want the fifty places of five times on the next day."""
    from django.utils import timezone

    from bookings import actions

    service = cast.service(cast.resources(10))
    attempts = []
    for number in range(RIVALS):
        owner, pet = cast.households[number]
        visit = None
        if number % 2:
            starts_at = datetime.fromisoformat(cast.at(9 + number // 40, number // 20 % 2 * 30))
            visit = actions.book_appointment(
                client=owner,
                service=service,
                pets=[pet],
                starts_at=starts_at,
                person=None,
                by=owner,
                now=timezone.now(),
            ).pk
        at = cast.at(10 + number // 2 % 5, days=1)
        attempts.append(cast.attempt(number, service, at, visit=visit))
    return _told([service], attempts)


def http(cast: Cast) -> dict[str, Any]:
    """The form of **Confirm**, as two hundred signed-in browsers send it."""
    from django.utils import timezone

    from clients.devices import cookie_name
    from clients.models import Device
    from portal.kit import crypto

    service, now, forms = cast.service(cast.resources(1)), timezone.now(), []
    for owner, pet in cast.households:
        token = crypto.new_token()
        Device.objects.create(
            clinic=cast.clinic,
            client=owner,
            token_digest=crypto.token_digest(token),
            contact=owner.phone,
            signed_in_at=now,
            last_seen_at=now,
        )
        fields = {"pet": pet.pk, "service": service.pk, "who": "any", "at": cast.at(10), "form_key": str(uuid4())}
        forms.append(
            {
                "path": f"/{cast.clinic.slug}/bookings/new/confirm/",
                "cookie": f"{cookie_name(cast.clinic)}={token}",
                "fields": fields,
            }
        )
    return _told([service], [], forms=forms)


def _told(services: list[Service], attempts: list[Attempt], **more: Any) -> dict[str, Any]:
    return {
        "services": [service.pk for service in services],
        "attempts": [asdict(attempt) for attempt in attempts],
        **more,
    }


def check(stage: dict[str, Any]) -> dict[str, str]:
    from django.db import connection

    from bookings.models import Appointment

    visits = Appointment.objects.filter(service__in=stage["services"]).blocking().count()
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        overlaps = cursor.fetchone()[0]
        cursor.execute(WITHOUT_TIME, [stage["services"]])
        lost = cursor.fetchone()[0]
    moved = sum(attempt["visit"] is not None for attempt in stage["attempts"])
    words = [f"{overlaps or 'no'} overlaps"]
    if moved:
        words.append(f"{visits} visits, {lost or 'none'} without its time")
    elif lost:
        words.append(f"{lost} without its time")
    return {"words": ", ".join(words)}


CASES = {"one_time": one_time, "overlapping": overlapping, "mixed_order": mixed_order, "moves": moves, "http": http}


def main(what: str, told: str, clinic_id: int) -> None:
    django.setup()
    from bookings.models import Claim
    from clinics.models import Clinic
    from clinics.tenancy import tenant

    clinic = Clinic.objects.get(pk=clinic_id)
    with tenant(clinic):
        if what == "check":
            answer: dict[str, Any] = check(json.loads(told))
        else:
            # What former runs have taken is free again; their pets were at the same place.
            Claim.objects.filter(appointment__service__name__startswith=OURS).delete()
            answer = CASES[told](Cast(clinic))
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])["clinic"])
