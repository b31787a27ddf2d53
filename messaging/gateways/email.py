"""E-mail through the clinic's own provider (Anymail), or the platform's mailer.

Nobody can be asked whether an e-mail went out. So a doubt, which is only possible once the text is on its
way, allows one more try; both carry the same Message-ID, by which most mailboxes show them as one.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.message import MIMEPart
from email.policy import SMTP as SMTP_POLICY
from email.utils import formataddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from messaging.gateways import base
from messaging.gateways.base import Attachment, Message, Rejected, TryLater, Unclear
from portal.kit import crypto

if TYPE_CHECKING:
    from messaging.models import Sender

# The mailer that really sends; the default one queues (see messaging.staff_mail).
PLATFORM = "platform"
SMTP = "django.core.mail.backends.smtp.EmailBackend"

MAILGUN = "anymail.backends.mailgun.EmailBackend"
MAILGUN_REGIONS = {"us": "https://api.mailgun.net/v3", "eu": "https://api.eu.mailgun.net/v3"}
# The keys that a clinic gives for each provider. Anymail fills in what is missing from the platform's own settings, its
# keys too, and takes options that send a key anywhere: so exactly these, all of them, and to a fixed address.
PROVIDERS = {
    "anymail.backends.postmark.EmailBackend": ({"server_token"}, "https://api.postmarkapp.com/"),
    MAILGUN: ({"api_key", "sender_domain"}, MAILGUN_REGIONS["us"]),
    "anymail.backends.sendgrid.EmailBackend": ({"api_key"}, "https://api.sendgrid.com/v3/"),
    "anymail.backends.brevo.EmailBackend": ({"api_key"}, "https://api.brevo.com/v3/"),
}


class WrongOptions(ImproperlyConfigured):
    """The keys that a clinic stored are not exactly those of its provider. Its words are shown to staff."""


def gateway_for(sender: Sender | None) -> EmailGateway | None:
    """The clinic's provider if it is complete, else the platform's mailer, else None.

    Raises crypto.Unreadable.
    """
    if sender and sender.email_backend and sender.sealed_email_options and sender.email_from:
        options = json.loads(crypto.unseal(sender.sealed_email_options))
        return EmailGateway(lambda: _clinics_mailer(sender.email_backend, options), sender.email_from)
    ours: dict[str, Any] = settings.MAILERS[PLATFORM]
    if ours["BACKEND"] == SMTP and not ours.get("OPTIONS", {}).get("host"):
        return None
    return EmailGateway(_platforms_mailer, settings.DEFAULT_FROM_EMAIL)


def mailer_options(backend: str, options: dict[str, Any]) -> dict[str, Any]:
    """What Anymail gets for a clinic's keys: these, where they are sent, and for how long. Raises WrongOptions."""
    if backend not in PROVIDERS:
        raise WrongOptions(_("Choose the provider first."))
    required, api_url = PROVIDERS[backend]
    keys = dict(options)
    if backend == MAILGUN and "region" in keys:
        api_url = MAILGUN_REGIONS.get(str(keys.pop("region")), "")
        if not api_url:
            raise WrongOptions(_("The region is “us” or “eu”."))
    if set(keys) != required:
        names = ", ".join(sorted(required))
        raise WrongOptions(_("This provider needs exactly these keys: %(names)s.") % {"names": names})
    if not all(isinstance(key, str) and key.strip() and key.isascii() and key.isprintable() for key in keys.values()):
        raise WrongOptions(_("Each key is a text between quotation marks, without special characters."))
    return keys | {"api_url": api_url, "timeout": base.HTTP_TIMEOUT}


def message_id(message: Message) -> str:
    """The same for every try of the same row."""
    return f"<outbox-{message.outbox_id}@{urlsplit(message.clinic.public_url).hostname}>"


