"""`python -m bench.seed_visits --visits 100000`: one clinic with fifty diaries and so many visits on file, in a
migrated, empty database; prints whom to ask for, as JSON. `bench.seed` fills its clinics with the same functions.

Each visit on file keeps its claims, as if nobody had marked one as done: that is the most that a reader can meet.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time as clock
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from bookings.models import Resource, Service
    from clinics.models import Clinic

PEOPLE, CLIENTS = 50, 2000
DAYS_AHEAD = 30
# Times of half an hour from nine to five, and how many of these sixteen are taken.
SLOTS, TAKEN = 16, 12
VISITS = """
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM clients_client WHERE clinic_id = %(clinic)s
),
made AS (
    SELECT number, number / %(people)s / %(taken)s AS back, number / %(people)s %% %(taken)s AS slot,
        (%(resources)s::bigint[])[number %% %(people)s + 1] AS person_id,
        numbered.id AS client_id
    FROM generate_series(0, %(count)s - 1) AS number JOIN numbered ON numbered.place = number %% %(clients)s
),
timed AS (
    SELECT *, (%(last)s::date - back::int + time '09:00' + (slot * %(slots)s / %(taken)s) * interval '30 minutes')
        AT TIME ZONE 'Europe/London' AS starts_at FROM made
)
INSERT INTO bookings_appointment (
    clinic_id, client_id, service_id, person_id, policy_id, starts_at, ends_at, state, ended_at, booked_at, changed_at,
    cancel_hours, move_hours, most_moves, late_rule, is_proposal, source, is_person_wished, note, price, moves, uid,
    sequence, reason_code, reason
)
SELECT %(clinic)s, client_id, %(service)s, person_id, %(policy)s, starts_at, starts_at + interval '30 minutes',
    CASE WHEN starts_at < now() THEN 'completed' ELSE 'confirmed' END,
    CASE WHEN starts_at < now() THEN starts_at + interval '30 minutes' END,
    starts_at - interval '20 days', starts_at - interval '20 days',
    24, 24, 3, 'mark', false, 'online', false, '', 5800, 0, gen_random_uuid(), 0, '', ''
FROM timed
"""
PETS = """
INSERT INTO bookings_appointmentpet (clinic_id, appointment_id, pet_id)
SELECT visit.clinic_id, visit.id, pet.id FROM bookings_appointment visit
JOIN (SELECT owner_id, min(id) AS id FROM pets_pet WHERE clinic_id = %(clinic)s GROUP BY owner_id) pet
    ON pet.owner_id = visit.client_id
WHERE visit.clinic_id = %(clinic)s
"""
CLAIMS = """
INSERT INTO bookings_claim (clinic_id, resource_id, pet_id, appointment_id, blocked_at, blocked_until)
SELECT visit.clinic_id, CASE WHEN kind = 'resource' THEN person_id END, CASE WHEN kind = 'pet' THEN pet_id END,
    visit.id, starts_at, ends_at
