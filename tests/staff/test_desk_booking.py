"""Booking for a client at the desk: each choice in the address, and the same guard as everywhere."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bookings import actions
from bookings.models import Mode, State
from clinics.models import Role
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import frozen
from tests.bookings.visits import at, book
from tests.staff.desk_pages import BOOK, errors, there, told, visits_of, words
from tests.staff.rows import staff

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def asked(nadia, miso, check, okafor):
    """What has been chosen before the time."""
    return {"client": nadia.pk, "pets": miso.pk, "service": check.pk, "person": okafor.pk}


def typed(asked, **fields):
    return asked | {"key": str(uuid4()), "on": "2026-04-23", "other": "", "note": ""} | fields


def offered(response) -> list[str]:
    return [time.label for part in response.context["offer"].picker.parts for time in part.times]


def chosen(response) -> list[str]:
    parts = response.context["offer"].picker.parts
    return [time.label for part in parts for time in part.times if time.is_chosen]


def test_it_begins_with_whom_for_and_keeps_what_the_diary_said(desk):
    response = desk.get(BOOK, {"day": "2026-04-23", "at": "09:00", "person": "7"})

    assert response.status_code == 200
    assert response.context["kept"] == [("person", "7"), ("day", "2026-04-23"), ("at", "09:00")]


def test_an_only_pet_is_ticked_already(desk, nadia, miso, check):
    one = desk.get(BOOK, {"client": nadia.pk}).context["visit"].initial["pets"]
    factories.create_pet(nadia)

    assert (one, desk.get(BOOK, {"client": nadia.pk}).context["visit"].initial["pets"]) == ([miso.pk], [])


def test_the_usual_times_are_offered_whatever_the_notice(desk, willow, asked):
    visits.create_policy(willow, minimum_notice_hours=72, grid_minutes=30)

    response = desk.get(BOOK, asked | {"day": "2026-04-15"})

    assert response.status_code == 200
    assert offered(response) == [f"{12 + half // 2}:{'30' if half % 2 else '00'}" for half in range(10)]


def test_a_time_is_booked_and_the_client_told(desk, willow, asked, okafor):
    response = desk.post(BOOK, typed(asked, picked="2026-04-23T09:15:00+01:00", note="Bring a sample."))

    (visit,) = visits_of(willow)
    assert response.headers["Location"] == there(visit)
    assert told(response) == ["Booked for Thursday 23 April at 09:15. The client is told."]
    assert (visit.state, visit.source, visit.starts_at) == (State.CONFIRMED, "staff", at(willow, "2026-04-23 09:15"))
    assert (visit.person, visit.is_person_wished, visit.note) == (okafor, True, "Bring a sample.")


@pytest.mark.parametrize("mode", [Mode.REQUEST, Mode.PHONE])
def test_what_clients_ask_or_call_for_the_desk_books(desk, willow, asked, okafor, mode):
    service = visits.create_service(willow, okafor, mode=mode)

    desk.post(BOOK, typed(asked | {"service": service.pk}, picked="2026-04-23T09:15:00+01:00"))

    assert [visit.state for visit in visits_of(willow)] == [State.CONFIRMED]


@pytest.mark.parametrize(
    ("on", "clock_time"), [("2026-04-23", "07:05"), ("2026-04-19", "22:55"), ("2026-04-15", "12:05")]
)
def test_another_time_may_be_beside_the_grid_and_out_of_hours(desk, willow, asked, on, clock_time):
    desk.post(BOOK, typed(asked, on=on, other=clock_time))

    assert [visit.starts_at for visit in visits_of(willow)] == [at(willow, f"{on} {clock_time}")]


def test_a_gap_of_the_diary_is_picked_where_the_grid_has_it(desk, asked):
    response = desk.get(BOOK, asked | {"day": "2026-04-23", "at": "10:15"})

    assert (chosen(response), response.context["form"].initial.get("other")) == (["10:15"], None)


def test_a_gap_beside_the_grid_stands_in_the_field_until_a_time_is_picked(desk, willow, asked):
    shown = desk.get(BOOK, asked | {"day": "2026-04-23", "at": "10:20"})
    sent = typed(asked, other="10:20", **{"initial-other": "10:20"})

    desk.post(BOOK, sent | {"picked": "2026-04-23T11:00:00+01:00"})
    desk.post(BOOK, sent | {"key": str(uuid4())})

    assert (chosen(shown), f"{shown.context['form'].initial['other']:%H:%M}") == ([], "10:20")
    assert [f"{visit.starts_at.astimezone(willow.zone):%H:%M}" for visit in visits_of(willow)] == ["11:00", "10:20"]


def test_a_time_that_is_picked_and_another_that_is_typed_are_asked_about(desk, willow, asked):
    response = desk.post(BOOK, typed(asked, picked="2026-04-23T11:00:00+01:00", other="10:20"))

    assert (response.status_code, errors(response)) == (
        422,
        {"other": ["A time of the list is chosen as well. Choose one of the two."]},
    )
    assert visits_of(willow) == []


def test_a_time_that_has_gone_comes_back_with_the_nearest_and_all_that_was_typed(desk, willow, asked, check):
    rival = factories.create_owner(willow)
    book(rival, check, at(willow, "2026-04-23 10:00"), factories.create_pet(rival))
    sent = typed(asked, other="10:00", note="Bring a sample.")

    response = desk.post(BOOK, sent)

    assert (response.status_code, errors(response)) == (
        422,
        {"__all__": ["That time has just gone. Nothing has changed yet."]},
    )
    labels = [time.label for time in response.context["offer"].nearest]
    assert sorted(labels) == [
        "Thu 23 April, 09:15",
        "Thu 23 April, 09:30",
        "Thu 23 April, 10:30",
        "Thu 23 April, 10:45",
    ]
    shown = words(response)
    assert ("That time has just gone." in shown, "The nearest free times" in shown) == (True, True)
    assert 'name="other" value="10:00"' not in response.content.decode()
    assert "Bring a sample." in response.content.decode()
    assert len(visits_of(willow)) == 1


def test_one_pet_is_at_one_place_at_a_time(desk, willow, asked, miso, nadia):
    other = visits.create_person(willow)
    book(nadia, visits.create_service(willow, other), at(willow, "2026-04-23 10:00"), miso)

    response = desk.post(BOOK, typed(asked, other="10:00"))

    assert errors(response) == {"__all__": ["There is another appointment at that time already."]}


def test_a_closed_time_is_closed_for_the_desk_too(desk, willow, asked):
    with tenant(willow):
        day = at(willow, "2026-04-23 00:00"), at(willow, "2026-04-24 00:00")
        actions.close_time(clinic=willow, resource=None, starts_at=day[0], ends_at=day[1], by=None)

    response = desk.post(BOOK, typed(asked, other="10:00"))

    assert (response.status_code, visits_of(willow)) == (422, [])
    assert "No free time by the working hours on this day. The next one: Friday 24 April at 09:00" in words(response)


def test_a_double_click_books_once(desk, willow, asked):
    sent = typed(asked, picked="2026-04-23T09:15:00+01:00")

    first, second = desk.post(BOOK, sent), desk.post(BOOK, sent)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(visits_of(willow)) == 1


@pytest.mark.parametrize(
    "picked",
    [
        "x",
        "2026-04-23",
        "2026-04-23T09:15:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-04-14T10:00:00+01:00",
        "2026-04-23T09:17:00+01:00",
        "2026-04-23T09:15:30+01:00",
        "2027-04-23T09:00:00+01:00",
        "a\0b",
        "☎" * 30,
        "<b>",
        "1" * 10_000,
    ],
)
def test_a_time_that_is_none_is_told(desk, willow, asked, picked):
    response = desk.post(BOOK, typed(asked, picked=picked))

    assert response.status_code == 422
    (said,) = errors(response).get("other") or errors(response)["__all__"]
    assert said in words(response)
    assert visits_of(willow) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose a time."),
        ({"other": "10:03"}, "Use a multiple of 5 minutes."),
        ({"other": "25:00"}, "Enter a valid time."),
        ({"other": "\0"}, "Enter a valid time."),
        ({"other": "10:00", "on": ""}, "Choose a day first."),
        ({"other": "10:00", "on": "x"}, "That isn’t a time that can be booked. Choose one of those below."),
        ({"other": "10:00", "on": "2026-04-14"}, "That day is over, or too far ahead."),
        ({"other": "10:00", "on": "9999-12-31"}, "That day is over, or too far ahead."),
        ({"other": "01:30", "on": "2026-03-29"}, "The clocks go forward then: that time doesn’t exist on this day."),
    ],
)
def test_what_is_wrong_with_another_time_is_told_beside_it(desk, willow, asked, fields, said):
    response = desk.post(BOOK, typed(asked, **fields))

    assert (response.status_code, errors(response)["other"]) == (422, [said])
    assert visits_of(willow) == []
