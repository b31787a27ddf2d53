"""The signed statement: what it claims, whether strangers can check it, and that nobody else can make one."""

import base64
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from clinics.tenancy import tenant
from pets import actions
from pets.id_card import qr, statements
from pets.id_card.content import verify_url
from pets.models import IdCard
from tests import factories
from tests.pets import cards, checker
from tests.pets.cards import NOON

AT = NOON.timestamp()


@pytest.fixture
def miso(willow):
    pet = cards.create_miso(factories.create_owner(willow, name="Nadia Brennan"))
    pet.clinic = willow
    cards.give(pet, "Feline core (FVRCP)", days=19)
    cards.give(pet, "Rabies", days=518)
    return pet


@pytest.fixture
def card(miso):
    return cards.open_card(miso)


@pytest.fixture
def key_sets(client, card, harbour):
    """What a checker has fetched: the keys of both clinics."""
    cards.publish(harbour)
    return {
        clinic.public_url: client.get(f"/{clinic.slug}/.well-known/jwks.json").json()
        for clinic in (card.clinic, harbour)
    }


def qr_text(card: IdCard, statement: str = "") -> str:
    return f"{verify_url(card.token)}#{statement or card.statement}"


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_the_documents_vectors_are_what_we_compute():
    (key,) = json.loads(checker.vector("keys"))["keys"]
    d, payload = checker.vector("d"), checker.vector("payload")

    public = statements.public_of(d)
    statement = statements.sign(json.loads(payload), kid=key["kid"], private_key=d)

    assert (public, statements.kid_of(public)) == (key["x"], key["kid"])
    assert checker.vector("qr").partition("#")[2] == statement
    assert base64.urlsafe_b64decode(f"{statement.split('.')[1]}==").decode() == payload


def test_the_documents_checker_reads_its_own_vectors():
    key_sets = {"https://portal.example.com/willow": json.loads(checker.vector("keys"))}

    claims = checker.check(checker.vector("qr"), key_sets, AT)

    assert claims == json.loads(checker.vector("payload"))


def test_a_stranger_reads_what_the_card_says(card, key_sets):
    header, _claims = cards.read(card.statement)

    claims = checker.check(qr_text(card), key_sets, AT)

    assert header == {"alg": "EdDSA", "kid": header["kid"]}
    assert claims == {
        "iss": card.clinic.public_url,
        "sub": card.token,
        "iat": int(AT),
        "name": "Miso",
        "species": "cat",
        "chip": "985141003276540",
        "born": "2021-05-12",
        "services": [["Feline core (FVRCP)", "2026-04-30"], ["Rabies", "2027-09-11"]],
    }


def test_an_unchecked_animal_has_no_chip_in_it_and_is_marked(miso, card):
    miso.is_identity_checked = False

    _header, claims = cards.read(cards.open_card(miso).statement)

    assert (claims["unchecked"], "chip" in claims, claims["species"]) == (True, False, "cat")


def test_a_card_expires_with_the_end_of_its_last_day_at_the_clinic(card, key_sets):
    last_second = datetime(2026, 4, 20, 22, 59, 59, tzinfo=UTC).timestamp()

    chosen = cards.choose(card, IdCard.Part.values, date(2026, 4, 20))

    assert checker.check(qr_text(chosen), key_sets, last_second)["exp"] == last_second + 1
    with pytest.raises(ValueError, match="expired"):
        checker.check(qr_text(chosen), key_sets, last_second + 1)


def test_one_changed_letter_is_noticed(card, key_sets):
    header, payload, signature = card.statement.split(".")
    _header, claims = cards.read(card.statement)
    changed = [
        f"{header}.{encoded(claims | {'chip': '985141003276541'})}.{signature}",
        f"{header}.{payload}.{signature[:-5]}AAAAA",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        "",
        "…" * 10_000,
    ]

    for statement in changed:
        with pytest.raises(ValueError, match="not genuine"):
            checker.check(f"{verify_url(card.token)}#{statement}", key_sets, AT)


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES256"])
def test_a_statement_may_not_choose_another_algorithm(card, key_sets, alg):
    _header, payload, signature = card.statement.split(".")
    forged = f"{encoded({'alg': alg, 'kid': cards.kid_of(card)})}.{payload}.{'' if alg == 'none' else signature}"

    with pytest.raises(ValueError, match="not genuine"):
        checker.check(qr_text(card, forged), key_sets, AT)


