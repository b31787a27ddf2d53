"""Which times can be had: each rule by itself."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bookings import actions, availability, policy
from bookings.availability import Wanted
from bookings.availability.openings import Fullness
from bookings.models import Closure, Policy, WorkingException
from clinics.models import HoursException
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.finding import DAY, clocks, find
from tests.bookings.visits import NOON, at, book


@pytest.fixture
def short(willow):
    """Somebody who works for one hour and a half, so that all times fit on a line."""
    return visits.create_person(willow, hours="09:00-10:30")


def test_times_fit_into_the_hours(willow, short):
    assert clocks(find(visits.create_service(willow, short))) == ["09:00", "09:15", "09:30", "09:45", "10:00"]


def test_buffers_keep_their_distance_from_visits_but_may_reach_out_of_hours(willow, short, owner, miso):
    service = visits.create_service(willow, short, minutes=15, buffer_before=5, buffer_after=10)
    assert clocks(find(service)) == ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15"]

    book(owner, service, at(willow, "2026-04-23 09:30"), miso)

    # 09:25 to 09:55 is taken; a visit at 10:00 needs 09:55, one at 09:00 ends and is cleared away at 09:25.
    assert clocks(find(service)) == ["09:00", "10:00", "10:15"]


def test_each_buffer_counts(willow, short, owner, miso):
    before = visits.create_service(willow, short, minutes=15, buffer_before=15)
    after = visits.create_service(willow, short, minutes=15, buffer_after=15)
    plain = visits.create_service(willow, short, minutes=15)
    book(owner, plain, at(willow, "2026-04-23 09:45"), miso)

    assert clocks(find(before)) == ["09:00", "09:15", "09:30", "10:15"]
    assert clocks(find(after)) == ["09:00", "09:15", "10:00", "10:15"]


def test_a_service_that_names_rooms_needs_one(willow, short, owner, miso):
    room = visits.create_room(willow)
    surgery = visits.create_service(willow, short, room)
    other = visits.create_service(willow, visits.create_person(willow), room)
    book(owner, other, at(willow, "2026-04-23 09:30"), miso)

    assert clocks(find(surgery)) == ["09:00", "10:00"]
    visits.create_room(willow)
    assert clocks(find(surgery)) == ["09:00", "10:00"]


def test_a_room_has_hours_only_if_it_is_given_some(willow, short):
    early = visits.create_room(willow, hours="08:00-09:45")

    assert clocks(find(visits.create_service(willow, short, early))) == ["09:00", "09:15"]


def test_a_service_of_rooms_alone_needs_nobody(willow):
    kennel = visits.create_room(willow, hours="09:00-10:00")

    assert clocks(find(visits.create_service(willow, kennel))) == ["09:00", "09:15", "09:30"]


def test_somebody_without_hours_and_a_service_without_anybody_have_no_times(willow):
    assert clocks(find(visits.create_service(willow, visits.create_person(willow, hours="")))) == []
    assert clocks(find(visits.create_service(willow))) == []


def test_who_is_switched_off_is_not_done_without(willow, short):
    """Neither a room alone instead of its people, nor people without the room that it takes."""
    gone = visits.create_person(willow, is_active=False)
    room, closed = visits.create_room(willow), visits.create_room(willow, is_active=False)

    assert clocks(find(visits.create_service(willow, gone, room))) == []
    assert clocks(find(visits.create_service(willow, short, closed))) == []
    assert clocks(find(visits.create_service(willow, gone, short, room, closed)))[0] == "09:00"


def test_hours_hold_from_their_first_to_their_last_day(willow):
    person = visits.create_person(willow, hours="")
    visits.create_hours(person, 3, "09:00-09:30", last_on=date(2026, 4, 22))
    visits.create_hours(person, 3, "10:00-10:30", first_on=DAY, last_on=DAY)
    visits.create_hours(person, 3, "11:00-11:30", first_on=date(2026, 4, 24))

    assert clocks(find(visits.create_service(willow, person))) == ["10:00"]


def test_an_exception_replaces_the_day_and_a_holiday_cuts_it(willow, short):
    service = visits.create_service(willow, short)
    with tenant(willow):
        HoursException.objects.create(clinic=willow, on=DAY, opens=time(9, 30), closes=time(12))
        assert clocks(find(service)) == ["09:30", "09:45", "10:00"]

        HoursException.objects.all().delete()
        HoursException.objects.create(clinic=willow, on=DAY)
        assert find(service).days[0].fullness == Fullness.CLOSED

        WorkingException.objects.create(clinic=willow, resource=short, on=DAY, starts=time(14), ends=time(14, 45))
        assert clocks(find(service)) == ["14:00", "14:15"]

        WorkingException.objects.all().delete()
        WorkingException.objects.create(clinic=willow, resource=short, on=DAY)
        HoursException.objects.all().delete()
        assert clocks(find(service)) == []


def test_a_closure_of_somebody_or_of_the_clinic_leaves_the_rest(willow, short):
    service = visits.create_service(willow, short)
    start = at(willow, "2026-04-23 09:40")
    with tenant(willow):
        own = Closure.objects.create(
            clinic=willow, resource=short, starts_at=start, ends_at=start + timedelta(minutes=20)
        )
        assert clocks(find(service)) == ["09:00", "10:00"]
        other = visits.create_person(willow, hours="")
        Closure.objects.filter(pk=own.pk).update(resource=other)
        assert clocks(find(service)) == ["09:00", "09:15", "09:30", "09:45", "10:00"]
        Closure.objects.filter(pk=own.pk).update(resource=None)
        assert clocks(find(service)) == ["09:00", "10:00"]


def test_notice_horizon_and_grid_are_the_services_own_before_the_clinics(willow, short):
    visits.create_policy(willow, minimum_notice_hours=24, horizon_days=7, grid_minutes=30)
    service = visits.create_service(willow, short)
    now = at(willow, "2026-04-22 09:20")
    assert clocks(find(service, now=now)) == ["09:30", "10:00"]
    assert clocks(find(service, now=now - timedelta(days=8))) == []

    own = visits.create_service(willow, short, minimum_notice_hours=0, horizon_days=30, grid_minutes=45)
    assert clocks(find(own, now=at(willow, "2026-04-23 09:01"))) == ["09:45"]
    assert clocks(find(own, now=now - timedelta(days=8))) == ["09:00", "09:45"]


def test_a_day_with_as_many_as_may_be_is_full(willow, short, owner):
    service = visits.create_service(willow, short, most_per_day=2, minutes=15)
    for clock in ("09:00", "10:00"):
        book(owner, service, at(willow, f"2026-04-23 {clock}"), factories.create_pet(owner))

    openings = find(service, last=date(2026, 4, 24))

    assert [day.count for day in openings.days] == [0, 6]
    assert openings.days[0].fullness == Fullness.FULL
    with pytest.raises(actions.TimeTaken):
        book(owner, service, at(willow, "2026-04-23 09:30"), factories.create_pet(owner))


def test_the_pets_other_visits_and_a_persons_wish_narrow_it(willow, short, owner, miso):
    second = visits.create_person(willow, hours="10:00-11:00")
    service = visits.create_service(willow, short, second)
    book(owner, service, at(willow, "2026-04-23 09:00"), miso, person=short)

    assert clocks(find(service, pets=[miso], person_id=short.pk)) == ["09:30", "09:45", "10:00"]
    assert clocks(find(service, person_id=second.pk)) == ["10:00", "10:15", "10:30"]
    assert f"{find(service).first_with(second.pk):%H:%M}" == "10:00"


def test_a_visit_that_is_moved_does_not_stand_in_its_own_way(willow, short, owner, miso):
    service = visits.create_service(willow, short)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), miso)

    assert clocks(find(service, pets=[miso])) == ["09:45", "10:00"]
    assert clocks(find(service, pets=[miso], moving=visit)) == ["09:00", "09:15", "09:30", "09:45", "10:00"]


def test_several_pets_take_several_times_as_long(willow, short, owner):
    service = visits.create_service(willow, short, most_pets=2)
    pets = [factories.create_pet(owner), factories.create_pet(owner)]

    assert clocks(find(service, pets=pets)) == ["09:00", "09:15", "09:30"]


def test_a_day_at_a_glance(willow, owner):
    person = visits.create_person(willow, hours="09:00-13:00")
    service = visits.create_service(willow, person, minutes=60, grid_minutes=60)
    for clock in ("09:00", "10:00", "11:00"):
        book(owner, service, at(willow, f"2026-04-23 {clock}"), factories.create_pet(owner))
    for clock in ("09:00", "10:00", "11:00", "12:00"):
        book(owner, service, at(willow, f"2026-04-24 {clock}"), factories.create_pet(owner))

    openings = find(service, day=date(2026, 4, 22), last=date(2026, 4, 25))

    assert [(day.count, day.fullness) for day in openings.days] == [(4, "free"), (1, "few"), (0, "full"), (0, "closed")]
    assert openings.first == at(willow, "2026-04-22 09:00")
    assert openings.first_after(date(2026, 4, 22)) == at(willow, "2026-04-23 12:00")
    assert openings.first_after(DAY) is None
    assert openings.nearest(at(willow, "2026-04-23 10:00"), 2) == [
        at(willow, "2026-04-22 12:00"),
        at(willow, "2026-04-23 12:00"),
    ]


def test_one_statement_whatever_there_is(willow, owner, short, statements):
    service = visits.create_service(willow, short, visits.create_person(willow), visits.create_room(willow))
    for clock in ("09:00", "09:30", "10:00"):
        book(owner, service, at(willow, f"2026-04-23 {clock}"), factories.create_pet(owner))
    with tenant(willow):
        rules = policy.rules_for(service, Policy(clinic=willow))

        with statements(1):
            availability.read(
                willow, Wanted(service=service, rules=rules), first=DAY, last=DAY + timedelta(days=29), now=NOON
            )
