"""Care that is recorded, and the plans it is given by."""

from datetime import UTC, date, datetime

import pytest

from clinics.tenancy import tenant
from pets import actions
from pets.default_plans import DEFAULT_PLANS
from pets.models import CarePlan, CareRecord, Species
from tests import factories

DAY = date(2026, 4, 11)
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner)


@pytest.fixture(autouse=True)
def _inside(willow, owner, miso):
    """Actions are called inside the clinic; what a test needs besides is made before."""
    with tenant(willow):
        yield


def test_care_is_recorded_as_the_vet_wrote_it(willow, miso):
    plan = factories.create_plan(willow, every_months=36)

    record = actions.record_care(
        by=None, now=NOON, pet=miso, plan=plan, given_on=DAY, valid_until=date(2027, 4, 11), product="Nobivac", lot="A1"
    )

    record.refresh_from_db()
    assert (record.valid_until, record.product, record.lot) == (date(2027, 4, 11), "Nobivac", "A1")


def test_a_record_of_the_practice_system_is_brought_up_to_date(willow, miso):
    plan = factories.create_plan(willow)
    for lot in ("A1", "A2"):
        actions.record_care(
            by=None,
            now=NOON,
            pet=miso,
            plan=plan,
            given_on=DAY,
            valid_until=date(2027, 4, 11),
            external_id="7",
            lot=lot,
        )

    assert list(CareRecord.objects.for_clinic(willow).values_list("external_id", "lot")) == [("7", "A2")]


@pytest.mark.parametrize(("given_at", "is_checked"), [("", True), ("Cray Vets", False)])
def test_care_given_here_vouches_for_the_animal(willow, owner, given_at, is_checked):
    ours = actions.file_pet(owner=owner, name="Rex", species=Species.CAT, by=owner, now=NOON)
    plan = factories.create_plan(willow)

    actions.record_care(by=None, now=NOON, pet=ours, plan=plan, given_on=DAY, valid_until=DAY, given_at_clinic=given_at)

    ours.refresh_from_db()
    assert ours.is_identity_checked is is_checked


def test_records_without_a_number_stand_side_by_side(willow, miso):
    plan = factories.create_plan(willow)
    for _ in range(2):
        actions.record_care(by=None, now=NOON, pet=miso, plan=plan, given_on=DAY, valid_until=date(2027, 4, 11))

    assert CareRecord.objects.for_clinic(willow).count() == 2


def test_a_service_of_another_species_is_refused(willow, miso):
    for_dogs = factories.create_plan(willow, species=Species.DOG)

    with pytest.raises(actions.OtherSpecies):
        actions.record_care(by=None, now=NOON, pet=miso, plan=for_dogs, given_on=DAY, valid_until=DAY)


def test_a_period_that_ends_before_it_begins_is_refused(willow, miso):
    plan = factories.create_plan(willow)

    with pytest.raises(actions.NotAPeriod):
        actions.record_care(by=None, now=NOON, pet=miso, plan=plan, given_on=DAY, valid_until=date(2026, 4, 10))


def test_the_default_plans_are_installed_once_and_leave_what_is_there(willow):
    factories.create_plan(willow, species=Species.CAT, family="rabies", name="Our rabies", is_active=False)

    assert [actions.install_default_plans(clinic=willow) for _ in range(2)] == [len(DEFAULT_PLANS) - 1, 0]

    plans = CarePlan.objects.for_clinic(willow)
    assert plans.count() == len(DEFAULT_PLANS)
    assert plans.filter(name="Our rabies", is_active=False).count() == 1


def test_the_default_plans_are_the_usual_ones(willow):
    actions.install_default_plans(clinic=willow)

    def months(species: str) -> dict[str, int]:
        of_species = CarePlan.objects.for_clinic(willow).filter(species=species)
        return dict(of_species.values_list("family", "every_months"))

    checks = {"wellness-exam": 12, "dental-check": 12, "parasite-prevention": 3}
    assert months("cat") == {"feline-core": 36, "feline-leukaemia": 12, "rabies": 12, **checks}
    assert months("rabbit") == {"myxomatosis-rhd": 12, **checks}
    assert months("ferret") == {"distemper": 12, "rabies": 12, **checks}
    assert months("dog") == {
        "canine-core": 36,
        "leptospirosis": 12,
        "lyme": 12,
        "canine-influenza": 12,
        "kennel-cough": 12,
        "rabies": 12,
        "heartworm-test": 12,
        **checks,
    }
