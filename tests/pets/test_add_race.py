"""**Save Pet** tapped many times at once, on real PostgreSQL with real threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from tests import factories
from tests.pets.profiles import pets_of, typed

TAPS = 8
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_form_that_is_sent_many_times_at_once_files_one_pet(willow):
    owner = factories.create_owner(willow)
    browsers = [Browser() for _ in range(TAPS)]
    for browser in browsers:
        factories.sign_in(browser, owner)
    opened = str(browsers[0].get("/willow/pets/add/").context["form"]["opened"].value())
    together = Barrier(TAPS)

    def tap(browser):
        together.wait()
        status = browser.post("/willow/pets/add/", typed(opened=opened)).status_code
        together.wait()
        connections.close_all()
        return status

    with ThreadPoolExecutor(TAPS) as threads:
        statuses = list(threads.map(tap, browsers))

    assert (statuses, [pet.name for pet in pets_of(owner)]) == ([303] * TAPS, ["Clover"])
