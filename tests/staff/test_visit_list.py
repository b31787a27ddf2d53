"""Visits as a list, and on the client's profile."""

from __future__ import annotations

import pytest

from bookings.models import State
from clinics.models import Role
from tests import factories
from tests.bookings.mine import frozen
from tests.bookings.visits import at, book, create_past_visit
from tests.staff.desk_pages import VISITS, words
from tests.staff.rows import page, staff

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def desk(client, willow):
    staff(client, willow, Role.RECEPTION)
    return client


@pytest.fixture
def ahead(willow, nadia, miso, check, okafor):
    return book(nadia, check, at(willow, "2026-04-23 10:00"), miso, person=okafor)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "nadia"}, 1),
        ({"q": "Miso"}, 1),
        ({"q": "A-77"}, 1),
        ({"q": "%"}, 0),
        ({"q": "☎" * 50}, 0),
        ({"q": "\0"}, 2),
        ({"when": "week"}, 1),
        ({"when": "coming"}, 2),
        ({"when": "past"}, 0),
        ({"state__exact": "confirmed"}, 2),
        ({"state__exact": "completed"}, 0),
    ],
)
def test_the_list_is_searched_and_filtered(desk, willow, ahead, check, asked, found):
    other = factories.create_owner(willow, name="Somebody Else")
    book(other, check, at(willow, "2026-04-20 10:00"), factories.create_pet(other, name="Rex"))

    assert desk.get(VISITS, asked).context["cl"].result_count == found


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_visit_as_for_three(desk, willow, nadia, check, statements, count):
    for hour in range(count):
        book(nadia, check, at(willow, f"2026-04-23 {10 + hour}:00"), factories.create_pet(nadia))

    with statements(10):
        desk.get(VISITS)


def test_the_profile_counts_what_was_and_lists_what_comes(desk, willow, nadia, check, miso, ahead):
    for state in (State.NO_SHOW, State.NO_SHOW, State.COMPLETED, State.LATE_CANCELLED):
        create_past_visit(nadia, check, at(willow, "2026-04-14 10:00"), miso, state=state)

    shown = words(desk.get(page(nadia)))

    assert "Completed: 1 · cancelled: 1 (late: 1) · missed: 2" in shown
    assert "23 Apr 2026, 10:00 Miso Annual health check Dr Amara Okafor Confirmed" in shown
