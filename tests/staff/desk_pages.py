"""What the tests of the desk's pages share: addresses, and what an answer says."""

from __future__ import annotations

import html
import re
from typing import Any

from django.contrib.messages import get_messages
from django.urls import reverse

from bookings.models import Appointment, AppointmentChange
from clinics.models import Clinic
from clinics.tenancy import tenant

VISITS = "/staff/bookings/appointment/"
DIARY, WEEK, REQUESTS, BOOK = (f"{VISITS}{word}/" for word in ("diary", "week", "requests", "add"))


def there(visit: Appointment, word: str = "change") -> str:
    """A page of one visit."""
    return f"{VISITS}{visit.pk}/{word}/"


def inside(closure: Any) -> str:
    """The visits that a closure hits."""
    return reverse("admin:bookings_hit", args=[closure.pk])


def told(response: Any) -> list[str]:
    """What the next page will say above itself."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def words(response: Any, tag: str = "main") -> str:
    """The text of the page, or of its first element of another kind."""
    markup = response.content.decode()
    _before, _found, rest = markup.partition(f"<{tag}")
    shown = rest.partition(">")[2].partition(f"</{tag.split()[0]}>")[0]
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", shown, flags=re.DOTALL)).split())


def kinds(clinic: Clinic) -> list[str]:
    """What was written down, in order."""
    with tenant(clinic):
        return list(AppointmentChange.objects.for_clinic(clinic).order_by("id").values_list("kind", flat=True))


def visits_of(clinic: Clinic) -> list[Appointment]:
    with tenant(clinic):
        return list(Appointment.objects.for_clinic(clinic).select_related("person", "service").order_by("id"))
