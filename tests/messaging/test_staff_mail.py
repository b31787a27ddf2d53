"""A staff member's password link goes out like everything else: through an outbox, sealed, in nobody's request."""

import re

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test.utils import override_settings
from django.utils import timezone

from clinics.tenancy import tenant
from messaging import actions, delivery
from messaging.models import Outgoing, State
from portal.kit import crypto
from tests import factories
from tests.messaging.outgoing import create_sender, queue

QUEUED = {"default": {"BACKEND": "messaging.staff_mail.OutboxMailer"}}


def outgoing(clinic):
    with tenant(clinic):
        return list(Outgoing.objects.for_clinic(clinic).order_by("pk"))


@pytest.fixture(autouse=True)
def queued(settings):
    settings.MAILERS = QUEUED


def test_a_password_link_is_queued_sealed_at_the_clinic_of_the_account(client, willow, harbour):
    user = factories.create_staff(harbour)

    response = client.post("/staff/account/password/reset/", {"email": user.email})

    assert response.status_code == 302
    (message,) = outgoing(harbour)
    assert (message.to, message.kind, message.is_sensitive) == (user.email, "staff_account", True)
    assert "/staff/account/password/" not in message.body
    assert re.search(r"http://testserver/staff/account/password/reset/key/\S+", message.text)
    assert outgoing(willow) == []


def test_the_link_is_delivered_and_forgotten(client, willow):
    factories.create_staff(willow, name="Vera")
    user = factories.create_staff(willow)
    client.post("/staff/account/password/reset/", {"email": user.email})

    delivery.deliver_clinic(willow.pk)

    assert [(row.state, row.body) for row in outgoing(willow)] == [("sent", "")]


def test_account_mail_never_takes_the_clinics_own_provider(willow, mailer, settings):
    settings.MAILERS = QUEUED | settings.MAILERS
    settings.PORTAL_OPERATOR, settings.DEFAULT_FROM_EMAIL = "The portal", "portal@clinics.example"
    create_sender(
        willow,
        email_from="owner@evil.example",
        email_backend="anymail.backends.postmark.EmailBackend",
        sealed_email_options=crypto.seal("{}"),
    )
    with tenant(willow):
        mail.mailers.default.send_messages([EmailMessage("Your password", "The link", to=["admin@example.com"])])
    queue(willow, channel="email", to="nadia@example.com", now=timezone.now())

    delivery.deliver_clinic(willow.pk)

    (sent,) = mailer.sent
    assert (sent.to, sent.from_email, sent.reply_to) == (
        ["admin@example.com"],
        "The portal <portal@clinics.example>",
        [],
    )
    assert [(row.is_platforms, row.state) for row in outgoing(willow)] == [(True, "sent"), (False, "failed")]


def test_account_mail_that_failed_is_not_queued_again(willow):
    queue(willow, channel="email", now=timezone.now(), is_platforms=True)
    with tenant(willow):
        Outgoing.objects.for_clinic(willow).update(state=State.FAILED)
        (row,) = Outgoing.objects.for_clinic(willow)

        assert actions.requeue_dead(clinic=willow, now=timezone.now()) == 0
        with pytest.raises(actions.NeverAgain):
            actions.send_again(message=row, now=timezone.now(), by=factories.create_staff(willow))


def test_an_unknown_account_gets_the_same_answer_and_nothing_is_queued(client, willow):
    known = client.post("/staff/account/password/reset/", {"email": factories.create_staff(willow).email})
    unknown = client.post("/staff/account/password/reset/", {"email": "nobody@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(outgoing(willow)) == 1


def test_what_is_sent_while_a_clinic_is_open_is_that_clinics(willow, harbour):
    user = factories.create_staff(harbour)

    with tenant(willow), override_settings(MAILERS=QUEUED):
        mail.mailers.default.send_messages([EmailMessage("Hello", "Text", to=[user.email])])

    assert [row.to for row in outgoing(willow)] == [user.email]


def test_a_platform_administrator_without_a_job_is_written_to_as_well(willow):
    mail.mailers.default.send_messages([EmailMessage("Hello", "Text", to=["admin@example.com"])])

    assert [row.to for row in outgoing(willow)] == ["admin@example.com"]


def test_without_any_clinic_nothing_is_sent(db):
    assert mail.mailers.default.send_messages([EmailMessage("Hello", "Text", to=["admin@example.com"])]) == 0
