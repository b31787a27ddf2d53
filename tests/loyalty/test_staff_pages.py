"""Memberships as staff keep them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from clinics.models import Role
from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from tests import factories
from tests.loyalty.memberships import create_membership, reread
from tests.staff.rows import action, listing, page, staff


@pytest.fixture
def owner(client, willow):
    staff(client, willow)
    return factories.create_owner(willow, name="Nadia Brennan")


def typed(membership: Membership, **fields):
    return {
        "client": membership.client_id,
        "pet": membership.pet_id or "",
        "plan": membership.plan_id,
        "starts_on": membership.starts_on,
    } | fields


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def test_a_plan_and_a_membership_are_filed(client, willow, owner):
    pet = factories.create_pet(owner)
    client.post(listing(MembershipPlan, "add"), {"name": "Wellness Club", "is_active": "on"})
    with tenant(willow):
        plan = MembershipPlan.objects.for_clinic(willow).get()

    said = {"client": owner.pk, "pet": pet.pk, "plan": plan.pk, "starts_on": "2026-01-01"}
    client.post(listing(Membership, "add"), said)

    with tenant(willow):
        filed = Membership.objects.for_clinic(willow).get()
    assert (filed.client_id, filed.pet_id, filed.plan_id) == (owner.pk, pet.pk, plan.pk)


def test_a_plan_is_renamed_and_no_second_one_has_its_name(client, willow, owner):
    first, second = create_membership(owner).plan, create_membership(owner).plan

    taken = client.post(page(second), {"name": first.name})
    client.post(page(second), {"name": "Paws Club"})

    assert errors(taken) == {"__all__": ["There is a plan of this name already."]}
    with tenant(willow):
        second.refresh_from_db()
    assert (second.name, second.is_active) == ("Paws Club", False)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"ends_on": "2025-01-01"}, "ends_on", "The last day is before the first."),
        (
            {"frozen_on": "2026-02-01"},
            "frozen_until",
            "A freeze needs its first day and a later one on which it ends.",
        ),
        ({"starts_on": ""}, "starts_on", "This field is required."),
        ({"starts_on": "31/02/2026"}, "starts_on", "Enter a valid date."),
    ],
)
def test_impossible_days_are_told_beside_their_field(client, owner, said, field, words):
    membership = create_membership(owner)

    response = client.post(page(membership), typed(membership, **said))

    assert errors(response) == {field: [words]}


def test_another_clients_pet_is_refused_and_a_neighbours_is_not_there(client, willow, harbour, owner):
    membership = create_membership(owner)
    theirs = factories.create_pet(factories.create_owner(willow))
    foreign = factories.create_pet(factories.create_owner(harbour))

    others = client.post(page(membership), typed(membership, pet=theirs.pk))
    neighbours = client.post(page(membership), typed(membership, pet=foreign.pk))

    assert errors(others) == {"pet": ["This pet isn’t this client’s."]}
    assert list(errors(neighbours)) == ["pet"]
    assert reread(membership).pet_id is None


def test_nothing_new_is_filed_for_a_pet_that_is_gone(client, owner):
    membership = create_membership(owner, factories.create_pet(owner, deleted_at=timezone.now()))

    response = client.post(listing(Membership, "add"), typed(membership))

    assert errors(response) == {"pet": ["This pet was deleted or has died."]}


def test_the_status_is_todays_at_the_clinic(client, harbour):
    staff(client, harbour)
    today = timezone.localdate(timezone.now(), harbour.zone)
    membership = create_membership(factories.create_owner(harbour), starts_on=today + timedelta(days=1))

    shown = client.get(page(membership)).content.decode()

    assert "Starts later" in shown


def test_what_is_to_be_reviewed_stands_first_and_is_settled(client, willow, owner):
    pet = factories.create_pet(owner)
    handed = create_membership(owner, pet, review_asked_at=timezone.now(), review_reason="pet_deceased")
    other = create_membership(owner, starts_on=timezone.localdate())

    listed = client.get(listing(Membership)).context["cl"].result_list
    narrowed = client.get(listing(Membership), {"review": "asked"}).context["cl"].result_list
    client.post(listing(Membership), action("settle", handed, other))

    assert [row.pk for row in listed] == [handed.pk, other.pk]
    assert [row.pk for row in narrowed] == [handed.pk]
    assert reread(handed).review_asked_at is None


def test_a_vet_settles_nothing(client, willow, owner):
    handed = create_membership(owner, review_asked_at=timezone.now(), review_reason="pet_deceased")
    staff(client, willow, Role.VET)

    client.post(listing(Membership), action("settle", handed))

    assert reread(handed).review_asked_at is not None


def test_the_clients_profile_shows_memberships_and_how_they_stand(client, owner):
    create_membership(owner, factories.create_pet(owner, name="Miso"))
    create_membership(owner, cancel_on=timezone.localdate())

    found = client.get(page(owner)).context["memberships"]

    assert [(row.pet and row.pet.name, str(status)) for row, status in found] == [
        (None, "Cancelled"),
        ("Miso", "Active"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(client, owner, statements, count):
    plan = create_membership(owner, factories.create_pet(owner)).plan
    for _number in range(count - 1):
        create_membership(owner, factories.create_pet(owner), plan=plan)

    with statements(9):
        client.get(listing(Membership))
