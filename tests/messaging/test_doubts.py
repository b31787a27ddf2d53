"""Perhaps sent, perhaps not: nothing is sent again before the provider was asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from clinics.tenancy import tenant
from messaging import outcomes
from messaging.gateways import base
from messaging.models import State
from messaging.pace import USUAL
from tests.messaging.outgoing import change, deliver, fresh, minutes, queue, rings

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _impatient(twilio, monkeypatch) -> None:
    twilio.hang = 0.5
    monkeypatch.setattr(base, "HTTP_TIMEOUT", 0.2)


@pytest.mark.parametrize("fault", ["500_after", "timeout_after", "reset_after", "nonsense"])
def test_what_arrived_all_the_same_is_found_and_not_sent_again(twilio, willow, fault):
    row = queue(willow, now=NOW)
    twilio.next_faults = [fault]

    deliver(willow, NOW)
    doubtful = fresh(row)
    deliver(willow, NOW + minutes(2))

    assert (doubtful.state, doubtful.leased_until) == (State.CHECKING, NOW + minutes(2))
    row = fresh(row)
    assert (row.state, row.provider_id, row.attempts) == (State.SENT, twilio.accepted[0]["sid"], 1)
    assert len(twilio.accepted) == 1


@pytest.mark.parametrize("fault", ["500_before", "reset_before"])
def test_what_did_not_arrive_is_sent_after_asking(twilio, willow, fault):
    row = queue(willow, now=NOW)
    twilio.next_faults = [fault]

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(1))
    waiting = fresh(row).state
    deliver(willow, NOW + minutes(2))

    assert waiting == State.CHECKING
    assert (fresh(row).state, fresh(row).attempts, len(twilio.accepted)) == (State.SENT, 2, 1)


def test_an_abandoned_row_is_rung_for_doubted_and_found(twilio, willow):
    row = queue(willow, "Hello", now=NOW)
    _claimed_by_a_worker_that_died(row)
    twilio.accept({"To": row.to, "Body": "Hello"})

    deliver(willow, NOW + minutes(1))
    doubtful, rung_at = fresh(row), rings(willow)
    deliver(willow, rung_at[-1])

    assert (doubtful.state, doubtful.doubts) == (State.CHECKING, 1)
    assert doubtful.error == "The worker was gone before it could tell whether it had sent this."
    assert (fresh(row).state, twilio.bodies) == (State.SENT, ["Hello"])


def test_an_abandoned_row_that_never_left_is_sent(twilio, willow):
    row = queue(willow, "Hello", now=NOW)
    _claimed_by_a_worker_that_died(row)

    deliver(willow, NOW + minutes(1))
    deliver(willow, NOW + minutes(3))

    assert (fresh(row).state, twilio.bodies) == (State.SENT, ["Hello"])


def test_a_row_on_lease_is_nobody_elses(twilio, willow):
    row = queue(willow, now=NOW)
    _claimed_by_a_worker_that_died(row)

    assert deliver(willow, NOW + timedelta(seconds=59)) == 0
    assert fresh(row).state == State.SENDING


def test_a_code_in_doubt_is_never_sent_again(twilio, willow):
    row = queue(willow, "123456", is_sensitive=True, expires_at=NOW + minutes(10), now=NOW)
    twilio.next_faults = ["500_before"]

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    row = fresh(row)
    assert (row.state, row.body) == (State.DEAD, "")
    assert row.error == "Perhaps sent, perhaps not. A code is never sent twice by itself."
    assert twilio.bodies == []


def test_a_code_in_doubt_that_arrived_is_recorded_as_sent(twilio, willow):
    row = queue(willow, "123456", is_sensitive=True, expires_at=NOW + minutes(10), now=NOW)
    twilio.next_faults = ["500_after"]

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert (fresh(row).state, fresh(row).body, twilio.bodies) == (State.SENT, "", ["123456"])


def test_what_came_too_late_is_not_sent_again_after_asking(twilio, willow):
    row = queue(willow, expires_at=NOW + minutes(1), now=NOW)
    twilio.next_faults = ["500_before"]

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert (fresh(row).state, twilio.bodies) == (State.DEAD, [])


def test_a_provider_that_does_not_answer_is_asked_for_a_day(twilio, willow):
    row = queue(willow, now=NOW)
    twilio.next_faults, twilio.is_deaf = ["500_before"], True

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))
    still = fresh(row)
    deliver(willow, NOW + minutes(25 * 60))

    assert (still.state, still.leased_until) == (State.CHECKING, NOW + minutes(4))
    assert (fresh(row).state, twilio.bodies) == (State.DEAD, [])


def test_two_messages_with_the_same_words_are_not_taken_for_each_other(twilio, willow):
    first, second = queue(willow, "Same words", now=NOW), queue(willow, "Same words", now=NOW)
    twilio.next_faults = ["500_before"]

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert twilio.bodies == ["Same words", "Same words"]
    assert fresh(first).provider_id != fresh(second).provider_id


def test_an_id_guessed_from_equal_words_goes_back_to_its_owner(twilio, willow):
    first, second = queue(willow, "Same words", now=NOW), queue(willow, "Same words", now=NOW)
    _claimed_by_a_worker_that_died(first)
    _claimed_by_a_worker_that_died(second)
    guessed, owner = fresh(first), fresh(second)
    guessed.clinic = owner.clinic = willow

    assert outcomes.found(guessed, ["SM1"], now=NOW)
    outcomes.sent(owner, "SM1", now=NOW)

    assert (fresh(second).state, fresh(second).provider_id) == (State.SENT, "SM1")
    assert (fresh(first).state, fresh(first).provider_id) == (State.CHECKING, "")


def test_a_late_answer_settles_the_doubt(willow):
    row = queue(willow, now=NOW)
    _claimed_by_a_worker_that_died(row)
    mine = fresh(row)
    mine.clinic = willow
    change(row, state=State.CHECKING)

    outcomes.sent(mine, "SM1", now=NOW + minutes(1))

    assert (fresh(row).state, fresh(row).provider_id) == (State.SENT, "SM1")


def test_an_answer_about_a_row_that_is_somebody_elses_by_now_changes_nothing(willow):
    row = queue(willow, now=NOW)
    _claimed_by_a_worker_that_died(row)
    stale = fresh(row)
    stale.clinic = willow
    change(row, claimed_at=NOW + minutes(5), leased_until=NOW + minutes(6))

    outcomes.sent(stale, "SM1", now=NOW)
    outcomes.refused(stale, "no")
    outcomes.postponed(stale, "later", retry_after=None, now=NOW, pace=USUAL)
    outcomes.doubted(stale, "perhaps", now=NOW, pace=USUAL)

    assert (fresh(row).state, fresh(row).error, fresh(row).provider_id) == (State.SENDING, "", "")


def test_more_than_a_page_of_texts_to_the_same_number_is_searched(twilio, willow):
    row = queue(willow, "The first", now=NOW)
    twilio.next_faults = ["500_after"]
    deliver(willow, NOW)
    for number in range(150):
        twilio.accept({"To": row.to, "Body": f"Later {number}"})

    deliver(willow, NOW + minutes(2))

    assert fresh(row).provider_id == twilio.accepted[0]["sid"]


def _claimed_by_a_worker_that_died(row) -> None:
    with tenant(row.clinic_id):
        change(row, state=State.SENDING, attempts=1, claimed_at=NOW, leased_until=NOW + timedelta(seconds=60))
        outcomes.ring(row.clinic_id, at=NOW + timedelta(seconds=60))
