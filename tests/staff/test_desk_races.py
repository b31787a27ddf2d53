"""Two of the staff at once: what one of them does is done once, and the other is told or finds it done."""

from __future__ import annotations

from functools import partial

import pytest

from bookings import actions
from bookings.models import AppointmentChange, State
from clinics.tenancy import tenant
from portal.kit.refusals import Refusal
from tests.bookings.visits import NOON
from tests.races import at_once_inside
from tests.staff.desk import create_desk, member
from tests.staff.rows import reread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
RIVALS = 6


@pytest.fixture
def desk(willow):
    return create_desk(willow)


def both(desk, *acts) -> list[str]:
    """How each came out: "done", or the name of the refusal; in no order."""
    found = at_once_inside(desk.clinic, *acts)
    return sorted(type(one).__name__ if isinstance(one, Refusal) else "done" for one in found)


def kinds(visit) -> list[str]:
    with tenant(visit.clinic_id):
        return list(AppointmentChange.objects.filter(appointment=visit).order_by("pk").values_list("kind", flat=True))


def test_the_same_mark_by_many_is_made_once(desk):
    visit = desk.book("2026-04-15 15:00")
    people = [member(desk.clinic) for _one in range(RIVALS)]

    came_to = both(
        desk,
        *(
            partial(actions.mark_visit, appointment=_open(desk, visit), state=State.ARRIVED, by=one, now=NOON)
            for one in people
        ),
    )

    assert (came_to, kinds(visit)) == (["done"] * RIVALS, ["booked", "arrived"])


def test_of_two_different_ends_one_is_kept_and_the_other_told(desk):
    visit = desk.book("2026-04-15 15:00")
    people = [member(desk.clinic) for _one in range(2)]
    over = visit.ends_at

    came_to = both(
        desk,
        *(
            partial(actions.mark_visit, appointment=_open(desk, visit), state=state, by=one, now=over)
            for one, state in zip(people, (State.COMPLETED, State.NO_SHOW), strict=True)
        ),
    )

    assert (came_to, len(kinds(visit))) == (["NotNow", "done"], 2)
    assert reread(visit).state in {State.COMPLETED, State.NO_SHOW}


def test_a_request_is_accepted_once(desk):
    visit = desk.request()
    people = [member(desk.clinic) for _one in range(RIVALS)]

    came_to = both(
        desk, *(partial(actions.accept_request, appointment=_open(desk, visit), by=one, now=NOON) for one in people)
    )

    assert came_to == ["AlreadyAnswered"] * (RIVALS - 1) + ["done"]
    assert (kinds(visit), reread(visit).state) == (["requested", "accepted"], State.CONFIRMED)


def test_accepted_and_declined_at_once_it_is_one_of_the_two(desk):
    visit = desk.request()
    one, other = member(desk.clinic), member(desk.clinic)

    came_to = both(
        desk,
        partial(actions.accept_request, appointment=_open(desk, visit), by=one, now=NOON),
        partial(actions.decline_request, appointment=_open(desk, visit), by=other, reason="Full.", now=NOON),
    )

    assert (came_to, len(kinds(visit))) == (["AlreadyAnswered", "done"], 2)


def _open(desk, visit):
    """As a page has loaded it."""
    row = reread(visit)
    row.clinic, row.service = desk.clinic, visit.service
    return row
