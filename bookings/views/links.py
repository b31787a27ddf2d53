"""What a link in a message shows to whoever has it: the visit, without a code and without a word about its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from bookings import facts, links, wording
from bookings.views.calendar import file_of
from clinics import hours
from clinics.gates import public
from clinics.models import EmergencyClinic
from portal.kit.htmx import render_page

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from bookings.models import Appointment
    from clients.gates import ClientRequest


@require_safe
@public
def visit(request: ClientRequest, token: str) -> HttpResponseBase:
    """A visit by the link in its message. Changing it takes a code; whoever is signed in goes on to its own page."""
    clinic, now = request.clinic, timezone.now()
    row = _found(request, token, now)
    if request.client == row.client:
        return redirect("bookings:booking", clinic.slug, row.pk)
    today = hours.today_at(clinic, now)
    with translation.override(row.client.language):
        (shown,) = facts.read(clinic, [row], now=now)
        context = {
            "visit": shown,
            "token": token,
            "preparation": wording.preparation(clinic, row) if shown.is_upcoming else [],
            "today_hours": today.text if today else "",
            "emergency": EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk").first(),
        }
        response = render_page(request, "bookings/visit.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public
def visit_file(request: ClientRequest, token: str) -> HttpResponse:
    """The same visit as a calendar file."""
    now = timezone.now()
    row = _found(request, token, now)
    response = file_of(request.clinic, row, language=row.client.language, now=now)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _found(request: ClientRequest, token: str, now: datetime) -> Appointment:
    row = links.find(request.clinic, token, now=now)
    if row is None:
        raise Http404
    return row
