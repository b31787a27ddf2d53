"""Closures at the desk: made by the clinic's clock, and what becomes of the visits inside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings import actions
from bookings.models import Closure, State
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import frozen
from tests.bookings.visits import at, book
from tests.staff.desk_pages import errors, inside, kinds, there, told, words
from tests.staff.rows import create_platform_admin, listing, page, reread, staff

clock = pytest.fixture(autouse=True)(frozen)
ADD = "/staff/bookings/closure/add/"


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def visit(willow, nadia, miso, check, okafor):
    return book(nadia, check, at(willow, "2026-04-23 10:00"), miso)


def typed(first: str, last: str, **fields: Any) -> dict[str, Any]:
    (first_on, first_at), (last_on, last_at) = first.split(" "), last.split(" ")
    times = {"starts_at_0": first_on, "starts_at_1": first_at, "ends_at_0": last_on, "ends_at_1": last_at}
    return {"resource": "", "reason": "Training"} | times | fields


def closures(clinic) -> list[Closure]:
    with tenant(clinic):
        return list(Closure.objects.for_clinic(clinic).select_related("resource").order_by("pk"))


def close(clinic, resource=None, day="2026-04-23") -> Closure:
    with tenant(clinic):
        first = at(clinic, f"{day} 00:00")
        return actions.close_time(
            clinic=clinic,
            resource=resource,
            starts_at=first,
            ends_at=first + timedelta(days=1),
            by=None,
            reason="Flood",
        )


def wrong(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def test_a_closure_leads_to_the_visits_that_it_hits(desk, willow, visit, okafor):
    response = desk.post(ADD, typed("2026-04-23 09:00", "2026-04-23 12:00", resource=okafor.pk))

    (made,) = closures(willow)
    assert response.headers["Location"] == inside(made)
    assert told(response)[-1] == "Closed. These visits are inside: nobody has told their clients yet."
    assert (made.resource, made.reason, made.created_by_id is not None) == (okafor, "Training", True)
    assert (made.starts_at, made.ends_at) == (at(willow, "2026-04-23 09:00"), at(willow, "2026-04-23 12:00"))
    shown = words(desk.get(inside(made)))
    assert (
        "23 Apr 2026, 10:00 Nadia Brennan Miso · Annual health check · Confirmed Dr Amara Okafor Move Cancel" in shown
    )


def test_one_that_hits_nobody_is_just_made(desk, willow, visit):
    response = desk.post(ADD, typed("2026-04-24 09:00", "2026-04-24 12:00"))

    assert response.headers["Location"] == listing(closures(willow)[0])
    assert reread(visit).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [("2026-03-29 00:30", "2026-03-29 03:00", 1.5), ("2026-10-25 01:00", "2026-10-25 01:30", 1.5)],
)
def test_it_keeps_to_the_clock_where_the_clocks_change(desk, willow, first, last, hours):
    desk.post(ADD, typed(first, last))

    (made,) = closures(willow)
    assert (made.ends_at - made.starts_at).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("first", "last", "field", "said"),
    [
        ("2026-03-29 01:30", "2026-03-29 03:00", "starts_at", "The clocks go forward then"),
        ("2026-03-29 00:30", "2026-03-29 01:00", "ends_at", "The clocks go forward then"),
        ("2026-04-23 12:00", "2026-04-23 12:00", "ends_at", "It must end after it starts."),
        ("2026-04-23 12:00", "2026-04-22 12:00", "ends_at", "It must end after it starts."),
        ("2026-04-23 12:00", "9999-12-31 12:00", "ends_at", "That is too far away."),
        ("0001-01-01 00:00", "2026-04-23 12:00", "starts_at", "That is too far away."),
        ("x y", "2026-04-23 12:00", "starts_at", "Enter a valid date."),
        ("\0 \0", "2026-04-23 12:00", "starts_at", "Enter a valid date."),
        ("2026-02-30 25:61", "2026-04-23 12:00", "starts_at", "Enter a valid date."),
        (" ", "2026-04-23 12:00", "starts_at", "This field is required."),
    ],
)
def test_times_that_are_none_are_told_beside_their_field(desk, willow, first, last, field, said):
    response = desk.post(ADD, typed(first, last))

    assert response.status_code == 200
    assert list(wrong(response)) == [field]
    assert wrong(response)[field][0].startswith(said)
    assert closures(willow) == []


@pytest.mark.parametrize(
    "fields", [{"reason": "x" * 121}, {"reason": "a\0b"}, {"resource": "x"}, {"resource": "foreign"}]
)
def test_bad_input_closes_nothing(desk, willow, harbour, fields):
    theirs = visits.create_person(harbour)
    fields = {name: theirs.pk if text == "foreign" else text for name, text in fields.items()}

    response = desk.post(ADD, typed("2026-04-23 09:00", "2026-04-23 12:00", **fields))

    assert list(wrong(response)) == list(fields)
    assert closures(willow) == []


def test_it_is_changed_and_stays_whose_it_was(desk, willow, visit, okafor):
    made = close(willow, okafor, "2026-04-24")
    other = visits.create_person(willow)

    response = desk.post(page(made), typed("2026-04-23 09:00", "2026-04-23 12:00", resource=other.pk, reason="Ill"))

    (kept,) = closures(willow)
    assert response.headers["Location"] == inside(made)
    assert (kept.resource, kept.starts_at, kept.reason) == (okafor, at(willow, "2026-04-23 09:00"), "Ill")


def test_it_is_taken_back(desk, willow):
    made = close(willow)

    desk.post(page(made, "delete"), {"post": "yes"})

    assert closures(willow) == []


def test_all_are_cancelled_only_in_the_second_step(desk, willow, visit):
    made = close(willow)

    asked = desk.post(inside(made), {"reason": "The roof leaks."})
    before = reread(visit).state
    done = desk.post(inside(made), {"reason": "The roof leaks.", "visits": f"{visit.pk}", "_cancel_all": ""})

    assert (asked.status_code, before) == (200, State.CONFIRMED)
    assert "This visit is cancelled, and its client reads the message below." in words(asked)
    assert (asked.context["listed"], "The roof leaks." in words(asked)) == (str(visit.pk), True)
    assert (done.headers["Location"], told(done)) == (inside(made), ["1 visit cancelled. The clients are told."])
    assert (reread(visit).state, reread(visit).reason) == (State.CANCELLED_BY_CLINIC, "The roof leaks.")
    assert "No visit is inside this closure." in words(desk.get(inside(made)))


def test_a_double_click_cancels_once(desk, willow, visit):
    made = close(willow)
    sent = {"reason": "Flood.", "visits": f"{visit.pk}", "_cancel_all": ""}

    answers = [desk.post(inside(made), sent) for _click in range(2)]

    assert told(answers[1])[1:] == ["0 visits cancelled."]
    assert kinds(willow) == ["booked", "cancelled"]


def test_only_what_was_listed_and_is_still_inside_is_cancelled(desk, willow, visit, nadia, check, okafor):
    outside = book(nadia, check, at(willow, "2026-04-24 10:00"), factories.create_pet(nadia))
    unseen = book(nadia, check, at(willow, "2026-04-23 11:00"), factories.create_pet(nadia))
    made = close(willow)
    listed = f"{visit.pk},{outside.pk},x,,-1,{'9' * 30},☎"

    desk.post(inside(made), {"reason": "Flood.", "visits": listed, "_cancel_all": ""})

    assert [reread(one).state for one in (visit, outside, unseen)] == [
        State.CANCELLED_BY_CLINIC,
        State.CONFIRMED,
        State.CONFIRMED,
    ]


def test_a_long_closure_is_cancelled_in_one_go(desk, willow, visit):
    """More visits than a form may have fields."""
    made = close(willow)
    listed = ",".join(map(str, [*range(10**6, 10**6 + 2_000), visit.pk]))

    desk.post(inside(made), {"reason": "Flood.", "visits": listed, "_cancel_all": ""})

    assert reread(visit).state == State.CANCELLED_BY_CLINIC


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, "a\0b"])
def test_without_a_good_message_nothing_is_cancelled(desk, willow, visit, reason):
    made = close(willow)

    response = desk.post(inside(made), {"reason": reason, "visits": f"{visit.pk}", "_cancel_all": ""})

    assert (response.status_code, list(errors(response))) == (422, ["reason"])
    assert reread(visit).state == State.CONFIRMED


def test_neither_a_vet_nor_the_platform_cancels(client, willow, visit):
    made = close(willow)
    sent = {"reason": "Flood.", "visits": f"{visit.pk}", "_cancel_all": ""}
    staff(client, willow, Role.VET)
    vet = [client.get(inside(made)).status_code, client.post(inside(made), sent).status_code]
    create_platform_admin(client)
    client.post("/staff/choose/", {"clinic": willow.pk})
    client.post(inside(made), sent)

    assert vet == [403, 403]
    assert reread(visit).state == State.CONFIRMED


def test_a_neighbours_closure_is_not_there(client, willow, harbour, visit):
    made = close(willow)
    staff(client, harbour)

    answers = [client.get(inside(made)), client.post(inside(made), {"reason": "x"}), client.get(page(made))]

    assert [response.status_code for response in answers] == [404, 404, 404]
    assert client.get(there(visit)).status_code == 404
