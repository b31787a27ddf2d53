"""A visit's page: what it is, its history, and one click for how it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import State
from clinics.models import Role
from clinics.tenancy import tenant
from tests.bookings.mine import frozen
from tests.bookings.visits import NOON, at, book, create_past_visit
from tests.staff.desk_pages import DIARY, VISITS, errors, kinds, there, told, words
from tests.staff.rows import page, reread, staff

clock = pytest.fixture(autouse=True)(frozen)
REASONS = [("", "Say why, in a few words."), ("  ", "Say why, in a few words.")]


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def today(willow, nadia, miso, check):
    """A visit that began an hour ago."""
    return book(nadia, check, at(willow, "2026-04-15 11:00"), miso, now=NOON - timedelta(days=1))


@pytest.fixture
def ahead(willow, nadia, miso, check, okafor):
    return book(nadia, check, at(willow, "2026-04-23 10:00"), miso, person=okafor, note="<b>Shy</b>")


def ended(owner, service, pet, state):
    return create_past_visit(owner, service, at(owner.clinic, "2026-04-14 10:00"), pet, state=state)


def test_the_page_says_what_who_when_and_what_happened(desk, willow, ahead, nadia):
    with tenant(willow):
        moved = {"starts_at": at(willow, "2026-04-24 10:00"), "person": None, "by": nadia, "now": NOON}
        actions.reschedule_appointment(appointment=ahead, **moved)

    response = desk.get(there(ahead))

    shown = words(response)
    assert response.status_code == 200
    assert "State Confirmed When Friday 24 April at 10:00–10:30 Service Annual health check" in shown
    assert "With Dr Amara Okafor wished for Client Nadia Brennan" in shown
    assert "Note “<b>Shy</b>”" in shown
    assert "moved 1 of 3 times" in shown
    assert shown.partition("From To Why ")[2] == (
        "15 Apr 2026, 12:00 Moved Nadia Brennan 23 Apr 2026, 10:00 24 Apr 2026, 10:00 "
        "15 Apr 2026, 12:00 Booked Nadia Brennan Confirmed 23 Apr 2026, 10:00 Dr Amara Okafor"
    )


@pytest.mark.parametrize("state", ["arrived", "in_progress", "completed", "no_show"])
def test_one_click_marks_it_and_a_second_one_changes_nothing(desk, willow, today, state):
    first, second = (desk.post(there(today, "mark"), {"state": state, "back": "day"}) for _click in range(2))

    assert reread(today).state == state
    assert [answer.headers["Location"] for answer in (first, second)] == [f"{DIARY}?day=2026-04-15"] * 2
    assert told(second) == [f"Nadia Brennan, 11:00: {State(state).label}"] * 2
    assert len(kinds(willow)) == 2


@pytest.mark.parametrize(
    ("back", "expected"),
    [("list", f"{DIARY}?day=2026-04-15&as=list"), ("visit", None), ("//evil.example", None), ("", None)],
)
def test_a_click_leads_back_to_where_it_was_made(desk, today, back, expected):
    response = desk.post(there(today, "mark"), {"state": "arrived", "back": back})

    assert response.headers["Location"] == (expected or there(today))


@pytest.mark.parametrize("state", ["requested", "cancelled_by_clinic", "declined", "", "x" * 10_000, "\0", "☎"])
def test_a_state_that_is_no_mark_is_refused_in_words(desk, today, state):
    response = desk.post(there(today, "mark"), {"state": state}, follow=True)

    assert response.status_code == 200
    assert "Nadia Brennan, 11:00: That can’t follow on how the visit stands now." in words(response, "ul class")
    assert reread(today).state == State.CONFIRMED


@pytest.mark.parametrize("state", ["arrived", "completed", "no_show"])
def test_nobody_comes_or_stays_away_before_the_day(desk, ahead, state):
    buttons = desk.get(there(ahead)).content.decode()

    response = desk.post(there(ahead, "mark"), {"state": state})

    assert 'name="state"' not in buttons
    assert told(response) == ["Nadia Brennan, 10:00: The visit hasn’t begun yet."]
    assert reread(ahead).state == State.CONFIRMED


def test_marking_takes_a_post(desk, today):
    assert desk.get(there(today, "mark")).status_code == 405
    assert reread(today).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("correct", {"state": "completed", "reason": "x"}),
        ("cancel", {"reason": "x"}),
        ("move", {"picked": "2026-04-24T10:00:00+01:00"}),
        ("propose", {"picked": "2026-04-24T10:00:00+01:00"}),
        ("accept", {"seen": "0"}),
        ("decline", {"reason": "x"}),
    ],
)
def test_a_vet_reads_and_marks_and_decides_nothing(client, willow, today, word, typed):
    staff(client, willow, Role.VET)

    assert client.get(there(today)).status_code == 200
    assert client.post(there(today, "mark"), {"state": "arrived"}).status_code == 302
    assert [client.get(there(today, word)).status_code, client.post(there(today, word), typed).status_code] == [
        403,
        403,
    ]
    assert (reread(today).state, kinds(willow)) == (State.ARRIVED, ["booked", "arrived"])


@pytest.mark.parametrize("word", ["mark", "correct", "cancel", "move", "propose", "accept", "decline"])
def test_a_neighbours_visit_is_not_there(client, willow, harbour, ahead, word):
    staff(client, harbour)

    addresses = [there(ahead, word), f"{VISITS}{10**30}/{word}/"]

    typed = {"state": "arrived", "reason": "Mine", "seen": "0"}
    assert [client.post(address, typed).status_code for address in addresses] == [404, 404]
    assert kinds(willow) == ["booked"]


def test_nothing_is_saved_through_the_page_itself_and_nothing_is_deleted(desk, ahead):
    answers = [desk.post(there(ahead), {"state": "completed", "_save": "1"}), desk.post(page(ahead, "delete"))]

    assert [response.status_code for response in answers] == [403, 403]
    assert reread(ahead).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("was", "to"),
    [("no_show", "completed"), ("completed", "no_show"), ("late_cancelled", "cancelled_by_client")],
)
def test_an_end_is_put_right_with_a_reason(desk, willow, nadia, check, miso, was, to):
    visit = ended(nadia, check, miso, State(was))

    response = desk.post(there(visit, "correct"), {"state": to, "reason": "They rang before."})

    assert response.headers["Location"] == there(visit)
    assert (reread(visit).state, reread(visit).reason) == (to, "")
    assert "Corrected" in words(desk.get(there(visit)))
    assert words(desk.get(there(visit))).endswith(f"{State(was).label} {State(to).label} They rang before.")


@pytest.mark.parametrize(("typed", "said"), [*REASONS, ("a\0b", "Null characters are not allowed.")])
def test_a_correction_needs_a_reason(desk, nadia, check, miso, typed, said):
    visit = ended(nadia, check, miso, State.NO_SHOW)

    response = desk.post(there(visit, "correct"), {"state": "completed", "reason": typed})

    assert (response.status_code, errors(response)) == (422, {"reason": [said]})
    assert "<title>Error:" in response.content.decode()
    assert reread(visit).state == State.NO_SHOW


@pytest.mark.parametrize("state", ["confirmed", "no_show", "requested", "declined", "", "x" * 10_000])
def test_a_correction_leads_from_one_end_to_another(desk, nadia, check, miso, state):
    visit = ended(nadia, check, miso, State.NO_SHOW)

    response = desk.post(there(visit, "correct"), {"state": state, "reason": "So."})

    assert (response.status_code, list(errors(response))) == (422, ["state"])
    assert reread(visit).state == State.NO_SHOW


def test_what_has_not_ended_is_not_corrected(desk, ahead):
    assert "That can’t follow on how the visit stands now." in words(desk.get(there(ahead, "correct")))


def test_the_clinic_cancels_with_a_reason_that_the_client_reads(desk, willow, ahead):
    first, second = (desk.post(there(ahead, "cancel"), {"reason": "Dr Okafor is ill."}) for _click in range(2))

    cancelled = reread(ahead)
    assert (cancelled.state, cancelled.reason) == (State.CANCELLED_BY_CLINIC, "Dr Okafor is ill.")
    assert [first.headers["Location"], second.headers["Location"]] == [there(ahead)] * 2
    assert kinds(willow) == ["booked", "cancelled"]


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, "a\0b"])
def test_cancelling_without_a_good_reason_cancels_nothing(desk, ahead, reason):
    response = desk.post(there(ahead, "cancel"), {"reason": reason})

    assert (response.status_code, list(errors(response))) == (422, ["reason"])
    assert reread(ahead).state == State.CONFIRMED


def test_what_the_client_cancelled_is_not_said_to_be_the_clinics_doing(desk, willow, ahead, nadia):
    with tenant(willow):
        actions.cancel_appointment(appointment=ahead, by=nadia, now=NOON)

    response = desk.post(there(ahead, "cancel"), {"reason": "Ill."})

    assert (told(response), reread(ahead).state) == (["Cancelled"], State.CANCELLED_BY_CLIENT)


def test_a_visit_that_took_place_is_not_cancelled(desk, nadia, check, miso):
    visit = ended(nadia, check, miso, State.COMPLETED)

    shown, posted = desk.get(there(visit, "cancel")), desk.post(there(visit, "cancel"), {"reason": "Ill."})

    assert "This visit is over, so it can’t be changed here." in words(shown)
    assert errors(posted) == {"__all__": ["This visit is over, so it can’t be changed here."]}
    assert reread(visit).state == State.COMPLETED
