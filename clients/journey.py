"""What a browser carries between asking for a code and being signed in: cookies that only we can read or write."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from clients.sign_in import LIFETIME
from portal.kit import crypto
from portal.kit.contacts import Channel, Contact

if TYPE_CHECKING:
    from clinics.models import Clinic

CODE_COOKIE = f"{settings.COOKIE_PREFIX}code"
PROOF_COOKIE = f"{settings.COOKIE_PREFIX}proof"
FAMILIAR_COOKIE = f"{settings.COOKIE_PREFIX}familiar"
# A little longer than a code, so that the page can still say that it is too late.
KEPT = LIFETIME + timedelta(minutes=20)
FAMILIAR_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Where a browser stands. `clinic_id` is 0 at the door of all clinics; `challenge` names its row of SignInCode."""

    channel: Channel
    value: str
    clinic_id: int
    challenge: str
    again_at: str = ""
    agreed_revision: int = 0
    destination: str = ""

    @property
    def contact(self) -> Contact:
        return Contact(self.channel, self.value)

    @property
    def may_ask_again_at(self) -> datetime:
        return datetime.fromisoformat(self.again_at)


def read(request: Any, cookie: str, *, clinic: Clinic | None) -> Journey | None:
    """The journey in a cookie, if written for this cookie and this door. A proof from `/` opens every clinic's."""
    fields = _unseal(request, cookie)
    if fields is None:
        return None
    journey = Journey(**fields)
    door = clinic.pk if clinic else 0
    is_ours = journey.clinic_id == door or (cookie == PROOF_COOKIE and journey.clinic_id == 0)
    return journey if is_ours else None


def challenges(request: Any) -> list[str]:
    """Of everything that is under way in this browser, at whichever door."""
    found = (_unseal(request, cookie) for cookie in (CODE_COOKIE, PROOF_COOKIE))
    return [fields["challenge"] for fields in found if fields]


def write(response: HttpResponseBase, cookie: str, journey: Journey) -> None:
    _set(response, cookie, asdict(journey), KEPT)


def forget(response: HttpResponseBase, *cookies: str) -> None:
    for cookie in cookies:
        response.delete_cookie(cookie, samesite="Lax")


def is_familiar(request: Any, contact: Contact) -> bool:
    """Was this browser signed in by this contact before?"""
    fields = _unseal(request, FAMILIAR_COOKIE)
    return fields is not None and crypto.is_same(fields["digest"], contact.digest)


def remember(response: HttpResponseBase, contact: Contact) -> None:
    _set(response, FAMILIAR_COOKIE, {"digest": contact.digest}, FAMILIAR_FOR)


def _unseal(request: Any, cookie: str) -> dict[str, Any] | None:
    """What we sealed for the cookie of this name. The name is inside the seal: one cookie's value is no other's."""
    max_age = FAMILIAR_FOR if cookie == FAMILIAR_COOKIE else KEPT
    try:
        text = crypto.unseal(request.COOKIES.get(cookie, ""), max_age=int(max_age.total_seconds()))
    except crypto.Unreadable:
        return None
    name, _mark, fields = text.partition(":")
    return json.loads(fields) if name == cookie else None


def _set(response: HttpResponseBase, cookie: str, fields: dict[str, Any], max_age: timedelta) -> None:
    value = crypto.seal(f"{cookie}:{json.dumps(fields)}")
    response.set_cookie(cookie, value, max_age=max_age, secure=settings.IS_HTTPS, httponly=True, samesite="Lax")


def safe_destination(address: str, clinic: Clinic) -> str:
    """`next`, if it is a page of this clinic; "" otherwise. Another clinic's page is not, however it is spelled."""
    if not address or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return ""
    path = address.partition("?")[0].partition("#")[0]
    if any(part in {".", ".."} for part in path.split("/")) or not path.startswith(f"/{clinic.slug}/") or "%" in path:
        return ""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return address if match.kwargs.get("clinic_slug") == clinic.slug else ""
