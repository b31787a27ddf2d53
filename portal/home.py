"""What Home shows, read in one statement.

Everybody starts here, and five lists of a few rows each would cost five round trips and forty model instances. The
statement returns them as JSON; `tests/portal/test_home.py` holds it to the plain queries of the apps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import get_language

from bookings.models import BLOCKING, Mode
from clients.models import Client
from clinics.models import EmergencyClinic
from pets import care
from pets.care import Reminder, Status
from pets.models import Certificate, Pet

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MOST_VISITS = 3
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
            AND paper.state = ANY(%(handed_in)s)) AS is_handed_in, (
        SELECT service.id FROM bookings_serviceplan caring
        JOIN bookings_service service ON service.id = caring.service_id
        WHERE caring.clinic_id = %(clinic)s AND caring.plan_id = planned.plan_id
            AND service.is_active AND service.mode <> %(phone)s
        ORDER BY service.position, service.id LIMIT 1) AS service_id
    FROM planned WHERE planned.valid_until <= %(soon)s
), coming AS (
    SELECT id, service_id, person_id, starts_at, state, is_proposal FROM bookings_appointment
    WHERE clinic_id = %(clinic)s AND client_id = %(client)s AND state = ANY(%(blocking)s) AND ends_at > %(now)s
        AND starts_at > %(now)s - interval '1 day'
), guest AS (
    SELECT link.appointment_id, link.pet_id, pet.name
    FROM bookings_appointmentpet link JOIN pets_pet pet ON pet.id = link.pet_id
    WHERE link.clinic_id = %(clinic)s AND link.appointment_id IN (SELECT id FROM coming) AND link.removed_at IS NULL
)
SELECT json_build_object(
    'pets', (SELECT json_agg(mine ORDER BY name, id) FROM mine),
    'due', (SELECT json_agg(due) FROM due),
    'visits', (
        SELECT json_agg(visit ORDER BY starts_at, id) FROM (
            SELECT coming.id, extract(epoch FROM starts_at)::bigint AS starts_at, state, is_proposal,
                coalesce(nullif(words.name, ''), service.name) AS service, coalesce(person.name, '') AS person,
                (SELECT json_agg(guest.name ORDER BY guest.name, guest.pet_id) FROM guest
                    WHERE guest.appointment_id = coming.id) AS pets
            FROM coming JOIN bookings_service service ON service.id = coming.service_id
            LEFT JOIN bookings_servicewords words ON words.service_id = service.id AND words.language = %(language)s
            LEFT JOIN bookings_resource person ON person.id = coming.person_id
            -- What waits for the client is among them, however far ahead it is.
            ORDER BY coming.is_proposal DESC, coming.starts_at, coming.id LIMIT %(most)s) visit),
    -- Of each pet that has one: when its next visit is, and when those are that take care of what is planned.
    'next_visits', (
        SELECT json_object_agg(pet_id, first) FROM (
            SELECT guest.pet_id, extract(epoch FROM min(coming.starts_at))::bigint AS first
            FROM guest JOIN coming ON coming.id = guest.appointment_id GROUP BY guest.pet_id) first),
    'booked', (
        SELECT json_agg(json_build_array(pet_id, plan_id, first)) FROM (
            SELECT guest.pet_id, caring.plan_id, extract(epoch FROM min(coming.starts_at))::bigint AS first
            FROM guest JOIN coming ON coming.id = guest.appointment_id
            JOIN bookings_serviceplan caring
                ON caring.clinic_id = %(clinic)s AND caring.service_id = coming.service_id
            GROUP BY guest.pet_id, caring.plan_id) first),
    'is_bookable', EXISTS (
        SELECT 1 FROM bookings_service WHERE clinic_id = %(clinic)s AND is_active AND mode <> %(phone)s),
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
class Visit:
    """An upcoming visit, as far as Home names it. `starts_at` is in the clinic's zone."""

    pk: int
    service: str
    person: str
    pets: list[str]
    starts_at: datetime
    state: str
    is_proposal: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A client's living pets by name, what they are reminded of (due soon first), and the clinic's ways to help."""

    pets: list[Pet]
    reminders: list[Reminder]
    # By pet id: is every service that is planned for it on file? A pet of which none is, isn't there.
    on_file: dict[int, bool]
    request_types: list[Help]
    emergency: EmergencyClinic | None
    # The next three, in order of time; a time that the clinic proposes before a nearer visit.
    visits: list[Visit]
    # By pet id: the day of its next visit.
    next_visit_on: dict[int, date]
    # By pet and plan: the day of the visit that takes care of it.
    booked_on: dict[tuple[int, int], date]
    # By plan: the service that takes care of it, where clients can book that by themselves.
    service_for: dict[int, int]
    # Is there anything that clients can book by themselves?
    is_bookable: bool

    def reminders_of(self, pet: Pet) -> list[Reminder]:
        return [reminder for reminder in self.reminders if reminder.pet.pk == pet.pk]


def read(client: Client, *, now: datetime) -> Home:
    """Home of a client. One statement, whatever the number of pets, records and visits."""
    clinic = client.clinic
    zone = clinic.zone
    today = now.astimezone(zone).date()
    found = _fetch(client, now=now, today=today)
    pets = {row["id"]: Pet(clinic=clinic, owner=client, **row) for row in found["pets"] or []}
    due = [_reminder(pets[row["pet_id"]], row, today) for row in found["due"] or []]

    def day(seconds: int) -> date:
        return datetime.fromtimestamp(seconds, zone).date()

    return Home(
        pets=list(pets.values()),
        reminders=care.in_order(due),
        on_file={int(pet_id): is_complete for pet_id, is_complete in (found["on_file"] or {}).items()},
        request_types=[Help(**row) for row in found["request_types"] or []],
        emergency=EmergencyClinic(clinic=clinic, **found["emergency"]) if found["emergency"] else None,
        visits=[_visit(row, zone) for row in found["visits"] or []],
        next_visit_on={int(pet_id): day(first) for pet_id, first in (found["next_visits"] or {}).items()},
        booked_on={(pet_id, plan_id): day(first) for pet_id, plan_id, first in found["booked"] or []},
        service_for={row["plan_id"]: row["service_id"] for row in found["due"] or [] if row["service_id"]},
        is_bookable=found["is_bookable"],
    )


def _fetch(client: Client, *, now: datetime, today: date) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "clinic": client.clinic.pk,
        "client": client.pk,
        "now": now,
        "today": today,
        "soon": today + timedelta(days=care.SOON),
        "handed_in": list(Certificate.OPEN),
        "blocking": list(BLOCKING),
        "phone": Mode.PHONE,
        # Words in the clinic's own language are the service's (`bookings.facts.names_of`).
        "language": "" if get_language() == client.clinic.language else get_language(),
        "most": MOST_VISITS,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, asked)
        (text,) = cursor.fetchone()
    found: dict[str, Any] = json.loads(text)
    return found


def _visit(row: dict[str, Any], zone: ZoneInfo) -> Visit:
    return Visit(
        pk=row["id"],
        service=row["service"],
        person=row["person"],
        pets=row["pets"] or [],
        starts_at=datetime.fromtimestamp(row["starts_at"], zone),
        state=row["state"],
        is_proposal=row["is_proposal"],
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
