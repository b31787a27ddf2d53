"""The page that shows what the demo did not send."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import delivery, outbox
from messaging.models import Channel

PAGE = "/demo/messages/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DEMO, settings.STATE_DIR = True, tmp_path


def say(clinic: Clinic, key: str, **said: Any) -> None:
    usual: dict[str, Any] = {"channel": Channel.SMS, "to": "+447700900123", "body": "Your code is 123456"}
    words = outbox.Words(**(usual | said), kind="test", key=key)
    with tenant(clinic):
        outbox.enqueue(clinic, words, now=timezone.now())
    delivery.deliver_clinic(clinic.pk)


def test_without_messages_it_says_how_to_get_one(client, db):
    page = client.get(PAGE).content.decode()

    assert "No messages yet" in page
    assert "Ask for a sign-in code, then refresh this page." in page


def test_each_message_with_its_recipient_and_text_newest_first(client, willow, harbour):
    say(willow, "one")
    say(
        harbour,
        "two",
        channel=Channel.EMAIL,
        to="demo@example.com",
        subject="Hello",
        body="See http://testserver/harbour/",
    )

    page = client.get(PAGE).content.decode()

    places = [page.index(words) for words in ("demo@example.com", "Hello", "+447700900123", "Your code is 123456")]
    assert places == sorted(places)
    assert 'href="http://testserver/harbour/"' in page
    assert "Willow &amp; Pine Veterinary" in page


def test_what_a_message_says_is_never_markup(client, willow):
    say(willow, "evil", body="<script>alert(1)</script> hx-get=x")

    page = client.get(PAGE).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_file_that_came_with_a_message_is_named(client, willow):
    ics = {"attachment_name": "<b>visit</b>.ics", "attachment_type": "text/calendar", "attachment_text": "BEGIN"}
    say(willow, "with", channel=Channel.EMAIL, to="demo@example.com", **ics)
    say(willow, "without", channel=Channel.EMAIL, to="other@example.com")

    page = client.get(PAGE).content.decode()

    assert page.count("With the file") == 1
    assert '<p class="s mute mt-2">With the file &lt;b&gt;visit&lt;/b&gt;.ics.</p>' in page
    assert page.index("Your code is 123456", page.index('<h2 class="grow">demo@')) < page.index("With the file")


def test_it_only_shows(client):
    assert client.post(PAGE).status_code == 405
