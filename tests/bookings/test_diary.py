"""The diary: a day's columns and cells, and working hours as the free times know them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bookings import actions, availability, diary, policy
from bookings.availability import Wanted
from bookings.availability.ruler import Ruler, units_in
from bookings.diary.reading import Hours, day_mask
from bookings.models import Claim, Resource, Service, State, WorkingException
from clinics.models import HoursException
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at, book

THURSDAY = date(2026, 4, 23)


def read(clinic, on=THURSDAY, *, member=None, now=NOON):
    with tenant(clinic):
        return diary.read_day(clinic, on, member=member, now=now)


def column(day, number=0):
    """The cells of a column, as what they are and from when to when; for a clinic without overlaps."""
    found, busy = [], dict.fromkeys(range(len(day.columns)), 0)
    for row in day.rows:
        cells = iter(row.cells)
        for index in busy:
            if busy[index] == 0:
                cell = next(cells)
                busy[index] = cell.rows
                if index == number:
                    found.append((cell.kind, f"{cell.starts_at:%H:%M}", f"{cell.ends_at:%H:%M}"))
            busy[index] -= 1
    return found


def test_a_day_is_a_table_whose_cells_fill_it(willow, owner, miso, check, okafor):
    visits.create_room(willow, "Room 1")
    book(owner, check, at(willow, "2026-04-23 10:10"), miso, by=employed(willow))

    day = read(willow)

    assert sum(cell.rows for row in day.rows for cell in row.cells) == len(day.rows) * 2
    assert column(day) == [("free", "09:00", "10:10"), ("visit", "10:10", "10:40"), ("free", "10:40", "17:00")]
    assert column(day, 1) == [("free", "09:00", "17:00")]
    assert [row.label for row in day.rows if row.is_line][:3] == ["09:00", "09:30", "10:00"]


def employed(clinic):
    return factories.employ(factories.create_staff(factories.create_clinic()), clinic)


def test_buffers_closures_and_held_times_are_seen(willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, buffer_after=10)
    book(owner, service, at(willow, "2026-04-23 09:00"), miso)
    other = factories.create_owner(willow)
    with tenant(willow):
        actions.hold_time(
            client=other,
            service=service,
            pets=[factories.create_pet(other)],
            starts_at=at(willow, "2026-04-23 13:00"),
            person=None,
            now=NOON,
        )
        actions.close_time(
            clinic=willow,
            resource=None,
            starts_at=at(willow, "2026-04-23 16:00"),
            ends_at=at(willow, "2026-04-24 12:00"),
            by=None,
        )

    assert column(read(willow)) == [
        ("visit", "09:00", "09:30"),
        ("kept", "09:30", "09:40"),
        ("free", "09:40", "13:00"),
        ("held", "13:00", "13:40"),
        ("free", "13:40", "16:00"),
        ("closed", "16:00", "17:00"),
    ]


def test_a_hold_that_has_expired_is_not_seen(willow, owner, miso, check):
    with tenant(willow):
        hold = actions.hold_time(
            client=owner, service=check, pets=[miso], starts_at=at(willow, "2026-04-23 13:00"), person=None, now=NOON
        )
        Claim.objects.filter(hold=hold).update(expires_at=hold.expires_at - timedelta(minutes=11))

    assert column(read(willow)) == [("free", "09:00", "17:00")]


def test_visits_that_overlap_stand_beside_each_other(willow, owner, miso, check, okafor):
    start = at(willow, "2026-04-13 09:00")
    visits.create_past_visit(owner, check, start, miso, person=okafor, state=State.NO_SHOW)
    visits.create_past_visit(owner, check, start + timedelta(minutes=15), miso, person=okafor)

    day = read(willow, date(2026, 4, 13))

    assert [len(one.lanes) for one in day.columns] == [2]
    assert sum(cell.rows for row in day.rows for cell in row.cells) == len(day.rows) * 2
    assert [entry.visit.state for entry in day.entries] == ["no_show", "completed"]


def test_cancelled_visits_leave_their_column(willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:00"), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    day = read(willow)

    assert (day.entries, [entry.visit.pk for entry in day.cancelled]) == ([], [visit.pk])
    assert column(day) == [("free", "09:00", "17:00")]


def test_ones_own_column_comes_first_and_people_before_rooms(willow):
    visits.create_room(willow, "A room")
    visits.create_person(willow, "Dr Beech")
    me = employed(willow)
    visits.create_person(willow, "Dr Yew", staff=me)
    visits.create_person(willow, "Dr Gone", is_active=False)

    assert [[one.resource.name for one in read(willow, member=who).columns] for who in (None, me)] == [
        ["Dr Beech", "Dr Yew", "A room"],
        ["Dr Yew", "Dr Beech", "A room"],
    ]


def test_a_day_without_anybody_is_still_a_day(willow, okafor):
    day = read(willow, date(2026, 4, 25))

    assert column(day) == [("off", "08:00", "18:00")]


def test_a_gap_can_be_booked_from_now_on_only(willow, okafor):
    noon = NOON + timedelta(minutes=2)

    today = [cell for row in read(willow, NOON.date(), now=noon).rows for cell in row.cells if cell.kind == "free"]
    before = [cell for row in read(willow, date(2026, 4, 14)).rows for cell in row.cells if cell.kind == "free"]

    assert [f"{cell.free_from:%H:%M}" for cell in today] == ["12:05"]
    assert [cell.free_from for cell in before] == [None]


@pytest.mark.parametrize(
    ("minutes", "state", "expected"),
    [(14, State.CONFIRMED, False), (15, State.CONFIRMED, True), (15, State.ARRIVED, False)],
)
def test_who_may_have_missed_it_is_asked_a_quarter_of_an_hour_after_the_end(
    willow, owner, miso, check, minutes, state, expected
):
    visit = book(owner, check, at(willow, "2026-04-23 09:00"), miso)
    who = employed(willow)
    if state == State.ARRIVED:
        with tenant(willow):
            actions.mark_visit(appointment=visit, state=state, by=who, now=visit.starts_at)

    day = read(willow, now=visit.ends_at + timedelta(minutes=minutes))

    assert [entry.is_perhaps_missed for entry in day.entries] == [expected]


@pytest.mark.parametrize("known_by", ["visit", "record", "number", ""])
def test_a_client_is_new_until_the_clinic_has_met_them(willow, miso, owner, check, known_by):
    book(owner, check, at(willow, "2026-04-23 09:00"), miso)
    if known_by == "visit":
        visits.create_past_visit(owner, check, at(willow, "2026-04-01 09:00"), miso)
    elif known_by == "record":
        factories.create_record(miso, factories.create_plan(willow), valid_until=date(2027, 1, 1))
    elif known_by == "number":
        with tenant(willow):
            owner.external_id = "W-1"
            owner.save()

    assert [entry.is_new for entry in read(willow).entries] == [known_by == ""]


def test_a_pet_that_left_is_not_named_unless_the_visit_ended_with_it(willow, owner, okafor):
    service = visits.create_service(willow, okafor, most_pets=2)
    cats = [factories.create_pet(owner, name=name) for name in ("Ash", "Bo")]
    book(owner, service, at(willow, "2026-04-23 09:00"), *cats)
    with tenant(willow):
        actions.take_pet_out(pet=cats[0], reason_code="pet_removed", now=NOON)
        one_left = read(willow).entries
        actions.take_pet_out(pet=cats[1], reason_code="pet_removed", now=NOON)

    assert [entry.names for entry in one_left] == ["Bo"]
    assert [entry.names for entry in read(willow).cancelled] == ["Ash, Bo"]


def hours_of_everything(clinic) -> tuple[Service, list[Resource]]:
    """People with breaks, nights, exceptions and validity, in a clinic with a holiday and a short day."""
    usual = visits.create_person(clinic, "Usual")
    night = visits.create_person(clinic, "Night", hours="22:00-06:00")
    breaks = visits.create_person(clinic, "Breaks", hours="08:00-12:00")
    never = visits.create_person(clinic, "Never", hours="")
    for weekday in range(7):
        visits.create_hours(breaks, weekday, "13:00-01:00", first_on=date(2026, 3, 25), last_on=date(2026, 10, 25))
    with tenant(clinic):
        for on, starts, ends in ((date(2026, 3, 27), time(10), time(12)), (date(2026, 10, 26), None, None)):
            WorkingException.objects.create(clinic=clinic, resource=usual, on=on, starts=starts, ends=ends)
        HoursException.objects.create(clinic=clinic, on=date(2026, 3, 26), opens=time(9), closes=time(11))
        HoursException.objects.create(clinic=clinic, on=date(2026, 10, 23))
        HoursException.objects.create(clinic=clinic, on=date(2026, 3, 27))
    people = [usual, night, breaks, never]
    return visits.create_service(clinic, *people, minutes=5, grid_minutes=5, minimum_notice_hours=0), people


@pytest.mark.parametrize("first", [date(2026, 3, 24), date(2026, 10, 20)], ids=["spring", "autumn"])
def test_hours_are_those_that_the_free_times_know(willow, first):
    service, people = hours_of_everything(willow)
    last = first + timedelta(days=8)
    now = at(willow, f"{first - timedelta(days=3)} 12:00")

    with tenant(willow):
        ruler = Ruler(willow.zone, first, last)
        hours = Hours(willow, ruler)
        rules = policy.rules_for(service, policy.in_force(willow))
        for person in people:
            wanted = Wanted(service=service, rules=rules, person_id=person.pk)
            openings = availability.read(willow, wanted, first=first, last=last, now=now)
            free = [moment for day in openings.days for moment in openings.times_on(day.on)]
            assert free == [ruler.moment(unit) for unit in units_in(hours.of(person) & day_mask(ruler))]
