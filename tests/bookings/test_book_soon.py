"""A visit that is so near that its free window is over before it is booked: the page says what cancelling means."""

from __future__ import annotations

import pytest
import time_machine

from bookings.models import LateRule
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at
from tests.bookings.walk import CONFIRM, address, iso

LATE = "So soon, it can’t be moved here, and cancelling counts as late."
CALL = "So soon, it can’t be moved here, and can be cancelled by phone only."
MOVABLE = {"move_hours": 1, "most_moves": 3}
LATE_BUT_MOVABLE = "So soon, cancelling counts as late."
CALL_BUT_MOVABLE = "So soon, it can be cancelled by phone only."
ALL = (LATE, CALL, LATE_BUT_MOVABLE, CALL_BUT_MOVABLE)


@pytest.mark.parametrize(
    ("rules", "when", "said"),
    [
        ({"late_rule": LateRule.MARK}, "2026-04-16 11:30", [LATE]),
        ({"late_rule": LateRule.CALL}, "2026-04-16 11:30", [CALL]),
        ({"late_rule": LateRule.MARK, **MOVABLE}, "2026-04-16 11:30", [LATE_BUT_MOVABLE]),
        ({"late_rule": LateRule.CALL, **MOVABLE}, "2026-04-16 11:30", [CALL_BUT_MOVABLE]),
        ({"late_rule": LateRule.MARK, **MOVABLE, "most_moves": 0}, "2026-04-16 11:30", [LATE]),
        ({"late_rule": LateRule.MARK}, "2026-04-16 12:00", []),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_the_confirmation_says_so_and_nothing_that_contradicts_it(
    client, willow, owner, miso, okafor, rules, when, said
):
    service = visits.create_service(willow, okafor, **rules)
    factories.sign_in(client, owner)

    page = client.get(address(CONFIRM, pet=miso.pk, service=service.pk, at=iso(willow, when))).content.decode()

    assert [words for words in ALL if words in page] == said
    assert ("Free to " in page, "To change it, call" in page) == (not said, bool(said))
    assert "Confirm booking" in page
    assert at(willow, when) > NOON
