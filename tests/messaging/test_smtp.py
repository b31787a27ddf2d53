"""E-mail over a real connection, to a server on this machine."""

from __future__ import annotations

from email import message_from_bytes, policy

from django.utils import timezone

from messaging.models import Channel, State
from tests.fakes.mail_server import MailServer
from tests.messaging.outgoing import deliver, fresh, minutes, queue

NOW = timezone.now()


def test_a_letter_arrives_as_it_was_written(willow, settings):
    willow.name = "Clínica Ñandú"
    willow.save()
    with MailServer() as server:
        row = write(willow, server, settings)
        deliver(willow, NOW)

    (letter,) = [message_from_bytes(taken, policy=policy.default) for taken in server.taken]
    assert fresh(row).state == State.SENT
    assert (letter["From"], letter["To"], letter["Subject"]) == (
        "Clínica Ñandú <portal@clinics.example>",
        "nadia@example.com",
        "Miso’s visit",
    )
    assert letter["Message-ID"].startswith(f"<outbox-{row.pk}@")
    assert letter.get_content().strip() == "See you on Thursday, 9 °C or not."


def test_a_server_that_hangs_up_after_the_text_leaves_a_doubt(willow, settings):
    with MailServer(hangs_up_after_data=True) as server:
        row = write(willow, server, settings)
        states = []
        for minute in (0, 2, 4, 6):
            deliver(willow, NOW + minutes(minute))
            states.append(fresh(row).state)

    assert states == [State.CHECKING, State.CHECKING, State.DEAD, State.DEAD]
    assert len(server.taken) == 2


def test_an_address_that_the_server_refuses_fails_and_says_why(willow, settings):
    with MailServer(answer_to_rcpt="550 No such person") as server:
        row = write(willow, server, settings)
        deliver(willow, NOW)

    assert (fresh(row).state, "No such person" in fresh(row).error) == (State.FAILED, True)


def write(clinic, server, settings):
    settings.DEMO = settings.DEBUG = False
    settings.DEFAULT_FROM_EMAIL = "portal@clinics.example"
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"platform": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": server.port}}}
    return queue(
        clinic,
        "See you on Thursday, 9 °C or not.",
        now=NOW,
        channel=Channel.EMAIL,
        to="nadia@example.com",
        subject="Miso’s visit",
    )
