"""Who the desk's pages are about: a client with a cat, a vet with a diary, and one service."""

from __future__ import annotations

import pytest

from bookings.models import Mode, Resource, Service
from clients.models import Client
from clinics.models import Clinic
from pets.models import Pet
from tests import factories
from tests.bookings import visits


@pytest.fixture
def nadia(willow: Clinic) -> Client:
    return factories.create_owner(willow, name="Nadia Brennan", external_id="A-77")


@pytest.fixture
def miso(nadia: Client) -> Pet:
    return factories.create_pet(nadia, name="Miso")


@pytest.fixture
def okafor(willow: Clinic) -> Resource:
    return visits.create_person(willow, "Dr Amara Okafor")


@pytest.fixture
def check(willow: Clinic, okafor: Resource) -> Service:
    return visits.create_service(willow, okafor, name="Annual health check")


@pytest.fixture
def dental(willow: Clinic, okafor: Resource) -> Service:
    return visits.create_service(willow, okafor, name="Dental cleaning", mode=Mode.REQUEST)
