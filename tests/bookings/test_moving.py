"""Moving a visit: what comes of it, and what stands in its way."""

from datetime import timedelta

import pytest

from bookings import actions, policy
from bookings.models import AppointmentChange, Claim, Mode, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book


def move(visit, starts_at, *, by=None, person=None, now=NOON, **fields):
    with tenant(visit.clinic):
        return actions.reschedule_appointment(
            appointment=visit, starts_at=starts_at, person=person, by=by or visit.client, now=now, **fields
        )


def claims_of(visit):
    with tenant(visit.clinic):
        return list(Claim.objects.filter(appointment=visit).order_by("id").values_list("blocked_at", flat=True))


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def test_it_stays_the_same_visit_with_its_history(willow, visit, owner, okafor):
    before, uid = visit.starts_at, visit.uid

    move(visit, at(willow, "2026-04-23 14:15"))

    with tenant(willow):
        change = AppointmentChange.objects.latest("id")
    assert (visit.starts_at, visit.ends_at) == (at(willow, "2026-04-23 14:15"), at(willow, "2026-04-23 14:45"))
    assert (visit.uid, visit.sequence, visit.moves) == (uid, 1, 1)
    assert claims_of(visit) == [visit.starts_at, visit.starts_at]
    assert (change.kind, change.client_id, change.old_starts_at, change.new_starts_at, change.new_person_id) == (
        "moved",
        owner.pk,
        before,
        visit.starts_at,
        okafor.pk,
    )


def test_its_old_time_is_free_at_once_and_its_own_time_is_no_obstacle(willow, visit):
    old, other = visit.starts_at, factories.create_owner(willow)

    move(visit, at(willow, "2026-04-23 09:30"))

    with pytest.raises(actions.TimeTaken):
        book(other, visit.service, old, factories.create_pet(other))
    book(other, visit.service, at(willow, "2026-04-23 09:00"), factories.create_pet(other))


def test_a_taken_time_leaves_everything_as_it_was(willow, visit):
    other = factories.create_owner(willow)
    taken = book(other, visit.service, at(willow, "2026-04-23 11:00"), factories.create_pet(other))

    with pytest.raises(actions.TimeTaken):
        move(visit, taken.starts_at)

    assert claims_of(visit) == [at(willow, "2026-04-23 09:15")] * 2


def test_to_where_it_is_nothing_changes(willow, visit):
    move(visit, visit.starts_at)

    with tenant(willow):
        assert AppointmentChange.objects.count() == 1
    assert (visit.moves, visit.sequence) == (0, 0)


def test_the_window_and_the_most_moves_bind_the_client_but_not_the_clinic(willow, visit, reception):
    late = visit.starts_at - timedelta(hours=23)
    with pytest.raises(policy.TooLateToMove):
        move(visit, at(willow, "2026-04-24 09:15"), now=late)

    for day in ("2026-04-24", "2026-04-27", "2026-04-28"):
        move(visit, at(willow, f"{day} 09:15"))
    with pytest.raises(policy.MovedTooOften):
        move(visit, at(willow, "2026-04-29 09:15"))

    move(visit, at(willow, "2026-04-29 18:20"), by=reception, now=late)
    assert (visit.moves, visit.starts_at) == (3, at(willow, "2026-04-29 18:20"))


def test_exactly_at_the_window_it_may_still_be_moved(willow, visit):
    move(visit, at(willow, "2026-04-24 09:15"), now=visit.starts_at - timedelta(hours=24))

    assert visit.moves == 1


def test_the_terms_are_those_it_was_booked_under(willow, visit):
    visits.create_policy(willow, move_hours=200, most_moves=0)

    move(visit, at(willow, "2026-04-24 09:15"))

    assert visit.moves == 1


@pytest.mark.parametrize("state", [State.ARRIVED, State.IN_PROGRESS])
def test_what_has_begun_is_not_moved_by_its_client(willow, visit, reception, state):
    with tenant(willow):
        actions.mark_visit(appointment=visit, state=state, by=reception, now=at(willow, "2026-04-23 08:00"))

    with pytest.raises(policy.VisitBegun):
        move(visit, at(willow, "2026-04-24 09:15"))


def test_what_is_over_or_cancelled_is_not_moved(willow, visit, owner, reception):
    with pytest.raises(policy.VisitOver):
        move(visit, at(willow, "2026-04-24 09:15"), now=visit.starts_at)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    for by in (owner, reception):
        with pytest.raises(policy.VisitOver):
            move(visit, at(willow, "2026-04-24 09:15"), by=by)


def test_whoever_has_it_keeps_it_where_they_can(willow, owner, miso):
    first, second = visits.create_person(willow), visits.create_person(willow)
    service = visits.create_service(willow, first, second)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso, person=second)
    other = factories.create_owner(willow)
    book(other, service, at(willow, "2026-04-24 09:15"), factories.create_pet(other), person=second)

    move(visit, at(willow, "2026-04-23 10:15"))
    assert visit.person_id == second.pk
    move(visit, at(willow, "2026-04-24 09:15"))
    assert visit.person_id == first.pk
    with pytest.raises(actions.TimeTaken):
        move(visit, at(willow, "2026-04-24 09:15"), person=second)


def test_staff_are_bound_by_what_is_closed(willow, visit, reception):
    start = at(willow, "2026-04-24 09:00")
    with tenant(willow):
        actions.close_time(
            clinic=willow, resource=None, starts_at=start, ends_at=start + timedelta(hours=2), by=reception
        )

    with pytest.raises(actions.NoSuchTime):
        move(visit, start, by=reception)


def test_another_visits_length_is_kept(willow, owner, check):
    with tenant(willow):
        check.most_pets = 2
        check.save(update_fields=["most_pets"])
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), factories.create_pet(owner), factories.create_pet(owner))

    move(visit, at(willow, "2026-04-24 09:15"))

    assert visit.ends_at == at(willow, "2026-04-24 10:15")
    assert len(claims_of(visit)) == 3


@pytest.mark.parametrize("mode", [Mode.REQUEST, Mode.PHONE])
def test_what_the_clinic_arranges_is_moved_by_the_clinic(willow, owner, miso, okafor, reception, mode):
    service = visits.create_service(willow, okafor, mode=mode)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso, by=reception)

    with pytest.raises(policy.ArrangedByClinic):
        move(visit, at(willow, "2026-04-24 09:15"))
    move(visit, at(willow, "2026-04-24 09:15"), by=reception)
