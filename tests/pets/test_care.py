"""What is due when: status, reminders and their words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.tenancy import tenant
from pets import care
from pets.care import Reminder, Status
from pets.models import Pet, Species
from tests import factories

TODAY = date(2026, 4, 15)


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


def stand(pet, *, clinic):
    """Status by plan name."""
    with tenant(clinic):
        return {one.plan.name: one.status for one in care.care_of([pet], clinic=clinic, today=TODAY)[pet.pk]}


@pytest.mark.parametrize(
    ("days_left", "status"),
    [(31, Status.CURRENT), (30, Status.DUE_SOON), (0, Status.DUE_SOON), (-1, Status.OVERDUE)],
)
def test_a_record_is_current_due_soon_or_overdue_by_its_own_date(willow, miso, days_left, status):
    plan = factories.create_plan(willow, name="Rabies")
    factories.create_record(miso, plan, valid_until=TODAY + timedelta(days=days_left))

    assert stand(miso, clinic=willow) == {"Rabies": status}


def test_a_plan_without_a_record_is_not_recorded_and_reminds_nobody(willow, miso):
    factories.create_plan(willow, name="Rabies")

    assert stand(miso, clinic=willow) == {"Rabies": Status.NOT_RECORDED}
    with tenant(willow):
        assert care.reminders_of([miso], clinic=willow, today=TODAY) == []


def test_a_newer_dose_supersedes_an_older_one_even_if_it_is_valid_for_less_time(willow, miso):
    plan = factories.create_plan(willow, name="Rabies")
    factories.create_record(miso, plan, given_on=date(2025, 1, 1), valid_until=date(2028, 1, 1))
    factories.create_record(miso, plan, given_on=date(2025, 4, 1), valid_until=date(2026, 4, 1))

    assert stand(miso, clinic=willow) == {"Rabies": Status.OVERDUE}


def test_of_two_records_of_one_day_the_one_written_down_last_counts(willow, miso):
    plan = factories.create_plan(willow, name="Rabies")
    for valid_until in (date(2026, 4, 1), date(2028, 4, 1)):
        factories.create_record(miso, plan, given_on=date(2025, 4, 1), valid_until=valid_until)

    assert stand(miso, clinic=willow) == {"Rabies": Status.CURRENT}


def test_a_dose_of_the_future_does_not_count_yet(willow, miso):
    plan = factories.create_plan(willow, name="Rabies")
    factories.create_record(miso, plan, given_on=date(2062, 1, 1), valid_until=date(2063, 1, 1))

    assert stand(miso, clinic=willow) == {"Rabies": Status.NOT_RECORDED}


def test_a_family_is_the_same_after_the_species_was_corrected(willow, owner):
    for_cats = factories.create_plan(willow, species=Species.CAT, family="rabies", name="Rabies (cat)")
    factories.create_plan(willow, species=Species.DOG, family="rabies", name="Rabies (dog)")
    biscuit = factories.create_pet(owner, species=Species.DOG)
    factories.create_record(biscuit, for_cats, valid_until=date(2027, 1, 1))

    assert stand(biscuit, clinic=willow) == {"Rabies (dog)": Status.CURRENT}


def test_what_a_retired_plan_gave_is_kept_and_no_longer_due(willow, miso):
    retired = factories.create_plan(willow, name="Old vaccine", is_active=False)
    factories.create_record(miso, retired, valid_until=date(2020, 1, 1))

    assert stand(miso, clinic=willow) == {"Old vaccine": Status.NOT_APPLICABLE}
    with tenant(willow):
        assert care.reminders_of([miso], clinic=willow, today=TODAY) == []


def test_the_deceased_and_the_deleted_are_reminded_of_nothing(willow, owner, statements):
    plan = factories.create_plan(willow)
    gone = [
        factories.create_pet(owner, deceased_on=date(2026, 1, 1)),
        factories.create_pet(owner, deleted_at="2026-01-01T00:00Z"),
    ]
    for pet in gone:
        factories.create_record(pet, plan, valid_until=TODAY)

    with tenant(willow), statements(0):
        assert care.care_of(gone, clinic=willow, today=TODAY) == {}


def test_another_clinics_plans_and_records_don_t_count(willow, harbour, miso):
    factories.create_plan(harbour, name="Theirs")

    assert stand(miso, clinic=willow) == {}


def test_vaccines_come_first_and_then_names(willow, miso):
    for name, is_vaccine in (("Dental check", False), ("Rabies", True), ("Core", True)):
        factories.create_plan(willow, name=name, is_vaccine=is_vaccine)

    assert list(stand(miso, clinic=willow)) == ["Core", "Rabies", "Dental check"]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_pets_costs_two_statements(willow, owner, statements, count):
    plan = factories.create_plan(willow)
    pets = [factories.create_pet(owner) for _ in range(count)]
    for pet in pets:
        for days in range(count):
            factories.create_record(pet, plan, valid_until=TODAY - timedelta(days=days))

    with tenant(willow), statements(2):
        reminders = care.reminders_of(pets, clinic=willow, today=TODAY)

    assert {reminder.pet for reminder in reminders} == set(pets)


def test_reminders_begin_with_what_is_still_to_come_and_go_by_date(willow, owner, miso):
    clover = factories.create_pet(owner, name="Clover")
    for pet, days in ((miso, -2), (clover, 20), (miso, 5), (clover, -40), (miso, 90)):
        plan = factories.create_plan(willow, name=f"{days}")
        factories.create_record(pet, plan, valid_until=TODAY + timedelta(days=days))

    with tenant(willow):
        reminders = care.reminders_of([miso, clover], clinic=willow, today=TODAY)

    assert [(reminder.pet, reminder.days) for reminder in reminders] == [
        (miso, 5), (clover, 20), (clover, -40), (miso, -2),
    ]  # fmt: skip


def reminder(days: int) -> Reminder:
    status = Status.OVERDUE if days < 0 else Status.DUE_SOON
    due_on = TODAY + timedelta(days=days)
    return Reminder(pet=Pet(name="Miso"), name="Booster", due_on=due_on, status=status, days=days, plan_id=1)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Due today"),
        (1, "Due tomorrow"),
        (8, "Due in 8 days"),
        (-1, "Overdue by 1 day"),
        (-13, "Overdue by 13 days"),
        (-14, "Overdue by 2 weeks"),
        (-58, "Overdue by 8 weeks"),
        (-59, "Overdue by 2 months"),
        (-365, "Overdue by 12 months"),
        (-729, "Overdue by 23 months"),
        (-731, "Overdue by 2 years"),
    ],
)
def test_how_soon_is_told_in_the_largest_fitting_unit(days, words):
    assert reminder(days).how_soon == words


def test_a_reminder_names_the_day_and_the_year_only_when_it_is_another():
    assert [reminder(days).due for days in (15, -14, -200)] == [
        "Due 30 April", "Was due 1 April", "Was due 27 September 2025",
    ]  # fmt: skip
    assert [reminder(days).pet_and_due for days in (15, -14)] == [
        "Miso · due 30 April", "Miso · was due 1 April",
    ]  # fmt: skip


@given(late=st.integers(1, 5000))
def test_overdue_is_never_told_as_nothing_or_as_one_of_a_larger_unit(late):
    words = care.overdue_text(TODAY - timedelta(days=late), TODAY)

    count, unit = int(words.split()[2]), words.split()[3]
    assert count >= 1
    assert (unit.startswith("day")) == (late < 14)
    assert (count == 1) == (late == 1)


@pytest.mark.parametrize(
    ("days_left", "summary"),
    [
        ([-1, -2, 5], ("bad", "2 reminders overdue")),
        ([5, 90], ("warn", "1 reminder due soon")),
        ([90], ("good", "All up to date")),
        ([90, None], ("good", "Nothing due now")),
        ([None], None),
        ([], None),
    ],
)
def test_one_chip_says_the_most_pressing_thing(willow, miso, days_left, summary):
    for days in days_left:
        plan = factories.create_plan(willow)
        if days is not None:
            factories.create_record(miso, plan, valid_until=TODAY + timedelta(days=days))

    with tenant(willow):
        found = care.summary_of(care.care_of([miso], clinic=willow, today=TODAY)[miso.pk])

    assert (found and (found.tone, found.text)) == summary
