"""A pet gets another owner: the former one's visits for it end, and the new one's don't."""

from bookings.models import Appointment, State
from clinics.tenancy import tenant
from messaging.models import Outgoing
from pets import actions as pets
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


def hand_over(pet, owner, by):
    with tenant(owner.clinic):
        pets.update_pet(pet=pet, by=by, now=NOON, owner=owner)


def test_the_former_owners_visit_ends_and_they_are_told(willow, owner, miso, check, reception):
    visit = book(owner, check, at(willow, "2026-04-16 09:15"), miso)
    new = factories.create_owner(willow)

    hand_over(miso, new, reception)

    with tenant(willow):
        assert Appointment.objects.values_list("state", "reason_code").get(pk=visit.pk) == (
            State.CANCELLED_BY_CLIENT,
            "pet_removed",
        )
        assert Outgoing.objects.filter(kind="appointment_cancelled").get().to == owner.email
    book(new, check, at(willow, "2026-04-16 09:15"), miso)


def test_a_visit_for_another_pet_as_well_goes_on(willow, owner, miso, okafor, reception):
    both = visits.create_service(willow, okafor, most_pets=2)
    visit = book(owner, both, at(willow, "2026-04-23 09:15"), miso, factories.create_pet(owner))

    hand_over(miso, factories.create_owner(willow), reception)

    with tenant(willow):
        assert Appointment.objects.get(pk=visit.pk).state == State.CONFIRMED


def test_another_change_of_the_pet_leaves_its_visits(willow, owner, miso, check, reception):
    visit = book(owner, check, at(willow, "2026-04-16 09:15"), miso)
    with tenant(willow):
        pets.update_pet(pet=miso, by=reception, now=NOON, name="Miso II")

        assert Appointment.objects.get(pk=visit.pk).state == State.CONFIRMED
