"""Cards and keys that several make at the same moment, on real PostgreSQL with real threads."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from clinics.tenancy import tenant
from pets import actions
from pets.models import CardCheck, CardKey, IdCard, Pet
from tests import factories
from tests.pets import cards
from tests.pets.cards import NOON
from tests.races import at_once_inside

RIVALS, ROUNDS = 8, 6
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def opening(pet: Pet, seconds: int) -> Callable[[], IdCard]:
    def act() -> IdCard:
        mine = Pet.objects.for_clinic(pet.clinic).select_related("owner", "clinic").get(pk=pet.pk)
        return actions.open_card(pet=mine, now=NOON + timedelta(seconds=seconds))

    return act


def test_first_openings_at_once_make_one_card_with_one_statement(willow):
    owner = factories.create_owner(willow)
    for _round in range(ROUNDS):
        pet = factories.create_pet(owner)
        pet.clinic = willow

        opened = at_once_inside(willow, *(opening(pet, second) for second in range(RIVALS)))

        assert len({(card.pk, card.token, card.statement, card.issued_at) for card in opened}) == 1


def test_first_signings_at_once_make_one_key(harbour, willow):
    for clinic in (willow, harbour):
        owner = factories.create_owner(clinic)
        pets = [factories.create_pet(owner) for _pet in range(RIVALS)]
        for pet in pets:
            pet.clinic = clinic

        opened = at_once_inside(clinic, *(opening(pet, 0) for pet in pets))

        with tenant(clinic):
            (key,) = CardKey.objects.for_clinic(clinic)
        assert {cards.kid_of(card) for card in opened} == {key.kid}


def test_rotations_at_once_leave_one_key_that_signs(willow):
    made = at_once_inside(willow, *(lambda: actions.rotate_keys(clinic=willow, now=NOON) for _rival in range(RIVALS)))

    with tenant(willow):
        signing = CardKey.objects.for_clinic(willow).filter(retired_at=None)
        published = CardKey.objects.for_clinic(willow).published().count()
        assert (signing.count(), published, len({key.kid for key in made})) == (1, RIVALS, RIVALS)


def test_what_is_hidden_at_the_same_moment_is_not_signed_again(willow):
    pet = cards.create_miso(factories.create_owner(willow))
    pet.clinic = willow
    for number in range(ROUNDS):
        card = cards.choose(cards.open_card(pet), IdCard.Part.values)
        with tenant(willow):
            Pet.objects.for_clinic(willow).filter(pk=pet.pk).update(colour=f"Colour {number}")

        def hide(card=card) -> IdCard:
            return actions.choose_parts(card=card, shown=["photo"], expires_on=None, now=NOON)

        at_once_inside(willow, hide, *(opening(pet, second) for second in range(3)))

        with tenant(willow):
            _header, claims = cards.read(IdCard.objects.for_clinic(willow).get(pk=card.pk).statement)
        assert ("chip" in claims, "born" in claims) == (False, False)


def test_looks_at_once_are_one_check(willow):
    pet = factories.create_pet(factories.create_owner(willow))
    pet.clinic = willow
    card = cards.open_card(pet)

    def look() -> None:
        actions.note_check(card=card, answer=CardCheck.Answer.CURRENT, now=NOON)

    at_once_inside(willow, *[look] * RIVALS)

    with tenant(willow):
        assert CardCheck.objects.for_clinic(willow).count() == 1
