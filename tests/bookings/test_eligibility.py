"""Whom a service is for."""

from datetime import timedelta

import pytest

from bookings import actions, eligibility
from bookings.models import Audience, State
from clinics.tenancy import tenant
from pets import actions as pets
from pets.models import Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, TODAY, at, book

START = "2026-04-23 09:15"


def test_a_species_that_it_is_not_for(willow, owner, miso, okafor, reception):
    dogs = visits.create_service(willow, okafor, species=[Species.DOG])

    with pytest.raises(eligibility.OtherSpecies, match="Miso"):
        book(owner, dogs, at(willow, START), miso)
    book(owner, dogs, at(willow, START), factories.create_pet(owner, species=Species.DOG))
    book(owner, dogs, at(willow, "2026-04-23 10:15"), miso, by=reception)


def test_a_first_visit_and_those_who_have_been_here(willow, owner, miso, okafor):
    first = visits.create_service(willow, okafor, audience=Audience.NEW)
    known = visits.create_service(willow, okafor, audience=Audience.EXISTING)
    with pytest.raises(eligibility.KnownClientsOnly):
        book(owner, known, at(willow, START), miso)
    book(owner, first, at(willow, START), miso)

    visits.create_past_visit(owner, first, at(willow, "2026-03-10 09:15"), miso)

    with pytest.raises(eligibility.NewClientsOnly):
        book(owner, first, at(willow, "2026-04-23 10:15"), miso)
    book(owner, known, at(willow, "2026-04-23 10:15"), miso)


@pytest.mark.parametrize("state", [State.NO_SHOW, State.LATE_CANCELLED, State.DECLINED])
def test_who_never_came_has_not_been_here(willow, owner, miso, check, state):
    visits.create_past_visit(owner, check, at(willow, "2026-03-10 09:15"), miso, state=state)

    with tenant(willow):
        assert eligibility.is_known(owner) is False


def test_a_record_of_care_or_a_number_in_the_practice_system_says_so_too(willow, owner, miso):
    with tenant(willow):
        assert eligibility.is_known(owner) is False
        factories.create_record(miso, factories.create_plan(willow), valid_until=TODAY + timedelta(days=30))
        assert eligibility.is_known(owner) is True
        assert eligibility.is_known(factories.create_owner(willow, external_id="C-17")) is True


def test_more_pets_than_fit(willow, owner, okafor):
    two = visits.create_service(willow, okafor, most_pets=2)
    three = [factories.create_pet(owner) for _pet in range(3)]

    with pytest.raises(eligibility.TooManyPets):
        book(owner, two, at(willow, START), *three)
    with pytest.raises(eligibility.NoPet):
        book(owner, two, at(willow, START))


def test_longer_than_a_working_day_for_anybody(willow, owner, okafor, reception):
    surgery = visits.create_service(willow, okafor, minutes=480, most_pets=3)
    two = [factories.create_pet(owner) for _pet in range(2)]

    for by in (owner, reception):
        with pytest.raises(eligibility.TooManyPets):
            book(owner, surgery, at(willow, START), *two, by=by)


def test_a_pet_that_is_gone_or_somebody_elses(willow, owner, miso, check, reception):
    strangers = factories.create_pet(factories.create_owner(willow))
    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=NOON)

    for pet in (miso, strangers):
        for by in (owner, reception):
            with pytest.raises(eligibility.PetGone):
                book(owner, check, at(willow, START), pet, by=by)


def test_a_withdrawn_service(willow, owner, miso, okafor):
    gone = visits.create_service(willow, okafor, is_active=False)

    with pytest.raises(eligibility.NotOffered):
        book(owner, gone, at(willow, START), miso)


def test_nothing_is_held_against_a_visitor_yet(willow, okafor):
    known = visits.create_service(willow, okafor, audience=Audience.EXISTING, species=[Species.CAT])

    assert eligibility.why_not(known, species=["cat"], is_known=None) is None
    assert isinstance(eligibility.why_not(known, species=["dog"], is_known=None), eligibility.OtherSpecies)
    assert isinstance(eligibility.why_not(known, species=["cat"], is_known=False), eligibility.KnownClientsOnly)


def test_one_account_does_not_fill_a_diary(willow, owner, miso, check, reception, monkeypatch):
    monkeypatch.setattr(eligibility, "MOST_AHEAD", 2)
    for day in ("2026-04-23", "2026-04-24"):
        book(owner, check, at(willow, f"{day} 09:15"), miso)

    with pytest.raises(eligibility.TooManyVisits):
        book(owner, check, at(willow, "2026-04-27 09:15"), miso)
    book(owner, check, at(willow, "2026-04-27 09:15"), miso, by=reception)


def test_booking_and_cancelling_in_turns_ends(willow, owner, miso, check, monkeypatch):
    monkeypatch.setattr(eligibility, "MOST_IN_A_DAY", 2)
    for _turn in range(2):
        visit = book(owner, check, at(willow, START), miso)
        with tenant(willow):
            actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    with pytest.raises(eligibility.TooManyVisits):
        book(owner, check, at(willow, START), miso)
    book(owner, check, at(willow, START), miso, now=NOON + timedelta(days=1))
