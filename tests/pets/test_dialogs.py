"""Dialogs open over the list: whatever the list holds, they cost the same."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.pets.profiles import create_membership, create_miso

# Clinic, device, pets, plans, records, the deleted.
THE_LIST = 6


@pytest.fixture
def miso(owner):
    return create_miso(owner)


@pytest.fixture(params=[1, 3])
def household(request, owner, miso, willow):
    """One pet of each kind, or three, with something due and a membership."""
    for day in range(request.param):
        pet = factories.create_pet(owner, photo="pets/1/abc.webp")
        factories.create_record(pet, factories.create_plan(willow), valid_until=timezone.localdate())
        factories.create_pet(owner, deceased_on=date(2025, 1, 1))
        factories.create_pet(owner, deleted_at=timezone.now())
        factories.create_weight(miso, "4.6", timezone.localdate() - timedelta(days=day))
        create_membership(miso)


@pytest.mark.usefixtures("household")
def test_adding_costs_the_list_alone(signed_in, statements):
    with statements(THE_LIST):
        signed_in.get("/willow/pets/add/")


@pytest.mark.usefixtures("household")
def test_editing_asks_for_the_pet_its_request_its_weight_and_its_breeds(signed_in, miso, statements):
    with statements(THE_LIST + 4):
        signed_in.get(f"/willow/pets/{miso.pk}/edit/")


@pytest.mark.usefixtures("household")
def test_deleting_asks_for_the_pet_its_visits_and_its_memberships(signed_in, miso, statements):
    # One that has not started is asked for only where nothing stands in the way.
    with statements(THE_LIST + 3):
        signed_in.get(f"/willow/pets/{miso.pk}/delete/")


@pytest.mark.usefixtures("household")
def test_pet_loss_asks_for_the_pet_its_visits_and_its_memberships(signed_in, miso, statements):
    # Clinic, device, pet, visits, memberships.
    with statements(5):
        signed_in.get(f"/willow/pets/{miso.pk}/loss/")
