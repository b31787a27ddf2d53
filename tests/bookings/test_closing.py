"""Closures: whom they hit, and whom they keep out."""

from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import Closure
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book

HOUR = timedelta(hours=1)


def close(clinic, starts_at, ends_at, *, resource=None, by=None):
    with tenant(clinic):
        return actions.close_time(clinic=clinic, resource=resource, starts_at=starts_at, ends_at=ends_at, by=by)


def hit(closure):
    with tenant(closure.clinic):
        return [visit.pk for visit in actions.visits_hit(closure=closure)]


def test_it_lists_the_visits_that_it_hits_buffers_included(willow, owner, okafor):
    other = visits.create_person(willow)
    service = visits.create_service(willow, okafor, other, buffer_after=15)
    book_at = [(okafor, "09:00"), (okafor, "10:00"), (other, "10:30"), (okafor, "11:00")]
    made = [
        book(owner, service, at(willow, f"2026-04-23 {clock}"), factories.create_pet(owner), person=person)
        for person, clock in book_at
    ]
    start = at(willow, "2026-04-23 09:40")

    own = close(willow, start, start + HOUR, resource=okafor)
    whole = close(willow, start, start + HOUR)

    assert hit(own) == [made[0].pk, made[1].pk]
    assert hit(whole) == [made[0].pk, made[1].pk, made[2].pk]


def test_a_visit_with_a_person_and_a_room_is_listed_once(willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, visits.create_room(willow))
    visit = book(owner, service, at(willow, "2026-04-23 09:00"), miso)

    assert hit(close(willow, visit.starts_at, visit.ends_at)) == [visit.pk]


def test_a_cancelled_visit_is_not_hit(willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:00"), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    assert hit(close(willow, visit.starts_at, visit.ends_at)) == []


def test_it_can_be_moved_and_taken_back(willow, owner, miso, check, reception):
    start = at(willow, "2026-04-23 09:00")
    closure = close(willow, start, start + HOUR, by=reception)
    with pytest.raises(actions.NoSuchTime):
        book(owner, check, start, miso)

    with tenant(willow):
        actions.move_closure(closure=closure, starts_at=start + HOUR, ends_at=start + 2 * HOUR, reason="Training")
    book(owner, check, start, miso)
    with pytest.raises(actions.NoSuchTime):
        book(owner, check, start + HOUR, factories.create_pet(owner))

    with tenant(willow):
        actions.reopen_time(closure=closure)
        assert Closure.objects.count() == 0
    book(owner, check, start + HOUR, factories.create_pet(owner))


def test_a_closure_during_the_confirmation_refuses_the_held_time(willow, owner, miso, check):
    start = at(willow, "2026-04-23 09:00")
    with tenant(willow):
        hold = actions.hold_time(client=owner, service=check, pets=[miso], starts_at=start, person=None, now=NOON)
    close(willow, start, start + HOUR)

    with pytest.raises(actions.NoSuchTime):
        book(owner, check, start, miso, hold=hold)
