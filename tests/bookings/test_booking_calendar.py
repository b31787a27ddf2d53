"""The page of the private address: it is copied by a button where a script runs."""

import re

import pytest

from tests import factories
from tests.bookings.mine import ADDRESS, frozen

clock = pytest.fixture(autouse=True)(frozen)


def test_the_new_address_has_a_button_that_the_script_shows(client, owner):
    factories.sign_in(client, owner)

    before = client.get(f"{ADDRESS}calendar/").content.decode()
    made = client.post(f"{ADDRESS}calendar/", {"do": "make"}).content.decode()

    (button,) = re.findall(r"<button[^>]*data-copy[^>]*>", made)
    assert re.findall(r'data-copy="([^"]+)"', button) == re.findall(r'<input class="in" id="([^"]+)"', made)
    assert (" hidden>" in button, "js/bookings" in made, "data-copy" in before) == (True, True, False)
