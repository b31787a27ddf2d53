"""A pet that the practice system says has died, or that its owner deleted meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from pets.client_import.run import import_file
from pets.models import Pet, PetChange, Weight
from pets.signals import pet_removed
from tests import factories
from tests.commands.files import MISO, NADIA, WEIGHT, csv_text, run, write

DEAD = MISO | {"died_on": "2025-06-01"}


@pytest.fixture
def heard():
    """What the apps above would hear: (pet, reason)."""
    told: list[tuple[str, str]] = []

    def hear(sender, *, pet, reason, **more):
        told.append((pet.name, str(reason)))

    pet_removed.connect(hear)
    yield told
    pet_removed.disconnect(hear)


@pytest.fixture
def miso(willow, tmp_path):
    run(write(tmp_path, csv_text(NADIA, MISO)))
    with tenant(willow):
        return Pet.objects.for_clinic(willow).get()


def changes(clinic) -> list[tuple[str, dict[str, list[str]]]]:
    with tenant(clinic):
        return list(PetChange.objects.for_clinic(clinic).order_by("pk").values_list("kind", "details"))


def reviewed(clinic) -> list[str]:
    with tenant(clinic):
        return list(Membership.objects.for_clinic(clinic).order_by("pk").values_list("review_reason", flat=True))


def test_a_death_cancels_visits_and_hands_memberships_to_staff(willow, miso, heard, tmp_path):
    today = timezone.localdate()
    with tenant(willow):
        plan = MembershipPlan.objects.create(clinic=willow, name="Wellness Club")
        bound = {"clinic": willow, "plan": plan, "client": miso.owner, "pet": miso}
        Membership.objects.create(**bound, starts_on=today - timedelta(days=9))
        Membership.objects.create(**bound, starts_on=today - timedelta(days=9), cancel_on=today)

    run(write(tmp_path, csv_text(NADIA, DEAD)))

    assert heard == [("Miso", "pet_deceased")]
    assert reviewed(willow) == ["pet_deceased", ""]
    assert changes(willow) == [("deceased", {})]


def test_the_same_file_again_mourns_no_more(willow, miso, heard, tmp_path):
    path = write(tmp_path, csv_text(NADIA, DEAD))
    run(path)

    run(path)

    assert (len(heard), len(changes(willow))) == (1, 1)


def test_a_corrected_day_of_death_is_an_edit(willow, miso, heard, tmp_path):
    run(write(tmp_path, csv_text(NADIA, DEAD)))

    run(write(tmp_path, csv_text(NADIA, MISO | {"died_on": "2025-06-02"})))

    assert len(heard) == 1
    assert changes(willow)[1:] == [("edited", {"deceased_on": ["2025-06-01", "2025-06-02"]})]


def test_a_pet_that_comes_as_dead_has_nothing_to_cancel(willow, heard, tmp_path):
    run(write(tmp_path, csv_text(NADIA, DEAD)))

    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().deceased_on == date(2025, 6, 1)
    assert (heard, changes(willow)) == ([], [])


def test_an_empty_cell_brings_nobody_back(willow, miso, tmp_path):
    run(write(tmp_path, csv_text(NADIA, DEAD)))

    run(write(tmp_path, csv_text(NADIA, MISO | {"died_on": ""})))

    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().deceased_on == date(2025, 6, 1)


def test_a_deleted_pet_stays_deleted_whatever_the_file_says(willow, miso, tmp_path):
    gone_at = timezone.now()
    with tenant(willow):
        Pet.objects.for_clinic(willow).update(deleted_at=gone_at)

    run(write(tmp_path, csv_text(NADIA, MISO | {"name": "Miso II"})))

    with tenant(willow):
        pet = Pet.objects.for_clinic(willow).get()
    assert (pet.name, pet.deleted_at) == ("Miso II", gone_at)


def test_a_changed_pet_has_another_edition_and_a_line_in_its_history(willow, miso, tmp_path):
    run(write(tmp_path, csv_text(NADIA, MISO | {"breed": "Tabby"})))

    with tenant(willow):
        assert Pet.objects.for_clinic(willow).get().edition == miso.edition + 1
    assert changes(willow) == [("edited", {"breed": ["", "Tabby"]})]


def test_the_clinics_weight_of_a_day_takes_the_place_of_the_owners(willow, miso, tmp_path):
    with tenant(willow):
        Weight.objects.create(clinic=willow, pet=miso, kg="4.2", weighed_on=date(2025, 3, 1), is_owners=True)

    run(write(tmp_path, csv_text(NADIA, MISO, WEIGHT)))

    with tenant(willow):
        assert Weight.objects.for_clinic(willow).get().is_owners is False


def test_unaffected_pets_cost_no_statement_of_their_own(willow, tmp_path):
    factories.create_plan(willow)
    pets = [MISO | {"pet_id": f"P{number}"} for number in range(60)]
    run(write(tmp_path, csv_text(NADIA, *pets)))

    def statements(count: int, breed: str) -> int:
        path = write(tmp_path, csv_text(NADIA, *(pet | {"breed": breed} for pet in pets[:count])))
        with CaptureQueriesContext(connection) as captured:
            run(path)
        return len(captured)

    assert statements(1, "Tabby") == statements(60, "Calico")


def test_deaths_are_counted(willow, miso, tmp_path):
    path = write(tmp_path, csv_text(NADIA, DEAD))

    with tenant(willow):
        tally = import_file(path, clinic=willow, now=timezone.now()).tally

    assert tally is not None
    assert (tally.updated, tally.unchanged, tally.died) == (1, 1, 1)
