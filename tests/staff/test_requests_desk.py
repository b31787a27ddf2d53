"""Requests for a visit, as the desk answers them: the oldest first, and only what was looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import State
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories
from tests.bookings.mine import frozen
from tests.bookings.visits import NOON, at, book
from tests.staff.desk_pages import REQUESTS, errors, kinds, there, told, words
from tests.staff.rows import create_platform_admin, reread, staff

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def wish(willow, nadia, miso, dental):
    return book(nadia, dental, at(willow, "2026-04-23 14:00"), miso, note="He hides.")


def move(visit, by, text, now=NOON):
    with tenant(visit.clinic):
        actions.reschedule_appointment(
            appointment=reread_whole(visit), starts_at=at(visit.clinic, text), person=None, by=by, now=now
        )


def reread_whole(visit):
    kept = reread(visit)
    kept.clinic, kept.service = visit.clinic, visit.service
    return kept


def test_the_oldest_comes_first_and_proposals_wait_for_the_client(desk, willow, nadia, dental, wish):
    older = book(nadia, dental, at(willow, "2026-04-24 14:00"), factories.create_pet(nadia), now=NOON - timedelta(1))
    proposed = book(nadia, dental, at(willow, "2026-04-27 14:00"), factories.create_pet(nadia))
    desk.post(there(proposed, "propose"), {"person": "", "picked": "2026-04-28T10:00:00+01:00"})

    response = desk.get(REQUESTS)

    assert [one.visit.pk for one in response.context["waiting"]] == [older.pk, wish.pk]
    assert [one.visit.pk for one in response.context["proposed"]] == [proposed.pk]
    assert (
        "Nadia Brennan: Dental cleaning Wishes for Thursday 23 Apr 2026, 14:00–14:30 · Dr Amara Okafor "
        "Pets Miso (Cat) Note “He hides.” Asked 15 Apr 2026, 12:00 Accept Propose another time Decline"
    ) in words(response).replace(" –", "–")


def test_nothing_waits(desk):
    assert words(desk.get(REQUESTS)).endswith("No request waits for an answer.")


def test_the_index_says_how_many_wait(desk, willow, wish):
    waiting = [(one.text, one.address) for one in desk.get("/staff/").context["waiting"]]

    assert waiting == [("1 request for a visit", REQUESTS)]


def test_one_click_accepts_what_was_shown(desk, willow, wish):
    response = desk.post(there(wish, "accept"), {"seen": wish.sequence})

    assert response.headers["Location"] == REQUESTS
    assert told(response) == ["Accepted. The client is told."]
    assert (reread(wish).state, kinds(willow)) == (State.CONFIRMED, ["requested", "accepted"])


def test_the_second_click_is_told(desk, willow, wish):
    answers = [desk.post(there(wish, "accept"), {"seen": wish.sequence}) for _click in range(2)]

    assert answers[1].headers["Location"] == there(wish)
    assert told(answers[1])[1:] == ["This request has been answered already. Please look again."]
    assert kinds(willow) == ["requested", "accepted"]


def test_what_the_client_has_moved_meanwhile_is_looked_at_first(desk, willow, wish, nadia):
    seen = wish.sequence
    move(wish, nadia, "2026-04-24 10:00")

    response = desk.post(there(wish, "accept"), {"seen": seen})

    assert told(response) == ["The request has changed since you opened the page. Please look again."]
    assert reread(wish).state == State.REQUESTED


@pytest.mark.parametrize("seen", ["", "x", "-1", "\0", "9" * 10_000])
def test_a_forged_look_accepts_nothing(desk, wish, seen):
    desk.post(there(wish, "accept"), {"seen": seen})

    assert reread(wish).state == State.REQUESTED


def test_accepting_takes_a_post(desk, wish):
    assert desk.get(there(wish, "accept")).status_code == 405


def test_what_the_client_took_back_is_not_accepted(desk, willow, wish, nadia):
    with tenant(willow):
        actions.cancel_appointment(appointment=reread_whole(wish), by=nadia, now=NOON)

    response = desk.post(there(wish, "accept"), {"seen": wish.sequence})

    assert told(response) == ["This request has been answered already. Please look again."]
    assert reread(wish).state == State.CANCELLED_BY_CLIENT


def test_a_proposal_is_the_clients_to_accept(desk, willow, wish):
    desk.post(there(wish, "propose"), {"person": "", "picked": "2026-04-24T10:00:00+01:00"})

    shown = words(desk.get(there(wish)))
    response = desk.post(there(wish, "accept"), {"seen": reread(wish).sequence})

    assert "State Proposed to the client" in shown
    assert ("Propose another time" in shown, "Decline" in shown, " Accept " in shown) == (True, True, False)
    assert told(response) == ["This request has been answered already. Please look again."]
    assert reread(wish).state == State.REQUESTED


def test_closed_meanwhile_it_can_not_be_accepted(desk, willow, wish):
    with tenant(willow):
        actions.close_time(
            clinic=willow, resource=None, starts_at=wish.starts_at, ends_at=wish.ends_at, by=None, reason="Flood"
        )

    response = desk.post(there(wish, "accept"), {"seen": wish.sequence})

    assert told(response) == ["That time is closed meanwhile. Propose another one, or decline with a reason."]
    assert reread(wish).state == State.REQUESTED


def test_a_decline_has_a_reason_and_gives_the_time_back(desk, willow, wish, nadia, dental):
    response = desk.post(there(wish, "decline"), {"reason": "No theatre that day."})

    kept = reread(wish)
    assert response.headers["Location"] == REQUESTS
    assert (kept.state, kept.reason, kinds(willow)) == (
        State.DECLINED,
        "No theatre that day.",
        ["requested", "declined"],
    )
    book(nadia, dental, wish.starts_at, factories.create_pet(nadia))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\0b"])
def test_a_decline_without_a_good_reason_declines_nothing(desk, wish, reason):
    response = desk.post(there(wish, "decline"), {"reason": reason})

    assert (response.status_code, list(errors(response))) == (422, ["reason"])
    assert reread(wish).state == State.REQUESTED


def test_the_second_decline_is_told(desk, wish):
    desk.post(there(wish, "decline"), {"reason": "No."})

    response = desk.post(there(wish, "decline"), {"reason": "Still no."})

    assert errors(response) == {"__all__": ["This request has been answered already. Please look again."]}
    assert "This request has been answered already." in words(desk.get(there(wish, "decline")))
    assert reread(wish).reason == "No."


def test_neither_a_vet_nor_the_platform_answers(client, willow, wish):
    staff(client, willow, Role.VET)
    vet = [client.get(REQUESTS).status_code, client.post(there(wish, "accept"), {"seen": "0"}).status_code]
    create_platform_admin(client)
    client.post("/staff/choose/", {"clinic": willow.pk})
    platform = [client.get(REQUESTS).status_code, client.post(there(wish, "accept"), {"seen": "0"}).status_code]

    assert (vet, platform) == ([403, 403], [200, 403])
    assert reread(wish).state == State.REQUESTED


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_request_as_for_three(desk, willow, nadia, dental, statements, count):
    for hour in range(count):
        book(nadia, dental, at(willow, f"2026-04-23 {10 + hour}:00"), factories.create_pet(nadia))

    with statements(7):
        desk.get(REQUESTS)
