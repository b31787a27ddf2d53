"""Which visits the list begins with, in which order, and what it says of each."""

from __future__ import annotations

import pytest

from bookings.models import State
from clinics.models import Role
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import frozen
from tests.bookings.visits import at, book, create_past_visit
from tests.staff.desk_pages import VISITS, words
from tests.staff.rows import page, staff

clock = pytest.fixture(autouse=True)(frozen)
AHEAD, OVER, EVER = ["Today", "Soon", "Later"], ["Late", "Early"], ["Later", "Soon", "Today", "Late", "Early"]


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def filled(willow, nadia, check, okafor):
    for day, name in (("2026-04-23", "Soon"), ("2026-05-20", "Later"), ("2026-04-15", "Today")):
        book(nadia, check, at(willow, f"{day} 15:00"), factories.create_pet(nadia, name=name))
    for day, name in (("2026-04-01", "Early"), ("2026-04-14", "Late")):
        pet = factories.create_pet(nadia, name=name)
        create_past_visit(nadia, check, at(willow, f"{day} 10:00"), pet, state=State.NO_SHOW)


@pytest.mark.parametrize(
    ("asked", "expected", "chosen"),
    [
        ({}, AHEAD, "From today on"),
        ({"when": "x"}, AHEAD, "From today on"),
        ({"when": "week"}, ["Today"], "The next 7 days"),
        ({"when": "past"}, OVER, "Before today"),
        ({"when": "month"}, OVER, "The last 30 days"),
        ({"when": "any"}, EVER, "Any time"),
        ({"q": "nadia"}, EVER, "Any time"),
        ({"q": "nadia", "when": "coming"}, AHEAD, "From today on"),
        ({"state__exact": "no_show"}, OVER, "Any time"),
        ({"when": "past", "o": "0"}, OVER[::-1], "Before today"),
    ],
)
def test_what_lies_ahead_is_read_from_the_nearest_on_and_the_past_backwards(desk, filled, asked, expected, chosen):
    changes = desk.get(VISITS, asked).context["cl"]

    names = [pet.name for visit in changes.result_list for pet in visit.pets.all()]
    (when,) = (spec for spec in changes.filter_specs if spec.title == "when")
    assert names == expected
    assert [str(choice["display"]) for choice in when.choices(changes) if choice["selected"]] == [chosen]


def test_no_filter_offers_a_dash(desk, willow, filled):
    visits.create_person(willow, "Dr Tom Lind")

    changes = desk.get(VISITS).context["cl"]

    offered = {
        spec.title: [str(choice["display"]) for choice in spec.choices(changes)] for spec in changes.filter_specs
    }
    assert offered["with"] == ["All", "Dr Amara Okafor", "Dr Tom Lind"]
    assert "-" not in {name for names in offered.values() for name in names}


def test_all_of_them_are_a_click_away(desk, filled):
    shown = desk.get(VISITS).content.decode()

    assert '3 results (<a href="?when=any">Show all</a>)' in shown


def test_the_year_is_only_said_of_another(desk, willow, nadia, check, miso):
    create_past_visit(nadia, check, at(willow, "2025-04-01 09:15"), miso)
    create_past_visit(nadia, check, at(willow, "2026-04-14 10:00"), miso)

    shown = words(desk.get(VISITS, {"when": "past"}), 'table id="result_list"')

    assert ["Tue 14 Apr, 10:00 " in shown, "Tue 1 Apr 2025, 09:15 " in shown] == [True, True]


def test_a_visit_that_only_a_room_is_for_has_no_dash(desk, willow, nadia, miso):
    bed = visits.create_room(willow, "Day ward bed 1")
    visit = book(nadia, visits.create_service(willow, bed), at(willow, "2026-04-23 10:00"), miso)

    shown = words(desk.get(page(visit)))

    assert "With Day ward bed 1 Client" in shown
