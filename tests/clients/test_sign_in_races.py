"""Two hundred tries at once, on real PostgreSQL with real threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client as Browser

from clients.models import Device, SignInCode
from clinics.tenancy import tenant
from tests import factories
from tests.clients import doors

RIVALS = 200
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(client, willow, settings):
    """A browser that asked for a code, at a clinic whose address limit does not get in the way of the race."""
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone)
    return client.cookies["code"].value, doors.newest_code(willow)


def race(willow, cookie, codes):
    def try_one(number_and_code):
        number, code = number_and_code
        browser = Browser(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}")
        browser.cookies["code"] = cookie
        try:
            return doors.enter(browser, willow, code).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=16) as threads:
        return list(threads.map(try_one, enumerate(codes)))


def test_of_200_wrong_guesses_at_once_five_are_compared(willow, asked):
    cookie, code = asked

    statuses = race(willow, cookie, [doors.wrong(code)] * RIVALS)

    assert set(statuses) == {422}
    assert SignInCode.objects.get().tries == 5


def test_of_200_right_codes_at_once_one_signs_in(willow, asked):
    cookie, code = asked

    statuses = race(willow, cookie, [code] * RIVALS)

    assert sorted(set(statuses)) == [302, 422]
    assert statuses.count(302) == 1
    with tenant(willow):
        assert Device.objects.for_clinic(willow).count() == 1
