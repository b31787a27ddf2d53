"""What the tests about My bookings share: pages read as people read them, and visits that staff have touched."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import time_machine

from bookings import actions
from bookings.models import Appointment
from clinics.models import StaffMember
from clinics.tenancy import tenant
from tests.bookings.visits import NOON

if TYPE_CHECKING:
    from django.http import HttpResponse

ADDRESS = "/willow/bookings/"


def main_of(response: HttpResponse) -> str:
    """The page's main part and its dialog as words, in one line."""
    page = response.content.decode().split("<main", 1)[1].split(">", 1)[1]
    text = re.sub(r"<(script|template|svg)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def dialog_of(response: HttpResponse) -> str:
    """The words of the dialog alone."""
    (dialog,) = re.findall(r"<dialog.*?</dialog>", response.content.decode(), re.DOTALL)
    text = re.sub(r"<svg\b.*?</svg>|<[^>]*>", " ", dialog, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def links(response: HttpResponse, label: str) -> list[str]:
    """Where the links lead whose words begin with this."""
    page = response.content.decode()
    found = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    words = [(html.unescape(href), " ".join(re.sub(r"<[^>]*>", " ", inner).split())) for href, inner in found]
    return [href for href, text in words if text.startswith(label)]


def times(response: HttpResponse) -> list[str]:
    """The times that can be chosen, as they are sent."""
    return re.findall(r'name="at" value="([^"]+)"', response.content.decode())


def chosen(response: HttpResponse) -> list[str]:
    return re.findall(r'name="at" value="([^"]+)" checked', response.content.decode())


def now_on_file(visit: Appointment) -> Appointment:
    with tenant(visit.clinic_id):
        return Appointment.objects.select_related("person").get(pk=visit.pk)


def by_staff(action: str, visit: Appointment, reception: StaffMember, **fields: Any) -> None:
    """What reception does with a visit, by the action of that name."""
    with tenant(visit.clinic_id):
        getattr(actions, action)(appointment=now_on_file(visit), by=reception, **({"now": NOON} | fields))


def frozen(now: datetime = NOON) -> Iterator[None]:
    """For a fixture: the clock stands at the tests' noon."""
    with time_machine.travel(now, tick=False):
        yield
