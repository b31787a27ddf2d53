"""A text that surely did not go out: tried again later, or refused for good."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from messaging.models import State
from tests.messaging.outgoing import deliver, fresh, minutes, queue, rings

NOW = timezone.now()


def test_too_many_requests_are_tried_later_as_the_provider_asks(twilio, willow):
    row = queue(willow, now=NOW)
    twilio.next_faults = ["429"]

    deliver(willow, NOW)
    waiting, rung_at = fresh(row), rings(willow)
    deliver(willow, waiting.due_at)

    assert (waiting.state, waiting.error) == (State.QUEUED, "Twilio answered 429.")
    assert rung_at == [waiting.due_at, NOW + timedelta(seconds=60)]
    assert NOW + timedelta(seconds=7) <= waiting.due_at <= NOW + timedelta(seconds=15)
    assert (fresh(row).state, fresh(row).attempts, len(twilio.accepted)) == (State.SENT, 2, 1)


def test_eight_failed_tries_are_the_end(twilio, willow):
    row = queue(willow, now=NOW)
    twilio.next_faults = ["429"] * 9

    at = NOW
    for _attempt in range(9):
        deliver(willow, at)
        at += minutes(60)

    row = fresh(row)
    assert (row.state, row.attempts, row.error) == (State.DEAD, 8, "Twilio answered 429.")
    assert twilio.next_faults == ["429"]


def test_a_refusal_is_final_and_says_why(twilio, willow):
    row = queue(willow, now=NOW)
    twilio.next_faults = ["400"]

    deliver(willow, NOW)

    row = fresh(row)
    assert (row.state, row.error) == (
        State.FAILED,
        "The person replied STOP, so texts to this number are blocked.",
    )


def test_a_wrong_token_is_tried_later(twilio, willow):
    row = queue(willow, now=NOW)
    twilio.next_faults = ["401"]

    deliver(willow, NOW)

    assert (fresh(row).state, fresh(row).error) == (State.QUEUED, "Twilio answered 401.")


def test_a_provider_that_cannot_be_reached_is_tried_later(twilio, willow, settings):
    row = queue(willow, now=NOW)
    settings.TWILIO_API_URL = "http://127.0.0.1:9"

    deliver(willow, NOW)

    assert (fresh(row).state, fresh(row).error) == (State.QUEUED, "Twilio couldn’t be reached.")


def test_without_a_provider_the_message_fails_and_says_so(twilio, willow, settings):
    settings.PLATFORM_TWILIO_AUTH_TOKEN = ""
    row = queue(willow, now=NOW)

    deliver(willow, NOW)

    assert (fresh(row).state, fresh(row).error) == (State.FAILED, "No provider is set up for this channel.")
