"""Taking a cancellation back is no way round anything that happened meanwhile."""

import pytest

from bookings import actions
from bookings.models import Mode, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


def cancel(visit, now=NOON):
    with tenant(visit.clinic):
        actions.cancel_appointment(appointment=visit, by=visit.client, now=now)


def undo(visit, now=NOON):
    with tenant(visit.clinic):
        return actions.undo_cancellation(appointment=visit, by=visit.client, now=now)


def test_not_after_staff_have_put_something_right(willow, owner, miso, check, reception):
    late = at(willow, "2026-04-22 12:00")
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    cancel(visit, late)
    with tenant(willow):
        actions.correct_visit(appointment=visit, state=State.CANCELLED_BY_CLIENT, by=reception, reason="Snow", now=late)

    with pytest.raises(actions.NothingToUndo):
        undo(visit, late)


def test_not_over_the_most_of_a_day(willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, most_per_day=1)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)
    cancel(visit)
    other = factories.create_owner(willow)
    book(other, service, at(willow, "2026-04-23 11:15"), factories.create_pet(other))

    with pytest.raises(actions.TimeTaken):
        undo(visit)


def test_what_was_proposed_is_a_proposal_again(willow, owner, miso, okafor, reception):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)
    with tenant(willow):
        actions.propose_time(
            appointment=visit,
            starts_at=at(willow, "2026-04-24 11:00"),
            person=None,
            by=reception,
            now=NOON,
            reason="The theatre is free then",
        )
    cancel(visit)

    undo(visit)

    assert (visit.state, visit.is_proposal, visit.reason) == (State.REQUESTED, True, "The theatre is free then")
    with tenant(willow):
        assert actions.agree_to_proposal(appointment=visit, by=owner, now=NOON).state == State.CONFIRMED
