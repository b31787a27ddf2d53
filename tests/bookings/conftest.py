"""A clinic's cast: an owner with a cat, a vet with a diary, and one service."""

from __future__ import annotations

import pytest

from bookings.models import Resource, Service
from clients.models import Client
from clinics.models import Clinic, Role, StaffMember
from pets.models import Pet
from tests import factories
from tests.bookings import visits


@pytest.fixture
def owner(willow: Clinic) -> Client:
    return factories.create_owner(willow, name="Nadia Brennan")


@pytest.fixture
def miso(owner: Client) -> Pet:
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def okafor(willow: Clinic) -> Resource:
    return visits.create_person(willow, "Dr Amara Okafor")


@pytest.fixture
def check(willow: Clinic, okafor: Resource) -> Service:
    return visits.create_service(willow, okafor, name="Annual health check")


@pytest.fixture
def reception(willow: Clinic) -> StaffMember:
    return factories.employ(factories.create_staff(factories.create_clinic(), Role.OWNER), willow, Role.RECEPTION)
