"""What we say to clients about signing in."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clients.models import SignInCode
from clinics.models import Clinic
from messaging import outbox
from messaging.models import Channel
from portal.kit import contacts
from portal.kit.contacts import Contact


def sign_in_code(
    sender: Clinic, contact: Contact, *, code: str, row: SignInCode, is_known: bool, now: datetime
) -> None:
    """The code, by the channel it was asked for; a decoy, which names nobody, when the contact isn't on file.

    The text ends with the line by which phones fill the code in by themselves, and only on our own address.
    """
    channel = Channel.EMAIL if contact.channel == contacts.EMAIL else Channel.SMS
    context = {"clinic": sender, "code": code, "host": urlsplit(sender.public_url).hostname}
    words = outbox.Words(
        channel=channel,
        to=contact.value if is_known else "",
        subject=_("Your sign-in code") if channel == Channel.EMAIL else "",
        body=render_to_string(f"clients/notices/sign_in_code_{channel}.txt", context).strip(),
        kind="sign_in_code",
        key=f"sign_in_code:{row.pk}",
        is_sensitive=True,
        is_decoy=not is_known,
        expires_at=row.expires_at,
    )
    outbox.enqueue(sender, words, now=now)
