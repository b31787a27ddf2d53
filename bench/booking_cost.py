"""`python -m bench.booking_cost`: the transaction of a booking, and the bare one that writes the same rows."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import django

from bench.rivals_stage import OURS, Cast
from bench.site import cpu_of

if TYPE_CHECKING:
    from bookings.models import Service
    from clients.models import Client
    from pets.models import Pet

ROUNDS, EACH, WARM_UP = 20, 10, 2
VISIT = """
INSERT INTO bookings_appointment (
    clinic_id, client_id, service_id, person_id, policy_id, starts_at, ends_at, state, booked_at, changed_at,
    cancel_hours, move_hours, most_moves, late_rule, is_proposal, source, is_person_wished, note, moves, uid,
    sequence, reason_code, reason
)
VALUES (
    %s, %s, %s, %s, %s, %s, %s, 'confirmed', %s, %s, 24, 24, 3, 'mark', false, 'online', false, '', 0, %s, 0, '', ''
)
RETURNING id
"""
PET = "INSERT INTO bookings_appointmentpet (clinic_id, appointment_id, pet_id) VALUES (%s, %s, %s)"
CLAIMS = """
INSERT INTO bookings_claim (clinic_id, appointment_id, resource_id, pet_id, blocked_at, blocked_until)
VALUES (%s, %s, %s, NULL, %s, %s), (%s, %s, NULL, %s, %s, %s)
"""
CHANGE = """
INSERT INTO bookings_appointmentchange (
    clinic_id, appointment_id, kind, client_id, done_at, old_state, new_state, new_starts_at, new_person_id, reason
)
VALUES (%s, %s, 'booked', %s, %s, '', 'confirmed', %s, %s, '')
"""


class Desk:
    """Books one visit after another, each way at free times of its own."""

    def __init__(self, cast: Cast) -> None:
        from django.utils import timezone

        from bookings import policy

        self.cast, self.clinic, self.now = cast, cast.clinic, timezone.now()
        self.people = cast.resources(10)
        self.service: Service = cast.service(self.people)
        self.policy_id = policy.in_force(cast.clinic).pk
        self.next = 0

    def _turn(self) -> tuple[Client, Pet, int, datetime]:
        """Whose it is, whom it is with, and when: one visit for each of ten people at each time."""
        number, self.next = self.next, self.next + 1
        owner, pet = self.cast.households[number % len(self.cast.households)]
        slot = number // len(self.people)
        day = self.cast.day + timedelta(days=slot // 16)
        at = datetime.combine(day, clock(9 + slot % 16 // 2, slot % 2 * 30), self.clinic.zone)
        return owner, pet, self.people[number % len(self.people)].pk, at

    def ours(self) -> None:
        from bookings import actions
        from clinics.tenancy import tenant

        owner, pet, _person, at = self._turn()
        with tenant(self.clinic):
            actions.book_appointment(
                client=owner, service=self.service, pets=[pet], starts_at=at, person=None, by=owner, now=self.now
            )

    def bare(self) -> None:
        from django.db import connection, transaction

        owner, pet, person, at = self._turn()
        clinic, until = self.clinic.pk, at + timedelta(minutes=30)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.clinic_id', %s, true)", [str(clinic)])
            visit: list[Any] = [
                clinic,
                owner.pk,
                self.service.pk,
                person,
                self.policy_id,
                at,
                until,
                self.now,
                self.now,
                uuid4(),
            ]
            cursor.execute(VISIT, visit)
            (pk,) = cursor.fetchone()
            cursor.execute(PET, [clinic, pk, pet.pk])
            cursor.execute(CLAIMS, [clinic, pk, person, at, until, clinic, pk, pet.pk, at, until])
            cursor.execute(CHANGE, [clinic, pk, owner.pk, self.now, at, person])

    def orm(self) -> None:
        from bookings.models import Appointment, AppointmentChange, AppointmentPet, Claim, State
        from clinics.tenancy import tenant

        owner, pet, person, at = self._turn()
        until = at + timedelta(minutes=30)
        with tenant(self.clinic):
            of: dict[str, Any] = {"clinic": self.clinic}
            visit = Appointment.objects.create(
                client=owner,
                service=self.service,
                person_id=person,
                policy_id=self.policy_id,
                starts_at=at,
                ends_at=until,
                state=State.CONFIRMED,
                booked_at=self.now,
                changed_at=self.now,
                **of,
            )
            of["appointment"] = visit
            AppointmentPet.objects.create(pet=pet, **of)
            Claim.objects.create(resource_id=person, blocked_at=at, blocked_until=until, **of)
            Claim.objects.create(pet=pet, blocked_at=at, blocked_until=until, **of)
            AppointmentChange.objects.create(
                kind=AppointmentChange.Kind.BOOKED,
                client=owner,
                done_at=self.now,
                new_state=State.CONFIRMED,
                new_starts_at=at,
                new_person_id=person,
                **of,
            )


def main(clinic_id: int) -> None:
    django.setup()
    from django.db import connection

    from bookings.models import Claim
    from clinics.models import Clinic
    from clinics.tenancy import tenant

    clinic = Clinic.objects.get(pk=clinic_id)
    with tenant(clinic):
        Claim.objects.filter(appointment__service__name__startswith=OURS).delete()
        desk = Desk(Cast(clinic))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    ways: dict[str, Callable[[], None]] = {"ours": desk.ours, "bare": desk.bare, "orm": desk.orm}
    walls: dict[str, list[float]] = {name: [] for name in ways}
    cpus: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(WARM_UP + ROUNDS):
        for name in list(ways)[:: -1 if number % 2 else 1]:
            batch, cpu = _batch(ways[name], backend)
            if number >= WARM_UP:
                walls[name] += batch
                cpus[name].append(cpu)
    print(json.dumps({"walls": walls, "cpus": cpus, "count": ROUNDS * EACH, "statements": _counted(desk)}))


def _batch(act: Callable[[], None], backend: int) -> tuple[list[float], float]:
    """Milliseconds on the clock of each, and of CPU of one."""
    walls, cpu = [], time.process_time() + cpu_of(backend)
    for _number in range(EACH):
        began = time.perf_counter()
        act()
        walls.append((time.perf_counter() - began) * 1000)
    return walls, (time.process_time() + cpu_of(backend) - cpu) / EACH * 1000


def _counted(desk: Desk) -> int:
    from django.db import connection

    seen: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        desk.ours()
    return len(seen)


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["clinic"])
