"""What Twilio reports: believed only when signed, repeated and out of order."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.utils import timezone
from twilio.request_validator import RequestValidator

from messaging import callbacks
from messaging.models import State
from portal.kit import crypto
from tests.messaging.outgoing import change, create_sender, deliver, fresh, minutes, queue

NOW = timezone.now()
TOKEN = "platform-token"


@pytest.fixture
def sent(twilio, willow):
    row = queue(willow, now=NOW)
    deliver(willow, NOW)
    return fresh(row)


def report(clinic, row, status, *, token=TOKEN, sid="", signed="", **fields):
    """Twilio's call: signed over the address as we gave it out, and all fields."""
    signed = signed or callbacks.status_url(clinic, row.pk).split("/")[-2]
    fields = {"MessageSid": sid or row.provider_id, "MessageStatus": status, "ErrorCode": ""} | fields
    signature = RequestValidator(token).compute_signature(callbacks.url(clinic, signed), fields)
    return Browser(enforce_csrf_checks=True).post(
        f"/{clinic.slug}/webhooks/twilio/status/{signed}/", fields, headers={"X-Twilio-Signature": signature}
    )


def test_delivered_is_written_down(sent, willow):
    response = report(willow, sent, "delivered")

    row = fresh(sent)
    assert (response.status_code, response.content) == (200, b"")
    assert (row.state, row.delivered_at is not None) == (State.DELIVERED, True)


def test_delivered_never_goes_back(sent, willow):
    for status in ["delivered", "undelivered", "sent", "queued", "delivered", "failed"]:
        assert report(willow, sent, status).status_code == 200

    assert fresh(sent).state == State.DELIVERED


def test_the_same_report_again_changes_nothing(sent, willow):
    report(willow, sent, "delivered")
    first = fresh(sent).delivered_at
    report(willow, sent, "delivered")

    assert fresh(sent).delivered_at == first


def test_not_delivered_tells_the_providers_error(sent, willow):
    report(willow, sent, "undelivered", ErrorCode="30003")

    assert (fresh(sent).state, fresh(sent).error) == (State.UNDELIVERED, "Twilio error 30003")


@pytest.mark.parametrize("state", [State.SENDING, State.CHECKING, State.QUEUED])
def test_a_report_settles_a_doubt(twilio, willow, state):
    row = queue(willow, now=NOW)
    change(row, state=state, claimed_at=NOW, leased_until=NOW + minutes(1))

    report(willow, row, "sent", sid="SM77")
    deliver(willow, NOW + minutes(5))

    assert (fresh(row).state, fresh(row).provider_id, twilio.bodies) == (State.SENT, "SM77", [])
    assert fresh(row).sent_at is not None


def test_a_report_empties_a_code(twilio, willow):
    row = queue(willow, "123456", is_sensitive=True, now=NOW)
    change(row, state=State.CHECKING, claimed_at=NOW, leased_until=NOW + minutes(1))

    report(willow, row, "sent", sid="SM77")

    assert fresh(row).body == ""


def test_a_report_of_another_attempt_changes_nothing(sent, willow):
    report(willow, sent, "failed", sid="SMother")

    assert (fresh(sent).state, fresh(sent).provider_id) == (State.SENT, sent.provider_id)


def test_a_message_we_do_not_know_is_no_error(sent, willow):
    gone = callbacks.status_url(willow, 10**12).split("/")[-2]

    assert report(willow, sent, "delivered", signed=gone).status_code == 200
    assert report(willow, sent, "delivered", signed="1.forged").status_code == 200
    assert report(willow, sent, "delivered", sid="no\x00id").status_code == 200
    assert fresh(sent).state == State.SENT


def test_a_wrong_signature_is_refused(sent, willow):
    assert report(willow, sent, "delivered", token="guessed").status_code == 403
    assert fresh(sent).state == State.SENT


def test_a_missing_signature_is_refused(sent, willow, client):
    address = "/" + callbacks.status_url(willow, sent.pk).split("/", 3)[3]

    response = client.post(address, {"MessageSid": sent.provider_id, "MessageStatus": "delivered"})

    assert (response.status_code, fresh(sent).state) == (403, State.SENT)


def test_without_a_token_nothing_is_believed(sent, willow, settings):
    settings.PLATFORM_TWILIO_AUTH_TOKEN = ""

    assert report(willow, sent, "delivered", token="").status_code == 403
    assert fresh(sent).state == State.SENT


def test_duplicate_fields_are_refused(sent, willow):
    signed = callbacks.status_url(willow, sent.pk).split("/")[-2]
    url = callbacks.url(willow, signed)
    pairs = [("MessageSid", sent.provider_id), ("MessageStatus", "sent"), ("MessageStatus", "delivered")]
    signed_fields = {"MessageSid": sent.provider_id, "MessageStatus": "delivered"}
    signature = RequestValidator(TOKEN).compute_signature(url, signed_fields)

    response = Browser().post(
        f"/{willow.slug}/webhooks/twilio/status/{signed}/",
        urlencode(pairs),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )

    assert (response.status_code, fresh(sent).state) == (403, State.SENT)


def test_only_posts_are_answered(sent, willow, client):
    address = "/" + callbacks.status_url(willow, sent.pk).split("/", 3)[3]

    assert client.get(address).status_code == 405


def test_the_clinics_own_token_counts_and_the_platforms_does_not(sent, willow):
    create_sender(
        willow,
        twilio_account_sid="ACw",
        sealed_twilio_auth_token=crypto.seal("willows"),
        sms_from="+441632960001",
    )

    assert report(willow, sent, "delivered").status_code == 403
    assert report(willow, sent, "delivered", token="willows").status_code == 200
    assert fresh(sent).state == State.DELIVERED


def test_a_token_that_cannot_be_read_believes_nobody(sent, willow):
    create_sender(willow, twilio_account_sid="ACw", sealed_twilio_auth_token="rubbish", sms_from="+441632960001")

    assert report(willow, sent, "delivered").status_code == 403


def test_one_clinic_cannot_report_on_anothers_message(sent, willow, harbour):
    willows = callbacks.status_url(willow, sent.pk).split("/")[-2]

    responses = [
        report(harbour, sent, "delivered"),
        report(harbour, sent, "delivered", signed=willows),
    ]

    assert [response.status_code for response in responses] == [200, 200]
    assert fresh(sent).state == State.SENT


def test_the_host_of_the_request_is_not_part_of_the_signature(sent, willow, settings):
    settings.ALLOWED_HOSTS = ["*"]
    signed = callbacks.status_url(willow, sent.pk).split("/")[-2]
    fields = {"MessageSid": sent.provider_id, "MessageStatus": "delivered"}
    forged = f"http://evil.example/{willow.slug}/webhooks/twilio/status/{signed}/"
    signature = RequestValidator("wrong").compute_signature(forged, fields)

    response = Browser().post(
        f"/{willow.slug}/webhooks/twilio/status/{signed}/", fields, headers={"X-Twilio-Signature": signature}
    )

    assert (response.status_code, fresh(sent).state) == (403, State.SENT)
