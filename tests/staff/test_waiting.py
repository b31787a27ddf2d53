"""The index begins with what waits for somebody of this role."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinics.models import Role
from tests import factories
from tests.loyalty.memberships import create_membership
from tests.staff.rows import create_certificate, create_platform_admin, create_request, staff


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow)


def waiting(client) -> set[tuple[str, str]]:
    return {(one.text, one.address) for one in client.get("/staff/").context["waiting"]}


REQUESTS = ("2 change requests", "/staff/pets/changerequest/?state__exact=waiting")
CERTIFICATES = ("1 certificate", "/staff/pets/certificate/?state__exact=waiting")
REVIEWS = ("1 membership to review", "/staff/loyalty/membership/?review=asked")


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.OWNER, {REQUESTS, CERTIFICATES, REVIEWS}),
        (Role.RECEPTION, {REQUESTS, REVIEWS}),
        (Role.VET, {REQUESTS, CERTIFICATES}),
    ],
)
def test_each_role_reads_what_it_may_decide(client, willow, owner, role, shown):
    staff(client, willow, role)
    for _number in range(2):
        create_request(factories.create_pet(owner), colour=["", "Black"])
    pet = factories.create_pet(owner)
    create_certificate(pet, factories.create_plan(willow))
    create_certificate(pet, factories.create_plan(willow), state="preparing")
    create_membership(owner, review_asked_at=timezone.now(), review_reason="pet_deleted")

    found = waiting(client)

    assert found == shown
    assert [client.get(address).status_code for _text, address in found] == [200] * len(found)


def test_nothing_waits(client, willow):
    staff(client, willow)

    shown = client.get("/staff/").content.decode()

    assert ("Waiting for you" in shown, "Nothing at the moment." in shown) == (True, True)


def test_a_neighbours_requests_are_not_counted(client, willow, harbour):
    staff(client, willow)
    create_request(factories.create_pet(factories.create_owner(harbour)), colour=["", "Black"])

    assert waiting(client) == set()


def test_without_a_clinic_there_is_nothing_to_wait_for(client, willow):
    create_platform_admin(client)

    assert waiting(client) == set()
