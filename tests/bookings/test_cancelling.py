"""Cancelling a visit: what it comes to, when it is refused, and taking it back."""

from datetime import timedelta

import pytest

from bookings import actions, policy
from bookings.models import AppointmentChange, Claim, LateRule, Mode, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def cancel(visit, *, by=None, now=NOON, **fields):
    with tenant(visit.clinic):
        return actions.cancel_appointment(appointment=visit, by=by or visit.client, now=now, **fields)


def undo(visit, *, now=NOON):
    with tenant(visit.clinic):
        return actions.undo_cancellation(appointment=visit, by=visit.client, now=now)


def claims():
    return Claim.objects.count()


def test_in_time_it_is_free_and_the_time_is_free(willow, visit, owner):
    announced = policy.cancellation(visit, by_staff=False, now=NOON)

    came_to = cancel(visit, reason="We are away")

    with tenant(willow):
        change = AppointmentChange.objects.latest("id")
        assert claims() == 0
    assert came_to == announced
    assert (visit.state, visit.reason, visit.ended_at, visit.sequence) == (
        "cancelled_by_client",
        "We are away",
        NOON,
        1,
    )
    assert (change.kind, change.client_id, change.old_state, change.new_state, change.reason) == (
        "cancelled",
        owner.pk,
        "confirmed",
        "cancelled_by_client",
        "We are away",
    )


@pytest.mark.parametrize(("before", "state"), [(24, "cancelled_by_client"), (23, "late_cancelled")])
def test_the_window_decides_what_is_late(visit, before, state):
    now = visit.starts_at - timedelta(hours=before)

    assert cancel(visit, now=now).is_late == (state == "late_cancelled")

    assert visit.state == state


def test_nobody_cancels_late_who_was_told_that_it_is_free(visit):
    late = visit.starts_at - timedelta(hours=23)

    with pytest.raises(policy.NowLate):
        cancel(visit, now=late, announced=State.CANCELLED_BY_CLIENT)

    assert cancel(visit, now=late, announced=State.LATE_CANCELLED).is_late


def test_where_late_means_a_call_nothing_is_done(willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, late_rule=LateRule.CALL, cancel_hours=72)
    visit = book(owner, service, at(willow, "2026-04-17 09:15"), miso)

    with pytest.raises(policy.TooLateToCancel):
        cancel(visit)

    with tenant(willow):
        assert claims() == 2


def test_what_the_clinic_causes_is_never_late(visit, reception):
    cancel(visit, by=reception, now=visit.starts_at - timedelta(minutes=5), reason="The vet is ill")

    assert visit.state == State.CANCELLED_BY_CLINIC


def test_a_request_binds_nobody(willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, mode=Mode.REQUEST, late_rule=LateRule.CALL)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)

    cancel(visit, now=visit.starts_at - timedelta(hours=1))

    assert visit.state == State.CANCELLED_BY_CLIENT


def test_cancelling_twice_changes_nothing(willow, visit):
    cancel(visit)
    cancel(visit, now=NOON + timedelta(minutes=1))

    with tenant(willow):
        assert AppointmentChange.objects.filter(kind="cancelled").count() == 1
    assert visit.ended_at == NOON


@pytest.mark.parametrize("state", [State.ARRIVED, State.IN_PROGRESS])
def test_what_has_begun_is_not_cancelled_by_its_client(willow, visit, reception, state):
    with tenant(willow):
        actions.mark_visit(appointment=visit, state=state, by=reception, now=at(willow, "2026-04-23 08:00"))

    with pytest.raises(policy.VisitBegun):
        cancel(visit)


def test_what_is_over_is_not_cancelled(willow, visit, reception):
    with pytest.raises(policy.VisitOver):
        cancel(visit, now=visit.starts_at)
    with tenant(willow):
        actions.mark_visit(appointment=visit, state=State.COMPLETED, by=reception, now=visit.starts_at)
    for by in (visit.client, reception):
        with pytest.raises(policy.VisitOver):
            cancel(visit, by=by)


def test_it_can_be_taken_back_while_the_time_is_free(willow, visit):
    cancel(visit)

    undo(visit, now=NOON + timedelta(minutes=14))

    with tenant(willow):
        assert claims() == 2
        assert AppointmentChange.objects.latest("id").kind == "restored"
    assert (visit.state, visit.ended_at, visit.sequence) == (State.CONFIRMED, None, 2)


def test_a_request_that_is_taken_back_is_a_request_again(willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)
    cancel(visit)

    assert undo(visit).state == State.REQUESTED


def test_somebody_elses_time_is_not_taken_back(willow, visit):
    cancel(visit)
    other = factories.create_owner(willow)
    book(other, visit.service, visit.starts_at, factories.create_pet(other))

    with pytest.raises(actions.TimeTaken):
        undo(visit)

    assert visit.state == State.CANCELLED_BY_CLIENT


def test_it_is_not_taken_back_later_or_when_the_clinic_did_it(visit, reception):
    cancel(visit)
    with pytest.raises(actions.NothingToUndo):
        undo(visit, now=NOON + timedelta(minutes=15))
    undo(visit)
    with pytest.raises(actions.NothingToUndo):
        undo(visit)
    cancel(visit, by=reception)
    with pytest.raises(actions.NothingToUndo):
        undo(visit)


def test_it_is_not_taken_back_again_and_again(visit):
    for _time in range(3):
        cancel(visit)
        undo(visit)
    cancel(visit)

    with pytest.raises(actions.NothingToUndo):
        undo(visit)
