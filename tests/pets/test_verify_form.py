"""Typing a card's code; what a code is; and the keys that a clinic publishes."""

from urllib.parse import urlencode

import pytest

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions
from pets.id_card import tokens
from tests import factories
from tests.pets import cards
from tests.pets.cards import NOON

TOKEN = "C-7K4R2XD0ABCD1234"


@pytest.mark.parametrize(
    "typed",
    [TOKEN, "c-7k4r-2xd0-abcd-1234", " C 7K4R 2XDO ABCD I234 ", "C7K4R2XDOABCDL234", "C–7K4R–2XD0–ABCD–1234"],
)
def test_a_code_is_read_as_people_type_it(typed):
    token = tokens.read(typed)

    assert (token and token.text, token and token.clinic_id) == (TOKEN, 12)


@pytest.mark.parametrize(
    "typed",
    ["", "C", "7K4R2XD0ABCD1234", f"{TOKEN}U", "C-7K4R2XD0ABCD123U", "123456789" + TOKEN, "\0", "C-" + "😺" * 16],
)
def test_anything_else_is_no_code(typed):
    assert tokens.read(typed) is None


@pytest.mark.parametrize("clinic_id", [1, 31, 32, 1023, 1024, 2**40 - 1])
def test_a_new_code_names_its_clinic(clinic_id):
    text = tokens.new_token(clinic_id)

    assert tokens.read(text) == tokens.Token(text, clinic_id)
    assert tokens.read(tokens.grouped(text)) == tokens.Token(text, clinic_id)


def test_no_two_codes_are_alike():
    assert len({tokens.new_token(1) for _card in range(1000)}) == 1000


def test_a_typed_code_leads_to_its_page(client, db, statements):
    with statements(0):
        response = client.get("/verify/", {"code": "c-7k4r 2xdo-abcd-1234"})

    assert (response.status_code, response["Location"]) == (302, f"/verify/{TOKEN}/")


def test_the_form_asks_for_a_code(client, db):
    response = client.get("/verify/")

    assert (response.status_code, response["X-Robots-Tag"], dict(response.cookies)) == (200, "noindex", {})
    assert response.content.decode().count('name="code"') == 1


@pytest.mark.parametrize("typed", ["", "nothing like it", "\0", "7" * 10_000, "<b>", "…"])
def test_what_is_no_code_is_said_beside_the_field(client, db, typed):
    response = client.get(f"/verify/?{urlencode({'code': typed})}")

    html = response.content.decode()
    assert (response.status_code, len(response.context["form"].errors["code"])) == (422, 1)
    assert ("<title>Error: " in html, "<b>" in html) == (True, False)


def test_a_clinics_keys_are_published_for_checkers_anywhere(client, willow):
    kids = [cards.publish(willow)[0] for _key in range(2)]

    response = client.get("/willow/.well-known/jwks.json")

    (newest, _older) = keys = response.json()["keys"]
    assert [key["kid"] for key in keys] == kids[::-1]
    assert sorted(newest) == ["alg", "crv", "kid", "kty", "use", "x"]
    assert (response["Content-Type"], response["Cache-Control"], response["Access-Control-Allow-Origin"]) == (
        "application/jwk-set+json",
        "public, max-age=3600",
        "*",
    )


def test_a_revoked_key_is_published_no_longer(client, willow):
    kid, _private_key = cards.publish(willow)
    with tenant(willow):
        actions.revoke_key(clinic=willow, kid=kid, now=NOON)

    assert client.get("/willow/.well-known/jwks.json").json() == {"keys": []}


def test_a_clinic_publishes_its_own_keys_only(client, willow, harbour):
    cards.publish(harbour)

    assert client.get("/willow/.well-known/jwks.json").json() == {"keys": []}


def test_a_clinic_without_cards_publishes_none(client, willow):
    cards.publish(willow)
    Clinic.objects.filter(pk=willow.pk).update(has_pet_cards=False)

    assert client.get("/willow/.well-known/jwks.json").status_code == 404


def test_a_card_is_found_by_its_printed_code(client, willow):
    card = cards.open_card(factories.create_pet(factories.create_owner(willow)))

    response = client.get("/verify/", {"code": tokens.grouped(card.token)}, follow=True)

    assert (response.status_code, response.context["card"]) == (200, card)
