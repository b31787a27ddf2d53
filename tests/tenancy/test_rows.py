"""Walls four and five: links and rows, asked of PostgreSQL itself."""

from typing import Any, cast

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import DatabaseError, DataError, IntegrityError, ProgrammingError, connection, models, transaction
from django.test.utils import isolate_apps

from clients.models import Client
from clinics import checks
from clinics.tenancy import ClinicOwned, OneClinicPolicy, SameClinic, WrongTenant, open_clinic_id, tenant
from pets.models import Pet
from tests import factories

OWNED = [model for model in apps.get_models() if issubclass(model, ClinicOwned)]


def test_the_walls_stand(db):
    assert run_checks(databases=["default"]) == []


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_a_table_can_not_be_read_with_no_clinic_open(db, model):
    with pytest.raises((ProgrammingError, DataError)), transaction.atomic():
        list(model.objects.all())


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_raw_sql_sees_the_open_clinic_alone(willow, harbour, model):
    table = connection.ops.quote_name(model._meta.db_table)
    with tenant(harbour), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE clinic_id <> %s", [harbour.pk])  # noqa: S608  # our tables

        assert cursor.fetchone() == (0,)


def test_each_clinic_sees_its_own(willow, harbour):
    ours, theirs = factories.create_owner(willow), factories.create_owner(harbour)

    with tenant(willow):
        seen_at_willow = list(Client.objects.all())
    with tenant(harbour):
        seen_at_harbour = list(Client.objects.all())

    assert (seen_at_willow, seen_at_harbour) == ([ours], [theirs])


def test_a_row_can_not_be_written_for_another_clinic(willow, harbour):
    with pytest.raises(DatabaseError, match="row-level security"), tenant(willow):
        Client.objects.create(clinic=harbour, name="Planted")


def test_a_row_can_not_be_moved_to_another_clinic(willow, harbour):
    owner = factories.create_owner(willow)

    with pytest.raises(DatabaseError, match="row-level security"), tenant(willow):
        Client.objects.for_clinic(willow).filter(pk=owner.pk).update(clinic=harbour)


def test_a_link_into_another_clinic_and_one_to_nobody_are_refused_alike(willow, harbour):
    neighbour = factories.create_owner(harbour)

    refusals = [refusal_of(willow, owner_id) for owner_id in (neighbour.pk, 999_999_999)]

    assert refusals[0] == refusals[1]


def refusal_of(clinic, owner_id):
    """What PostgreSQL says to a pet of this owner, without the row's own values."""
    with pytest.raises(IntegrityError) as refused:
        plant(clinic, owner_id)
    return str(refused.value).split("DETAIL")[0]


def plant(clinic, owner_id):
    with tenant(clinic):
        Pet.objects.create(clinic=clinic, owner_id=owner_id, name="Planted", species="dog")
        connection.check_constraints()


def test_one_clinic_at_a_time(willow, harbour):
    with tenant(willow), pytest.raises(WrongTenant), tenant(harbour):
        pass


def test_the_same_clinic_may_be_opened_within_itself(willow):
    with tenant(willow):
        with tenant(willow):
            pass

        assert open_clinic_id() == willow.pk
        assert Client.objects.count() == 0


def test_nothing_stays_open_after_an_exception(willow):
    with pytest.raises(LookupError), tenant(willow):
        raise LookupError

    with pytest.raises(WrongTenant):
        open_clinic_id()
    with pytest.raises((ProgrammingError, DataError)), transaction.atomic():
        Client.objects.count()


def test_a_model_without_walls_is_noticed():
    with isolate_apps("pets"):

        class Nobody(models.Model):
            class Meta:
                app_label = "pets"

        class Unprotected(ClinicOwned):
            pet = models.ForeignKey("pets.Pet", on_delete=models.PROTECT)

            class Meta:
                app_label = "pets"
                constraints = []

        cast(Any, Unprotected._meta.get_field("pet")).remote_field.model = Pet
        faults = [fault.id for model in (Nobody, Unprotected) for fault in checks._faults(model)]

    assert faults == ["tenancy.E001", "tenancy.E002", "tenancy.E003"]


def test_an_unprotected_table_is_noticed(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id bigint, clinic_id bigint)")

    assert [(fault.id, fault.msg.split()[0]) for fault in checks.database_faults()] == [("tenancy.E005", "forgotten")]


def test_a_policy_with_a_way_round_is_noticed(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE POLICY bypass ON pets_pet USING (true)")

    assert [fault.msg.split()[0] for fault in checks.database_faults()] == ["pets_pet"]


def test_the_role_is_an_ordinary_one(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")

        assert cursor.fetchone() == (False, False)


def test_unique_constraints_never_reach_across_clinics():
    def is_within(field):
        """The clinic itself, or a row that is one clinic's: an id that no other clinic can hold."""
        return field.name == "clinic" or (field.related_model and issubclass(field.related_model, ClinicOwned))

    crossing = []
    for model in OWNED:
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                first = model._meta.get_field(constraint.fields[0])
                crossing += [] if is_within(first) else [constraint.name]
        alone = [field for field in model._meta.local_fields if field.unique and not field.primary_key]
        crossing += [field.name for field in alone if not is_within(field)]

    assert crossing == []


def test_constraints_know_themselves():
    assert OneClinicPolicy(name="a") == OneClinicPolicy(name="a") != OneClinicPolicy(name="b")
    assert SameClinic("pet", name="a") == SameClinic("pet", name="a") != SameClinic("owner", name="a")
    assert SameClinic("pet", name="a").deconstruct()[1:] == (("pet",), {"name": "a"})
