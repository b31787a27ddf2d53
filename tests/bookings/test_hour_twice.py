"""The hour that comes twice when the clocks go back: both are offered, each is itself, and each can be booked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from bookings.models import Appointment
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, chosen, times
from tests.bookings.visits import at, book

# In London, BST first, then GMT.
FIRST, SECOND = "2026-10-25T01:00:00+01:00", "2026-10-25T01:00:00+00:00"


@pytest.fixture(autouse=True)
def clock(willow):
    with time_machine.travel(at(willow, "2026-10-20 12:00"), tick=False):
        yield


@pytest.fixture
def visit(client, willow, owner, miso):
    """On the Sunday at midnight, with somebody who works nights."""
    nights = visits.create_person(willow, hours="")
    visits.create_hours(nights, 6, "00:00-04:00")
    service = visits.create_service(willow, nights, grid_minutes=60)
    factories.sign_in(client, owner)
    return book(owner, service, at(willow, "2026-10-25 00:00"), miso, now=at(willow, "2026-10-20 12:00"))


def starts_at(visit):
    with tenant(visit.clinic_id):
        return Appointment.objects.get(pk=visit.pk).starts_at


@pytest.mark.parametrize(("wished", "hours"), [(FIRST, 1), (SECOND, 2)])
def test_either_can_be_taken(client, visit, wished, hours):
    before = visit.starts_at

    response = client.post(f"{ADDRESS}{visit.pk}/reschedule/", {"at": wished})

    assert response.status_code == 303
    assert starts_at(visit).timestamp() - before.timestamp() == timedelta(hours=hours).total_seconds()


def test_the_other_one_is_no_duplicate(client, willow, visit):
    neighbour = factories.create_owner(willow)
    pet = factories.create_pet(neighbour)
    book(neighbour, visit.service, at(willow, "2026-10-25 02:00"), pet, now=at(willow, "2026-10-20 12:00"))

    response = client.post(f"{ADDRESS}{visit.pk}/reschedule/", {"at": "2026-10-25T02:00:00+00:00"})

    assert (response.status_code, chosen(response)) == (422, [SECOND])
    assert [one for one in times(response) if "T01:" in one] == [FIRST, SECOND]
