"""`python -m bench.seed --clinics 1000`: large data in a migrated, empty database; prints who may sign in, as JSON.

One clinic is made with the models, so that the rows are true to them, and copied by PostgreSQL into the others: every
statement inside its own clinic's wall. The last clinic has ten times as many clients as the others.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import django

from bench import seed_visits
from bench.visitors import visitors_of

if TYPE_CHECKING:
    from django.db.models import Field, Model

    from clients.models import Client
    from clinics.models import Clinic

CLINICS = 1000
CLIENTS_EACH, WEIGHTS_EACH, MESSAGES_EACH, VISITS_EACH = 40, 4, 2, 10
LARGE = 10  # times as many clients in the large clinic
# 073… is a British mobile number everywhere.
PHONE = "'+4473' || lpad(({%s} * 7919 %%%% 100000000)::text, 8, '0')"
# Columns that must differ from copy to copy; {id} and {client} are the copy's own.
FRESH = {
    "clients_client.phone": PHONE % "id",
    "clients_device.contact": PHONE % "client",
    "clients_client.email": "'owner' || {id} || '@example.com'",
    "clients_device.token_digest": "md5({id}::text) || md5({id}::text)",
    "messaging_outgoing.key": "'seed:' || {id}",
    "messaging_outgoing.provider_id": "'seed-' || {id}",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinics", type=int, default=CLINICS)
    parser.add_argument("--scale", type=float, default=1.0, help="times as many clinics")
    options = parser.parse_args()
    began = time.monotonic()
    django.setup()
    clinics = max(2, round(options.clinics * options.scale))
    large = seed(clinics)
    print(f"seeded {clinics} clinics in {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(json.dumps(visitors_of(large)))


def seed(count: int) -> Clinic:
    """Fill an empty database with `count` clinics; returns the large one."""
    from django.db import connection

    from clinics.models import Clinic
    from pets.setting_up import open_clinic

    first = open_clinic(
        name="Willow & Pine 1",
        slug="clinic-1",
        country="GB",
        time_zone="Europe/London",
        owner_email="owner@example.com",
    )
    details = {name: getattr(first, name) for name in ("country", "time_zone")}
    details |= {
        "phone": "+441632960418",
        "email": "hello@example.com",
        "sms_codes_per_day": 20_000,
        "legal_revision": 1,
    }
    details |= {"street": "12 Willow Lane", "city": "Bath", "postcode": "BA1 1AA"}
    Clinic.objects.filter(pk=first.pk).update(**details)
    first.refresh_from_db()
    _fill(first)
    others = [Clinic(name=f"Willow & Pine {n}", slug=f"clinic-{n}", **details) for n in range(2, count + 1)]
    Clinic.objects.bulk_create(others)
    _Copier(first).fill(others)
    for clinic in (first, *others):
        _book(clinic, is_large=clinic is others[-1])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return others[-1]


def _fill(clinic: Clinic) -> None:
    """What a clinic needs to be open, and CLIENTS_EACH clients with a cat, a dog and a rabbit each."""
    from datetime import time as clock

    from django.utils import timezone

    from clients.models import Client
    from clinics.models import EmergencyClinic, LegalText, OpeningHours
    from clinics.tenancy import tenant

    with tenant(clinic):
        LegalText.objects.for_clinic(clinic).update(published_at=timezone.now(), body="What we agree on. " * 40)
        OpeningHours.objects.bulk_create(
            OpeningHours(clinic=clinic, weekday=day, opens=clock(8, 30), closes=clock(18)) for day in range(5)
        )
        EmergencyClinic.objects.create(
            clinic=clinic, name="Night Vets", phone="+441632960999", address="1 Bath Road", is_always_open=True
        )
        clients = Client.objects.bulk_create(
            Client(clinic=clinic, name=f"Nadia Brennan {n}", phone="-", email="-", agreed_revision=1)
            for n in range(CLIENTS_EACH)
        )
        _fill_households(clinic, clients)


def _book(clinic: Clinic, *, is_large: bool) -> None:
    """What can be booked, and ten visits of each client: half of the day is taken, and a fifth of them lies ahead."""
    from clinics.tenancy import tenant

    people = 10 if is_large else 3
    clients = CLIENTS_EACH * (LARGE if is_large else 1)
    count, taken = clients * VISITS_EACH, 8
    with tenant(clinic):
        resources, services = seed_visits.offer(clinic, people=people)
        ahead = count // (people * taken * 5)
        seed_visits.fill(clinic, resources, services[0], count=count, taken=taken, ahead=ahead, past=False)


def _fill_households(clinic: Clinic, clients: list[Client]) -> None:
    from django.utils import timezone

    from clients.models import Device
    from messaging.models import Outgoing, State
    from pets.models import CarePlan, CareRecord, Pet, Weight

    now = timezone.now()
    today = now.date()
    plans = {
        species: list(CarePlan.objects.for_clinic(clinic).filter(species=species).order_by("pk")[:3])
        for species in ("cat", "dog", "rabbit")
    }
    pets = Pet.objects.bulk_create(
        Pet(clinic=clinic, owner=client, name=f"Miso {client.pk}", species=species, born_on=today - timedelta(1500))
        for client in clients
        for species in plans
    )
    Weight.objects.bulk_create(
        Weight(clinic=clinic, pet=pet, kg=Decimal(4 + n), weighed_on=today - timedelta(days=90 * n + 1))
        for pet in pets
        for n in range(WEIGHTS_EACH)
    )
    # One of each pet's three services is overdue or due soon.
    CareRecord.objects.bulk_create(
        CareRecord(
            clinic=clinic,
            pet=pet,
            plan=plan,
            given_on=today - timedelta(days=400),
            valid_until=today + timedelta(days=(300, 200, (pet.pk % 2) * 40 - 20)[n]),
        )
        for pet in pets
        for n, plan in enumerate(plans[pet.species])
    )
    Device.objects.bulk_create(
        Device(
            clinic=clinic, client=client, token_digest=str(client.pk), contact="-", signed_in_at=now, last_seen_at=now
        )
        for client in clients
    )
    Outgoing.objects.bulk_create(
        Outgoing(
            clinic=clinic,
            channel="sms",
            to="-",
            body="Your pet is due.",
            kind="reminder",
            key=f"seed:{client.pk}:{n}",
            state=State.SENT,
            due_at=now,
            sent_at=now,
        )
        for client in clients
        for n in range(MESSAGES_EACH)
    )


class _Copier:
    """Copies the first clinic's rows into others. Ids move by `step` for each copy, and links move with them."""

    def __init__(self, first: Clinic) -> None:
        from clients.models import Client, Device
        from clinics.models import EmergencyClinic, LegalText, OpeningHours
        from messaging.models import Outgoing, RequestType
        from pets.models import CarePlan, CareRecord, Pet, Weight

        # Once for each clinic; and once for each copy of its clients.
        self.of_clinic: list[type[Model]] = [LegalText, OpeningHours, EmergencyClinic, RequestType, CarePlan]
        self.of_clients: list[type[Model]] = [Client, Pet, Weight, CareRecord, Device, Outgoing]
        self.first = first
        self.copies = 0

    def fill(self, clinics: list[Clinic]) -> None:
        from clinics.tenancy import tenant

        self.step = self._keep_the_first()
        self.statements = {model: self._statement(model) for model in (*self.of_clinic, *self.of_clients)}
        self._freshen_the_first()
        for clinic in clinics:
            with tenant(clinic):
                self._copy(clinic, times=LARGE if clinic is clinics[-1] else 1)
        self._move_sequences()

    def _keep_the_first(self) -> int:
        """Keep its rows in temporary tables, which have no wall. Returns more than any of their ids."""
        from django.db import connection

        from clinics.tenancy import tenant

        highest = 0
        with tenant(self.first), connection.cursor() as cursor:
            for model in (*self.of_clinic, *self.of_clients):
                table = model._meta.db_table
                cursor.execute(f"CREATE TEMP TABLE seed_{table} AS SELECT * FROM {table}")  # noqa: S608  our own names
                cursor.execute(f"SELECT max(id) FROM seed_{table}")  # noqa: S608  our own names
                highest = max(highest, cursor.fetchone()[0])
        return highest

    def _freshen_the_first(self) -> None:
        from django.db import connection

        from clinics.tenancy import tenant

        with tenant(self.first), connection.cursor() as cursor:
            for place, expression in FRESH.items():
                table, column = place.split(".")
                cursor.execute(f"UPDATE {table} SET {column} = {expression.format(id='id', client='client_id')}", ())  # noqa: S608  our own names

    def _statement(self, model: type[Model]) -> str:
        table, fields = model._meta.db_table, list(model._meta.concrete_fields)
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(self._value(model, field) for field in fields)
        return f"INSERT INTO {table} ({columns}) SELECT {values} FROM seed_{table}"  # noqa: S608  our own names

    def _value(self, model: type[Model], field: Field[Any, Any]) -> str:
        moved = f"(id + {self._offset(model)})"
        fresh = FRESH.get(f"{model._meta.db_table}.{field.column}")
        if field.primary_key:
            return moved
        if field.column == "clinic_id":
            return "%(clinic)s"
        if fresh:
            return fresh.format(id=moved, client="(client_id + %(copy_at)s)")
        target = field.remote_field.model if field.remote_field else None
        return f'"{field.column}"' + (f" + {self._offset(target)}" if target in self._owned() else "")

    def _owned(self) -> list[Any]:
        return [*self.of_clinic, *self.of_clients]

    def _offset(self, model: Any) -> str:
        return "%(clinic_at)s" if model in self.of_clinic else "%(copy_at)s"

    def _copy(self, clinic: Clinic, *, times: int) -> None:
        from django.db import connection

        clinic_at = (self.copies + 1) * self.step
        with connection.cursor() as cursor:
            for time_ in range(times):
                self.copies += 1
                models = [*self.of_clinic, *self.of_clients] if time_ == 0 else self.of_clients
                for model in models:
                    places = {"clinic": clinic.pk, "clinic_at": clinic_at, "copy_at": self.copies * self.step}
                    cursor.execute(self.statements[model], places)

    def _move_sequences(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for model in self._owned():
                table = model._meta.db_table
                sequence = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
                cursor.execute(sequence, [table, (self.copies + 2) * self.step])


if __name__ == "__main__":
    main()
