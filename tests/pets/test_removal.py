"""When a pet leaves its owner's list, and how it comes back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan, Status
from pets import actions
from pets.models import Pet, PetChange
from pets.signals import pet_removed, pet_restored
from tests import factories

NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)
TODAY = date(2026, 4, 11)
DAY = timedelta(days=1)
UNDO = NOON + timedelta(days=30)
# One membership of each status on that day (domain rules: four of them block).
TERMS = {
    Status.PENDING: {"starts_on": TODAY + DAY},
    Status.ACTIVE: {"starts_on": TODAY},
    Status.SUSPENDED: {"starts_on": TODAY - DAY, "suspended_on": TODAY},
    Status.FROZEN: {"starts_on": TODAY - DAY, "frozen_on": TODAY, "frozen_until": TODAY + DAY},
    Status.PENDING_CANCELLATION: {"starts_on": TODAY - DAY, "cancel_on": TODAY + DAY},
    Status.CANCELLED: {"starts_on": TODAY - DAY, "cancel_on": TODAY},
    Status.EXPIRED: {"starts_on": TODAY - 2 * DAY, "ends_on": TODAY - DAY},
}
BLOCKING = [Status.ACTIVE, Status.SUSPENDED, Status.FROZEN, Status.PENDING_CANCELLATION]
HARMLESS = [Status.PENDING, Status.CANCELLED, Status.EXPIRED]


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso", born_on=date(2021, 5, 12))


@pytest.fixture(autouse=True)
def _inside(willow, owner, miso, vet):
    with tenant(willow):
        yield


@pytest.fixture
def news(_inside):
    """What the apps above hear."""
    heard = []

    def listen(sender, *, pet, now, signal, reason="restored"):
        heard.append((pet.pk, str(reason), now))

    pet_removed.connect(listen)
    pet_restored.connect(listen)
    yield heard
    pet_removed.disconnect(listen)
    pet_restored.disconnect(listen)


def join(owner, pet: Pet | None, status: Status) -> Membership:
    """Without a pet it is the household's."""
    plan, _is_new = MembershipPlan.objects.get_or_create(clinic=owner.clinic, name="Wellness Club")
    membership = Membership.objects.create(clinic=owner.clinic, plan=plan, client=owner, pet=pet, **TERMS[status])
    assert membership.status(today=TODAY) == status
    return membership


def standing(pet: Pet) -> Any:
    on_file = Pet.objects.get(pk=pet.pk)
    return (on_file.deleted_at, on_file.deceased_on, on_file.undo_until)


def kinds(pet: Pet) -> list[str]:
    return list(PetChange.objects.filter(pet=pet).order_by("id").values_list("kind", flat=True))


def test_a_deleted_pet_leaves_the_list_and_stays_on_file(owner, miso, news):
    actions.delete_pet(pet=miso, by=owner, now=NOON)

    assert (standing(miso), kinds(miso)) == ((NOON, None, UNDO), ["deleted"])
    assert list(Pet.objects.for_client(owner)) == []
    assert news == [(miso.pk, "pet_removed", NOON)]


def test_a_deceased_pet_is_remembered_in_the_list(owner, miso, news):
    actions.delete_pet(pet=miso, by=owner, now=NOON, is_deceased=True)

    assert (standing(miso), kinds(miso)) == ((None, TODAY, UNDO), ["deceased"])
    assert list(Pet.objects.for_client(owner)) == [miso]
    assert news == [(miso.pk, "pet_deceased", NOON)]


@pytest.mark.parametrize("is_deceased", [False, True])
@pytest.mark.parametrize("status", BLOCKING)
def test_a_membership_in_place_refuses_before_anything_is_touched(owner, miso, news, status, is_deceased):
    membership = join(owner, miso, status)

    with pytest.raises(actions.MembershipInPlace) as refusal:
        actions.delete_pet(pet=miso, by=owner, now=NOON, is_deceased=is_deceased)

    membership.refresh_from_db()
    assert str(refusal.value) == (
        "This pet cannot be deleted because there is an active membership in place. "
        "Please contact the business directly."
    )
    assert (standing(miso), kinds(miso), news, membership.review_asked_at) == ((None, None, None), [], [], None)


@pytest.mark.parametrize("is_deceased", [False, True])
@pytest.mark.parametrize("status", HARMLESS)
def test_any_other_membership_does_not_stand_in_the_way(owner, miso, status, is_deceased):
    membership = join(owner, miso, status)

    actions.delete_pet(pet=miso, by=owner, now=NOON, is_deceased=is_deceased)

    membership.refresh_from_db()
    reason = {False: "pet_deleted", True: "pet_deceased"}[is_deceased] if status == Status.PENDING else ""
    assert (membership.review_reason, membership.review_asked_at) == (reason, NOON if reason else None)


@pytest.mark.parametrize("whose", ["household", "another"])
def test_a_membership_of_the_household_or_of_another_pet_does_not_block(owner, miso, whose):
    with tenant(miso.clinic_id):
        other = Pet.objects.create(clinic=miso.clinic, owner=owner, name="Biscuit", species="dog")
    join(owner, other if whose == "another" else None, Status.ACTIVE)

    actions.delete_pet(pet=miso, by=owner, now=NOON)

    assert standing(miso)[0] == NOON


