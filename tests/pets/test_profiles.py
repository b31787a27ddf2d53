"""Putting a pet on file, and changing what is on file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from clients.actions import file_client
from clinics.tenancy import tenant
from pets import actions
from pets.models import Pet, PetChange, Species, Weight
from tests import factories

DAY = date(2026, 4, 11)
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso", colour="Tabby")


@pytest.fixture(autouse=True)
def _inside(willow, owner, miso, vet):
    """Actions are called inside the clinic; what a test needs besides is made before."""
    with tenant(willow):
        yield


def changes(pet) -> list[tuple[str, Any]]:
    return list(PetChange.objects.filter(pet=pet).order_by("id").values_list("kind", "details"))


def test_a_pet_is_put_on_file(willow, owner):
    pet = actions.file_pet(owner=owner, name="Biscuit", species=Species.DOG, by=None, now=NOON, colour="Sandy")

    on_file = Pet.objects.for_clinic(willow).get(pk=pet.pk)
    assert (on_file.owner, on_file.species, on_file.colour, on_file.is_identity_checked) == (
        owner,
        "dog",
        "Sandy",
        True,
    )
    assert changes(pet) == [("added", {})]


def test_what_an_owner_files_is_the_owners_word(owner):
    pet = actions.file_pet(owner=owner, name="Biscuit", species=Species.DOG, by=owner, now=NOON)

    assert (pet.is_identity_checked, PetChange.objects.get(pet=pet).client) == (False, owner)


def test_a_change_writes_what_was_given_and_nothing_else(miso):
    stale = Pet.objects.get(pk=miso.pk)
    actions.update_pet(pet=miso, by=None, now=NOON, colour="Brown")

    actions.update_pet(pet=stale, by=None, now=NOON, name="Miso II")

    miso.refresh_from_db()
    assert (miso.colour, miso.name) == ("Brown", "Miso II")


def test_a_change_is_kept_with_who_and_when_and_before_and_after(miso, vet):
    actions.update_pet(pet=miso, by=vet, now=NOON, colour="Brown", born_on=DAY, name="Miso")

    (change,) = PetChange.objects.filter(pet=miso)
    assert (change.staff, change.client, change.done_at) == (vet, None, NOON)
    assert change.details == {"colour": ["Tabby", "Brown"], "born_on": ["", "2026-04-11"]}


def test_a_change_that_changes_nothing_is_none(miso):
    actions.update_pet(pet=miso, by=None, now=NOON, colour="Tabby")

    miso.refresh_from_db()
    assert (miso.edition, changes(miso)) == (0, [])


def test_a_pet_comes_with_todays_weight(owner):
    pet = actions.file_pet(owner=owner, name="Rex", species=Species.DOG, by=owner, now=NOON, kg=Decimal(10))

    assert list(pet.weights.values_list("kg", "weighed_on", "is_owners")) == [(Decimal(10), DAY, True)]
    assert changes(pet) == [("added", {}), ("weighed", {"weight": ["", "10"]})]


@pytest.mark.parametrize(
    ("breed", "left"),
    [("Siamese", ""), ("siamese ", ""), ("Himalayan", "Himalayan"), ("Our own cross", "Our own cross")],
)
def test_a_breed_of_another_species_goes_with_the_species(miso, breed, left):
    actions.update_pet(pet=miso, by=None, now=NOON, breed=breed)

    actions.update_pet(pet=miso, by=None, now=NOON, species=Species.RABBIT)

    miso.refresh_from_db()
    assert (miso.species, miso.breed) == ("rabbit", left)


def test_nobody_dies_before_being_born(owner, miso):
    with pytest.raises(actions.NotALifespan):
        actions.file_pet(
            owner=owner,
            name="Tango",
            species=Species.BIRD,
            by=None,
            now=NOON,
            born_on=DAY,
            deceased_on=date(2026, 4, 10),
        )
    with pytest.raises(actions.NotALifespan):
        actions.update_pet(pet=miso, by=None, now=NOON, born_on=DAY, deceased_on=date(2026, 4, 10))

    miso.refresh_from_db()
    assert miso.born_on is None


def test_a_second_weight_of_a_day_replaces_the_first(willow, miso, vet):
    for kg in ("46", "4.6"):
        actions.record_weight(pet=miso, kg=Decimal(kg), weighed_on=DAY, by=vet, now=NOON)

    assert list(Weight.objects.for_clinic(willow).values_list("pet", "kg")) == [(miso.pk, Decimal("4.600"))]
    assert changes(miso) == [("weighed", {"weight": ["", "46"]}), ("weighed", {"weight": ["46", "4.6"]})]


def test_an_owners_figure_never_replaces_the_clinics(miso, owner, vet):
    actions.record_weight(pet=miso, kg=Decimal("4.6"), weighed_on=DAY, by=vet, now=NOON)

    with pytest.raises(actions.WeighedAtClinic):
        actions.record_weight(pet=miso, kg=Decimal(5), weighed_on=DAY, by=owner, now=NOON)

    assert list(Weight.objects.filter(pet=miso).values_list("kg", "is_owners")) == [(Decimal("4.600"), False)]


def test_the_clinics_figure_replaces_an_owners(miso, owner, vet):
    actions.record_weight(pet=miso, kg=Decimal(5), weighed_on=DAY, by=owner, now=NOON)

    actions.record_weight(pet=miso, kg=Decimal("4.6"), weighed_on=DAY, by=vet, now=NOON)

    assert list(Weight.objects.filter(pet=miso).values_list("kg", "is_owners")) == [(Decimal("4.600"), False)]


@pytest.mark.parametrize("kg", ["0", "-1", "1500.001"])
def test_an_impossible_weight_is_refused(miso, kg):
    with pytest.raises(actions.NotAWeight):
        actions.record_weight(pet=miso, kg=Decimal(kg), weighed_on=DAY, by=None, now=NOON)


def test_what_was_the_former_owners_ends_with_a_new_one(willow, owner, vet, miso):
    card = actions.open_card(pet=miso, now=NOON)
    actions.propose_changes(pet=miso, client=owner, values={"species": "dog"}, now=NOON)
    other = file_client(clinic=willow, name="Tom Hale", email="tom@example.com")

    actions.update_pet(pet=miso, by=vet, now=NOON, owner=other)

    card.refresh_from_db()
    assert (card.withdrawn_at, miso.change_requests.get().state) == (NOON, "withdrawn")
    assert changes(miso)[-1] == ("edited", {"owner": [owner.name, "Tom Hale"]})


def test_nobody_fills_a_clinics_lists_by_a_program(willow, owner, vet):
    rows = [Pet(clinic=willow, owner=owner, name=f"Hen {number}", species=Species.CHICKEN) for number in range(99)]
    Pet.objects.bulk_create(rows)

    with pytest.raises(actions.TooManyPets):
        actions.file_pet(owner=owner, name="One more", species=Species.CHICKEN, by=owner, now=NOON)

    assert actions.file_pet(owner=owner, name="One more", species=Species.CHICKEN, by=vet, now=NOON).pk
