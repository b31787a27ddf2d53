"""What becomes of a text when all goes well, or clearly wrong."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clinics.models import Clinic, ClinicState
from clinics.tenancy import tenant
from messaging import delivery, outbox
from messaging.models import Channel, Outgoing, State, Waiting
from portal.kit import crypto
from tests.messaging.outgoing import PHONE, change, create_sender, deliver, fresh, minutes, queue, rings

NOW = timezone.now()


def test_a_text_is_sent_once_and_remembers_its_provider_id(twilio, willow):
    row = queue(willow, "See you at 9", now=NOW)

    assert (deliver(willow, NOW), deliver(willow, NOW)) == (1, 0)

    row = fresh(row)
    assert (row.state, row.provider_id, row.sent_at, row.attempts) == (
        State.SENT,
        twilio.accepted[0]["sid"],
        NOW,
        1,
    )
    assert [(sent["To"], sent["From"], sent["Body"]) for sent in twilio.requests] == [
        (PHONE, "+441632960000", "See you at 9")
    ]


def test_each_text_has_a_callback_address_of_its_own(twilio, willow, client):
    queue(willow, now=NOW)
    queue(willow, now=NOW)

    deliver(willow, NOW)

    addresses = {sent["StatusCallback"] for sent in twilio.requests}
    assert len(addresses) == 2
    assert {address.split("/webhooks/")[0] for address in addresses} == {willow.public_url}


def test_a_clinic_with_an_account_of_its_own_sends_from_it(twilio, willow):
    create_sender(
        willow,
        twilio_account_sid="ACwillow",
        sealed_twilio_auth_token=crypto.seal("secret"),
        sms_from="MGwillow",
    )
    queue(willow, now=NOW)

    deliver(willow, NOW)

    assert [sent["MessagingServiceSid"] for sent in twilio.requests] == ["MGwillow"]


def test_the_same_key_is_said_only_once(twilio, willow):
    queue(willow, "first", key="visit:1:moved", now=NOW)
    queue(willow, "second", key="visit:1:moved", now=NOW)

    deliver(willow, NOW)

    assert twilio.bodies == ["first"]


def test_what_is_rolled_back_is_never_sent(twilio, willow):
    class Undone(Exception):
        pass

    try:
        with tenant(willow), transaction.atomic():
            words = outbox.Words(channel=Channel.SMS, to=PHONE, body="never", kind="test", key="undone")
            outbox.enqueue(willow, words, now=NOW)
            raise Undone
    except Undone:
        pass
    deliver(willow, NOW)

    assert twilio.bodies == []


def test_a_lost_nudge_is_made_good_by_the_next_beat(twilio, willow):
    row = queue(willow, now=NOW)

    clinics = delivery.waiting_clinics(NOW + timedelta(seconds=5))
    for clinic_id in clinics:
        delivery.deliver_clinic(clinic_id)

    assert clinics == [willow.pk]
    assert fresh(row).state == State.SENT


def test_a_worker_that_dies_before_its_claim_leaves_the_ring(twilio, willow):
    queue(willow, now=NOW)

    looks = [delivery.waiting_clinics(NOW), delivery.waiting_clinics(NOW)]

    assert looks == [[willow.pk], [willow.pk]]


def test_rings_are_answered_and_each_lease_leaves_one_at_its_end(twilio, willow):
    queue(willow, now=NOW)

    deliver(willow, NOW)

    assert rings(willow) == [NOW + timedelta(seconds=60)]
    deliver(willow, NOW + timedelta(seconds=60))
    assert rings(willow) == []


def test_a_message_for_later_waits(twilio, willow):
    row = queue(willow, now=NOW, due_at=NOW + minutes(10))

    assert (deliver(willow, NOW), fresh(row).state) == (0, State.QUEUED)
    assert (deliver(willow, NOW + minutes(10)), fresh(row).state) == (1, State.SENT)


def test_nothing_of_a_suspended_clinic_is_sent(twilio, willow):
    row = queue(willow, now=NOW)
    Clinic.objects.filter(pk=willow.pk).update(state=ClinicState.SUSPENDED)

    assert (delivery.waiting_clinics(NOW), deliver(willow, NOW)) == ([], 0)
    assert (fresh(row).state, twilio.bodies) == (State.QUEUED, [])


def test_what_came_too_late_is_given_up(twilio, willow):
    row = queue(willow, "123456", is_sensitive=True, expires_at=NOW + minutes(10), now=NOW)

    deliver(willow, NOW + minutes(10))

    row = fresh(row)
    assert (row.state, row.body, row.error) == (State.DEAD, "", "It came too late to be of use.")
    assert twilio.bodies == []


def test_a_decoy_vanishes_in_silence(twilio, willow):
    row = queue(willow, is_decoy=True, now=NOW)

    deliver(willow, NOW)

    row = fresh(row)
    assert (row.state, row.body, row.error, row.attempts) == (State.DEAD, "", "", 0)
    assert twilio.bodies == []


def test_a_code_is_sealed_until_it_has_gone_and_is_gone_then(twilio, willow):
    row = queue(willow, "Your code is 123456", is_sensitive=True, expires_at=NOW + minutes(10), now=NOW)
    sealed = row.body

    deliver(willow, NOW)

    assert "123456" not in sealed
    assert twilio.bodies == ["Your code is 123456"]
    assert fresh(row).body == ""
    assert twilio.requests[0]["ValidityPeriod"] == "600"


def test_the_run_makes_room_after_its_time_and_rings_for_the_rest(twilio, willow):
    first, second = queue(willow, now=NOW), queue(willow, now=NOW)
    ticks = iter([NOW, NOW, NOW, NOW, NOW, *[NOW + minutes(3)] * 9])

    assert delivery.deliver_clinic(willow.pk, clock=lambda: next(ticks)) == 1

    assert [fresh(first).state, fresh(second).state] == [State.SENT, State.QUEUED]
    assert NOW + minutes(3) in rings(willow)


def test_a_worker_that_froze_before_the_call_does_not_send(twilio, willow):
    row = queue(willow, now=NOW)
    ticks = iter([NOW, NOW, NOW, NOW, *[NOW + timedelta(seconds=31)] * 20])

    delivery.deliver_clinic(willow.pk, clock=lambda: next(ticks, NOW + minutes(5)))

    row = fresh(row)
    assert (row.attempts, row.state, len(twilio.accepted)) == (2, State.SENT, 1)


def test_a_sweep_finds_work_whose_ring_was_lost(willow, harbour):
    queue(willow, now=NOW)
    row = queue(harbour, now=NOW)
    change(row, state=State.SENDING, claimed_at=NOW, leased_until=NOW)
    for clinic in (willow, harbour):
        _forget_rings(clinic)

    found = [delivery.sweep(clinic, NOW) for clinic in (willow, harbour)]
    again = delivery.sweep(willow, NOW - minutes(1))

    assert (found, again) == ([True, True], False)
    assert sorted(delivery.waiting_clinics(NOW)) == sorted([willow.pk, harbour.pk])


def _forget_rings(clinic: Clinic) -> None:
    Waiting.objects.filter(clinic=clinic).delete()
    with tenant(clinic):
        assert Outgoing.objects.count() == 1