def test_a_strangers_key_under_the_clinics_name_is_noticed(card, key_sets):
    with pytest.raises(ValueError, match="not genuine"):
        checker.check(qr_text(card, cards.signed_by_a_stranger(card)), key_sets, AT)


def test_another_clinics_key_signs_nothing_for_this_one(card, key_sets, harbour):
    kid, private_key = cards.publish(harbour)
    key_sets[harbour.public_url]["keys"].append({"kid": kid})
    _header, claims = cards.read(card.statement)

    forged = statements.sign(claims, kid=kid, private_key=private_key)

    with pytest.raises(ValueError, match="not genuine"):
        checker.check(qr_text(card, forged), key_sets, AT)


def test_a_statement_belongs_to_its_own_card(card, key_sets, willow):
    other = cards.open_card(factories.create_pet(factories.create_owner(willow)))

    with pytest.raises(ValueError, match="another card"):
        checker.check(qr_text(other, card.statement), key_sets, AT)


def test_a_new_key_leaves_old_cards_good(client, card, miso):
    cards.publish(card.clinic)
    published = {card.clinic.public_url: client.get("/willow/.well-known/jwks.json").json()}

    again = cards.open_card(miso)
    anew = cards.choose(again, [], at=NOON + timedelta(days=1))

    assert len(published[card.clinic.public_url]["keys"]) == 2
    assert again.statement == card.statement
    assert checker.check(qr_text(card), published, AT)["sub"] == card.token
    assert checker.check(qr_text(anew), published, AT)["sub"] == card.token
    assert cards.kid_of(anew) != cards.kid_of(card)


def test_a_revoked_key_proves_nothing_and_its_cards_are_signed_anew(client, card, miso):
    with tenant(card.clinic):
        count = actions.revoke_key(clinic=card.clinic, kid=cards.kid_of(card), now=NOON)

    again = cards.open_card(miso, at=NOON + timedelta(days=1))

    published = {card.clinic.public_url: client.get("/willow/.well-known/jwks.json").json()}
    assert (count, again.pk, again.issued_at) == (1, card.pk, NOON + timedelta(days=1))
    assert checker.check(qr_text(again), published, AT)["sub"] == card.token
    with pytest.raises(ValueError, match="not genuine"):
        checker.check(qr_text(card), published, AT)


@pytest.mark.parametrize("letter", ["x", "ж", "あ", "🐈"])
@pytest.mark.parametrize("count", [3, 6, 20])
def test_a_code_stays_readable_whatever_is_on_the_card(willow, letter, count):
    pet = factories.create_pet(factories.create_owner(willow), name=letter * 80)
    pet.clinic = willow
    for number in range(count):
        cards.give(pet, f"{number:02} {letter * 77}", days=40)

    card = cards.open_card(pet)

    _header, claims = cards.read(card.statement)
    assert len(qr_text(card)) <= qr.MOST_BYTES
    assert len(claims["services"]) + claims.get("more", 0) == count
    assert claims["name"] == f"{letter * 39}…"


def test_long_names_are_cut_before_a_service_is_left_out(miso, settings):
    settings.PORTAL_URL = "https://portal.example.com"
    for number in range(4):
        cards.give(miso, f"Vaccine {number} {'x' * 60}", days=40)

    _header, claims = cards.read(cards.open_card(miso).statement)

    assert [name for name, _until in claims["services"]] == [
        "Feline core (FV…",
        "Rabies",
        *(f"Vaccine {number} xxxxx…" for number in range(4)),
    ]
