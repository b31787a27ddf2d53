"""What staff and operators can do to messages and senders, and what is forgotten in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from clinics.tenancy import tenant
from messaging import actions
from messaging.models import Outgoing, Sender, State, Waiting
from messaging.outbox_age import oldest_waiting
from portal.kit import crypto
from tests.factories import create_staff
from tests.messaging.outgoing import change, create_sender, deliver, fresh, minutes, queue

NOW = timezone.now()
DAY = timedelta(days=1)


def test_send_again_says_the_same_as_a_new_message(twilio, willow):
    row = queue(willow, "Hello", now=NOW)
    change(row, state=State.DEAD)

    _send_again(row)
    deliver(willow, NOW)

    with tenant(willow):
        again = Outgoing.objects.get(parent=row)
    assert (again.state, again.to, again.kind, again.body) == (State.SENT, row.to, row.kind, "Hello")
    assert (fresh(row).state, twilio.bodies) == (State.DEAD, ["Hello"])


def test_send_again_works_once(willow):
    row = queue(willow, now=NOW)
    change(row, state=State.FAILED)
    _send_again(row)

    with pytest.raises(actions.SentAgainAlready):
        _send_again(row)


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.CHECKING])
def test_what_is_on_its_way_is_not_sent_again(willow, state):
    row = queue(willow, now=NOW)
    change(row, state=state)

    with pytest.raises(actions.StillOnItsWay):
        _send_again(row)


def test_a_code_is_not_sent_again(willow):
    row = queue(willow, is_sensitive=True, now=NOW)
    change(row, state=State.DEAD)

    with pytest.raises(actions.NeverAgain):
        _send_again(row)


def test_a_text_that_is_no_longer_kept_is_not_sent_again(willow):
    row = queue(willow, now=NOW)
    change(row, state=State.SENT, body="")

    with pytest.raises(actions.NothingLeft):
        _send_again(row)


def test_requeued_are_the_dead_and_refused_that_are_still_of_use(twilio, willow):
    dead, failed = queue(willow, "dead", now=NOW), queue(willow, "failed", now=NOW)
    change(dead, state=State.DEAD, attempts=8, error="Twilio answered 429.")
    change(failed, state=State.FAILED)
    for fields in (
        {"is_sensitive": True},
        {"is_decoy": True},
        {"expires_at": NOW - minutes(1)},
    ):
        change(queue(willow, now=NOW, **fields), state=State.DEAD)
    change(queue(willow, now=NOW), state=State.FAILED, provider_id="SM1")
    change(queue(willow, now=NOW), state=State.DELIVERED)

    with tenant(willow):
        count = actions.requeue_dead(clinic=willow, now=NOW)
    deliver(willow, NOW)

    assert (count, twilio.bodies) == (2, ["dead", "failed"])
    assert (fresh(dead).state, fresh(dead).attempts, fresh(dead).error) == (State.SENT, 1, "")


def test_credentials_are_kept_sealed(willow):
    sender = create_sender(willow)

    with tenant(willow):
        actions.set_twilio_token(sender=sender, token="t0ken")
        actions.set_email_options(sender=sender, options={"server_token": "s3cret"})
        stored = Sender.objects.get()

    assert "t0ken" not in stored.sealed_twilio_auth_token
    assert stored.twilio_auth_token == "t0ken"
    assert json.loads(crypto.unseal(stored.sealed_email_options)) == {"server_token": "s3cret"}


def test_credentials_can_be_forgotten(willow):
    sender = create_sender(willow, sealed_twilio_auth_token="x", sealed_email_options="y")

    with tenant(willow):
        actions.set_twilio_token(sender=sender, token="")
        actions.set_email_options(sender=sender, options={})
        stored = Sender.objects.get()

    assert (stored.sealed_twilio_auth_token, stored.sealed_email_options) == ("", "")


def test_codes_and_decoys_are_forgotten_after_a_day(willow):
    kept = [queue(willow, "new", is_sensitive=True, now=NOW), queue(willow, "a reminder", now=NOW)]
    gone = [queue(willow, is_sensitive=True, now=NOW), queue(willow, is_decoy=True, now=NOW)]
    for row in (kept[1], *gone):
        change(row, created_at=NOW - DAY - minutes(1))

    assert _purge(willow) == 2
    assert _left(willow) == [row.pk for row in kept]


def test_texts_are_emptied_after_two_years(willow):
    old, younger, on_its_way = (queue(willow, "Hello", subject="Hi", now=NOW) for _each in range(3))
    change(old, created_at=NOW - 731 * DAY, state=State.DELIVERED)
    change(younger, created_at=NOW - 729 * DAY, state=State.DELIVERED)
    change(on_its_way, created_at=NOW - 731 * DAY)

    assert (_purge(willow), _purge(willow)) == (1, 0)
    assert [(fresh(row).subject, fresh(row).body) for row in (old, younger, on_its_way)] == [
        ("", ""),
        ("Hi", "Hello"),
        ("Hi", "Hello"),
    ]


def test_rings_that_nobody_answered_are_taken_down_after_a_day(willow, harbour):
    for clinic, at in ((willow, NOW - 2 * DAY), (willow, NOW), (harbour, NOW - 2 * DAY)):
        Waiting.objects.create(clinic=clinic, due_at=at)

    assert _purge(willow) == 1
    assert Waiting.objects.count() == 2


def test_the_oldest_ring_tells_for_how_long_nobody_delivered(willow, harbour):
    ages = [oldest_waiting(NOW)]
    queue(willow, now=NOW - minutes(3))
    queue(harbour, now=NOW - minutes(2))
    queue(harbour, now=NOW, due_at=NOW + DAY)
    ages.append(oldest_waiting(NOW))
    willow.state = "suspended"
    willow.save()
    ages.append(oldest_waiting(NOW))

    assert ages == [timedelta(), minutes(3), minutes(2)]


def _send_again(row: Outgoing) -> None:
    with tenant(row.clinic_id):
        actions.send_again(message=row, now=NOW, by=create_staff(row.clinic))


def _purge(clinic) -> int:
    with tenant(clinic):
        return actions.purge(clinic=clinic, now=NOW)


def _left(clinic) -> list[int]:
    with tenant(clinic):
        return list(Outgoing.objects.order_by("pk").values_list("pk", flat=True))
