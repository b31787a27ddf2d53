"""Visits as each role looks them up: the list by its filters, the page, the client's profile."""

from __future__ import annotations

import pytest
import time_machine

from bookings import actions
from bookings.models import State
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.staff.desk import address, create_desk, member
from tests.staff.desk_pages import BOOK, VISITS
from tests.staff.rows import page, staff


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk(willow):
    return create_desk(willow)


def found(client, **asked) -> list[str]:
    """The pets of the listed visits."""
    rows = client.get(VISITS, asked).context["cl"].result_list
    return sorted(pet.name for row in rows for pet in row.pets.all())


def test_a_visits_page_says_what_happened_who_did_it_and_why(client, desk):
    visit = desk.book("2026-04-23 09:15")
    who = member(desk.clinic)
    other = visits.create_person(desk.clinic, "Dr Tom Lind")
    with tenant(desk.clinic):
        desk.service.resources.add(other, through_defaults={"clinic": desk.clinic})
        start = desk.at("2026-04-24 10:00")
        actions.reschedule_appointment(
            appointment=visit, starts_at=start, person=other, by=who, now=NOON, reason="The vet is away."
        )
    staff(client, desk.clinic, Role.VET)

    response = client.get(page(visit))

    lines = [(change.kind, str(change.staff or change.client), change.reason) for change in response.context["changes"]]
    assert lines == [("moved", who.user.email, "The vet is away."), ("booked", "Nadia Brennan", "")]
    shown = response.content.decode()
    assert [text in shown for text in ("23 Apr 2026, 09:15", "24 Apr 2026, 10:00", "Dr Tom Lind")] == [True] * 3


@pytest.mark.parametrize(
    ("role", "expected"), [(Role.OWNER, 4), (Role.RECEPTION, 4), (Role.VET, 1)], ids=["owner", "desk", "vet"]
)
def test_each_role_is_offered_what_it_may_do(client, desk, role, expected):
    staff(client, desk.clinic, role)
    visit = desk.book("2026-04-15 15:00")

    shown = client.get(page(visit)).content.decode()

    offered = [address(name, visit) in shown for name in ("mark", "move", "cancel")] + [BOOK in shown]
    assert sum(offered) == expected


def test_its_log_is_its_history(client, desk):
    staff(client, desk.clinic)
    visit = desk.book("2026-04-23 09:15")

    assert client.get(page(visit, "history")).headers["Location"] == f"{page(visit)}#history"


@pytest.mark.parametrize("junk", ["0", "99999999999999999999999", "x", "%00"])
def test_an_address_that_leads_nowhere(client, desk, junk):
    staff(client, desk.clinic)

    assert client.get(f"{VISITS}{junk}/change/").status_code == 404


def test_visits_are_listed_by_day_state_and_person(client, desk):
    staff(client, desk.clinic)
    today = factories.create_pet(desk.owner, name="Today")
    desk.book("2026-04-15 15:00", today)
    desk.book("2026-04-23 09:15")
    past = factories.create_pet(desk.owner, name="Past")
    visits.create_past_visit(desk.owner, desk.service, desk.at("2026-04-01 09:15"), past, state=State.NO_SHOW)

    names = {when: found(client, when=when) for when in ("today", "tomorrow", "week", "coming", "month", "past")}

    assert names == {
        "today": ["Today"],
        "tomorrow": [],
        "week": ["Today"],
        "coming": ["Miso", "Today"],
        "month": ["Past"],
        "past": ["Past"],
    }
    assert found(client, state__exact="no_show") == ["Past"]
    assert found(client, person__id__exact=desk.person.pk) == ["Miso", "Today"]


def test_other_lookups_in_the_address_are_refused(client, desk):
    staff(client, desk.clinic)

    assert client.get(VISITS, {"client__phone__startswith": "+44"}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_change_as_for_three(client, desk, statements, count):
    staff(client, desk.clinic)
    visit = desk.book("2026-04-23 09:00")
    who = member(desk.clinic)
    for number in range(1, count):
        with tenant(desk.clinic):
            start = desk.at(f"2026-04-23 1{number}:00")
            actions.reschedule_appointment(appointment=visit, starts_at=start, person=None, by=who, now=NOON)

    with statements(12):
        client.get(page(visit))


@pytest.mark.parametrize("role", Role)
def test_booking_begins_on_the_profile_for_those_who_may(client, desk, role):
    staff(client, desk.clinic, role)

    shown = client.get(page(desk.owner)).content.decode()

    assert (f"{BOOK}?client={desk.owner.pk}" in shown) == (role != Role.VET)
