"""Two acts that meet: cancelling and moving, closing and booking, deleting a pet and booking for it."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from bookings import actions
from bookings.models import Appointment, AppointmentChange, Claim, State
from clinics.tenancy import tenant
from pets import actions as pets
from tests import factories
from tests.bookings import visits
from tests.bookings.rivals import RIVALS, ROUNDS, attempt, move, outcomes, rivals
from tests.bookings.visits import NOON, at, book
from tests.races import at_once_inside

FIVE = timedelta(minutes=5)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_cancel_and_move_at_once(willow, owner, check):
    """From two devices: the visit is moved and then cancelled, or cancelled and not moved; its time is free."""
    for _round in range(ROUNDS):
        visit = book(owner, check, at(willow, "2026-04-23 09:00"), factories.create_pet(owner))
        with tenant(willow):
            mine, yours = (Appointment.objects.select_related("service", "client").get(pk=visit.pk) for _n in range(2))

        came_to = outcomes(
            willow,
            partial(actions.cancel_appointment, appointment=mine, by=owner, now=NOON),
            move(yours, at(willow, "2026-04-24 09:00")),
        )

        with tenant(willow):
            assert Appointment.objects.get(pk=visit.pk).state == State.CANCELLED_BY_CLIENT
            assert Claim.objects.count() == 0
        assert came_to in [{"done": 2}, {"done": 1, "VisitOver": 1}]


def test_the_same_form_twice_at_once_is_one_visit(willow, owner, miso, check):
    for place in range(ROUNDS):
        key, start = uuid4(), at(willow, f"2026-04-23 {9 + place:02}:00")

        made = at_once_inside(willow, *[attempt(owner, check, start, miso, form_key=key)] * 4)

        assert len({visit.pk for visit in made}) == 1


def test_the_same_form_at_once_for_different_pets_is_one_visit(willow, owner):
    services = [visits.create_service(willow, visits.create_person(willow)) for _one in range(2)]
    for place in range(ROUNDS):
        key, start = uuid4(), at(willow, f"2026-04-23 {9 + place:02}:00")

        came_to = outcomes(
            willow,
            *(attempt(owner, one, start, factories.create_pet(owner), form_key=key) for one in services),
        )

        assert came_to == {"done": 1, "OtherBooking": 1}


def test_a_pet_is_at_one_place_at_a_time(willow, owner, miso):
    services = [visits.create_service(willow, visits.create_person(willow)) for _one in range(6)]
    start = at(willow, "2026-04-23 09:15")

    came_to = outcomes(willow, *(attempt(owner, service, start, miso) for service in services))

    assert came_to == {"done": 1, "PetIsBusy": 5}


def test_a_visit_is_never_left_to_a_deleted_pet(willow, owner, check):
    for place in range(ROUNDS):
        pet, start = factories.create_pet(owner), at(willow, f"2026-04-23 {9 + place:02}:00")

        came_to = outcomes(
            willow, attempt(owner, check, start, pet), partial(pets.delete_pet, pet=pet, by=owner, now=NOON)
        )

        with tenant(willow):
            states = list(Appointment.objects.filter(pets=pet).values_list("state", flat=True))
        assert (came_to, states) in [
            ({"done": 2}, [State.CANCELLED_BY_CLIENT]),
            ({"done": 1, "PetGone": 1}, []),
        ]


def test_a_closure_and_a_booking_never_miss_each_other(willow, owner, check):
    """Either the visit is on the closure's list, or the closure refuses the visit."""
    for place in range(ROUNDS):
        start, pet = at(willow, f"2026-04-23 {9 + place:02}:00"), factories.create_pet(owner)
        close = partial(
            actions.close_time, clinic=willow, resource=None, starts_at=start, ends_at=start + 6 * FIVE, by=None
        )

        booked, closure = at_once_inside(willow, attempt(owner, check, start, pet), close)

        with tenant(willow):
            hit = [visit.pk for visit in actions.visits_hit(closure=closure)]
        assert hit == ([] if isinstance(booked, actions.NoSuchTime) else [booked.pk])


def test_the_last_of_a_day_is_sold_once(willow):
    people = [visits.create_person(willow) for _one in range(3)]
    service = visits.create_service(willow, *people, most_per_day=1)
    starts = [at(willow, f"2026-04-23 {9 + place:02}:00") for place in range(6)]

    came_to = outcomes(
        willow,
        *(attempt(owner, service, start, pet) for start, (owner, pet) in zip(starts, rivals(willow, 6), strict=True)),
    )

    assert came_to["done"] == 1


def test_of_two_who_accept_or_decline_one_is_told(willow, owner, okafor, reception):
    dental = visits.create_service(willow, okafor, mode="request")
    for place in range(ROUNDS):
        visit = book(owner, dental, at(willow, f"2026-04-23 {9 + place:02}:00"), factories.create_pet(owner))
        with tenant(willow):
            mine, yours = (Appointment.objects.select_related("service", "client").get(pk=visit.pk) for _n in range(2))

        came_to = outcomes(
            willow,
            partial(actions.accept_request, appointment=mine, by=reception, now=NOON),
            partial(actions.decline_request, appointment=yours, by=reception, reason="No", now=NOON),
        )

        with tenant(willow):
            kinds = set(AppointmentChange.objects.filter(appointment=visit).values_list("kind", flat=True))
        assert came_to == {"done": 1, "AlreadyAnswered": 1}
        assert len(kinds) == 2


def test_held_times_of_rivals(willow, check):
    start = at(willow, "2026-04-23 09:15")

    came_to = outcomes(
        willow,
        *(
            partial(actions.hold_time, client=owner, service=check, pets=[pet], starts_at=start, person=None, now=NOON)
            for owner, pet in rivals(willow)
        ),
    )

    assert came_to == {"done": 1, "TimeTaken": RIVALS - 1}
