"""A pet dies or is deleted: its visits go with it, without any cost (R25, R26)."""

import pytest

from bookings.models import Appointment, AppointmentChange, Claim, State
from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from pets import actions as pets
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, TODAY, at, book


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-16 09:15"), miso)


def on_file(visit):
    with tenant(visit.clinic):
        return Appointment.objects.values_list("state", "reason_code").get(pk=visit.pk)


def test_a_deleted_pets_visit_is_cancelled_even_when_it_would_be_late(willow, owner, miso, visit):
    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=NOON)

    assert on_file(visit) == (State.CANCELLED_BY_CLIENT, "pet_removed")
    with tenant(willow):
        assert Claim.objects.count() == 0


def test_a_dead_pets_visit_is_cancelled(willow, owner, miso, visit):
    with tenant(willow):
        pets.report_death(pet=miso, died_on=None, by=owner, now=NOON)

    assert on_file(visit) == (State.CANCELLED_BY_CLIENT, "pet_deceased")


def test_a_refused_deletion_leaves_the_visit(willow, owner, miso, visit):
    with tenant(willow):
        plan = MembershipPlan.objects.create(clinic=willow, name="Wellness Club")
        Membership.objects.create(clinic=willow, plan=plan, client=owner, pet=miso, starts_on=TODAY)
        with pytest.raises(pets.MembershipInPlace):
            pets.delete_pet(pet=miso, by=owner, now=NOON)

    assert on_file(visit) == (State.CONFIRMED, "")


def test_what_is_past_stays_as_it_was(willow, owner, miso, check):
    past = visits.create_past_visit(owner, check, at(willow, "2026-03-10 09:15"), miso)

    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=NOON)

    assert on_file(past) == (State.COMPLETED, "")


def test_a_visit_for_two_goes_on_for_the_other(willow, owner, miso, okafor):
    both = visits.create_service(willow, okafor, most_pets=2)
    clover = factories.create_pet(owner, name="Clover")
    visit = book(owner, both, at(willow, "2026-04-23 09:15"), miso, clover)

    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=NOON)
        claimed = list(Claim.objects.filter(pet__isnull=False).values_list("pet", flat=True))
        change = AppointmentChange.objects.latest("id")
    assert on_file(visit) == (State.CONFIRMED, "")
    assert claimed == [clover.pk]
    assert (change.kind, change.reason) == ("pet_left", "Miso")

    with tenant(willow):
        pets.delete_pet(pet=clover, by=owner, now=NOON)
    assert on_file(visit) == (State.CANCELLED_BY_CLIENT, "pet_removed")


def test_a_restored_pets_visits_stay_cancelled(willow, owner, miso, visit):
    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=NOON)
        pets.restore_pet(pet=miso, by=owner, now=NOON)

    assert on_file(visit) == (State.CANCELLED_BY_CLIENT, "pet_removed")
