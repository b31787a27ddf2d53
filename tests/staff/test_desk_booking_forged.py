"""Booking for a client at the desk: choices posted by hand, and rows that are gone."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from bookings.models import Appointment
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import frozen
from tests.bookings.visits import NOON
from tests.staff.desk_pages import BOOK, visits_of
from tests.staff.rows import listing, staff

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def asked(nadia, miso, check, okafor):
    return {"client": nadia.pk, "pets": miso.pk, "service": check.pk, "person": okafor.pk}


def typed(asked, **fields):
    return asked | {"key": str(uuid4()), "on": "2026-04-23", "other": "", "note": ""} | fields


@pytest.mark.parametrize("field", ["client", "pets", "service", "person"])
@pytest.mark.parametrize("value", ["foreign", "x", "\0", "-1", "9" * 30])
def test_a_forged_choice_is_refused(desk, willow, harbour, asked, field, value):
    theirs = factories.create_owner(harbour)
    person = visits.create_person(harbour)
    rows = {"client": theirs, "pets": factories.create_pet(theirs), "person": person}
    rows["service"] = visits.create_service(harbour, person)
    forged = {field: rows[field].pk if value == "foreign" else value}

    response = desk.post(BOOK, typed(asked, picked="2026-04-23T09:15:00+01:00") | forged)

    assert response.status_code == 422
    form = response.context["whom" if field == "client" else "visit"]
    assert list(form.errors) == [field]
    assert visits_of(willow) == []


@pytest.mark.parametrize("fields", [{"deceased_on": date(2026, 1, 1)}, {"deleted_at": NOON}])
def test_a_pet_that_is_gone_gets_no_visit(desk, willow, asked, nadia, fields):
    gone = factories.create_pet(nadia, **fields)

    response = desk.post(BOOK, typed(asked | {"pets": gone.pk}, picked="2026-04-23T09:15:00+01:00"))

    assert list(response.context["visit"].errors) == ["pets"]
    assert visits_of(willow) == []


def test_an_archived_client_gets_no_visit(desk, willow, asked, nadia):
    with tenant(willow):
        type(nadia).objects.for_clinic(willow).update(archived_at=NOON)

    response = desk.post(BOOK, typed(asked, picked="2026-04-23T09:15:00+01:00"))

    assert list(response.context["whom"].errors) == ["client"]


def test_a_vet_does_not_book(client, willow, asked):
    staff(client, willow, Role.VET)

    assert [client.get(BOOK).status_code, client.post(BOOK, typed(asked)).status_code] == [403, 403]
    assert listing(Appointment, "add") == BOOK
