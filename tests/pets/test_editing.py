"""Which of a pet's details its owner edits, proposes to change, or only sees."""

from itertools import product

import pytest

from clinics.models import Clinic, Editing
from pets import editing
from pets.models import Pet

FACTS = {
    "name",
    "breed",
    "sex",
    "neutered",
    "born_on",
    "is_birth_estimated",
    "colour",
    "insurance_company",
    "insurance_policy",
}
IDENTITY = {"species", "microchip"}


def groups(facts, identity, *, is_identity_checked):
    """How the three groups of fields may be changed: facts, identity, the owner's own words."""
    clinic = Clinic(pet_facts_editing=facts, pet_identity_editing=identity)
    rules = editing.rules_for(Pet(clinic=clinic, is_identity_checked=is_identity_checked))
    assert set(rules) == FACTS | IDENTITY | {"notes", "weight"}
    # A figure that an owner tells is marked as such, so there is nothing to propose.
    assert rules["weight"] == (Editing.READ_ONLY if rules["name"] == Editing.READ_ONLY else Editing.EDIT)
    found = [{rules[field] for field in group} for group in (FACTS, IDENTITY, {"notes"})]
    return tuple(rule for (rule,) in found)


@pytest.mark.parametrize(("facts", "identity"), list(product(Editing, Editing)))
def test_each_group_follows_the_clinics_policy(facts, identity):
    found = groups(facts, identity, is_identity_checked=True)

    assert found == (facts, identity, Editing.EDIT)


@pytest.mark.parametrize(("facts", "identity"), list(product(Editing, Editing)))
def test_until_the_clinic_has_seen_the_animal_species_and_chip_need_no_request(facts, identity):
    found = groups(facts, identity, is_identity_checked=False)

    expected = {Editing.EDIT: Editing.EDIT, Editing.REQUEST: Editing.EDIT, Editing.READ_ONLY: Editing.READ_ONLY}
    assert found == (facts, expected[identity], Editing.EDIT)


def test_a_new_clinic_lets_owners_edit_facts_and_propose_identity():
    rules = editing.rules_for(Pet(clinic=Clinic()))

    assert {field for field, rule in rules.items() if rule == Editing.EDIT} == FACTS | {"notes", "weight"}
    assert {field for field, rule in rules.items() if rule == Editing.REQUEST} == IDENTITY


def test_a_policy_as_text_from_the_database_counts_the_same():
    assert groups("read_only", "edit", is_identity_checked=True) == (Editing.READ_ONLY, Editing.EDIT, Editing.EDIT)


def test_what_only_staff_may_write_is_in_no_group():
    staffs = {"owner", "photo", "healthy_from_kg", "healthy_to_kg", "deceased_on", "deleted_at", "external_id"}
    staffs |= {"is_identity_checked", "edition", "clinic", "undo_until", "created_at"}

    assert staffs & set(editing.rules_for(Pet(clinic=Clinic()))) == set()


def test_every_rule_is_about_a_field_of_the_pet():
    columns = {field.name for field in Pet._meta.concrete_fields}

    assert set(editing.rules_for(Pet(clinic=Clinic()))) - {"weight"} <= columns
