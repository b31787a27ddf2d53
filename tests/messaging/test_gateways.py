"""Which way out a clinic's messages take, and whether there is any."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinics.tenancy import tenant
from messaging import gateways
from messaging.gateways import demo
from messaging.models import Channel, State
from portal.kit import crypto
from tests.messaging.outgoing import PHONE, change, create_sender, deliver, fresh, minutes, queue

NOW = timezone.now()
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def test_the_demo_keeps_messages_newest_first(settings, tmp_path, willow, harbour):
    settings.DEMO, settings.STATE_DIR = True, tmp_path
    queue(willow, "first", now=NOW)
    queue(harbour, "second", channel=Channel.EMAIL, to="a@example.com", subject="Hi", now=NOW)
    nothing_yet = demo.read_all()

    deliver(willow, NOW)
    deliver(harbour, NOW)

    second, first = demo.read_all()
    assert nothing_yet == []
    assert (first.channel, first.to, first.subject, first.body, first.clinic_slug) == (
        "sms",
        PHONE,
        "",
        "first",
        "willow",
    )
    assert (second.subject, second.clinic_name) == ("Hi", harbour.name)
    assert first.sent_at < second.sent_at


def test_the_demo_can_be_asked(settings, tmp_path, willow):
    settings.DEMO, settings.STATE_DIR = True, tmp_path
    row = queue(willow, now=NOW)
    deliver(willow, NOW)
    change(row, state=State.CHECKING, provider_id="", claimed_at=NOW, leased_until=NOW + minutes(2))

    deliver(willow, NOW + minutes(5))

    assert (fresh(row).state, fresh(row).attempts) == (State.SENT, 1)


def test_a_developers_server_prints(settings, willow, capsys):
    settings.DEMO, settings.DEBUG = False, True
    row = queue(willow, "Your code is 123456", now=NOW)

    deliver(willow, NOW)

    assert "Your code is 123456" in capsys.readouterr().out
    assert fresh(row).state == State.SENT


def test_the_platforms_account_texts_for_clinics_without_one(twilio, willow):
    assert _can(willow) == (True, False)


def test_without_any_account_nobody_texts(twilio, willow, settings):
    settings.PLATFORM_TWILIO_FROM = ""

    assert _can(willow) == (False, False)


def test_a_clinic_may_bring_its_own_account(twilio, willow, harbour, settings):
    settings.PLATFORM_TWILIO_FROM = ""
    create_sender(willow, twilio_account_sid="AC1", sealed_twilio_auth_token=crypto.seal("t"), sms_from="+441632960001")

    assert (_can(willow), _can(harbour)) == ((True, False), (False, False))


def test_credentials_that_cannot_be_read_are_no_account(twilio, willow):
    create_sender(willow, twilio_account_sid="AC1", sealed_twilio_auth_token="rubbish", sms_from="+441632960001")
    row = queue(willow, now=NOW)

    deliver(willow, NOW)

    assert _can(willow) == (False, False)
    assert fresh(row).error == "The provider’s credentials can’t be read. Enter them again."


@pytest.mark.parametrize(
    ("mailers", "can_email"),
    [
        ({"BACKEND": SMTP, "OPTIONS": {}}, False),
        ({"BACKEND": SMTP, "OPTIONS": {"host": "127.0.0.1"}}, True),
        ({"BACKEND": "anymail.backends.postmark.EmailBackend"}, True),
    ],
)
def test_the_platforms_mailer_counts_once_it_is_set_up(twilio, willow, settings, mailers, can_email):
    settings.MAILERS = {"platform": mailers}

    assert _can(willow) == (True, can_email)


def test_neither_numbers_nor_codes_are_logged(twilio, willow, caplog):
    caplog.set_level("DEBUG")
    row = queue(willow, "Your code is 123456", is_sensitive=True, now=NOW)
    twilio.next_faults = ["500_after"]

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert fresh(row).state == State.SENT
    assert [record for record in caplog.records if record.name.startswith("twilio")] == []
    assert "123456" not in caplog.text


def test_a_code_does_not_appear_in_the_message_that_logs_may_show(twilio, willow):
    message = gateways.Message(
        outbox_id=1,
        clinic=willow,
        channel="sms",
        to=PHONE,
        subject="",
        text="123456",
        claimed_at=NOW,
        expires_at=None,
    )

    assert "123456" not in repr(message)


@pytest.fixture(autouse=True)
def _no_mail_server(settings):
    settings.MAILERS = {"platform": {"BACKEND": SMTP}}


def _can(clinic) -> tuple[bool, bool]:
    with tenant(clinic):
        return gateways.can_text(clinic), gateways.can_email(clinic)
