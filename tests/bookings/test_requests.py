"""Services by request: accepted, another time proposed, declined."""

from datetime import timedelta

import pytest

from bookings import actions, policy
from bookings.models import AppointmentChange, Claim, Mode, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


@pytest.fixture
def dental(willow, okafor):
    return visits.create_service(willow, okafor, name="Dental cleaning", mode=Mode.REQUEST)


@pytest.fixture
def visit(willow, owner, miso, dental):
    return book(owner, dental, at(willow, "2026-04-23 09:15"), miso)


def kinds(clinic):
    with tenant(clinic):
        return list(AppointmentChange.objects.order_by("id").values_list("kind", flat=True))


def propose(visit, starts_at, by, **fields):
    with tenant(visit.clinic):
        return actions.propose_time(appointment=visit, starts_at=starts_at, person=None, by=by, now=NOON, **fields)


def test_a_wish_keeps_its_time(willow, visit):
    other = factories.create_owner(willow)

    with pytest.raises(actions.TimeTaken):
        book(other, visit.service, visit.starts_at, factories.create_pet(other))


def test_accepting_confirms_it(willow, visit, reception):
    with tenant(willow):
        actions.accept_request(appointment=visit, by=reception, now=NOON)

    assert visit.state == State.CONFIRMED
    assert kinds(willow) == ["requested", "accepted"]


def test_accepting_what_was_moved_meanwhile_is_told(willow, visit, owner, reception):
    with tenant(willow):
        seen = type(visit).objects.select_related("service", "client").get(pk=visit.pk)
        actions.reschedule_appointment(
            appointment=visit, starts_at=at(willow, "2026-04-24 09:15"), person=None, by=owner, now=NOON
        )
        with pytest.raises(actions.AlreadyAnswered):
            actions.accept_request(appointment=seen, by=reception, now=NOON)


def test_a_proposal_moves_the_claim_and_waits_for_the_client(willow, visit, owner, reception):
    propose(visit, at(willow, "2026-04-24 11:00"), reception, reason="The theatre is free then")

    with tenant(willow):
        claimed = set(Claim.objects.values_list("blocked_at", flat=True))
        with pytest.raises(actions.AlreadyAnswered):
            actions.accept_request(appointment=visit, by=reception, now=NOON)
        actions.agree_to_proposal(appointment=visit, by=owner, now=NOON)
    assert claimed == {at(willow, "2026-04-24 11:00")}
    assert (visit.state, visit.is_proposal, visit.starts_at) == (State.CONFIRMED, False, at(willow, "2026-04-24 11:00"))
    assert kinds(willow) == ["requested", "proposed", "agreed"]


def test_a_client_cannot_agree_to_their_own_wish(willow, visit, owner):
    with tenant(willow), pytest.raises(actions.AlreadyAnswered):
        actions.agree_to_proposal(appointment=visit, by=owner, now=NOON)


def test_choosing_another_time_turns_a_proposal_into_a_wish(willow, visit, owner, reception):
    propose(visit, at(willow, "2026-04-24 11:00"), reception)

    with tenant(willow):
        actions.reschedule_appointment(
            appointment=visit, starts_at=at(willow, "2026-04-27 10:00"), person=None, by=owner, now=NOON
        )

    assert (visit.state, visit.is_proposal, visit.moves) == (State.REQUESTED, False, 0)


def test_a_taken_time_is_not_proposed(willow, visit, reception):
    other = factories.create_owner(willow)
    taken = book(other, visit.service, at(willow, "2026-04-24 11:00"), factories.create_pet(other))

    with pytest.raises(actions.TimeTaken):
        propose(visit, taken.starts_at, reception)


def test_declining_needs_a_reason_and_frees_the_time(willow, visit, reception):
    with tenant(willow):
        with pytest.raises(actions.NoReason):
            actions.decline_request(appointment=visit, by=reception, reason="  ", now=NOON)
        actions.decline_request(appointment=visit, by=reception, reason="We need blood tests first", now=NOON)

        assert Claim.objects.count() == 0
        with pytest.raises(actions.AlreadyAnswered):
            actions.decline_request(appointment=visit, by=reception, reason="Again", now=NOON)
    assert (visit.state, visit.reason) == (State.DECLINED, "We need blood tests first")


def test_a_wish_whose_time_has_come_is_not_accepted(willow, visit, reception):
    with tenant(willow), pytest.raises(policy.VisitOver):
        actions.accept_request(appointment=visit, by=reception, now=visit.starts_at + timedelta(minutes=1))


def test_a_closure_stands_in_the_way_of_accepting(willow, visit, reception):
    with tenant(willow):
        actions.close_time(
            clinic=willow,
            resource=None,
            starts_at=visit.starts_at - timedelta(hours=1),
            ends_at=visit.ends_at,
            by=reception,
        )
        with pytest.raises(actions.NoSuchTime):
            actions.accept_request(appointment=visit, by=reception, now=NOON)


def test_wishing_for_another_time_counts_as_moving(willow, visit, owner):
    for day in ("2026-04-24", "2026-04-27", "2026-04-28"):
        with tenant(willow):
            actions.reschedule_appointment(
                appointment=visit, starts_at=at(willow, f"{day} 10:00"), person=None, by=owner, now=NOON
            )

    assert isinstance(policy.why_not_move(visit, by_staff=False, now=NOON), policy.MovedTooOften)
