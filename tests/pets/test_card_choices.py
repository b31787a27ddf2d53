"""What an owner chooses about a card, taking it back, and the operator's keys."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from clinics.tenancy import tenant
from pets import actions
from pets.models import CardKey, IdCard
from portal.kit import crypto
from tests.pets import cards
from tests.pets.cards import NOON, TODAY


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def miso(owner, willow):
    pet = cards.create_miso(owner)
    pet.clinic = willow
    return pet


@pytest.fixture
def card(miso):
    return cards.open_card(miso)


def address(pet, page: str) -> str:
    return reverse(f"pets:{page}", args=["willow", pet.pk])


def on_file(card) -> IdCard:
    with tenant(card.clinic):
        return IdCard.objects.for_clinic(card.clinic).get(pk=card.pk)


def test_the_form_shows_what_is_chosen(signed_in, miso, card):
    cards.choose(card, ["photo", "owner"], TODAY + timedelta(days=30))

    form = signed_in.get(address(miso, "card_choose")).context["form"]

    assert (form.initial["shown"], form.initial["expires_on"]) == (["photo", "owner"], TODAY + timedelta(days=30))


def test_what_is_chosen_is_on_the_card_and_said(signed_in, miso, card):
    response = signed_in.post(
        address(miso, "card_choose"), {"shown": ["born"], "expires_on": "2026-05-01"}, follow=True
    )

    shown = response.context["card"]
    assert (shown.born, shown.microchip, shown.owner, shown.expires) == ("12 May 2021", "", "", "1 May 2026")
    assert "Miso’s card is updated" in response.content.decode()


def test_nothing_chosen_is_an_answer_too(signed_in, miso, card):
    signed_in.post(address(miso, "card_choose"), {"expires_on": ""})

    assert (on_file(card).hidden_parts, on_file(card).expires_on) == (IdCard.Part.values, None)


@pytest.mark.parametrize(
    "day", ["2026-04-11", "2026-04-01", "2030-01-01", "9999-12-31", "tomorrow", "\0", "1" * 10_000]
)
def test_a_day_that_can_not_be_is_said_beside_the_field(signed_in, miso, card, day):
    response = signed_in.post(address(miso, "card_choose"), {"shown": ["born"], "expires_on": day})

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, ["expires_on"])
    assert "<title>Error: " in response.content.decode()
    assert on_file(card).hidden_parts == []


@pytest.mark.parametrize("part", ["name", "services", "\0", "<b>", "x" * 10_000])
def test_a_part_that_is_none_is_refused(signed_in, miso, card, part):
    response = signed_in.post(address(miso, "card_choose"), {"shown": [part]})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["shown"])


def test_a_card_that_was_withdrawn_in_another_tab_is_not_chosen(signed_in, miso, card):
    cards.withdraw(card)

    assert signed_in.post(address(miso, "card_choose"), {"shown": []}).status_code == 404


def test_withdrawing_asks_first(signed_in, miso, card):
    html = signed_in.get(address(miso, "card_withdraw")).content.decode()

    assert ("Withdraw this card?" in html, on_file(card).withdrawn_at) == (True, None)


def test_a_withdrawn_card_is_withdrawn_and_said(signed_in, miso, card):
    response = signed_in.post(address(miso, "card_withdraw"), follow=True)

    html = response.content.decode()
    assert on_file(card).withdrawn_at == NOON
    assert ("Miso’s card is withdrawn" in html, "Make a new card" in html) == (True, True)


def test_a_double_tap_withdraws_once(signed_in, miso, card):
    cards.withdraw(card)

    response = signed_in.post(address(miso, "card_withdraw"))

    assert (response.status_code, response.url) == (302, address(miso, "card"))
    assert signed_in.get(address(miso, "card_withdraw")).status_code == 404


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_card_keys", *arguments, stdout=out)
    return out.getvalue()


def keys(clinic) -> list[tuple[str, bool, bool, bool]]:
    with tenant(clinic):
        return [
            (key.kid, key.retired_at is None, key.revoked_at is None, bool(key.sealed_private_key))
            for key in CardKey.objects.for_clinic(clinic).order_by("id")
        ]


def test_the_operator_rotates_a_clinics_key(card, willow, harbour):
    said = rotate("willow")

    (old, new) = keys(willow)
    assert old == (cards.kid_of(card), False, True, False)
    assert new[1:] == (True, True, True)
    assert said == f"Made 1 new key for {willow}: {new[0]}. The older ones stay published.\n"
    assert keys(harbour) == []


def test_the_operator_revokes_a_key(card, willow):
    kid = cards.kid_of(card)

    said = rotate("willow", "--revoke", kid)

    assert keys(willow) == [(kid, False, False, False)]
    assert said.endswith(
        f"Revoked key {kid} of {willow}. 1 card(s) are signed anew when their owners next open them.\n"
    )


@pytest.mark.parametrize("what", [[], ["--revoke"]])
def test_a_dry_run_changes_nothing(card, willow, what):
    before = keys(willow)

    said = rotate("willow", "--dry-run", *(part for word in what for part in (word, cards.kid_of(card))))

    assert (keys(willow), said.startswith("Would ")) == (before, True)
    assert on_file(card).statement == card.statement


@pytest.mark.parametrize("arguments", [["nowhere"], ["willow", "--revoke", "nokey"]])
def test_what_is_not_there_is_said(willow, arguments):
    with pytest.raises(CommandError):
        rotate(*arguments)


def test_a_revoked_key_can_not_be_revoked_again(card, willow):
    rotate("willow", "--revoke", cards.kid_of(card))

    with pytest.raises(actions.UnknownKey), tenant(willow):
        actions.revoke_key(clinic=willow, kid=cards.kid_of(card), now=NOON)


def test_a_private_key_is_kept_sealed(card, willow):
    with tenant(willow):
        key = CardKey.objects.for_clinic(willow).get()

    assert crypto.unseal(key.sealed_private_key) not in key.sealed_private_key
    assert len(crypto.unseal(key.sealed_private_key)) == 43
