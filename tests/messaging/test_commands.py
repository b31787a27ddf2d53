"""The operator's commands for messages and secrets."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinics.tenancy import tenant
from messaging.models import Sender, State
from portal.kit import crypto
from tests.messaging.outgoing import change, create_sender, fresh, queue

NOW = timezone.now()


@pytest.fixture
def dead(willow, harbour):
    rows = [queue(willow, now=NOW), queue(harbour, now=NOW)]
    for row in rows:
        change(row, state=State.DEAD)
    return rows


def test_requeue_messages_queues_at_all_clinics(dead, capsys):
    call_command("requeue_messages")

    assert capsys.readouterr().out == "Queued 2 message(s) again at 2 of 2 clinic(s).\n"
    assert [fresh(row).state for row in dead] == [State.QUEUED, State.QUEUED]


def test_requeue_messages_keeps_to_one_clinic(dead, capsys):
    call_command("requeue_messages", clinic="willow")

    assert capsys.readouterr().out == "Queued 1 message(s) again at 1 of 1 clinic(s).\n"
    assert [fresh(row).state for row in dead] == [State.QUEUED, State.DEAD]


def test_requeue_messages_can_be_tried_first(dead, capsys):
    call_command("requeue_messages", dry_run=True)

    assert capsys.readouterr().out == "Would queue 2 message(s) again at 2 of 2 clinic(s).\n"
    assert [fresh(row).state for row in dead] == [State.DEAD, State.DEAD]


def test_requeue_messages_refuses_an_unknown_clinic(willow):
    with pytest.raises(CommandError, match="No live clinic is called nowhere"):
        call_command("requeue_messages", clinic="nowhere")


def test_reseal_secrets_moves_to_the_newest_key(willow, harbour, settings, capsys):
    create_sender(willow, sealed_twilio_auth_token=crypto.seal("token"), sealed_email_options=crypto.seal("{}"))
    create_sender(harbour)
    old, new = settings.PORTAL_KEYS[0], Fernet.generate_key().decode()
    settings.PORTAL_KEYS = [new, old]

    call_command("reseal_secrets")

    settings.PORTAL_KEYS = [new]
    assert capsys.readouterr().out == (
        "Sealed the credentials of 1 clinic(s), 0 other secret(s) of clinics and 0 second factor(s); "
        "0 clinic(s) can't be read.\n"
    )
    with tenant(willow):
        assert Sender.objects.get().twilio_auth_token == "token"


def test_reseal_secrets_can_be_tried_first(willow, settings, capsys):
    sender = create_sender(willow, sealed_twilio_auth_token=crypto.seal("token"))
    settings.PORTAL_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_KEYS]

    call_command("reseal_secrets", dry_run=True)

    with tenant(willow):
        assert Sender.objects.get().sealed_twilio_auth_token == sender.sealed_twilio_auth_token
    assert capsys.readouterr().out == (
        "Would seal the credentials of 1 clinic(s), 0 other secret(s) of clinics and 0 second factor(s); "
        "0 clinic(s) can't be read.\n"
    )


def test_reseal_secrets_names_what_it_cannot_read_and_does_the_rest(willow, harbour):
    create_sender(harbour, sealed_twilio_auth_token="rubbish")
    sender = create_sender(willow, sealed_twilio_auth_token=crypto.seal("token"))

    with pytest.raises(CommandError, match=r"1 clinic\(s\) can't be read\. Enter them again: harbour"):
        call_command("reseal_secrets")

    with tenant(willow):
        assert Sender.objects.get().sealed_twilio_auth_token != sender.sealed_twilio_auth_token
