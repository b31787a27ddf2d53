"""Another time for a visit, chosen at the desk, and another one offered for a request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import Resource, ServiceResource, State
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import frozen
from tests.bookings.visits import NOON, at, book, create_past_visit
from tests.staff.desk_pages import errors, kinds, there, told, visits_of, words
from tests.staff.rows import reread, staff

clock = pytest.fixture(autouse=True)(frozen)
FRIDAY = "2026-04-24T10:00:00+01:00"


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def visit(willow, nadia, miso, check, okafor):
    return book(nadia, check, at(willow, "2026-04-23 10:00"), miso, person=okafor)


@pytest.fixture
def wish(willow, nadia, miso, dental):
    return book(nadia, dental, at(willow, "2026-04-23 14:00"), miso)


def start(visit) -> str:
    kept = reread(visit)
    return f"{kept.starts_at.astimezone(visit.clinic.zone):%Y-%m-%d %H:%M}"


def test_it_opens_on_the_visits_day_with_the_times_of_who_has_it(desk, visit, okafor):
    response = desk.get(there(visit, "move"))

    picker = response.context["offer"].picker
    assert (f"{picker.on:%d.%m}", response.context["who"].initial["person"]) == ("23.04", okafor.pk)
    assert ["10:00" in [time.label for time in part.times] for part in picker.parts] == [True, False]


def test_a_visit_is_moved_and_the_client_told_why(desk, willow, visit, okafor):
    response = desk.post(there(visit, "move"), {"person": okafor.pk, "picked": FRIDAY, "reason": "Training day"})

    assert response.headers["Location"] == there(visit)
    assert told(response) == ["Moved to Friday 24 April at 10:00. The client is told."]
    assert (start(visit), reread(visit).moves, kinds(willow)) == ("2026-04-24 10:00", 0, ["booked", "moved"])
    assert "10:00 Training day" in words(desk.get(there(visit)))


def test_it_may_go_to_somebody_else(desk, willow, visit, check):
    other = visits.create_person(willow, "Dr Tom Lindqvist")
    with tenant(willow):
        ServiceResource.objects.create(clinic=willow, service=check, resource=other)

    desk.post(there(visit, "move"), {"person": other.pk, "picked": "2026-04-23T10:00:00+01:00"})

    assert (start(visit), [one.person for one in visits_of(willow)]) == ("2026-04-23 10:00", [other])


def test_a_double_click_moves_once(desk, willow, visit, okafor):
    sent = {"person": okafor.pk, "picked": FRIDAY}

    answers = [desk.post(there(visit, "move"), sent) for _click in range(2)]

    assert told(answers[1])[1:] == ["It stays as it was: Friday 24 April at 10:00."]
    assert kinds(willow) == ["booked", "moved"]


def test_windows_and_limits_do_not_bind_the_desk(desk, willow, nadia, miso, check, okafor):
    visits.create_policy(willow, move_hours=720, most_moves=0)
    visit = book(nadia, check, at(willow, "2026-04-15 15:00"), miso)

    desk.post(there(visit, "move"), {"person": okafor.pk, "on": "2026-04-18", "other": "07:05"})

    assert start(visit) == "2026-04-18 07:05"


def test_a_time_that_has_gone_comes_back_with_the_nearest(desk, willow, visit, check, okafor):
    rival = factories.create_owner(willow)
    book(rival, check, at(willow, "2026-04-24 10:00"), factories.create_pet(rival))

    response = desk.post(there(visit, "move"), {"person": okafor.pk, "picked": FRIDAY, "reason": "Training day"})

    assert (response.status_code, errors(response)) == (
        422,
        {"__all__": ["That time has just gone. Nothing has changed yet."]},
    )
    nearest = [time.label for time in response.context["offer"].nearest]
    assert sorted(nearest) == [
        "Fri 24 April, 09:15",
        "Fri 24 April, 09:30",
        "Fri 24 April, 10:30",
        "Fri 24 April, 10:45",
    ]
    assert ("Training day" in response.content.decode(), start(visit)) == (True, "2026-04-23 10:00")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"picked": "x"},
        {"picked": "2026-04-14T10:00:00+01:00"},
        {"picked": "2026-04-24T10:01:00+01:00"},
        {"picked": "a\0b"},
        {"picked": "☎" * 10_000},
        {"other": "10:00"},
        {"other": "10:00", "on": "2026-02-30"},
        {"picked": FRIDAY, "reason": "x" * 301},
        {"picked": FRIDAY, "reason": "a\0b"},
        {"picked": FRIDAY, "person": "999999"},
        {"picked": FRIDAY, "person": "x"},
    ],
)
@pytest.mark.parametrize("word", ["move", "propose"])
def test_bad_input_moves_nothing(desk, willow, visit, wish, okafor, word, sent):
    moved = visit if word == "move" else wish
    before = start(moved)

    response = desk.post(there(moved, word), {"person": okafor.pk, "reason": ""} | sent)

    assert response.status_code == 422
    assert "<title>Error:" in response.content.decode()
    assert start(moved) == before


def test_a_neighbours_person_does_not_take_it(desk, willow, harbour, visit):
    theirs = visits.create_person(harbour)

    response = desk.post(there(visit, "move"), {"person": theirs.pk, "picked": FRIDAY})

    assert (response.status_code, list(response.context["who"].errors)) == (422, ["person"])
    assert start(visit) == "2026-04-23 10:00"


def test_what_is_over_stays_where_it_was(desk, willow, nadia, miso, check):
    visit = create_past_visit(nadia, check, at(willow, "2026-04-14 10:00"), miso)

    shown, sent = desk.get(there(visit, "move")), desk.post(there(visit, "move"), {"person": "", "picked": FRIDAY})

    assert "This visit is over, so it can’t be changed here." in words(shown)
    assert (sent.status_code, start(visit)) == (422, "2026-04-14 10:00")


def test_a_wish_is_not_moved_but_offered_another_time(desk, wish):
    assert desk.get(there(wish, "move")).headers["Location"] == there(wish, "propose")


def test_another_time_is_proposed_and_waits_for_the_client(desk, willow, wish, okafor):
    response = desk.post(there(wish, "propose"), {"person": okafor.pk, "picked": FRIDAY, "reason": "We start at ten."})

    kept = reread(wish)
    assert (kept.state, kept.is_proposal, start(wish)) == (State.REQUESTED, True, "2026-04-24 10:00")
    assert told(response) == ["Proposed: Friday 24 April at 10:00. The time is kept until the client answers."]


def test_what_has_been_answered_gets_no_proposal(desk, willow, visit, okafor):
    shown = desk.get(there(visit, "propose"))
    sent = desk.post(there(visit, "propose"), {"person": okafor.pk, "picked": FRIDAY})

    assert "This request has been answered already." in words(shown)
    assert (sent.status_code, errors(sent)) == (
        422,
        {"__all__": ["This request has been answered already. Please look again."]},
    )
    assert start(visit) == "2026-04-23 10:00"


def test_who_can_no_longer_be_booked_may_keep_their_visit(desk, willow, visit, okafor):
    with tenant(willow):
        Resource.objects.for_clinic(willow).update(is_active=False)

    response = desk.post(there(visit, "move"), {"person": okafor.pk, "picked": FRIDAY})

    assert (response.status_code, start(visit)) == (302, "2026-04-24 10:00")


def test_a_hold_of_a_client_keeps_the_desk_out(desk, willow, visit, check, okafor):
    rival = factories.create_owner(willow)
    with tenant(willow):
        pets = [factories.create_pet(rival)]
        held = {"client": rival, "service": check, "pets": pets, "person": None}
        actions.hold_time(starts_at=at(willow, "2026-04-24 10:00"), now=NOON - timedelta(minutes=1), **held)

    response = desk.post(there(visit, "move"), {"person": okafor.pk, "picked": FRIDAY})

    assert (response.status_code, start(visit)) == (422, "2026-04-23 10:00")
