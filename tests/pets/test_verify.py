"""The public page of a card: what a stranger is told, and that it is the least."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from clinics.models import Clinic, ClinicState
from clinics.tenancy import tenant
from pets import actions
from pets.id_card import tokens
from pets.models import CardCheck, Pet
from tests import factories
from tests.pets import cards
from tests.pets.cards import NOON, TODAY

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, name="Nadia Brennan", phone="+447700900123", email="nadia@example.com")


@pytest.fixture
def card(owner, willow):
    pet = cards.create_miso(owner)
    pet.clinic = willow
    cards.give(pet, "Feline core (FVRCP)", days=19)
    cards.give(pet, "Rabies", days=518, given_at_clinic="Riverside Vets")
    return cards.open_card(pet)


def checked(card) -> list[str]:
    with tenant(card.clinic):
        return list(CardCheck.objects.for_clinic(card.clinic).order_by("id").values_list("answer", flat=True))


def look(browser, token: str):
    return browser.get(f"/verify/{token}/")


def test_a_card_in_force_is_genuine(client, card):
    response = look(client, card.token)

    html, seen = response.content.decode(), response.context["seen"]
    assert response.status_code == 200
    assert (seen.name, seen.line, seen.chip_end) == (
        "Miso",
        "Cat · Domestic shorthair · Brown tabby · born 2021",
        "6540",
    )
    assert [(one.name, one.until, one.source) for one in seen.services] == [
        ("Feline core (FVRCP)", "30 April 2026", ""),
        ("Rabies", "11 September 2027", "Riverside Vets"),
    ]
    assert "<h1>This card is genuine</h1>" in html
    assert "Checked just now, Saturday 11 April 2026 at 13:00 BST." in html
    assert html.count("Not a rabies certificate.") == html.count('href="tel:+441632960418"') == 1


def test_nobodys_name_number_or_photo_is_on_it(client, card):
    html = look(client, card.token).content.decode()

    told = ["Nadia", "Brennan", "900123", "nadia@", "985141003", "985 141", "/photo/", f"/pets/{card.pet_id}"]
    assert [part for part in told if part in html] == []


def test_the_page_is_kept_nowhere_and_needs_no_cookie(client, card):
    response = look(client, card.token)

    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin"
    assert dict(response.cookies) == {}
    assert response.content.decode().count("<script") == 0


def test_what_the_owner_hides_is_hidden_here_too(client, card):
    cards.choose(card, ["photo"])

    seen = look(client, card.token).context["seen"]

    assert (seen.line, seen.chip_end) == ("Cat", "")


def test_services_are_as_they_are_now(client, card):
    with time_machine.travel(NOON + timedelta(days=20)):
        seen = look(client, card.token).context["seen"]

    assert [one.name for one in seen.services] == ["Rabies"]


def test_without_services_and_unchecked_it_says_so(client, owner, willow):
    bare = cards.open_card(factories.create_pet(owner, is_identity_checked=False, microchip="0A12345678"))
    Clinic.objects.filter(pk=willow.pk).update(phone="", issues_rabies_certificates=True)

    response = look(client, bare.token)

    html = response.content.decode()
    assert response.context["seen"].chip_end == "5678"
    assert html.count("No current services on the clinic’s file.") == html.count("as the owner told them") == 1
    assert ("Not a rabies certificate" in html, "tel:" in html) == (False, False)


def test_an_expired_card_says_when_and_nothing_of_the_pet(client, card):
    cards.choose(card, [], TODAY + timedelta(days=1))

    with time_machine.travel(datetime(2026, 4, 12, 22, 59, tzinfo=UTC)):
        last_minute = look(client, card.token).content.decode()
    with time_machine.travel(datetime(2026, 4, 12, 23, 1, tzinfo=UTC)):
        html = look(client, card.token).content.decode()

    assert "<h1>This card is genuine</h1>" in last_minute
    assert "<h1>This card has expired</h1>" in html
    assert "was good until 12 April 2026" in html
    assert [word for word in ("Miso", "Rabies", "Cat", "540") if word in html] == []
    assert checked(card) == ["current", "expired"]


def gone(**fields):
    return lambda card: Pet.objects.for_clinic(card.clinic).filter(pk=card.pet_id).update(**fields)


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(lambda card: actions.withdraw_card(card=card, now=NOON), id="withdrawn"),
        pytest.param(gone(deleted_at=NOON), id="deleted"),
        pytest.param(gone(deceased_on=date(2026, 4, 1)), id="died"),
        pytest.param(lambda card: Clinic.objects.filter(pk=card.clinic_id).update(has_pet_cards=False), id="off"),
    ],
)
def test_a_card_that_is_over_is_no_longer_confirmed_whatever_the_reason(client, card, happens):
    with tenant(card.clinic):
        happens(card)

    response = look(client, card.token)

    html = response.content.decode()
    assert (response.status_code, checked(card)) == (200, ["withdrawn"])
    assert "<h1>This card is no longer confirmed</h1>" in html
    assert [word for word in ("Miso", "Rabies", "Cat", "540", "died", "deceased", "deleted") if word in html] == []


def test_a_withdrawn_card_stays_withdrawn_when_there_is_a_new_one(client, card):
    cards.withdraw(card)
    with tenant(card.clinic):
        new = actions.make_new_card(pet=card.pet, now=NOON)

    pages = [look(client, one.token).content.decode() for one in (card, new)]

    assert ["genuine</h1>" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    "token", ["1-0000000000000000", "ZZZZZZZZ-0000000000000000", "hello", "%00", "a%00b", "%F0%9F%90%88"]
)
def test_an_unknown_code_is_not_found_and_may_be_typed_again(client, card, token):
    response = look(client, token)

    html = response.content.decode()
    assert response.status_code == 404
    assert "<h1>No card has this code</h1>" in html
    assert html.count('name="code"') == 1
    assert (str(card.clinic) in html, checked(card)) == (False, [])


def test_ten_thousand_characters_are_no_code(client, db):
    assert look(client, "7" * 10_000).status_code == 404


def test_a_code_is_worth_nothing_at_another_clinic(client, card, harbour):
    elsewhere = tokens.new_token(harbour.pk).split("-")[0] + "-" + card.token.split("-")[1]

    assert look(client, elsewhere).status_code == 404


def test_a_suspended_clinic_confirms_nothing(client, card):
    Clinic.objects.filter(pk=card.clinic_id).update(state=ClinicState.SUSPENDED)

    assert look(client, card.token).status_code == 404


def test_a_code_is_read_as_people_type_it(client, card):
    assert look(client, tokens.grouped(card.token).lower().replace("-", " ").replace("0", "o")).status_code == 200
