"""What the pages of services post, and what they say."""

from __future__ import annotations

from typing import Any

from django.test import Client as Browser

from bookings.models import Service
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests.staff.rows import page

# The fields that a new service can't be without.
START: dict[str, Any] = {
    "name": "Health check",
    "mode": "direct",
    "audience": "everybody",
    "most_pets": 1,
    "minutes": 30,
}
START |= {"position": 0, "buffer_before": 0, "buffer_after": 0, "is_active": "on"}


def typed(client: Browser, service: Service, **fields: Any) -> dict[str, Any]:
    """What the form posts: everything as it is, but for these fields."""
    form = client.get(page(service)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in shown.items() if value is not None and value is not False}
    return kept | fields


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def services(clinic: Clinic) -> list[Service]:
    with tenant(clinic):
        return list(Service.objects.for_clinic(clinic).order_by("pk"))
