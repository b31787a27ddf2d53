"""Wall five on a shared connection: nobody's clinic is left behind for the next."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from clients.models import Client
from clinics.models import Clinic, ClinicState
from clinics.tenancy import tenant, tenant_opened
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_twelve_clinics_take_turns_on_four_connections():
    clinics = [factories.create_clinic() for _number in range(12)]
    own = {clinic.pk: factories.create_owner(clinic).pk for clinic in clinics}

    def visit(clinics_in_turn):
        foreign = 0
        for clinic in clinics_in_turn:
            with tenant(clinic):
                foreign += [row.pk for row in Client.objects.all()] != [own[clinic.pk]]
        connections.close_all()
        return foreign

    turns = [random.choices(clinics, k=50) for _thread in range(4)]
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(visit, turns)) == 0


def test_no_clinic_is_left_on_the_connection_after_a_request(client):
    willow = factories.create_clinic("willow")
    factories.sign_in(client, factories.create_owner(willow))
    client.get("/willow/account/")

    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SELECT current_setting('app.clinic_id', true)")

        assert cursor.fetchone()[0] in {None, ""}


def test_what_runs_after_the_commit_has_no_clinic(client):
    willow = factories.create_clinic("willow")
    seen = []
    with tenant(willow):
        transaction.on_commit(lambda: seen.append(_setting()))

    assert seen[0] in {None, ""}


def _setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.clinic_id', true)")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("slug", "host"), [("harbour", "testserver"), ("suspended", "testserver"), ("harbour", "pets.willow.example.com")]
)
def test_an_address_opens_its_own_clinic_or_none(slug, host):
    factories.create_clinic("willow", host="pets.willow.example.com")
    harbour = factories.create_clinic("harbour")
    factories.create_clinic("suspended", state=ClinicState.SUSPENDED)
    expected = harbour if (slug, host) == ("harbour", "testserver") else None

    with tenant_opened(lambda: Clinic.objects.open_at(slug=slug, host=host)) as clinic:
        assert clinic == expected
        assert (_setting() or None) == (str(harbour.pk) if expected else None)
