"""Texts through Twilio.

The only module that imports its library, and inside functions: that takes a third of a second.

Twilio's API has no idempotency key. So each message carries a callback address of its own, and a doubt is
settled by that callback or by asking for the messages to that number; see `messaging.delivery`.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from messaging import callbacks
from messaging.gateways import base
from messaging.gateways.base import Message, Rejected, TryLater, Unclear

if TYPE_CHECKING:
    from django.http import QueryDict
    from twilio.http.response import Response
    from twilio.rest import Client as TwilioClient

    from messaging.models import Sender

REFUSALS = {
    21211: gettext_lazy("This isn’t a phone number."),
    21408: gettext_lazy("The Twilio account may not text this country."),
    21610: gettext_lazy("The person replied STOP, so texts to this number are blocked."),
    21614: gettext_lazy("This number can’t receive texts."),
}
# Our clock and theirs may differ, and an earlier try of the same message may have arrived after all.
LOOK_BACK = timedelta(hours=1)
MOST_PAGES = 10
LONGEST_VALIDITY = 36_000

# The library would log the number of everybody whom we ask about. This logger is nobody's child: no settings
# wake it.
_quiet = logging.Logger("twilio", level=logging.CRITICAL)  # noqa: LOG001  see above


@dataclass(frozen=True, slots=True)
class Account:
    sid: str
    token: str = field(repr=False)
    sms_from: str


def account_for(sender: Sender | None) -> Account | None:
    """The clinic's account if it is complete, else the platform's, else None. Raises crypto.Unreadable."""
    if sender and sender.twilio_account_sid and sender.sealed_twilio_auth_token and sender.sms_from:
        return Account(sender.twilio_account_sid, sender.twilio_auth_token, sender.sms_from)
    ours = (
        settings.PLATFORM_TWILIO_ACCOUNT_SID,
        settings.PLATFORM_TWILIO_AUTH_TOKEN,
        settings.PLATFORM_TWILIO_FROM,
    )
    return Account(*ours) if all(ours) else None


def gateway_for(sender: Sender | None) -> TwilioGateway | None:
    account = account_for(sender)
    return TwilioGateway(account) if account else None


def is_signed(account: Account | None, url: str, fields: QueryDict, signature: str) -> bool:
    """Did this account's Twilio send these fields to this address? With no token, nothing is believed.

    Duplicate fields are refused: the signature covers all of them, but a reader takes one.
    """
    from twilio.request_validator import RequestValidator

    if account is None or not account.token or any(len(values) != 1 for _name, values in fields.lists()):
        return False
    return bool(RequestValidator(account.token).validate(url, fields.dict(), signature))


class TwilioGateway:
    can_be_asked = True

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client: TwilioClient | None = None

    def send(self, message: Message) -> str:
        answer = self._ask("POST", self._path("Messages.json"), fields=self._fields(message))
        if not 200 <= answer.status_code < 300:
            raise _failure(answer)
        try:
            return str(json.loads(answer.text)["sid"])
        except (ValueError, KeyError) as error:
            raise Unclear("Twilio’s answer made no sense.") from error

    def find(self, message: Message) -> list[str]:
        found: list[str] = []
        path, query = self._path("Messages.json"), {"To": message.to, "PageSize": "100"}
        for _page in range(MOST_PAGES):
            listed, path = self._page(path, query)
            query = {}
            fresh = [each for each in listed if _written_at(each) >= message.claimed_at - LOOK_BACK]
            found += [str(each["sid"]) for each in fresh if _is_same(each, message)]
            if len(fresh) < len(listed) or not path:  # They come newest first.
                break
        return found

    def _page(self, path: str, query: dict[str, str]) -> tuple[list[dict[str, Any]], str]:
        try:
            answer = self._ask("GET", path, query=query)
            if answer.status_code != 200:
                raise TryLater(f"Twilio answered {answer.status_code} when asked.", retry_after=_retry_after(answer))
            page = json.loads(answer.text)
            return page["messages"], page.get("next_page_uri") or ""
        except (Unclear, ValueError, KeyError) as error:
            raise TryLater("Twilio couldn’t be asked.") from error

    def _fields(self, message: Message) -> dict[str, object]:
        sender = "MessagingServiceSid" if self.account.sms_from.startswith("MG") else "From"
        fields: dict[str, object] = {
            "To": message.to,
            sender: self.account.sms_from,
            "Body": message.text,
            "StatusCallback": callbacks.status_url(message.clinic, message.outbox_id),
            # Otherwise Twilio may change the text, and we couldn't recognise it when we ask.
            "SmartEncoded": "false",
        }
        if message.expires_at:
            seconds = int((message.expires_at - message.claimed_at).total_seconds())
            fields["ValidityPeriod"] = min(max(seconds, 1), LONGEST_VALIDITY)
        return fields

    def _path(self, name: str) -> str:
        return f"/2010-04-01/Accounts/{self.account.sid}/{name}"

    def _ask(
        self,
        method: str,
        path: str,
        *,
        fields: dict[str, object] | None = None,
        query: dict[str, str] | None = None,
    ) -> Response:
        import requests
        from urllib3.exceptions import NewConnectionError

        try:
            return self._connected().request(
                method,
                settings.TWILIO_API_URL + path,
                data=fields,
                params=dict(query or {}),
                timeout=base.HTTP_TIMEOUT,
            )
        except requests.ConnectTimeout as error:
            raise TryLater("Twilio couldn’t be reached.") from error
        except requests.ConnectionError as error:
            if isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError):
                raise TryLater("Twilio couldn’t be reached.") from error
            raise Unclear("The connection to Twilio broke.") from error
        except requests.RequestException as error:
            raise Unclear("Twilio didn’t answer in time.") from error

    def _connected(self) -> TwilioClient:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client as TwilioClient

        if self._client is None:
            http = TwilioHttpClient(timeout=base.HTTP_TIMEOUT, max_retries=0, logger=_quiet)
            self._client = TwilioClient(self.account.sid, self.account.token, http_client=http)
        return self._client


def _failure(answer: Response) -> Exception:
    if answer.status_code in {401, 429}:  # A wrong token is mended by a person, soon.
        return TryLater(f"Twilio answered {answer.status_code}.", retry_after=_retry_after(answer))
    if 400 <= answer.status_code < 500:
        return Rejected(_reason(answer))
    return Unclear(f"Twilio answered {answer.status_code}.")


def _reason(answer: Response) -> str:
    try:
        fields = json.loads(answer.text)
        code, words = fields.get("code"), fields.get("message", "")
    except (ValueError, AttributeError):
        code, words = None, ""
    return str(REFUSALS.get(code) or f"Twilio answered {answer.status_code}: {code} {words}")


def _retry_after(answer: Response) -> timedelta | None:
    seconds = (answer.headers or {}).get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else None


def _written_at(listed: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(listed["date_created"])


def _is_same(listed: dict[str, Any], message: Message) -> bool:
    """Ends with our words: a trial account puts its own in front."""
    sent_by_us = not str(listed.get("direction", "outbound")).startswith("inbound")
    return sent_by_us and str(listed["body"]).strip().endswith(message.text.strip())
