"""One client from many tabs at once: limits hold, and their own double tap is no rival."""

from functools import partial

import pytest

from bookings import actions, eligibility
from bookings.models import Appointment, Claim, Hold
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.rivals import ROUNDS, attempt, outcomes
from tests.bookings.visits import NOON, at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def hold(owner, service, pet, starts_at):
    return partial(
        actions.hold_time, client=owner, service=service, pets=[pet], starts_at=starts_at, person=None, now=NOON
    )


def test_a_client_holds_one_time_however_fast_they_ask(willow, owner, miso, check):
    starts = [at(willow, f"2026-04-23 {9 + place // 2:02}:{place % 2 * 30:02}") for place in range(12)]

    came_to = outcomes(willow, *(hold(owner, check, miso, start) for start in starts))

    with tenant(willow):
        assert (Hold.objects.count(), Claim.objects.count()) == (1, 2)
    assert came_to == {"done": 12}


def test_a_double_tap_holds_the_same_time_twice(willow, owner, miso, check):
    for _round in range(ROUNDS):
        came_to = outcomes(willow, *[hold(owner, check, miso, at(willow, "2026-04-23 09:15"))] * 2)

        assert came_to == {"done": 2}


def test_the_most_visits_ahead_are_counted_one_after_the_other(willow, owner, monkeypatch):
    monkeypatch.setattr(eligibility, "MOST_AHEAD", 2)
    services = [visits.create_service(willow, visits.create_person(willow)) for _one in range(6)]
    start = at(willow, "2026-04-23 09:15")

    came_to = outcomes(willow, *(attempt(owner, one, start, factories.create_pet(owner)) for one in services))

    with tenant(willow):
        assert Appointment.objects.count() == 2
    assert came_to == {"done": 2, "TooManyVisits": 4}


def test_two_who_swap_the_times_that_they_held_do_not_deadlock(willow, check, okafor):
    """Each clears the other's expired hold away while giving up their own."""
    other = visits.create_service(willow, visits.create_person(willow))
    start = at(willow, "2026-04-23 09:15")
    people = [(owner, factories.create_pet(owner)) for owner in (factories.create_owner(willow) for _n in range(2))]
    for _round in range(ROUNDS):
        with tenant(willow):
            for (owner, pet), service in zip(people, (check, other), strict=True):
                hold(owner, service, pet, start)()
            ended = Hold.objects.values_list("expires_at", flat=True)[0].replace(year=2025)
            Hold.objects.update(expires_at=ended)
            Claim.objects.update(expires_at=ended)

        came_to = outcomes(
            willow,
            *(hold(owner, one, pet, start) for (owner, pet), one in zip(people, (other, check), strict=True)),
        )

        assert came_to == {"done": 2}
        with tenant(willow):
            for kept in Hold.objects.all():
                actions.drop_hold(hold=kept)
