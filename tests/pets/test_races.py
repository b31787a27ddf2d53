"""Two who act on one pet at the same moment, on real PostgreSQL with real threads."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from pets import actions
from pets.models import CareRecord, Certificate, ChangeRequest, Pet, PetChange
from portal.kit.refusals import Refusal
from tests import factories
from tests.races import at_once_inside

NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
TODAY = date(2026, 4, 11)
ROUNDS = 8
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def at_once(clinic, *acts: Callable[[], object]) -> list[str]:
    """What came of each: "done", or the name of the refusal."""
    return [type(one).__name__ if isinstance(one, Refusal) else "done" for one in at_once_inside(clinic, *acts)]


def test_a_pet_is_never_deleted_while_it_joins(willow, owner):
    """Either the membership is there first and refuses, or the pet is gone and the membership goes to a gone pet's
    review; what can't be is a deleted pet whose guard overlooked a membership that was already committed."""
    with tenant(willow):
        plan = MembershipPlan.objects.create(clinic=willow, name="Wellness Club")
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner)
        seen: list[int] = []

        def join(pet=pet):
            Membership.objects.create(clinic=willow, plan=plan, client=owner, pet=pet, starts_on=TODAY)

        def delete(pet=pet, seen=seen):
            actions.delete_pet(pet=pet, by=owner, now=NOON)
            # Still holding the pet: nobody has joined it under our hands.
            seen.append(Membership.objects.filter(pet=pet).count())

        outcome = at_once(willow, join, delete)

        with tenant(willow):
            is_deleted = Pet.objects.get(pk=pet.pk).deleted_at is not None
        assert outcome[0] == "done"
        assert (outcome[1], is_deleted, seen) in [("done", True, [0]), ("MembershipInPlace", False, [])]


def test_of_two_who_decide_a_request_one_is_told(willow, owner, vet):
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner, microchip="985141003276540")
        with tenant(willow):
            actions.propose_changes(pet=pet, client=owner, values={"microchip": "985141003276541"}, now=NOON)
            mine, yours = (ChangeRequest.objects.select_related("pet", "client").get(pet=pet) for _ in range(2))

        outcome = at_once(
            willow,
            partial(actions.accept_request, request=mine, by=vet, now=NOON),
            partial(actions.decline_request, request=yours, by=vet, answer="No", now=NOON),
        )

        with tenant(willow):
            pet.refresh_from_db()
            state = ChangeRequest.objects.get(pet=pet).state
        assert sorted(outcome) == ["AlreadyDecided", "done"]
        assert (state, pet.microchip) in [("accepted", "985141003276541"), ("declined", "985141003276540")]


@pytest.mark.parametrize("decide", ["accept", "decline"])
def test_a_proposal_is_never_lost_in_a_decision(willow, owner, vet, decide):
    """It waits, in a request of its own or in one that staff are told to read again; in a decided one it'd be lost."""
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner, microchip="985141003276540")
        with tenant(willow):
            actions.propose_changes(pet=pet, client=owner, values={"microchip": "985141003276541"}, now=NOON)
            seen = ChangeRequest.objects.select_related("pet", "client").get(pet=pet)
        accept = partial(actions.accept_request, request=seen, by=vet, now=NOON)
        decline = partial(actions.decline_request, request=seen, by=vet, answer="No", now=NOON)

        outcome = at_once(
            willow,
            accept if decide == "accept" else decline,
            partial(actions.propose_changes, pet=pet, client=owner, values={"species": "dog"}, now=LATER),
        )

        with tenant(willow):
            (waiting,) = ChangeRequest.objects.filter(pet=pet).waiting()
        assert (outcome, set(waiting.details)) in [
            (["done", "done"], {"species"}),
            (["AskedAnew", "done"], {"species", "microchip"}),
        ]


def test_an_owners_weight_never_replaces_the_clinics(willow, owner, vet):
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner)

        at_once(
            willow,
            partial(actions.record_weight, pet=pet, kg=Decimal("4.5"), weighed_on=TODAY, by=vet, now=NOON),
            partial(actions.record_weight, pet=pet, kg=Decimal(3), weighed_on=TODAY, by=owner, now=NOON),
        )

        with tenant(willow):
            assert list(pet.weights.values_list("kg", "is_owners")) == [(Decimal("4.500"), False)]


def test_two_proposals_at_once_become_one_request(willow, owner):
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner)
        outcome = at_once(
            willow,
            partial(actions.propose_changes, pet=pet, client=owner, values={"species": "dog"}, now=NOON),
            partial(actions.propose_changes, pet=pet, client=owner, values={"microchip": "123456789"}, now=NOON),
        )

        with tenant(willow):
            (request,) = ChangeRequest.objects.filter(pet=pet)
        assert outcome == ["done", "done"]
        assert set(request.details) == {"species", "microchip"}


def test_of_two_tabs_one_is_told(willow, owner):
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner)
        tabs = [Pet(pk=pet.pk, clinic=willow, name=pet.name, species=pet.species) for _ in range(2)]

        outcome = at_once(
            willow,
            partial(actions.change_pet, pet=tabs[0], client=owner, edition=0, details={"name": "One"}, now=NOON),
            partial(actions.change_pet, pet=tabs[1], client=owner, edition=0, details={"name": "Two"}, now=NOON),
        )

        with tenant(willow):
            pet.refresh_from_db()
            noted = PetChange.objects.filter(pet=pet).count()
        assert sorted(outcome) == ["ChangedMeanwhile", "done"]
        assert (pet.name, pet.edition, noted) == (("One", "Two")[outcome.index("done")], 1, 1)


def test_a_certificate_becomes_one_record(willow, owner, vet):
    plan = factories.create_plan(willow)
    said: dict[str, Any] = {"given_on": TODAY, "valid_until": TODAY, "given_at_clinic": "Cray Vets"}
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner)
        with tenant(willow):
            Certificate.objects.create(
                clinic=willow, pet=pet, client=owner, plan=plan, state="waiting", handed_in_at=NOON
            )
            rows = [
                Certificate.objects.select_related("pet", "plan", "client").get(pet=pet, plan=plan) for _ in range(2)
            ]

        outcome = at_once(
            willow,
            *(partial(actions.accept_certificate, certificate=row, by=vet, now=NOON, **said) for row in rows),
        )

        with tenant(willow):
            assert CareRecord.objects.filter(pet=pet).count() == 1
        assert sorted(outcome) == ["AlreadyDecided", "done"]
