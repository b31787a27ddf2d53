"""Taking out a membership, changing it, and settling what was handed to staff."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clinics.tenancy import tenant
from loyalty import actions
from loyalty.models import Membership, MembershipPlan
from pets import actions as pet_actions
from pets.models import Pet
from tests import factories
from tests.loyalty.memberships import create_membership, reread

NOW = timezone.now()


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow)


@pytest.fixture
def plan(willow):
    with tenant(willow):
        return actions.file_plan(clinic=willow, name="Wellness Club")


def count(clinic) -> int:
    with tenant(clinic):
        return Membership.objects.for_clinic(clinic).count()


def test_a_plan_is_offered_renamed_and_given_up(willow, plan):
    with tenant(willow):
        actions.update_plan(plan=plan, name="Paws Club", is_active=False)

        kept = MembershipPlan.objects.for_clinic(willow).get()

    assert (kept.name, kept.is_active) == ("Paws Club", False)


def test_two_plans_of_one_name_are_refused_by_the_database(willow, plan):
    with tenant(willow), pytest.raises(IntegrityError, match="loyalty_membershipplan_once"), transaction.atomic():
        actions.file_plan(clinic=willow, name="Wellness Club")


@pytest.mark.parametrize("is_for_one", [True, False])
def test_a_membership_is_for_one_pet_or_for_all(willow, owner, plan, is_for_one):
    pet = factories.create_pet(owner) if is_for_one else None

    with tenant(willow):
        filed = actions.file_membership(client=owner, plan=plan, pet=pet, starts_on=date(2026, 1, 1))

    assert (filed.client, filed.pet_id, filed.plan) == (owner, pet and pet.pk, plan)


@pytest.mark.parametrize(
    ("dates", "refusal"),
    [
        ({"ends_on": date(2025, 12, 31)}, actions.EndsBeforeStart),
        ({"frozen_on": date(2026, 2, 1)}, actions.NotAFreeze),
        ({"frozen_until": date(2026, 2, 1)}, actions.NotAFreeze),
        ({"frozen_on": date(2026, 2, 1), "frozen_until": date(2026, 2, 1)}, actions.NotAFreeze),
    ],
)
def test_impossible_days_are_refused(willow, owner, plan, dates, refusal):
    with tenant(willow), pytest.raises(refusal):
        actions.file_membership(client=owner, plan=plan, starts_on=date(2026, 1, 1), **dates)

    assert count(willow) == 0


@pytest.mark.parametrize(
    ("dates", "constraint"),
    [
        ({"ends_on": date(2025, 12, 31)}, "loyalty_membership_ends_after_start"),
        ({"frozen_on": date(2026, 2, 1), "frozen_until": date(2026, 2, 1)}, "loyalty_membership_frozen_period"),
        ({"frozen_on": date(2026, 2, 1)}, "loyalty_membership_frozen_period"),
        ({"frozen_until": date(2026, 2, 1)}, "loyalty_membership_frozen_period"),
    ],
)
def test_the_database_refuses_them_too(willow, owner, plan, dates, constraint):
    said = {"clinic": willow, "client": owner, "plan": plan, "starts_on": date(2026, 1, 1)}

    with tenant(willow), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Membership.objects.create(**said, **dates)


def test_another_clients_pet_is_refused(willow, owner, plan):
    theirs = factories.create_pet(factories.create_owner(willow))

    with tenant(willow), pytest.raises(actions.AnothersPet):
        actions.file_membership(client=owner, plan=plan, pet=theirs, starts_on=date(2026, 1, 1))


@pytest.mark.parametrize("gone", [{"deleted_at": NOW}, {"deceased_on": date(2026, 1, 1)}])
def test_nothing_new_is_taken_out_for_a_pet_that_is_gone(willow, owner, plan, gone):
    pet = factories.create_pet(owner, **gone)

    with tenant(willow), pytest.raises(actions.PetIsGone):
        actions.file_membership(client=owner, plan=plan, pet=pet, starts_on=date(2026, 1, 1))


def test_the_membership_of_a_dead_pet_is_still_ended(willow, owner):
    membership = create_membership(owner, factories.create_pet(owner, deceased_on=date(2026, 1, 1)))

    with tenant(willow):
        actions.update_membership(membership=membership, cancel_on=date(2026, 2, 1))

    assert reread(membership).cancel_on == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("details", "refusal"),
    [({"ends_on": date(2025, 1, 1)}, actions.EndsBeforeStart), ({"frozen_on": date(2026, 2, 1)}, actions.NotAFreeze)],
)
def test_a_change_to_impossible_days_is_refused(willow, owner, details, refusal):
    membership = create_membership(owner)

    with tenant(willow), pytest.raises(refusal):
        actions.update_membership(membership=membership, **details)

    assert {name: getattr(reread(membership), name) for name in details} == dict.fromkeys(details)


def test_it_is_not_moved_to_another_clients_pet_nor_to_another_client_with_the_pet(willow, owner):
    other = factories.create_owner(willow)
    membership = create_membership(owner, factories.create_pet(owner))
    theirs = factories.create_pet(other)

    with tenant(willow):
        for details in ({"pet": theirs}, {"client": other}):
            with pytest.raises(actions.AnothersPet):
                actions.update_membership(membership=reread(membership), **details)
        actions.update_membership(membership=membership, client=other, pet=theirs)

    assert (reread(membership).client_id, reread(membership).pet_id) == (other.pk, theirs.pk)


def test_a_review_is_settled_once(willow, owner):
    membership = create_membership(owner, review_asked_at=NOW, review_reason="pet_deceased")

    with tenant(willow):
        settled = [actions.settle_review(membership=reread(membership)) for _time in range(2)]

    assert settled == [True, False]
    assert (reread(membership).review_asked_at, reread(membership).review_reason) == (None, "")


@pytest.mark.race
def test_a_pet_is_deleted_or_gets_a_membership_never_both(transactional_db, willow):
    owner = factories.create_owner(willow)
    pet = factories.create_pet(owner)
    with tenant(willow):
        plan = actions.file_plan(clinic=willow, name="Wellness Club")

    def take_out() -> None:
        try:
            with tenant(willow):
                actions.file_membership(client=owner, plan=plan, pet=pet, starts_on=date(2026, 1, 1))
        except actions.PetIsGone:
            pass
        finally:
            connection.close()

    rival = Thread(target=take_out)
    rival.start()
    try:
        with tenant(willow):
            pet_actions.delete_pet(pet=pet, by=None, now=NOW)
    except pet_actions.MembershipInPlace:
        pass
    rival.join()

    with tenant(willow):
        is_deleted = Pet.objects.for_clinic(willow).get(pk=pet.pk).deleted_at is not None
    assert (is_deleted, count(willow)) in {(True, 0), (False, 1)}
