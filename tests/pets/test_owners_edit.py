"""An owner's edit of a pet on file: written, proposed or left alone, and never over somebody else's."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from clinics.models import Editing
from clinics.tenancy import tenant
from pets import actions
from pets.models import Pet, PetChange, Species
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


def test_the_second_of_two_forms_is_told_and_changes_nothing(owner, miso):
    first, second = (Pet.objects.get(pk=miso.pk) for _ in range(2))
    actions.change_pet(pet=first, client=owner, edition=0, details={"name": "Miso II"}, now=NOON)

    with pytest.raises(actions.ChangedMeanwhile) as told:
        actions.change_pet(pet=second, client=owner, edition=0, details={"name": "Missy"}, now=NOON, kg=Decimal(4))

    miso.refresh_from_db()
    assert (miso.name, told.value.pet.name, told.value.pet.edition) == ("Miso II", "Miso II", 1)
    assert miso.weights.count() == 0


def test_a_form_from_before_that_would_overwrite_nothing_is_no_trouble(owner, miso):
    first, second = (Pet.objects.get(pk=miso.pk) for _ in range(2))
    actions.change_pet(pet=first, client=owner, edition=0, details={"name": "Miso II"}, now=NOON)

    became = actions.change_pet(pet=second, client=owner, edition=0, details={"name": "Miso II"}, now=NOON)

    assert became.edited == frozenset()


def test_what_was_checked_meanwhile_is_not_the_owners_to_write(willow, owner, vet):
    rex = actions.file_pet(owner=owner, name="Rex", species=Species.DOG, by=owner, now=NOON)
    stale = Pet.objects.get(pk=rex.pk)
    actions.update_pet(pet=rex, by=vet, now=NOON, is_identity_checked=True)

    became = actions.change_pet(
        pet=stale, client=owner, edition=stale.edition, details={"microchip": "985141003276540"}, now=NOON
    )

    rex.refresh_from_db()
    assert (rex.microchip, set(became.asked)) == ("", {"microchip"})


def test_an_edit_notes_todays_weight(owner, miso):
    actions.change_pet(pet=miso, client=owner, edition=0, details={}, now=NOON, kg=Decimal("4.6"))

    assert list(miso.weights.values_list("kg", "weighed_on", "is_owners")) == [(Decimal("4.600"), DAY, True)]


def test_an_owners_edit_is_written_proposed_or_left_alone(willow, owner, miso):
    willow.pet_facts_editing, willow.pet_identity_editing = Editing.EDIT, Editing.REQUEST
    miso.clinic = willow

    became = actions.change_pet(
        pet=miso,
        client=owner,
        edition=0,
        details={"name": "Miso II", "microchip": "985141003276540", "owner_id": 1, "colour": "Tabby"},
        now=NOON,
    )

    miso.refresh_from_db()
    assert (set(became.edited), set(became.asked)) == ({"name"}, {"microchip"})
    assert (miso.name, miso.microchip, miso.owner) == ("Miso II", "", owner)


def test_what_an_owner_may_only_see_is_left_alone_wherever_it_came_from(willow, owner, miso):
    willow.pet_facts_editing = willow.pet_identity_editing = Editing.READ_ONLY
    miso.clinic = willow
    details = {"name": "Rex", "microchip": "985", "notes": "Shy"}

    became = actions.change_pet(pet=miso, client=owner, edition=0, details=details, now=NOON, kg=Decimal(4))

    miso.refresh_from_db()
    assert (set(became.edited), set(became.asked)) == ({"notes"}, set())
    assert (miso.name, miso.microchip, miso.notes, miso.weights.count()) == ("Miso", "", "Shy", 0)


def test_an_edit_from_an_old_form_proposes_nothing_either(willow, owner, miso):
    actions.update_pet(pet=Pet.objects.get(pk=miso.pk), by=None, now=NOON, name="Miso II")

    details = {"name": "Miso", "microchip": "985141003276540"}

    with pytest.raises(actions.ChangedMeanwhile):
        actions.change_pet(pet=miso, client=owner, edition=0, details=details, now=NOON)

    assert miso.change_requests.count() == 0


@pytest.mark.parametrize(("typed", "is_checked"), [("985141003276541", False), ("985141003276540", True)])
def test_a_chip_that_an_owner_writes_is_the_owners_word_again(willow, owner, miso, typed, is_checked):
    willow.pet_identity_editing = Editing.EDIT
    miso.clinic = willow
    actions.update_pet(pet=miso, by=None, now=NOON, microchip="985141003276540")

    actions.change_pet(pet=miso, client=owner, edition=miso.edition, details={"microchip": typed}, now=NOON)

    miso.refresh_from_db()
    assert (miso.microchip, miso.is_identity_checked) == (typed, is_checked)


@pytest.mark.parametrize("act", ["delete", "report", "restore"])
def test_a_form_that_was_opened_before_is_told(owner, miso, act):
    if act == "restore":
        actions.delete_pet(pet=miso, by=owner, now=NOON)
    before = Pet.objects.get(pk=miso.pk).edition

    {
        "delete": lambda: actions.delete_pet(pet=miso, by=owner, now=NOON),
        "report": lambda: actions.report_death(pet=miso, died_on=None, by=owner, now=NOON),
        "restore": lambda: actions.restore_pet(pet=miso, by=owner, now=NOON),
    }[act]()

    assert Pet.objects.get(pk=miso.pk).edition == before + 1
