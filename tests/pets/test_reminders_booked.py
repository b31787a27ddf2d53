"""What is due on a pet's page, with its next step: booked already, to be booked here, or a call."""

from datetime import date, timedelta

import pytest
import time_machine

from bookings.models import Mode, ServicePlan
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import links, main_of
from tests.bookings.visits import NOON, at, book

TODAY = date(2026, 4, 15)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def okafor(willow):
    return visits.create_person(willow, "Dr Amara Okafor")


@pytest.fixture
def check(willow, okafor):
    return visits.create_service(willow, okafor, name="Health check")


def page(browser, pet):
    return browser.get(f"/willow/pets/{pet.pk}/")


@pytest.fixture
def booster(willow, miso):
    plan = factories.create_plan(willow, name="Booster")
    factories.create_record(miso, plan, valid_until=TODAY + timedelta(days=15))
    return plan


def takes_care_of(service, plan):
    with tenant(service.clinic_id):
        ServicePlan.objects.create(clinic_id=service.clinic_id, service=service, plan=plan)


def test_what_is_due_can_be_booked_where_a_service_takes_care_of_it(signed_in, miso, check, booster):
    takes_care_of(check, booster)

    response = page(signed_in, miso)

    assert links(response, "Book Booster") == [f"/willow/bookings/new/?pet={miso.pk}&service={check.pk}"]
    assert links(response, "Call") == []


@pytest.mark.usefixtures("check", "booster")
def test_what_no_service_takes_care_of_opens_new_booking_for_the_pet(signed_in, miso):
    assert links(page(signed_in, miso), "Book Booster") == [f"/willow/bookings/new/?pet={miso.pk}"]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"mode": Mode.PHONE}])
def test_what_cannot_be_booked_here_is_called_about(signed_in, willow, miso, okafor, booster, fields):
    takes_care_of(visits.create_service(willow, okafor, **fields), booster)

    response = page(signed_in, miso)

    assert (links(response, "Book"), links(response, "Call")) == ([], ["tel:+441632960418"])


def test_what_is_booked_says_for_when(signed_in, willow, owner, miso, check, booster):
    takes_care_of(check, booster)
    book(owner, check, at(willow, "2026-04-23 09:15"), miso)

    response = page(signed_in, miso)

    assert "Booster Due 30 April Booked for 23 April" in main_of(response)
    assert links(response, "Book Booster") == []
