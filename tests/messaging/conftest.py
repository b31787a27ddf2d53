"""A portal that really sends: to stand-ins on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.mailer import Mailer
from tests.fakes.twilio_server import TwilioServer


@pytest.fixture
def twilio(settings) -> Iterator[TwilioServer]:
    """The platform's Twilio account is the stand-in's."""
    with TwilioServer() as server:
        settings.DEMO = settings.DEBUG = False
        settings.TWILIO_API_URL = server.url
        settings.PLATFORM_TWILIO_ACCOUNT_SID = "ACplatform"
        settings.PLATFORM_TWILIO_AUTH_TOKEN = "platform-token"
        settings.PLATFORM_TWILIO_FROM = "+441632960000"
        yield server


@pytest.fixture
def mailer(settings) -> Iterator[type[Mailer]]:
    settings.DEMO = settings.DEBUG = False
    settings.MAILERS = {"platform": {"BACKEND": "tests.fakes.mailer.Mailer"}}
    Mailer.forget()
    yield Mailer
    Mailer.forget()
