"""What all ways out of the portal have in common: what they get, what they answer, and how they fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from clinics.models import Clinic

# Seconds for one call of a provider. Far less than half a lease, so that a slow call ends while the row is
# still ours.
HTTP_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of text. `content_type` is a whole Content-Type of text/…, with its parameters."""

    name: str
    content_type: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as a provider needs it. Its text may be a sign-in code, so its repr keeps it back."""

    outbox_id: int
    clinic: Clinic
    channel: str
    to: str
    subject: str
    text: str = field(repr=False)
    claimed_at: datetime
    expires_at: datetime | None
    # Mail of the platform, not of the clinic in whose outbox it lies.
    is_platforms: bool = False
    # Of an e-mail; a text has no room for it.
    attachment: Attachment | None = None


class Rejected(Exception):
    """The provider will never take this message, or there is no provider. Its words are shown to staff."""


class TryLater(Exception):
    """Surely not sent, and worth another try, at the earliest after `retry_after`."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unclear(Exception):
    """It may or may not have been sent: a timeout, a broken connection, a provider's own error."""


class Gateway(Protocol):
    """A way out. Called with no clinic open and no transaction, so everything it needs is in the message."""

    # Can the provider tell what it has taken? If not, a doubt allows one more try and no second.
    can_be_asked: bool

    def send(self, message: Message) -> str:
        """Hand the message over; the provider's id for it. Raises Rejected, TryLater or Unclear."""
        ...

    def find(self, message: Message) -> list[str]:
        """The provider's ids of messages like this one, written about when this one was claimed.

        Raises TryLater.
        """
        ...


class Unconfigured:
    """Stands in where a clinic has no provider for a channel, or one whose credentials can't be read."""

    can_be_asked = False

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def send(self, message: Message) -> str:
        raise Rejected(self.reason)

    def find(self, message: Message) -> list[str]:
        return []
