"""What can happen to a card, and when it is signed anew."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinics.tenancy import tenant
from pets import actions
from pets.models import CardCheck, IdCard
from tests import factories
from tests.pets import cards
from tests.pets.cards import NOON, TODAY

LATER = NOON + timedelta(days=3)


@pytest.fixture
def miso(willow):
    pet = cards.create_miso(factories.create_owner(willow, name="Nadia Brennan"))
    pet.clinic = willow
    return pet


@pytest.fixture
def card(miso):
    return cards.open_card(miso)


def test_a_card_is_made_once_and_stays(miso):
    first, again = cards.open_card(miso), cards.open_card(miso, at=LATER)

    assert (again.pk, again.token, again.statement, again.issued_at) == (
        first.pk,
        first.token,
        first.statement,
        NOON,
    )
    assert (again.hidden_parts, again.expires_on, again.made_at) == ([], None, NOON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Misa"),
        ("species", "dog"),
        ("breed", "Siamese"),
        ("born_on", date(2021, 5, 13)),
        ("is_birth_estimated", True),
        ("sex", "male"),
        ("neutered", "no"),
        ("colour", "Cream"),
        ("microchip", "985141003276541"),
        ("photo", "pets/new.webp"),
        ("is_identity_checked", False),
    ],
)
def test_what_changes_on_it_is_signed_and_dated_anew(miso, card, field, value):
    setattr(miso, field, value)

    again = cards.open_card(miso, at=LATER)

    assert (again.pk, again.token, again.issued_at) == (card.pk, card.token, LATER)
    assert again.statement != card.statement


@pytest.mark.parametrize(("field", "value"), [("notes", "Bites"), ("insurance_company", "Petsure"), ("edition", 7)])
def test_what_is_not_on_it_changes_nothing(miso, card, field, value):
    setattr(miso, field, value)

    assert cards.open_card(miso, at=LATER).issued_at == NOON


def test_a_new_service_a_weight_and_the_owners_name_are_on_it(miso, card):
    dates = []
    for number, change in enumerate(
        (
            lambda: cards.give(miso, "Rabies", days=300),
            lambda: factories.create_weight(miso, "4.6", TODAY),
            lambda: setattr(miso.owner, "name", "Nadia Green"),
        ),
        start=1,
    ):
        change()
        dates.append(cards.open_card(miso, at=NOON + timedelta(hours=number)).issued_at)

    assert dates == [NOON + timedelta(hours=number) for number in (1, 2, 3)]


def test_a_service_that_runs_out_leaves_the_card(miso):
    cards.give(miso, "Rabies", days=2)

    on_it = [
        cards.read(cards.open_card(miso, at=NOON + timedelta(days=days)).statement)[1]["services"] for days in (2, 3)
    ]

    assert on_it == [[["Rabies", "2026-04-13"]], []]


def test_today_is_the_clinics(harbour):
    pet = factories.create_pet(factories.create_owner(harbour))
    pet.clinic = harbour
    cards.give(pet, "Rabies", days=0)

    opened = cards.open_card(pet, at=datetime(2026, 4, 12, 2, tzinfo=UTC))

    assert cards.read(opened.statement)[1]["services"] == [["Rabies", "2026-04-11"]]


@pytest.mark.parametrize("gone", [{"deleted_at": NOON}, {"deceased_on": TODAY}])
def test_only_a_living_pet_has_a_card(willow, gone):
    pet = factories.create_pet(factories.create_owner(willow), **gone)

    with pytest.raises(actions.NoCard):
        cards.open_card(pet)
    with pytest.raises(actions.NoCard), tenant(willow):
        actions.make_new_card(pet=pet, now=NOON)


def test_a_clinic_without_cards_makes_none(miso):
    miso.clinic.has_pet_cards = False

    with pytest.raises(actions.NoCard):
        cards.open_card(miso)


def test_a_withdrawn_card_is_not_made_again_by_looking(miso, card):
    cards.withdraw(card)

    with pytest.raises(actions.CardWithdrawn) as refused:
        cards.open_card(miso)

    assert refused.value.card == card


def test_a_new_card_has_a_new_code_and_shows_what_the_last_one_showed(miso, card):
    cards.choose(card, ["photo", "born"], TODAY + timedelta(days=9))
    cards.withdraw(card)

    with tenant(miso.clinic):
        new = actions.make_new_card(pet=miso, now=LATER)
        same = actions.make_new_card(pet=miso, now=LATER)

    assert new.token != card.token
    assert ([part for part in IdCard.Part.values if new.shows(part)], new.expires_on) == (["photo", "born"], None)
    assert (same.pk, cards.open_card(miso, at=LATER).pk) == (new.pk, new.pk)


def test_withdrawn_twice_the_first_stands(card):
    cards.withdraw(card, at=NOON)
    cards.withdraw(card, at=LATER)

    assert card.withdrawn_at == NOON


def test_what_is_hidden_is_not_claimed(card):
    chosen = cards.choose(card, ["breed"], at=LATER)

    _header, claims = cards.read(chosen.statement)
    assert sorted(claims) == ["iat", "iss", "name", "services", "species", "sub"]
    assert chosen.issued_at == LATER


@pytest.mark.parametrize("days", [1, 3 * 365])
def test_an_expiry_is_between_a_day_and_three_years_ahead(card, days):
    chosen = cards.choose(card, IdCard.Part.values, TODAY + timedelta(days=days))

    assert chosen.expires_on == TODAY + timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 0, 3 * 365 + 2, 365 * 900])
def test_any_other_expiry_is_refused(card, days):
    with pytest.raises(actions.NotAnExpiry):
        cards.choose(card, IdCard.Part.values, TODAY + timedelta(days=days))


def test_a_card_that_has_expired_may_keep_its_day(card):
    cards.choose(card, [], TODAY + timedelta(days=1))
    card.expires_on = TODAY + timedelta(days=1)

    chosen = cards.choose(card, ["breed"], TODAY + timedelta(days=1), at=LATER)

    assert chosen.shows("breed") is True


def test_a_withdrawn_card_is_not_chosen(card):
    cards.withdraw(card)

    with pytest.raises(actions.CardWithdrawn):
        cards.choose(card, [])


def test_the_same_answer_within_a_minute_is_one_check(card):
    seconds = [0, 30, 59, 60, 61]
    with tenant(card.clinic):
        for second in seconds:
            actions.note_check(card=card, answer=CardCheck.Answer.CURRENT, now=NOON + timedelta(seconds=second))
        actions.note_check(card=card, answer=CardCheck.Answer.EXPIRED, now=NOON)

        noted = CardCheck.objects.for_clinic(card.clinic).order_by("id").values_list("answer", "checked_at")

        assert list(noted) == [
            ("current", NOON),
            ("current", NOON + timedelta(seconds=60)),
            ("expired", NOON),
        ]
