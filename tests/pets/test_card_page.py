"""A card on its owner's screen."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions
from pets.models import CardCheck, IdCard
from tests import factories
from tests.pets import cards
from tests.pets.cards import NOON, TODAY


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, name="Nadia Brennan")


@pytest.fixture
def miso(owner, willow):
    pet = cards.create_miso(owner)
    pet.clinic = willow
    return pet


def address(pet, page: str = "card") -> str:
    return reverse(f"pets:{page}", args=["willow", pet.pk])


def only_card(willow) -> IdCard:
    with tenant(willow):
        return IdCard.objects.for_clinic(willow).get()


def test_a_card_shows_what_is_on_file(signed_in, miso):
    factories.create_weight(miso, "4.6", TODAY)
    cards.give(miso, "Feline core (FVRCP)", days=19)
    cards.give(miso, "Rabies", days=518, given_at_clinic="Riverside Vets")

    response = signed_in.get(address(miso))

    card = response.context["card"]
    assert response.status_code == 200
    assert (card.name, card.kind, card.sex, card.owner) == (
        "Miso",
        "Cat · Domestic shorthair",
        "Female, spayed",
        "Nadia Brennan",
    )
    assert (card.born, card.colour, card.microchip) == ("12 May 2021", "Brown tabby", "985 141 003 276 540")
    assert (card.weight, card.issued, card.expires) == ("4.6 kg on 11 April 2026", "11 April 2026", "")
    assert [(one.name, one.given, one.until, one.source, one.status_text, one.tone) for one in card.services] == [
        ("Feline core (FVRCP)", "2 April 2026", "30 April 2026", "", "Due soon", "warn"),
        ("Rabies", "2 April 2026", "11 September 2027", "Riverside Vets", "Current", "good"),
    ]


def test_its_code_leads_to_the_public_page(signed_in, miso, willow, settings):
    settings.PORTAL_URL = "https://portal.example.com"

    card = signed_in.get(address(miso)).context["card"]

    stored = only_card(willow)
    assert card.verify_url == f"https://portal.example.com/verify/{stored.token}/"
    assert card.qr_text == f"{card.verify_url}#{stored.statement}"
    assert card.token.replace("-", "") == stored.token.replace("-", "")


def test_a_card_offers_its_papers_and_its_upkeep(signed_in, miso, willow):
    html = signed_in.get(address(miso)).content.decode()

    offered = ["card_sheet", "card_wallet", "card_code", "card_choose", "card_withdraw"]
    assert [html.count(f'="{address(miso, page)}"') for page in offered] == [1, 1, 1, 1, 1]
    assert (html.count('role="img"'), html.count("Not a rabies certificate.")) == (1, 1)
    assert f'<a href="tel:{willow.phone}">Ask the clinic</a> to update it' in html


def test_without_records_it_says_what_will_be_there(signed_in, miso):
    html = signed_in.get(address(miso)).content.decode()

    assert ("No current services on file" in html, "<table" in html, "Download PDF" in html) == (True, False, True)


def test_what_is_overdue_is_not_on_it(signed_in, miso):
    cards.give(miso, "Rabies", days=-1)

    assert signed_in.get(address(miso)).context["card"].services == ()


def test_an_unchecked_animal_and_a_clinic_that_certifies_are_told_apart(signed_in, owner, willow):
    Clinic.objects.filter(pk=willow.pk).update(issues_rabies_certificates=True)

    html = signed_in.get(address(factories.create_pet(owner, is_identity_checked=False))).content.decode()

    assert ("Species as stated by the owner." in html, "Not a rabies certificate" in html) == (True, False)


def test_what_is_not_known_is_left_out(signed_in, owner):
    card = signed_in.get(address(factories.create_pet(owner))).context["card"]

    assert (card.kind, card.born, card.sex, card.colour, card.weight, card.microchip) == ("Cat", "", "", "", "", "")


def test_opened_often_it_is_one_card(signed_in, miso, willow):
    for _visit in range(3):
        signed_in.get(address(miso))

    assert only_card(willow).pet_id == miso.pk


def test_it_says_when_it_was_checked(signed_in, miso, willow):
    card = cards.open_card(miso)
    none = signed_in.get(address(miso)).content.decode()
    with tenant(willow):
        for minutes in range(12):
            actions.note_check(card=card, answer=CardCheck.Answer.CURRENT, now=NOON + timedelta(minutes=minutes))

    response = signed_in.get(address(miso))

    assert "Nobody has checked it yet." in none
    assert (response.context["times_checked"], len(response.context["checks"])) == (12, 10)
    assert "Checked 12 times, last on 11 April 2026, 13:11." in response.content.decode()


def test_an_expired_card_says_so(signed_in, miso):
    cards.choose(cards.open_card(miso), [], TODAY + timedelta(days=1))

    with time_machine.travel(NOON + timedelta(days=2)):
        html = signed_in.get(address(miso)).content.decode()

    assert "This card was good until 12 April 2026." in html


def test_after_a_withdrawal_a_new_card_is_offered_and_made(signed_in, miso, willow):
    old = cards.open_card(miso)
    cards.withdraw(old)

    before = signed_in.get(address(miso)).content.decode()
    posted = signed_in.post(address(miso, "card_new"))
    after = signed_in.get(address(miso))

    assert ("Make a new card" in before, 'role="img"' in before) == (True, False)
    assert (posted.status_code, posted["Location"]) == (302, address(miso))
    assert after.context["card"].card.pk != old.pk
    assert "Miso has a new card" in after.content.decode()


def test_the_whole_code_is_a_picture_of_its_own(signed_in, miso):
    response = signed_in.get(address(miso, "card_code"))

    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, "image/png", "no-store")
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_withdrawn_card_has_no_code(signed_in, miso):
    cards.withdraw(cards.open_card(miso))

    assert signed_in.get(address(miso, "card_code")).status_code == 404


PAGES = ["card", "card_code", "card_choose", "card_withdraw", "card_new"]


@pytest.mark.parametrize("page", PAGES)
def test_the_dead_the_deleted_and_other_peoples_pets_have_no_card(signed_in, owner, willow, harbour, page):
    hidden = [
        factories.create_pet(owner, deceased_on=date(2026, 4, 1)),
        factories.create_pet(owner, deleted_at=NOON),
        factories.create_pet(factories.create_owner(willow)),
        factories.create_pet(factories.create_owner(harbour)),
    ]
    ask = signed_in.post if page == "card_new" else signed_in.get

    assert [ask(address(pet, page)).status_code for pet in hidden] == [404] * 4


@pytest.mark.parametrize("page", PAGES)
def test_a_clinic_that_switched_cards_off_has_no_such_page(signed_in, miso, willow, page):
    cards.open_card(miso)
    Clinic.objects.filter(pk=willow.pk).update(has_pet_cards=False)
    ask = signed_in.post if page == "card_new" else signed_in.get

    assert ask(address(miso, page)).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, miso):
    assert "/sign-in/" in client.get(address(miso))["Location"]


def test_names_are_shown_as_text(signed_in, owner, willow):
    pet = factories.create_pet(owner, name='<b hx-get="/x">', breed="<script>x", colour="{{ card }} \u202eolleh 🐈")
    pet.clinic = willow
    cards.give(pet, "<i>", days=90, given_at_clinic="<u>")

    html = signed_in.get(address(pet)).content.decode()

    assert [part in html for part in ("<b hx", "<script>x", "<i>", "<u>", "{{ card }}")] == [False] * 4 + [True]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_services_and_checks_costs_the_same(signed_in, miso, willow, statements, count):
    for number in range(count):
        cards.give(miso, f"Vaccine {number}", days=40)
    card = cards.open_card(miso)
    with tenant(willow):
        for minutes in range(count):
            actions.note_check(card=card, answer=CardCheck.Answer.CURRENT, now=NOON + timedelta(minutes=minutes))

    signed_in.get(address(miso))  # Has the sheet printed, which the next one finds being made.

    # Clinic, device, pet, card, weight, plans, records, document, checks.
    with statements(9):
        signed_in.get(address(miso))
