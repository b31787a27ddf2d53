"""Two hundred tries at once, on real PostgreSQL with real threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest
from django.db import connections
from django.test import Client as Browser

from clients.models import Device, SignInCode
from clinics.tenancy import tenant
from tests import factories
from tests.clients import doors

RIVALS, THREADS = 200, 16
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(client, willow):
    """A browser that asked for a code, at a clinic whose address limit does not get in the way of the race."""
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone)
    return client.cookies["code"].value, doors.newest_code(willow)


def race(willow, cookie, codes):
    """Where each try led, "" for a refusal. A browser for each thread: to make one costs more than a try."""
    own = local()

    def try_one(number_and_code):
        number, code = number_and_code
        browser = own.browser = getattr(own, "browser", None) or Browser()
        browser.cookies["code"] = cookie
        address = f"198.51.{number // 250}.{number % 250}"
        answer = doors.enter(browser, willow, code, headers={"HX-Request": "true"}, REMOTE_ADDR=address)
        return answer.headers.get("HX-Redirect", "")

    def leave(_number):
        everybody.wait()  # So that each thread closes its own connection.
        connections.close_all()

    everybody = Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(try_one, enumerate(codes)))
        list(threads.map(leave, range(THREADS)))
    return answers


def test_of_200_wrong_guesses_at_once_five_are_compared(willow, asked):
    cookie, code = asked

    answers = race(willow, cookie, [doors.wrong(code)] * RIVALS)

    assert set(answers) == {""}
    assert SignInCode.objects.get().tries == 5


def test_of_200_right_codes_at_once_one_signs_in(willow, asked):
    cookie, code = asked

    answers = race(willow, cookie, [code] * RIVALS)

    assert sorted(set(answers)) == ["", "/willow/"]
    assert answers.count("/willow/") == 1
    with tenant(willow):
        assert Device.objects.for_clinic(willow).count() == 1
