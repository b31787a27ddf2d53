"""Many for one time, on real PostgreSQL with real threads: one wins, the others are told, nobody deadlocks."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from bookings import actions
from bookings.models import Appointment, Claim
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.bookings.rivals import RIVALS, ROUNDS, attempt, move, outcomes, rivals
from tests.bookings.visits import NOON, at, book

FIVE = timedelta(minutes=5)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_one_of_many_gets_the_time(willow, check):
    start = at(willow, "2026-04-23 09:15")

    came_to = outcomes(willow, *(attempt(owner, check, start, pet) for owner, pet in rivals(willow)))

    assert came_to == {"done": 1, "TimeTaken": RIVALS - 1}
    with tenant(willow):
        assert (Appointment.objects.count(), Claim.objects.count()) == (1, 2)


def test_times_that_overlap_are_never_both_sold(willow, okafor):
    service = visits.create_service(willow, okafor, minutes=30, grid_minutes=5)
    start = at(willow, "2026-04-23 09:00")

    came_to = outcomes(
        willow,
        *(attempt(owner, service, start + place * FIVE, pet) for place, (owner, pet) in enumerate(rivals(willow))),
    )

    assert set(came_to) == {"done", "TimeTaken"}
    with tenant(willow):
        sold = sorted(Appointment.objects.values_list("starts_at", "ends_at"))
    assert all(ends <= begins for (_start, ends), (begins, _end) in pairwise(sold))


def test_a_vet_and_a_room_in_any_order(willow):
    people = [visits.create_person(willow) for _one in range(2)]
    rooms = [visits.create_room(willow) for _one in range(2)]
    services = [
        visits.create_service(willow, *people, *rooms),
        visits.create_service(willow, *reversed(rooms), *reversed(people)),
    ]
    start = at(willow, "2026-04-23 09:15")

    came_to = outcomes(
        willow,
        *(
            attempt(owner, services[turn % 2], start, pet, person=people[turn % 2] if turn % 3 else None)
            for turn, (owner, pet) in enumerate(rivals(willow))
        ),
    )

    assert came_to == {"done": 2, "TimeTaken": RIVALS - 2}
    with tenant(willow):
        assert Claim.objects.filter(resource__isnull=False).values("resource").distinct().count() == 4


def test_those_who_move_and_lose_keep_what_they_had(willow, okafor):
    service = visits.create_service(willow, okafor)
    wanted = at(willow, "2026-04-23 16:00")
    movers = rivals(willow, 6)
    old = [
        book(owner, service, at(willow, f"2026-04-{20 + place % 3} {9 + place // 3:02}:00"), pet)
        for place, (owner, pet) in enumerate(movers)
    ]
    moves = [move(visit, wanted) for visit in old]

    came_to = outcomes(willow, *moves, *(attempt(owner, service, wanted, pet) for owner, pet in rivals(willow, 6)))

    with tenant(willow):
        held = dict(Appointment.objects.values_list("pk", "starts_at"))
        claims = Claim.objects.filter(resource=okafor).count()
    kept = sum(held[visit.pk] in {visit.starts_at, wanted} for visit in old)
    assert came_to == {"done": 1, "TimeTaken": 11}
    assert (kept, list(held.values()).count(wanted), claims) == (6, 1, len(held))


def test_two_who_want_each_others_time_are_refused(willow, owner, miso, check):
    for _round in range(ROUNDS):
        (one, his), (two, hers) = rivals(willow, 2)
        first = book(one, check, at(willow, "2026-04-23 09:00"), his)
        second = book(two, check, at(willow, "2026-04-23 10:00"), hers)

        came_to = outcomes(
            willow,
            *(
                partial(
                    actions.reschedule_appointment,
                    appointment=mine,
                    starts_at=goal,
                    person=None,
                    by=mine.client,
                    now=NOON,
                )
                for mine, goal in ((first, second.starts_at), (second, first.starts_at))
            ),
        )

        with tenant(willow):
            for visit in (first, second):
                actions.cancel_appointment(appointment=visit, by=visit.client, now=NOON)
        assert came_to == {"TimeTaken": 2}
