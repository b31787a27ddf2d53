"""The day and the week as staff see them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from bookings import actions
from bookings.models import State
from clinics.models import Role
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.staff.desk import address, another, create_desk
from tests.staff.desk_pages import BOOK, DIARY, REQUESTS, WEEK
from tests.staff.rows import create_platform_admin, staff

THURSDAY = {"day": "2026-04-23"}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk(willow):
    return create_desk(willow)


def shown(response) -> list[str]:
    return [entry.names for entry in response.context["day"].entries]


def test_the_day_shows_who_comes_and_what_may_be_clicked(client, desk):
    staff(client, desk.clinic, Role.VET)
    desk.book("2026-04-15 15:00", note="He is shy <b>")

    response = client.get(DIARY)

    page = response.content.decode()
    assert (response.status_code, response.context["title"], shown(response)) == (200, "Wednesday 15 April", ["Miso"])
    assert [text in page for text in ("Nadia Brennan", "Annual check", "New client", "Confirmed")] == [True] * 4
    assert ("He is shy &lt;b&gt;" in page, "He is shy <b>" in page) == (True, False)
    assert list(response.context["day"].entries[0].marks) == [State.ARRIVED, State.IN_PROGRESS, State.COMPLETED]


def test_a_visit_that_is_over_and_unmarked_is_asked_about(client, desk):
    staff(client, desk.clinic)
    visit = desk.book("2026-04-15 14:30")

    with time_machine.travel(visit.ends_at + timedelta(minutes=15), tick=False):
        page = client.get(DIARY).content.decode()

    assert ("Missed?" in page, 'value="no_show"' in page) == (True, True)


@pytest.mark.parametrize(
    ("role", "expected"), [(Role.OWNER, True), (Role.RECEPTION, True), (Role.VET, False)], ids=["owner", "desk", "vet"]
)
def test_a_free_gap_leads_the_desk_to_booking_there(client, desk, role, expected):
    staff(client, desk.clinic, role)

    page = client.get(DIARY, THURSDAY).content.decode()

    gap = f"{BOOK}?day=2026-04-23&amp;at=09:00&amp;person={desk.person.pk}"
    assert (gap in page, "Free 09:00–17:00" in page) == (expected, True)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("", date(2026, 4, 15)),
        ("2026-04-23", date(2026, 4, 23)),
        ("23/04/2026", date(2026, 4, 15)),
        ("9999-12-31", date(2026, 4, 15)),
        ("0001-01-01", date(2026, 4, 15)),
        ("\0", date(2026, 4, 15)),
        ("x" * 10_000, date(2026, 4, 15)),
        ("2026-03-29", date(2026, 3, 29)),
    ],
)
@pytest.mark.parametrize("page", [DIARY, WEEK])
def test_any_address_is_answered_with_a_day(client, desk, page, day, expected):
    staff(client, desk.clinic)

    response = client.get(page, {"day": day, "resource": day})

    monday = expected - timedelta(days=expected.weekday())
    found = response.context["day"].on if page == DIARY else response.context["week"].monday
    assert (response.status_code, found) == (200, expected if page == DIARY else monday)


def test_the_list_is_the_same_without_the_table(client, desk):
    staff(client, desk.clinic)
    desk.book("2026-04-23 09:15")

    response = client.get(DIARY, THURSDAY | {"as": "list"})

    assert (shown(response), "<table" in response.content.decode()) == (["Miso"], False)


def test_closures_and_waiting_requests_stand_above_the_day(client, desk):
    staff(client, desk.clinic)
    desk.request()
    closure = desk.close("2026-04-23 15:00", "2026-04-23 16:00", reason="Staff meeting")

    page = client.get(DIARY, THURSDAY).content.decode()

    assert [text in page for text in ("1 request waits for an answer", REQUESTS, "Staff meeting")] == [True] * 3
    assert address("hit", closure) in page


def test_a_cancelled_visit_is_listed_below(client, desk):
    staff(client, desk.clinic)
    visit = desk.book("2026-04-23 09:15")
    with tenant(desk.clinic):
        actions.cancel_appointment(appointment=visit, by=desk.owner, now=NOON)

    response = client.get(DIARY, THURSDAY)

    assert (shown(response), "Not taking place" in response.content.decode()) == ([], True)


def test_a_neighbours_day_is_not_seen(client, desk, harbour):
    staff(client, desk.clinic)
    theirs = create_desk(harbour, "Harbourmark ")
    theirs.book("2026-04-23 09:15")
    theirs.close("2026-04-23 12:00", "2026-04-23 13:00", reason="Harbourmark closed")

    pages = [client.get(page, THURSDAY | {"resource": theirs.person.pk}) for page in (DIARY, WEEK)]

    assert ["Harbourmark" in page.content.decode() for page in pages] == [False, False]


def test_without_a_clinic_there_is_no_diary(client, desk):
    create_platform_admin(client)

    assert [client.get(page).status_code for page in (DIARY, WEEK, REQUESTS, BOOK)] == [403] * 4


def test_a_stranger_is_sent_to_sign_in(client, desk):
    assert [client.get(page).status_code for page in (DIARY, WEEK, REQUESTS, BOOK)] == [302] * 4


def test_the_week_shows_everybody_or_one(client, desk):
    staff(client, desk.clinic)
    room = visits.create_room(desk.clinic, "Room 1")
    desk.book("2026-04-23 09:15")
    desk.close("2026-04-24 09:00", "2026-04-24 12:00", desk.person)

    everybody = client.get(WEEK, THURSDAY).context["week"].rows
    one = client.get(WEEK, THURSDAY | {"resource": desk.person.pk}).context

    boxes = one["week"].rows[0][1]
    assert [row for row, _boxes in everybody] == [desk.person, room]
    assert (one["chosen"], [row for row, _boxes in one["week"].rows]) == (desk.person, [desk.person])
    assert [[entry.names for entry in box.entries] for box in boxes] == [[], [], [], ["Miso"], [], [], []]
    assert [len(box.closures) for box in boxes] == [0, 0, 0, 0, 1, 0, 0]
    assert [len(box.hours) for box in boxes] == [1, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("page", "expected"), [(DIARY, 15), (WEEK, 13)])
def test_three_visits_are_asked_for_as_one_is(client, desk, statements, page, expected, count):
    staff(client, desk.clinic)
    client.get(page)
    for number in range(count):
        desk.book(f"2026-04-23 1{number}:00", another(desk))

    with statements(expected):
        client.get(page, THURSDAY)
