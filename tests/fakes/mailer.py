"""A mail server that fails as it is told. For MAILERS: {"BACKEND": "tests.fakes.mailer.Mailer"}."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Mailer(BaseEmailBackend):
    sent: ClassVar[list[EmailMessage]] = []
    fails_opening: ClassVar[list[Exception]] = []
    fails_sending: ClassVar[list[Exception]] = []

    @classmethod
    def forget(cls) -> None:
        cls.sent.clear()
        cls.fails_opening.clear()
        cls.fails_sending.clear()

    def open(self) -> None:
        if self.fails_opening:
            raise self.fails_opening.pop(0)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if self.fails_sending:
            raise self.fails_sending.pop(0)
        self.sent.extend(email_messages)
        return len(email_messages)
