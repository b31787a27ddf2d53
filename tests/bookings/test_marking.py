"""The day itself: arrived, in progress, completed, missed, and what is put right afterwards."""

import pytest

from bookings import actions
from bookings.models import AppointmentChange, Claim, State
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def mark(visit, state, by, *, now=None):
    with tenant(visit.clinic):
        return actions.mark_visit(appointment=visit, state=state, by=by, now=now or visit.starts_at)


def test_one_click_after_the_other(willow, visit, reception):
    for state in (State.ARRIVED, State.IN_PROGRESS, State.COMPLETED):
        assert mark(visit, state, reception).state == state

    with tenant(willow):
        history = AppointmentChange.objects.order_by("id").values_list("kind", "staff", "old_state", "new_state")
        assert list(history)[1:] == [
            ("arrived", reception.pk, "confirmed", "arrived"),
            ("started", reception.pk, "arrived", "in_progress"),
            ("completed", reception.pk, "in_progress", "completed"),
        ]
        assert Claim.objects.count() == 0
    assert visit.ended_at == visit.starts_at


def test_the_same_click_twice_is_one(willow, visit, reception):
    mark(visit, State.ARRIVED, reception)
    mark(visit, State.ARRIVED, reception)

    with tenant(willow):
        assert AppointmentChange.objects.filter(kind="arrived").count() == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (State.IN_PROGRESS, State.ARRIVED),
        (State.IN_PROGRESS, State.NO_SHOW),
        (State.COMPLETED, State.ARRIVED),
        (State.NO_SHOW, State.COMPLETED),
        (State.ARRIVED, State.CONFIRMED),
        (State.ARRIVED, State.CANCELLED_BY_CLIENT),
    ],
)
def test_nothing_goes_backwards(visit, reception, first, then):
    mark(visit, first, reception)

    with pytest.raises(actions.NotNow):
        mark(visit, then, reception)


def test_nobody_is_missed_before_the_visit_begins(visit, reception):
    with pytest.raises(actions.NotBegun):
        mark(visit, State.NO_SHOW, reception, now=NOON)

    assert mark(visit, State.NO_SHOW, reception).state == State.NO_SHOW


@pytest.mark.parametrize("state", [State.ARRIVED, State.IN_PROGRESS, State.COMPLETED])
def test_nobody_comes_before_the_day(willow, visit, reception, state):
    with pytest.raises(actions.NotBegun):
        mark(visit, state, reception, now=at(willow, "2026-04-22 23:59"))

    assert mark(visit, state, reception, now=at(willow, "2026-04-23 00:01")).state == state


def test_a_late_cancellation_is_waived_with_a_reason(willow, owner, miso, check, reception):
    visit = visits.create_past_visit(owner, check, at(willow, "2026-04-10 09:15"), miso, state=State.LATE_CANCELLED)
    with tenant(willow):
        with pytest.raises(actions.NoReason):
            actions.correct_visit(appointment=visit, state=State.CANCELLED_BY_CLIENT, by=reception, reason="", now=NOON)
        actions.correct_visit(appointment=visit, state=State.CANCELLED_BY_CLIENT, by=reception, reason="Snow", now=NOON)
        change = AppointmentChange.objects.get()
    assert (visit.state, change.kind, change.old_state, change.reason) == (
        "cancelled_by_client",
        "corrected",
        "late_cancelled",
        "Snow",
    )
    # It is for the clinic: clients read the visit's own.
    assert visit.reason == ""


@pytest.mark.parametrize("state", [State.CONFIRMED, State.ARRIVED, State.DECLINED, State.COMPLETED])
def test_a_correction_leads_from_one_end_to_another(willow, owner, miso, check, reception, state):
    visit = visits.create_past_visit(owner, check, at(willow, "2026-04-10 09:15"), miso)

    with tenant(willow), pytest.raises(actions.NotNow):
        actions.correct_visit(appointment=visit, state=state, by=reception, reason="A slip", now=NOON)


def test_what_is_still_ahead_is_not_corrected(willow, visit, reception):
    with tenant(willow), pytest.raises(actions.NotNow):
        actions.correct_visit(appointment=visit, state=State.NO_SHOW, by=reception, reason="A slip", now=NOON)
