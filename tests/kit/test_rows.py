"""Hand-written statements give the instances that the ORM would have given."""

import pytest
from django.db import connection
from django.db.models import Model

from clients.models import Client, Device
from clinics.models import Clinic
from clinics.tenancy import tenant
from portal.kit import rows
from tests import factories


def state_of(row: Model) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.mark.parametrize("model", [Clinic, Client, Device])
def test_an_instance_of_a_row_is_the_orms(client, willow, model):
    factories.sign_in(client, factories.create_owner(willow))
    with tenant(willow), connection.cursor() as cursor:
        cursor.execute(f"SELECT {rows.columns(model)} FROM {model._meta.db_table}")  # noqa: S608  Names of ours.
        found = rows.instance(model, cursor.fetchone())
        expected = model._base_manager.get()

    assert state_of(found) == state_of(expected)
    assert (found._state.adding, found._state.db) == (False, expected._state.db)