def test_the_guard_counts_days_of_the_clinic(willow, owner, miso):
    willow.time_zone = "Pacific/Auckland"
    willow.save()
    miso.clinic = willow
    plan = MembershipPlan.objects.create(clinic=willow, name="Club")
    Membership.objects.create(clinic=willow, plan=plan, client=owner, pet=miso, starts_on=TODAY - DAY, ends_on=TODAY)

    # At noon in London the 12th has begun in Auckland, so the membership is over.
    actions.delete_pet(pet=miso, by=owner, now=NOON)

    assert standing(miso)[0] == NOON


@pytest.mark.parametrize("status", [*BLOCKING, Status.PENDING])
def test_a_death_is_reported_whatever_the_membership_which_goes_to_staff(owner, miso, news, status):
    membership = join(owner, miso, status)

    actions.report_death(pet=miso, died_on=date(2026, 4, 9), by=owner, now=NOON)

    membership.refresh_from_db()
    assert standing(miso) == (None, date(2026, 4, 9), UNDO)
    assert (membership.review_reason, membership.review_asked_at) == ("pet_deceased", NOON)
    assert news == [(miso.pk, "pet_deceased", NOON)]


def test_a_death_reported_twice_stands_as_it_was_first(owner, miso, news):
    actions.report_death(pet=miso, died_on=date(2026, 4, 9), by=owner, now=NOON)

    actions.report_death(pet=miso, died_on=None, by=owner, now=NOON + DAY)

    assert (standing(miso), len(news)) == ((None, date(2026, 4, 9), UNDO), 1)


def test_of_a_deleted_pet_its_owner_reports_nothing_more(owner, vet, miso):
    actions.delete_pet(pet=miso, by=owner, now=NOON)

    actions.report_death(pet=miso, died_on=None, by=owner, now=NOON + 29 * DAY)
    by_owner = standing(miso)
    actions.report_death(pet=miso, died_on=TODAY, by=vet, now=NOON + 29 * DAY)

    assert (by_owner, standing(miso)[:2]) == ((NOON, None, UNDO), (NOON, TODAY))


def test_nobody_dies_before_being_born(owner, miso):
    with pytest.raises(actions.NotALifespan):
        actions.report_death(pet=miso, died_on=date(2021, 5, 11), by=owner, now=NOON)

    assert standing(miso) == (None, None, None)


def test_deleting_twice_changes_nothing(owner, miso, news):
    for now in (NOON, NOON + DAY):
        actions.delete_pet(pet=miso, by=owner, now=now)

    assert (standing(miso)[0], kinds(miso), len(news)) == (NOON, ["deleted"], 1)


@pytest.mark.parametrize("is_deceased", [False, True])
def test_an_owner_takes_it_back_within_thirty_days(owner, miso, news, is_deceased):
    membership = join(owner, miso, Status.PENDING)
    actions.delete_pet(pet=miso, by=owner, now=NOON, is_deceased=is_deceased)

    actions.restore_pet(pet=miso, by=owner, now=NOON + timedelta(days=30) - timedelta(seconds=1))

    membership.refresh_from_db()
    assert (standing(miso), kinds(miso)[-1], news[-1][1]) == ((None, None, None), "restored", "restored")
    assert (membership.review_asked_at, membership.review_reason) == (None, "")


@pytest.mark.parametrize("is_deceased", [False, True])
def test_after_thirty_days_only_the_clinic_can(owner, vet, miso, is_deceased):
    actions.delete_pet(pet=miso, by=owner, now=NOON, is_deceased=is_deceased)
    late = NOON + timedelta(days=30)

    with pytest.raises(actions.TooLateToRestore):
        actions.restore_pet(pet=miso, by=owner, now=late)
    actions.restore_pet(pet=miso, by=vet, now=late)

    assert standing(miso) == (None, None, None)


def test_a_death_that_the_clinic_noted_is_not_the_owners_to_take_back(owner, vet, miso):
    actions.report_death(pet=miso, died_on=TODAY, by=vet, now=NOON)

    with pytest.raises(actions.TooLateToRestore):
        actions.restore_pet(pet=miso, by=owner, now=NOON)

    assert standing(miso) == (None, TODAY, None)


def test_what_the_clinic_deleted_is_not_the_owners_to_take_back(owner, vet, miso):
    actions.delete_pet(pet=miso, by=vet, now=NOON)

    with pytest.raises(actions.TooLateToRestore):
        actions.restore_pet(pet=miso, by=owner, now=NOON)

    assert (standing(miso), list(Pet.objects.removed_by(owner, now=NOON))) == ((NOON, None, None), [])


def test_restoring_a_living_pet_changes_nothing(owner, miso, news):
    actions.restore_pet(pet=miso, by=owner, now=NOON)

    assert (kinds(miso), news) == ([], [])
