"""A clinic at work: a client with a cat, a vet with a diary and one service. Any clinic's, so also the neighbour's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from bookings import actions
from bookings.models import Appointment, Closure, Mode, Resource, Service
from clients.models import Client
from clinics.models import Clinic, Role
from clinics.tenancy import tenant
from pets.models import Pet
from tests import factories
from tests.bookings import visits


@dataclass(frozen=True, slots=True)
class Desk:
    clinic: Clinic
    owner: Client
    pet: Pet
    person: Resource
    service: Service

    def at(self, text: str) -> datetime:
        return visits.at(self.clinic, text)

    def book(self, text: str, *pets: Pet, **fields: Any) -> Appointment:
        """A visit of the owner's, or of the pets' owner."""
        owner = pets[0].owner if pets else self.owner
        return visits.book(owner, fields.pop("service", self.service), self.at(text), *(pets or [self.pet]), **fields)

    def request(self, text: str = "2026-04-23 09:15") -> Appointment:
        """A visit that the client asks for."""
        asked = visits.create_service(self.clinic, self.person, mode=Mode.REQUEST, name="Dental cleaning")
        return self.book(text, service=asked)

    def close(self, first: str, last: str, resource: Resource | None = None, reason: str = "Training") -> Closure:
        with tenant(self.clinic):
            return actions.close_time(
                clinic=self.clinic,
                resource=resource,
                starts_at=self.at(first),
                ends_at=self.at(last),
                by=None,
                reason=reason,
            )


def create_desk(clinic: Clinic, mark: str = "") -> Desk:
    owner = factories.create_owner(clinic, name=f"{mark}Nadia Brennan")
    pet = factories.create_pet(owner, name=f"{mark}Miso")
    person = visits.create_person(clinic, f"{mark}Dr Amara Okafor")
    return Desk(clinic, owner, pet, person, visits.create_service(clinic, person, name=f"{mark}Annual check"))


def another(desk: Desk, name: str = "") -> Pet:
    """A cat of another client."""
    return factories.create_pet(factories.create_owner(desk.clinic, **({"name": name} if name else {})))


def member(clinic: Clinic, role: Role = Role.RECEPTION) -> Any:
    return factories.employ(factories.create_staff(factories.create_clinic()), clinic, role)


def address(name: str, row: Any) -> str:
    return reverse(f"admin:bookings_{name}", args=[row.pk])
