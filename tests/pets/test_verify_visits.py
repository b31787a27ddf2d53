"""Visits to a card's public page: which are noted, how many there may be, and in whose language and time."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from clinics.tenancy import tenant
from pets.models import CardCheck
from tests import factories
from tests.pets import cards
from tests.pets.cards import NOON

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def card(owner, willow):
    pet = cards.create_miso(owner)
    pet.clinic = willow
    return cards.open_card(pet)


def checked(card) -> list[str]:
    with tenant(card.clinic):
        return list(CardCheck.objects.for_clinic(card.clinic).order_by("id").values_list("answer", flat=True))


def look(browser, token: str, **headers: str):
    return browser.get(f"/verify/{token}/", headers=headers)


def test_a_reload_is_one_check_and_a_probe_is_none(client, card):
    for _reload in range(3):
        look(client, card.token)
    client.head(f"/verify/{card.token}/")

    assert checked(card) == ["current"]


def test_a_probe_alone_is_no_check(client, card):
    assert client.head(f"/verify/{card.token}/").status_code == 200
    assert checked(card) == []


def test_its_own_owner_is_no_check_but_a_neighbour_is(client, card, owner, willow):
    neighbour = Browser()
    factories.sign_in(client, owner)
    factories.sign_in(neighbour, factories.create_owner(willow))

    look(client, card.token)
    by_owner = checked(card)
    look(neighbour, card.token)

    assert (by_owner, checked(card)) == ([], ["current"])


def test_the_page_is_only_read(client, card):
    assert client.post(f"/verify/{card.token}/").status_code == 405


def test_one_address_looks_sixty_times_a_minute(client, card):
    answers = [look(client, "nothing").status_code for _look in range(60)]
    refused = look(client, card.token)
    elsewhere = client.get(f"/verify/{card.token}/", REMOTE_ADDR="198.51.100.7")
    with time_machine.travel(NOON + timedelta(minutes=1)):
        later = look(client, card.token)

    assert (set(answers), refused.status_code, refused["Retry-After"]) == ({404}, 429, "60")
    assert (elsewhere.status_code, later.status_code) == (200, 200)
    assert "Miso" not in refused.content.decode()


def test_the_visitors_language_is_spoken(client, card, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]

    pages = [look(client, card.token, Accept_Language=language).content.decode() for language in ("de", "xx", "")]

    assert [page.split('lang="')[1][:2] for page in pages] == ["de", "en", "en"]
    assert ["Samstag 11 April" in page for page in pages] == [True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_services_costs_the_same(client, owner, willow, statements, count):
    pet = cards.create_miso(owner)
    pet.clinic = willow
    for number in range(count):
        cards.give(pet, f"Vaccine {number}", days=40)
    card = cards.open_card(pet)

    # The tally; clinic, card with its pet; the check: lock, look, note; plans, records.
    with statements(8):
        look(client, card.token)


def test_time_is_the_clinics(client, harbour):
    card = cards.open_card(factories.create_pet(factories.create_owner(harbour)))

    assert "at 08:00 EDT." in look(client, card.token).content.decode()
    assert timezone.get_current_timezone_name() == "UTC"
