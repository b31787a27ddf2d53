"""The ways out, and which of them a clinic's messages take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from messaging.gateways import email, twilio
from messaging.gateways.base import Attachment, Gateway, Message, Rejected, TryLater, Unclear, Unconfigured
from messaging.gateways.console import ConsoleGateway
from messaging.gateways.demo import DemoGateway
from messaging.models import Channel, Sender
from portal.kit import crypto

if TYPE_CHECKING:
    from clinics.models import Clinic

__all__ = [
    "Attachment",
    "Gateway",
    "Message",
    "Rejected",
    "TryLater",
    "Unclear",
    "can_email",
    "can_text",
    "for_message",
]


def for_message(clinic: Clinic, channel: str, *, is_platforms: bool = False) -> Gateway:
    """The way out for this channel: the clinic's own provider, else the platform's; for the platform's mail only this.

    The clinic must be open.

    The demo keeps every message for its own page, and a developer's server prints them: neither sends
    anything.
    """
    if settings.DEMO:
        return DemoGateway()
    if settings.DEBUG:
        return ConsoleGateway()
    sender = None if is_platforms else Sender.objects.for_clinic(clinic).first()
    try:
        found = twilio.gateway_for(sender) if channel == Channel.SMS else email.gateway_for(sender)
    except crypto.Unreadable:
        return Unconfigured(_("The provider’s credentials can’t be read. Enter them again."))
    return found or Unconfigured(_("No provider is set up for this channel."))


def can_text(clinic: Clinic) -> bool:
    """Is there anybody to send this clinic's texts? Without one, sign-in offers e-mail.

    The clinic must be open.
    """
    return not isinstance(for_message(clinic, Channel.SMS), Unconfigured)


def can_email(clinic: Clinic) -> bool:
    """Is there anybody to send this clinic's e-mails? The clinic must be open."""
    return not isinstance(for_message(clinic, Channel.EMAIL), Unconfigured)
