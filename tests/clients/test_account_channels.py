"""The two switches of the Account page (R98, R99)."""

import pytest

from clients.models import Client
from clinics.tenancy import tenant
from tests import factories

ADDRESS = "/willow/account/messages/"


@pytest.fixture
def owner(willow, client):
    owner = factories.create_owner(willow)
    factories.sign_in(client, owner)
    return owner


def choice_of(owner):
    with tenant(owner.clinic):
        return Client.objects.values_list("accepts_texts", "accepts_emails").get(pk=owner.pk)


@pytest.mark.parametrize(
    ("ticked", "chosen"),
    [({"texts": "on"}, (True, False)), ({"emails": "on"}, (False, True)), ({}, (False, False))],
)
def test_what_is_ticked_is_what_is_sent(client, owner, ticked, chosen):
    response = client.post(ADDRESS, ticked)

    assert (response.status_code, response["Location"]) == (302, "/willow/account/")
    assert choice_of(owner) == chosen


def test_the_page_shows_how_it_stands(client, owner):
    client.post(ADDRESS, {"texts": "on"})

    html = client.get("/willow/account/").content.decode()

    assert html.count('role="switch"') == 2
    assert 'name="texts" checked' in html
    assert 'name="emails" checked' not in html


def test_a_contact_that_is_not_on_file_has_no_switch_and_keeps_its_choice(client, willow):
    owner = factories.create_owner(willow, email="")
    factories.sign_in(client, owner)

    client.post(ADDRESS, {"texts": "on", "emails": "on"})

    assert choice_of(owner) == (True, True)
    assert client.get("/willow/account/").content.decode().count('role="switch"') == 1


def test_a_stranger_is_sent_to_sign_in_and_looking_changes_nothing(client, willow):
    assert client.post(ADDRESS, {"texts": "on"})["Location"].startswith("/willow/sign-in/")
    assert client.get(ADDRESS).status_code == 405
