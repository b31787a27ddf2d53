"""What Home shows, read in one statement.

Every visit starts here, and four lists of a few rows each would cost four round trips and forty model instances. The
statement returns them as JSON; `tests/portal/test_home.py` holds it to the plain queries of the apps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from clients.models import Client
from clinics.models import EmergencyClinic
from pets import care
from pets.care import Reminder, Status
from pets.models import Certificate, Pet

# Row-level security holds each part to the open clinic; the explicit clinic_id is what lets each use its index.
STATEMENT = """
WITH mine AS (
    SELECT id, name, species, photo FROM pets_pet
    WHERE clinic_id = %(clinic)s AND owner_id = %(client)s AND deleted_at IS NULL AND deceased_on IS NULL
), newest AS (
    SELECT DISTINCT ON (record.pet_id, plan.family) record.pet_id, plan.family, record.valid_until
    FROM pets_carerecord record JOIN pets_careplan plan ON plan.id = record.plan_id
    WHERE record.clinic_id = %(clinic)s AND record.pet_id IN (SELECT id FROM mine) AND record.given_on <= %(today)s
    ORDER BY record.pet_id, plan.family, record.given_on DESC, record.id DESC
), planned AS (
    SELECT mine.id AS pet_id, plan.id AS plan_id, plan.name, plan.is_vaccine, plan.family, newest.valid_until
    FROM mine JOIN pets_careplan plan ON plan.clinic_id = %(clinic)s AND plan.species = mine.species AND plan.is_active
    LEFT JOIN newest ON newest.pet_id = mine.id AND newest.family = plan.family
), due AS (
    SELECT planned.pet_id, planned.valid_until, planned.plan_id, planned.name, planned.is_vaccine, EXISTS (
        SELECT 1 FROM pets_certificate paper JOIN pets_careplan asked ON asked.id = paper.plan_id
        WHERE paper.clinic_id = %(clinic)s AND paper.pet_id = planned.pet_id AND asked.family = planned.family
            AND paper.state = ANY(%(handed_in)s)) AS is_handed_in
    FROM planned WHERE planned.valid_until <= %(soon)s
)
SELECT json_build_object(
    'pets', (SELECT json_agg(mine ORDER BY name, id) FROM mine),
    'due', (SELECT json_agg(due) FROM due),
    'on_file', (
        SELECT json_object_agg(pet_id, is_complete) FROM (
            SELECT pet_id, bool_and(valid_until IS NOT NULL) AS is_complete FROM planned
            GROUP BY pet_id HAVING bool_or(valid_until IS NOT NULL)) known),
    'request_types', (
        SELECT json_agg(json_build_object('name', name, 'slug', slug, 'icon', icon) ORDER BY position, name, id)
        FROM messaging_requesttype WHERE clinic_id = %(clinic)s AND is_active),
    'emergency', (
        SELECT json_build_object('name', name, 'phone', phone, 'is_always_open', is_always_open)
        FROM clinics_emergencyclinic WHERE clinic_id = %(clinic)s ORDER BY position, id LIMIT 1)
)::text
"""


@dataclass(frozen=True, slots=True)
class Help:
    """A request type, as far as Home names it."""

    name: str
    slug: str
    icon: str


@dataclass(frozen=True, slots=True)
class Home:
    """A client's living pets by name, what they are reminded of (due soon first), and the clinic's ways to help."""

    pets: list[Pet]
    reminders: list[Reminder]
    # By pet id: is every service that is planned for it on file? A pet of which none is, isn't there.
    on_file: dict[int, bool]
    request_types: list[Help]
    emergency: EmergencyClinic | None

    def reminders_of(self, pet: Pet) -> list[Reminder]:
        return [reminder for reminder in self.reminders if reminder.pet.pk == pet.pk]


def read(client: Client, *, today: date) -> Home:
    """Home of a client on a day of the clinic's. One statement, whatever the number of pets and records."""
    clinic = client.clinic
    soon = today + timedelta(days=care.SOON)
    with connection.cursor() as cursor:
        whose = {"clinic": clinic.pk, "client": client.pk}
        cursor.execute(STATEMENT, whose | {"today": today, "soon": soon, "handed_in": list(Certificate.OPEN)})
        (text,) = cursor.fetchone()
    found: dict[str, Any] = json.loads(text)
    pets = {row["id"]: Pet(clinic=clinic, owner=client, **row) for row in found["pets"] or []}
    due = [_reminder(pets[row["pet_id"]], row, today) for row in found["due"] or []]
    return Home(
        pets=list(pets.values()),
        reminders=care.in_order(due),
        on_file={int(pet_id): is_complete for pet_id, is_complete in (found["on_file"] or {}).items()},
        request_types=[Help(**row) for row in found["request_types"] or []],
        emergency=EmergencyClinic(clinic=clinic, **found["emergency"]) if found["emergency"] else None,
    )


def _reminder(pet: Pet, row: dict[str, Any], today: date) -> Reminder:
    due_on = date.fromisoformat(row["valid_until"])
    days = (due_on - today).days
    return Reminder(
        pet=pet,
        name=row["name"],
        due_on=due_on,
        status=Status.OVERDUE if days < 0 else Status.DUE_SOON,
        days=days,
        plan_id=row["plan_id"],
        is_vaccine=row["is_vaccine"],
        is_handed_in=row["is_handed_in"],
    )
