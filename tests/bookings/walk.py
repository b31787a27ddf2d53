"""The way through New booking, as a browser goes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import get_messages

from bookings.models import Appointment, Hold
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant

NEW, HOLD, CONFIRM = (f"/willow/bookings/new/{step}" for step in ("", "hold/", "confirm/"))
KEY = "6f9c2f66-1d0c-4c39-8a5e-3a5d4f1a2b3c"


def address(start: str = NEW, **chosen: Any) -> str:
    return f"{start}?{urlencode(chosen, doseq=True)}"


def step_of(response: Any) -> str:
    """The step that the page is at: its marked one."""
    steps: list[tuple[str, int]] = response.context["steps"]
    return next(label for label, place in steps if place == 0)


def trouble_of(response: Any) -> tuple[int, str]:
    trouble = response.context["trouble"]
    return response.status_code, trouble.headline if trouble else ""


def chosen_time(response: Any) -> list[str]:
    """The value of the time that is chosen on the page."""
    return [time.value for part in response.context["picker"].parts for time in part.times if time.is_chosen]


def hidden(response: Any) -> dict[str, Any]:
    return dict(response.context["kept"])


def said(response: Any) -> list[str]:
    """What the next page confirms."""
    return [message.message for message in get_messages(response.wsgi_request)]


def visits_of(owner: Client) -> list[Appointment]:
    with tenant(owner.clinic):
        visits = Appointment.objects.for_client(owner).select_related("service", "person").prefetch_related("pets")
        return list(visits.order_by("id"))


def holds_of(owner: Client) -> list[Hold]:
    with tenant(owner.clinic):
        return list(Hold.objects.for_client(owner).order_by("id"))


def iso(clinic: Clinic, text: str) -> str:
    """`iso(willow, "2026-04-23 09:30")`, as an address has it."""
    return datetime.fromisoformat(text).replace(tzinfo=clinic.zone).isoformat()