FROM bookings_appointment visit JOIN bookings_appointmentpet link ON link.appointment_id = visit.id
CROSS JOIN (VALUES ('resource'), ('pet')) AS kinds (kind)
WHERE visit.clinic_id = %(clinic)s AND link.clinic_id = %(clinic)s AND (state = 'confirmed' OR %(past)s)
ORDER BY kind, person_id, starts_at
"""
CHANGES = """
INSERT INTO bookings_appointmentchange (
    clinic_id, appointment_id, kind, client_id, done_at, old_state, new_state, new_starts_at, new_person_id, reason
)
SELECT clinic_id, id, 'booked', client_id, booked_at, '', 'confirmed', starts_at, person_id, ''
FROM bookings_appointment WHERE clinic_id = %(clinic)s
"""
TABLES = ("bookings_appointment", "bookings_appointmentpet", "bookings_appointmentchange", "bookings_claim")


def offer(clinic: Clinic, *, people: int, services: int = 6) -> tuple[list[Resource], list[Service]]:
    """So many people who work every day from nine to five, and services that all of them do. Inside `tenant()`."""
    from bookings import actions
    from bookings.models import Resource, Service, ServiceResource, WorkingHours

    actions.set_policy(clinic=clinic, by=None, now=clinic.created_at)
    resources = Resource.objects.bulk_create(
        Resource(clinic=clinic, name=f"Dr Amara Okafor {n}", job="Vet", position=n) for n in range(people)
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(clinic=clinic, resource=one, weekday=day, starts=clock(9), ends=clock(17))
        for one in resources
        for day in range(7)
    )
    offered = Service.objects.bulk_create(
        Service(clinic=clinic, name=f"Health check {n}", category=f"Group {n // 3}", position=n, price=5800)
        for n in range(services)
    )
    ServiceResource.objects.bulk_create(
        ServiceResource(clinic=clinic, service=service, resource=one) for service in offered for one in resources
    )
    return resources, offered


def fill(
    clinic: Clinic, resources: list[Resource], service: Service, *, count: int, taken: int, ahead: int, past: bool
) -> None:
    """So many visits, `taken` a day and person, back from `ahead` days from today. Inside `tenant()`.

    `past`: do visits that are over keep their claims?
    """
    from django.db import connection
    from django.utils import timezone

    from bookings import policy
    from clients.models import Client

    told: dict[str, Any] = {
        "clinic": clinic.pk,
        "clients": Client.objects.for_clinic(clinic).count(),
        "resources": [one.pk for one in resources],
        "people": len(resources),
        "service": service.pk,
        "policy": policy.in_force(clinic).pk,
        "count": count,
        "taken": taken,
        "slots": SLOTS,
        "last": timezone.localdate(timezone.now(), clinic.zone) + timedelta(days=ahead),
        "past": past,
    }
    with connection.cursor() as cursor:
        for statement in (VISITS, PETS, CLAIMS, CHANGES):
            cursor.execute(statement, told)


@contextmanager
def unchecked() -> Iterator[None]:
    """Links and overlaps are checked at the end, all at once. As the tables' owner, in a database of the bench's."""
    from django.db import connection, transaction

    listed = (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype IN ('f', 'x') AND conrelid::regclass::text = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(listed, [list(TABLES)])
        found = cursor.fetchall()
        for table, name, _definition in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relforcerowsecurity")
        walled = [row[0] for row in cursor.fetchall()]
        for table in walled:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for table, name, definition in found:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in walled:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def seed(count: int) -> dict[str, Any]:
    """Fill an empty database. Returns when, and the ids of the clinic and of services that 1, 10 and 50 people do."""
    from django.db import connection
    from django.utils import timezone

    from bookings.models import Service, ServiceResource
    from clients.models import Client
    from clinics.tenancy import tenant
    from pets.models import Pet
    from pets.setting_up import open_clinic

    clinic = open_clinic(
        name="Willow & Pine", slug="willow", country="GB", time_zone="Europe/London", owner_email="owner@example.com"
    )
    told: dict[str, Any] = {"clinic": clinic.pk, "seeded_at": timezone.now().isoformat()}
    with tenant(clinic):
        clients = Client.objects.bulk_create(
            Client(clinic=clinic, name=f"Nadia Brennan {n}", phone=f"+4473{n:08}", agreed_revision=1)
            for n in range(CLIENTS)
        )
        Pet.objects.bulk_create(Pet(clinic=clinic, owner=one, name="Miso", species="cat") for one in clients)
        resources, (everybody, *_others) = offer(clinic, people=PEOPLE)
        for people in (1, 10):
            service = Service.objects.create(clinic=clinic, name=f"With {people}", minutes=30)
            ServiceResource.objects.bulk_create(
                ServiceResource(clinic=clinic, service=service, resource=one) for one in resources[:people]
            )
            told[f"of_{people}"] = service.pk
        told[f"of_{PEOPLE}"] = everybody.pk
    with unchecked(), tenant(clinic):
        fill(clinic, resources, everybody, count=count, taken=TAKEN, ahead=DAYS_AHEAD, past=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=100_000)
    options = parser.parse_args()
    began = time.monotonic()
    django.setup()
    told = seed(options.visits)
    print(f"seeded {options.visits} visits in {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
