"""Lengths, prices and rules in words, and why something isn't offered."""

from __future__ import annotations

from typing import Any

import pytest

from bookings import offers, policy
from bookings.models import Audience, Mode, Policy, Service, ServiceWords
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet, Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import at


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(5, "5 minutes"), (90, "90 minutes"), (120, "2 hours"), (150, "2 hours 30 minutes"), (450, "7 hours 30 minutes")],
)
def test_lengths_are_in_words(minutes: int, words: str) -> None:
    assert offers.length_text(minutes) == words


@pytest.mark.parametrize(
    ("fields", "count", "words"),
    [
        ({"price": 5800}, 1, "£58.00"),
        ({"price": 5800}, 3, "£174.00"),
        ({"price": 0}, 2, "Free"),
        ({"price": None}, 1, ""),
        ({"price": 5800, "is_price_shown": False}, 1, ""),
    ],
)
def test_prices_are_in_words(fields: dict[str, Any], count: int, words: str) -> None:
    assert offers.price_text(Service(**fields), clinic=Clinic(currency="GBP"), count=count) == words


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "Free to move or cancel until 24 hours before."),
        ({"cancel_hours": 72, "move_hours": 72}, "Free to move or cancel until 3 days before."),
        ({"cancel_hours": 1, "move_hours": 0}, "Free to cancel until 1 hour before, and to move until it begins."),
        ({"most_moves": 0}, "Free to cancel until 24 hours before."),
    ],
)
def test_the_rules_are_a_sentence(rules: dict[str, int], words: str) -> None:
    assert offers.terms_text(policy.rules_for(Service(), Policy(**rules))) == words


def why(
    service: Service, client: Client | None, *pets: Pet, household: list[Pet] | None = None, species: str = ""
) -> str:
    with tenant(service.clinic):
        known = offers.is_known(service, client)
        return str(offers.why_not(service, pets=pets, household=household or [], species=species, is_known=known) or "")


def test_before_a_pet_is_chosen_only_what_fits_none_is_refused(willow: Clinic, owner: Client, miso: Pet) -> None:
    rex = factories.create_pet(owner, species=Species.DOG)
    for_dogs = visits.create_service(willow, species=[Species.DOG])
    for_birds = visits.create_service(willow, species=[Species.BIRD])

    assert why(for_dogs, owner, household=[miso, rex]) == ""
    assert why(for_birds, owner, household=[miso, rex]) == "This isn’t for that species."


def test_a_visitors_animal_counts_by_its_species(willow: Clinic) -> None:
    service = visits.create_service(willow, species=[Species.DOG], audience=Audience.EXISTING)

    assert why(service, None, species="cat") == "This isn’t for that species."
    assert (why(service, None, species="dog"), why(service, None)) == ("", "")


def test_who_has_been_here_is_told_from_who_has_not(willow: Clinic, owner: Client, miso: Pet, check: Service) -> None:
    first = visits.create_service(willow, audience=Audience.NEW)
    again = visits.create_service(willow, audience=Audience.EXISTING)

    before = why(first, owner, miso), why(again, owner, miso)
    visits.create_past_visit(owner, check, at(willow, "2026-01-12 10:00"), miso)
    after = why(first, owner, miso), why(again, owner, miso)

    assert before == ("", "This is for clients who have been here. Please book a first visit.")
    assert after == ("This is for a first visit to the clinic.", "")


@pytest.mark.parametrize(
    ("fields", "count", "words"),
    [
        ({}, 2, "For one pet at a time."),
        ({"most_pets": 2}, 3, "For up to 2 pets at a time."),
        ({"most_pets": 9, "minutes": 300}, 3, "For up to 2 pets at a time."),
        ({"most_pets": 2}, 2, ""),
    ],
)
def test_how_many_pets_fit_is_said(
    willow: Clinic, owner: Client, fields: dict[str, Any], count: int, words: str
) -> None:
    pets = [factories.create_pet(owner) for _number in range(count)]

    assert why(visits.create_service(willow, **fields), owner, *pets) == words


def test_by_phone_only_comes_after_what_does_not_fit(willow: Clinic, owner: Client, miso: Pet) -> None:
    goodbye = visits.create_service(willow, mode=Mode.PHONE)
    for_dogs = visits.create_service(willow, mode=Mode.PHONE, species=[Species.DOG])

    assert why(goodbye, owner, miso) == "This is booked by phone. Please call the clinic."
    assert why(for_dogs, owner, miso) == "This isn’t for Miso’s species."


def test_wording_is_the_readers_or_the_clinics(willow: Clinic, check: Service) -> None:
    with tenant(willow):
        ServiceWords.objects.create(clinic=willow, service=check, language="en", name="Yearly look")
        ours = offers.words_of([check], clinic=willow)
        willow.language = "de"
        theirs = offers.words_of([check], clinic=willow)

    assert ours == {}
    assert offers.name_of(check, theirs[check.pk]) == "Yearly look"
    assert offers.name_of(check, None) == "Annual health check"
