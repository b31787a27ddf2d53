"""The day as a table: what fills each column, who comes first, and where a gap leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings import actions
from bookings.models import Resource, State
from clinics.models import Role, StaffMember
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import frozen
from tests.bookings.visits import NOON, at, book, create_past_visit
from tests.staff.desk_pages import BOOK, DIARY, REQUESTS, WEEK, words
from tests.staff.rows import staff

clock = pytest.fixture(autouse=True)(frozen)
THURSDAY = {"day": "2026-04-23"}


def cells(response) -> list[tuple[str, str, str]]:
    """The first column: what there is, from when until when."""
    found = [cell for row in response.context["day"].rows for cell in row.cells]
    return [(cell.kind, f"{cell.starts_at:%H:%M}", f"{cell.ends_at:%H:%M}") for cell in found]


def columns(response) -> list[str]:
    return [column.resource.name for column in response.context["day"].columns]


def test_a_day_is_free_time_around_visits(client, willow, nadia, miso, check):
    staff(client, willow, Role.RECEPTION)
    book(nadia, check, at(willow, "2026-04-23 10:00"), miso, note="Scratches his ear.")

    response = client.get(DIARY, THURSDAY)

    assert cells(response) == [("free", "09:00", "10:00"), ("visit", "10:00", "10:30"), ("free", "10:30", "17:00")]
    assert " Miso Cat · Nadia Brennan Annual health check Confirmed Note " in words(response, "table")


def test_a_free_gap_leads_to_booking_it(client, willow, okafor, check):
    staff(client, willow, Role.RECEPTION)

    markup = client.get(DIARY, THURSDAY).content.decode()

    assert f'href="{BOOK}?day=2026-04-23&amp;at=09:00&amp;person={okafor.pk}"' in markup


def test_what_is_over_can_not_be_booked_and_what_has_begun_from_now_on(client, willow, okafor):
    staff(client, willow, Role.RECEPTION)

    days = [client.get(DIARY, {"day": day}).context["day"] for day in ("2026-04-15", "2026-04-14")]

    assert [[cell.free_from for row in day.rows for cell in row.cells] for day in days] == [[NOON], [None]]


def test_closures_buffers_and_hours_are_seen(client, willow, nadia, miso, okafor):
    staff(client, willow, Role.RECEPTION)
    service = visits.create_service(willow, okafor, buffer_before=5, buffer_after=15)
    book(nadia, service, at(willow, "2026-04-23 10:00"), miso)
    start = at(willow, "2026-04-23 12:00")
    with tenant(willow):
        closed: dict[str, Any] = {
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            "by": None,
            "reason": "Team",
        }
        actions.close_time(clinic=willow, resource=okafor, **closed)

    response = client.get(DIARY, THURSDAY)

    assert cells(response) == [
        ("free", "09:00", "09:55"),
        ("kept", "09:55", "10:00"),
        ("visit", "10:00", "10:30"),
        ("kept", "10:30", "10:45"),
        ("free", "10:45", "12:00"),
        ("closed", "12:00", "13:00"),
        ("free", "13:00", "17:00"),
    ]


def test_a_vets_own_column_comes_first(client, willow, okafor, check):
    second = visits.create_person(willow, "Dr Zoe Ward")
    user = staff(client, willow, Role.VET)
    with tenant(willow):
        Resource.objects.filter(pk=second.pk).update(staff=StaffMember.objects.get(user=user))

    assert columns(client.get(DIARY, THURSDAY)) == ["Dr Zoe Ward", "Dr Amara Okafor"]


def test_somebody_who_is_gone_is_shown_where_they_have_visits(client, willow, nadia, miso, check):
    staff(client, willow)
    book(nadia, check, at(willow, "2026-04-23 10:00"), miso)
    with tenant(willow):
        Resource.objects.update(is_active=False)

    shown = [columns(client.get(DIARY, {"day": day})) for day in ("2026-04-23", "2026-04-24")]

    assert shown == [["Dr Amara Okafor"], []]


def test_what_is_cancelled_leaves_its_time_free(client, willow, nadia, miso, check):
    staff(client, willow)
    visit = book(nadia, check, at(willow, "2026-04-23 10:00"), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=nadia, now=NOON)

    assert cells(client.get(DIARY, THURSDAY)) == [("free", "09:00", "17:00")]


def test_visits_at_one_time_stand_beside_each_other(client, willow, nadia, miso, okafor, check):
    """One was over early, and its time was given to somebody else."""
    staff(client, willow)
    reception = factories.employ(factories.create_staff(factories.create_clinic()), willow, Role.RECEPTION)
    create_past_visit(nadia, check, at(willow, "2026-04-15 10:00"), miso, person=okafor)
    book(nadia, check, at(willow, "2026-04-15 10:15"), miso, now=at(willow, "2026-04-15 08:00"), by=reception)

    response = client.get(DIARY)

    assert len(response.context["day"].columns[0].lanes) == 2
    assert 'scope="col" colspan="2"' in response.content.decode()


def test_requests_wait_on_top_for_the_desk_alone(client, willow, nadia, miso, dental):
    book(nadia, dental, at(willow, "2026-04-23 10:00"), miso)
    shown = []

    for role in (Role.RECEPTION, Role.VET):
        staff(client, willow, role)
        shown.append(f'href="{REQUESTS}"' in client.get(DIARY).content.decode())

    assert shown == [True, False]


def test_the_state_of_a_visit_is_in_words_and_not_only_in_colour(client, willow, nadia, miso, okafor, check):
    staff(client, willow)
    create_past_visit(nadia, check, at(willow, "2026-04-15 10:00"), miso, person=okafor, state=State.NO_SHOW)

    assert "Nadia Brennan Annual health check Missed" in words(client.get(DIARY), "table")


def test_a_week_of_somebody_unknown_is_everybodys(client, willow, harbour, okafor):
    staff(client, willow)
    theirs = visits.create_person(harbour)

    for chosen in (theirs.pk, "9" * 30, "x", "\0"):
        week = client.get(WEEK, THURSDAY | {"resource": chosen}).context["week"]

        assert [row.name for row, _boxes in week.rows] == ["Dr Amara Okafor"]
