"""Signed-in browsers: the cookie that carries the token, and the row that knows its hash."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from clients.models import ABSOLUTE_LIMIT, Client, Device
from clinics.models import Clinic
from clinics.tenancy import tenant
from portal.kit import crypto, rows

SEEN_EVERY = timedelta(hours=1)
# More clinics than anybody has pets at; a stop for invented cookies.
MOST_CLINICS = 20

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def cookie_name(clinic: Clinic) -> str:
    """One cookie for each clinic: the `__Host-` prefix allows no path to tell them apart."""
    return f"{settings.COOKIE_PREFIX}device_{clinic.pk}"


def find(request: Any, *, now: datetime) -> Device | None:
    """This browser's live device at the request's clinic, with its client. Notes at most hourly that it was seen."""
    return at_clinic(request, request.clinic, now=now)


def at_clinic(request: Any, clinic: Clinic, *, now: datetime) -> Device | None:
    """The same at another clinic, which must be open."""
    token = request.COOKIES.get(cookie_name(clinic))
    return _look_up(token, clinic, now) if token else None


def _look_up(token: str, clinic: Clinic, now: datetime) -> Device | None:
    with connection.cursor() as cursor:
        cursor.execute(_by_token(), [clinic.pk, crypto.token_digest(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    width = len(rows.fields(Device))
    device, device_client = rows.instance(Device, row[:width]), rows.instance(Client, row[width:])
    device.client = device_client
    if not device.is_live(now=now):
        return None
    if now - device.last_seen_at > SEEN_EVERY:
        Device.objects.for_clinic(clinic).filter(pk=device.pk).update(last_seen_at=now)
    device.client.clinic = device.clinic = clinic
    return device


@cache
def _by_token() -> str:
    """A device with its client. Every signed-in request asks this, hence one fixed statement (docs/adr/0009)."""
    return f"""
        SELECT {rows.columns(Device)}, {rows.columns(Client)} FROM clients_device
        JOIN clients_client ON clients_client.id = clients_device.client_id
        WHERE clients_device.clinic_id = %s AND clients_device.token_digest = %s
    """  # noqa: S608  Column names of ours.


def give_cookie(response: HttpResponseBase, clinic: Clinic, token: str) -> None:
    """Hand the browser its token. Lax, so that a link in a message arrives signed in; never readable by scripts."""
    response.set_cookie(
        cookie_name(clinic),
        token,
        max_age=ABSOLUTE_LIMIT,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def take_cookie(response: HttpResponseBase, clinic: Clinic) -> None:
    response.delete_cookie(cookie_name(clinic), samesite="Lax")


def label(user_agent: str) -> str:
    """Enough of a browser's name to recognise it in a list: “iPhone, Safari”."""
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}/", user_agent)), "")
    return ", ".join(part for part in (system, browser) if part) or _("Unknown browser")


def clinic_ids(request: Any) -> list[int]:
    """The clinics for which this browser carries a cookie, whether or not it is still worth anything."""
    prefix = f"{settings.COOKIE_PREFIX}device_"
    words = (name.removeprefix(prefix) for name in request.COOKIES if name.startswith(prefix))
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10]


def signed_in_at(request: Any, *, now: datetime) -> list[Device]:
    """This browser's live devices at all clinics, by the clinics' names, each with its client and clinic loaded.

    Opens one clinic after another, so no clinic may be open. A browser carries a handful of cookies at most.
    """
    found = []
    for clinic in Clinic.objects.live().filter(pk__in=clinic_ids(request)[:MOST_CLINICS]).order_by("name"):
        with tenant(clinic):
            if device := at_clinic(request, clinic, now=now):
                found.append(device)
    return found
