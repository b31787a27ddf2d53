"""E-mail: its provider can't be asked, so a doubt allows one more try."""

from __future__ import annotations

import json
import smtplib
from typing import Any

import pytest
import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from django.utils import timezone

from messaging.gateways import base, email
from messaging.models import Channel, Sender, State
from portal.kit import crypto
from tests.messaging.outgoing import create_sender, deliver, fresh, minutes, queue

NOW = timezone.now()


def letter(clinic, **fields):
    return queue(
        clinic,
        "Dear Nadia",
        channel=Channel.EMAIL,
        to="nadia@example.com",
        subject="Hello",
        now=NOW,
        **fields,
    )


def test_an_email_names_the_clinic_and_its_own_row(mailer, willow, settings):
    settings.DEFAULT_FROM_EMAIL = "portal@clinics.example"
    row = letter(willow)

    deliver(willow, NOW)

    (mail,) = mailer.sent
    assert (mail.subject, mail.body, mail.to, mail.reply_to) == (
        "Hello",
        "Dear Nadia",
        ["nadia@example.com"],
        [willow.email],
    )
    assert mail.from_email == "Willow & Pine Veterinary <portal@clinics.example>"
    assert mail.extra_headers["Message-ID"].startswith(f"<outbox-{row.pk}@")
    assert fresh(row).state == State.SENT


def test_a_server_that_cannot_be_reached_is_tried_later(mailer, willow):
    row = letter(willow)
    mailer.fails_opening.append(ConnectionRefusedError("refused"))

    deliver(willow, NOW)

    assert (fresh(row).state, mailer.sent) == (State.QUEUED, [])


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"nadia@example.com": (550, b"No such user")}), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"nadia@example.com": (450, b"Greylisted")}), State.QUEUED),
        (smtplib.SMTPDataError(554, b"Spam"), State.FAILED),
        (smtplib.SMTPDataError(451, b"Try again"), State.QUEUED),
        (smtplib.SMTPServerDisconnected("gone"), State.CHECKING),
        (TimeoutError("timed out"), State.CHECKING),
        (ValueError("Invalid address"), State.FAILED),
        (AnymailRecipientsRefused("all refused"), State.FAILED),
        (AnymailRequestsAPIError("no answer"), State.CHECKING),
        (RuntimeError("surprise"), State.CHECKING),
    ],
)
def test_a_failure_is_final_passing_or_a_doubt(mailer, willow, error, state):
    row = letter(willow)
    mailer.fails_sending.append(error)

    deliver(willow, NOW)

    assert fresh(row).state == state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (422, State.FAILED),
        (429, State.QUEUED),
        (401, State.QUEUED),
        (500, State.CHECKING),
        (200, State.CHECKING),
    ],
)
def test_a_providers_http_answer_decides(mailer, willow, status, state):
    response = requests.Response()
    response.status_code, response.headers["Retry-After"] = status, "20"
    row = letter(willow)
    mailer.fails_sending.append(AnymailRequestsAPIError("no", response=response))

    deliver(willow, NOW)

    assert fresh(row).state == state


def test_a_doubt_allows_one_more_try_with_the_same_id(mailer, willow):
    row = letter(willow)
    mailer.fails_sending.append(TimeoutError("timed out"))

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert (fresh(row).state, fresh(row).attempts) == (State.SENT, 2)
    assert [mail.extra_headers["Message-ID"].split("@")[0] for mail in mailer.sent] == [f"<outbox-{row.pk}"]


def test_a_second_doubt_is_the_end(mailer, willow):
    row = letter(willow)
    mailer.fails_sending.extend([TimeoutError("timed out")] * 3)

    for minute in (0, 2, 4, 6, 8):
        deliver(willow, NOW + minutes(minute))

    row = fresh(row)
    assert (row.state, row.error, row.attempts) == (
        State.DEAD,
        "Perhaps sent, perhaps not. The provider can’t tell.",
        2,
    )


def test_a_code_by_email_is_not_tried_again(mailer, willow):
    row = letter(willow, is_sensitive=True)
    mailer.fails_sending.append(TimeoutError("timed out"))

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert (fresh(row).state, fresh(row).body, mailer.sent) == (State.DEAD, "", [])


def test_a_clinics_own_provider_is_used(mailer, willow, monkeypatch):
    asked: list[Any] = []
    monkeypatch.setattr(requests.Session, "send", lambda session, request, **options: _taken(asked, request, options))
    create_sender(
        willow,
        email_from="hello@willow.example",
        email_backend="anymail.backends.postmark.EmailBackend",
        sealed_email_options=crypto.seal(json.dumps({"server_token": "t0ken"})),
    )
    row = letter(willow)

    deliver(willow, NOW)

    ((request, options),) = asked
    assert (request.headers["X-Postmark-Server-Token"], options["timeout"]) == ("t0ken", 10)
    assert (fresh(row).state, fresh(row).provider_id) == (State.SENT, "pm-1")


@pytest.mark.parametrize(
    ("backend", "options"),
    [
        ("anymail.backends.postmark.EmailBackend", {"colour": "blue"}),
        ("anymail.backends.postmark.EmailBackend", {"api_url": "http://127.0.0.1:9/"}),
        ("anymail.backends.amazon_ses.EmailBackend", {"session_params": {}}),
    ],
)
def test_stored_options_that_are_not_the_providers_fail_the_message(mailer, willow, settings, backend, options):
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "the-platforms-own"}
    create_sender(
        willow,
        email_from="hello@willow.example",
        email_backend=backend,
        sealed_email_options=crypto.seal(json.dumps(options)),
    )
    row = letter(willow)

    deliver(willow, NOW)

    assert (fresh(row).state, fresh(row).error[:32]) == (State.FAILED, "The e-mail provider isn’t set up")


@pytest.mark.parametrize(("region", "host"), [({}, "api.mailgun.net"), ({"region": "eu"}, "api.eu.mailgun.net")])
def test_a_key_goes_to_its_provider_only(region, host, settings):
    settings.ANYMAIL = {"MAILGUN_API_URL": "https://platforms.example/"}

    options = email.mailer_options(email.MAILGUN, {"api_key": "k", "sender_domain": "d"} | region)

    address = f"https://{host}/v3"
    assert options == {"api_key": "k", "sender_domain": "d", "api_url": address, "timeout": base.HTTP_TIMEOUT}


def test_every_provider_that_can_be_chosen_has_its_keys():
    assert dict(Sender._meta.get_field("email_backend").flatchoices).keys() == email.PROVIDERS.keys()


def _taken(asked, request, options):
    asked.append((request, options))
    response = requests.Response()
    response.status_code = 200
    answer = {"To": "nadia@example.com", "MessageID": "pm-1", "ErrorCode": 0, "Message": "OK"}
    response._content = json.dumps(answer).encode()
    return response
