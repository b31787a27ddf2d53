"""A pet that staff note as dead, or delete: what follows, what forbids it, and what takes it back."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from clinics.models import Role, StaffAction
from clinics.tenancy import tenant
from pets import actions
from pets.models import Pet, PetChange
from tests import factories
from tests.loyalty.memberships import create_membership
from tests.staff.rows import action, listing, page, reread, staff, typed_pet


@pytest.fixture
def pet(client, willow):
    staff(client, willow, Role.VET)
    return factories.create_pet(factories.create_owner(willow), name="Miso", born_on=date(2020, 5, 1))


def log(clinic) -> list[str]:
    with tenant(clinic):
        return [entry.summary for entry in StaffAction.objects.for_clinic(clinic).order_by("pk")]


def changes(pet: Pet) -> list[str]:
    with tenant(pet.clinic_id):
        return list(
            PetChange.objects.for_clinic(pet.clinic).filter(pet=pet).order_by("pk").values_list("kind", flat=True)
        )


def test_a_death_that_is_noted_hands_memberships_to_staff_and_taken_back_takes_them_back(client, willow, pet):
    membership = create_membership(pet.owner, pet)

    client.post(page(pet), typed_pet(pet, deceased_on="2026-05-01", name="Miso II"))
    dead, handed = reread(pet), reread(membership)
    client.post(page(pet), typed_pet(pet, deceased_on="", name="Miso II"))

    assert (dead.deceased_on, dead.name, dead.undo_until) == (date(2026, 5, 1), "Miso II", None)
    assert (handed.review_reason, reread(membership).review_reason) == ("pet_deceased", "")
    assert reread(pet).deceased_on is None
    assert changes(pet) == ["edited", "deceased", "restored"]


def test_a_corrected_day_of_death_is_an_edit(client, pet):
    client.post(page(pet), typed_pet(pet, deceased_on="2026-05-01"))
    client.post(page(pet), typed_pet(pet, deceased_on="2026-05-02"))

    assert (reread(pet).deceased_on, changes(pet)) == (date(2026, 5, 2), ["deceased", "edited"])


def test_taking_the_death_of_a_deleted_pet_back_leaves_it_deleted(client, pet):
    client.post(page(pet), typed_pet(pet, deceased_on="2026-05-01"))
    client.post(listing(Pet), action("delete", pet))

    client.post(page(pet), typed_pet(pet, deceased_on=""))

    assert (reread(pet).deceased_on, reread(pet).deleted_at is not None) == (None, True)


def test_a_deletion_that_a_membership_forbids_is_told_in_the_exact_words(client, willow, pet):
    create_membership(pet.owner, pet)

    response = client.post(listing(Pet), action("delete", pet), follow=True)

    (told,) = response.context["messages"]
    assert str(told).removeprefix("Miso: ") == (
        "This pet cannot be deleted because there is an active membership in place. "
        "Please contact the business directly."
    )
    assert (reread(pet).deleted_at, log(willow)) == (None, [])


def test_what_the_owner_did_since_the_page_was_opened_is_not_undone_by_saving_it(client, willow, pet):
    opened = client.get(page(pet)).context["adminform"].form["opened_edition"].value()
    with tenant(willow):
        actions.report_death(pet=pet, died_on=None, by=pet.owner, now=timezone.now())

    response = client.post(page(pet), typed_pet(pet, breed="Siamese", deceased_on="", opened_edition=opened))

    words = "Somebody has changed this pet since you opened the page. Nothing was saved: load it again."
    assert words in response.content.decode()
    assert (reread(pet).deceased_on is None, reread(pet).breed) == (False, "")