class EmailGateway:
    can_be_asked = False

    def __init__(self, open_mailer: Callable[[], BaseEmailBackend], sent_from: str) -> None:
        self._open_mailer = open_mailer
        self._sent_from = sent_from

    def send(self, message: Message) -> str:
        mail = self._mail(message)
        try:
            mailer = self._open_mailer()
        except (ImproperlyConfigured, ImportError) as error:
            raise Rejected(f"The e-mail provider isn’t set up: {error}") from error
        try:
            mailer.open()
        except OSError as error:
            raise TryLater(f"The mail server can’t be reached: {error}") from error
        try:
            mailer.send_messages([mail])
        except Exception as error:  # Each provider has its own; what we don't know is a doubt.
            raise _failure(error) from error
        finally:
            with suppress(OSError):  # What becomes of the connection says nothing about the message.
                mailer.close()
        status = getattr(mail, "anymail_status", None)
        return str(getattr(status, "message_id", None) or message_id(message))[:100]

    def find(self, message: Message) -> list[str]:
        return []

    def _mail(self, message: Message) -> EmailMessage:
        is_ours = message.is_platforms
        mail = EmailMessage(
            subject=" ".join(message.subject.split()),
            body=message.text,
            from_email=formataddr((settings.PORTAL_OPERATOR if is_ours else message.clinic.name, self._sent_from)),
            to=[message.to],
            # An answer may quote the link, so it is not the clinic's to get.
            reply_to=[message.clinic.email] if message.clinic.email and not is_ours else None,
            headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        )
        if message.attachment:
            mail.attach(_part(message.attachment))
        return mail


def _part(attachment: Attachment) -> MIMEPart:
    """As base64, so that no server on the way folds lines whose form matters, like those of a calendar file."""
    part = MIMEPart(policy=SMTP_POLICY)
    part["Content-Type"] = attachment.content_type
    parameters = {name: value for name, value in part["Content-Type"].params.items() if name != "charset"}
    part.set_content(
        attachment.text,
        subtype=part.get_content_subtype(),
        cte="base64",
        disposition="attachment",
        filename=attachment.name,
        params=parameters,
    )
    return part


def _clinics_mailer(backend: str, options: dict[str, Any]) -> BaseEmailBackend:
    options = mailer_options(backend, options)
    mailer: type[BaseEmailBackend] = import_string(backend)
    return mailer(alias="clinic", **options)


def _platforms_mailer() -> BaseEmailBackend:
    mailer = mailers[PLATFORM]
    if isinstance(mailer, SmtpBackend) and mailer.timeout is None:
        mailer.timeout = int(base.HTTP_TIMEOUT)
    return mailer


def _failure(error: Exception) -> Exception:
    """Which of our three failures a mailer's exception is."""
    from anymail.exceptions import AnymailAPIError, AnymailError

    if isinstance(error, AnymailAPIError):
        return _by_http_status(error)
    if isinstance(error, AnymailError | ValueError):  # It never left: an address or a feature was refused on the way.
        return Rejected(str(error))
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _by_smtp_code(min(code for code, _words in error.recipients.values()), error)
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_smtp_code(error.smtp_code, error)
    return Unclear(f"{type(error).__name__} while the e-mail was on its way.")


def _by_smtp_code(code: int, error: Exception) -> Exception:
    """An answer with a code is a clear no, for now (4xx) or for good (5xx)."""
    return TryLater(str(error)) if 400 <= code < 500 else Rejected(str(error))


def _by_http_status(error: Exception) -> Exception:
    import requests

    status = getattr(error, "status_code", None)
    if isinstance(error, requests.ConnectTimeout):
        return TryLater("The e-mail provider couldn’t be reached.")
    if status in {401, 429}:
        headers = getattr(getattr(error, "response", None), "headers", {})
        return TryLater(f"The e-mail provider answered {status}.", retry_after=_seconds(headers.get("Retry-After", "")))
    if status is not None and 400 <= status < 500:
        return Rejected(f"The e-mail provider answered {status}.")
    return Unclear("The e-mail provider didn’t say whether it took the message.")


def _seconds(text: str) -> timedelta | None:
    return timedelta(seconds=int(text)) if text.isdecimal() else None
