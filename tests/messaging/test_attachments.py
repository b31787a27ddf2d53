"""A file that goes with an e-mail: kept with its row, sent as it was written, forgotten with its text."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from clinics.tenancy import tenant
from messaging import actions
from messaging.gateways import demo
from messaging.models import Channel, Outgoing, State
from tests import factories
from tests.fakes.mail_server import MailServer
from tests.messaging.outgoing import deliver, fresh, minutes, queue

NOW = timezone.now()
TEXT = "BEGIN:VCALENDAR\r\nSUMMARY:Cheque-up für Miso 🐈\r\nDESCRIPTION:" + "x" * 60 + "\r\n y\r\nEND:VCALENDAR\r\n"
FILE = {
    "attachment_name": "appointment.ics",
    "attachment_type": "text/calendar; charset=utf-8; method=PUBLISH",
    "attachment_text": TEXT,
}


def letter(clinic, **fields):
    given = {"channel": Channel.EMAIL, "to": "nadia@example.com", "subject": "Hello"} | FILE | fields
    return queue(clinic, "Dear Nadia", now=NOW, **given)


def test_it_arrives_byte_for_byte_with_its_type(willow, settings):
    settings.DEMO = settings.DEBUG = False
    with MailServer() as server:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        settings.MAILERS = {"platform": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": server.port}}}
        row = letter(willow)
        deliver(willow, NOW)

    mail = message_from_bytes(server.taken[0], policy=policy.default)
    (part,) = mail.iter_attachments()
    assert fresh(row).state == State.SENT
    assert part.get_payload(decode=True) == TEXT.encode()
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "appointment.ics")
    assert dict(part["Content-Type"].params) == {"charset": "utf-8", "method": "PUBLISH"}
    text, _file = mail.iter_parts()
    assert text.get_content().strip() == "Dear Nadia"
    assert mail["Message-ID"].startswith(f"<outbox-{row.pk}@")


def test_a_letter_without_one_has_no_parts(mailer, willow):
    letter(willow, attachment_name="", attachment_type="", attachment_text="")

    deliver(willow, NOW)

    assert [mail.attachments for mail in mailer.sent] == [[]]


def test_a_second_try_carries_it_too(mailer, willow):
    letter(willow)
    mailer.fails_sending.append(TimeoutError("timed out"))

    deliver(willow, NOW)
    deliver(willow, NOW + minutes(2))

    assert [mail.attachments[0].get_filename() for mail in mailer.sent] == ["appointment.ics"]


def test_said_again_by_staff_it_goes_along(mailer, willow):
    row = letter(willow)
    deliver(willow, NOW)
    with tenant(willow):
        actions.send_again(message=fresh(row), now=NOW, by=factories.create_staff(willow))

    deliver(willow, NOW)

    assert [mail.attachments[0].get_content() for mail in mailer.sent] == [TEXT, TEXT]


def test_a_providers_interface_gets_it_with_its_method(mailer, willow):
    """Anymail reads the part's own Content-Type."""
    from anymail.utils import Attachment

    letter(willow)
    deliver(willow, NOW)

    read = Attachment(mailer.sent[0].attachments[0])
    assert (read.mimetype, read.content, read.name) == ("text/calendar", TEXT, "appointment.ics")
    assert 'method="PUBLISH"' in read.content_type


def test_it_is_forgotten_with_the_text(willow):
    row = letter(willow)
    with tenant(willow):
        Outgoing.objects.filter(pk=row.pk).update(state=State.SENT, created_at=NOW - timedelta(days=731))
        actions.purge(clinic=willow, now=NOW)

    row = fresh(row)
    assert (row.body, row.attachment_name, row.attachment_type, row.attachment_text) == ("", "", "", "")


def test_a_secret_does_not_travel_with_a_file_in_clear(willow):
    with pytest.raises(ValueError, match="sensitive"):
        letter(willow, is_sensitive=True)


def test_the_demo_says_that_there_was_one(willow, settings, tmp_path):
    settings.DEMO, settings.STATE_DIR = True, tmp_path
    letter(willow)
    queue(willow, "See you at 9", now=NOW)

    deliver(willow, NOW)

    assert sorted(saved.attachment_name for saved in demo.read_all()) == ["", "appointment.ics"]


def test_a_developers_server_names_it(willow, settings, capsys):
    settings.DEMO, settings.DEBUG = False, True
    letter(willow)

    deliver(willow, NOW)

    assert capsys.readouterr().out.splitlines()[-2:] == ["[appointment.ics]", "---"]
