"""Visits for a client's own calendar: one as a file, all of them as a feed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings import actions, facts, links
from bookings import calendar as calendars
from bookings.models import Appointment, CalendarFeed
from clinics.gates import client_required, public
from portal.kit import crypto
from portal.kit.htmx import render_page

if TYPE_CHECKING:
    from clients.gates import ClientRequest
    from clinics.middleware import ClinicRequest
    from clinics.models import Clinic

# How far back a feed goes: what was lately may still be asked about, the rest is in the portal.
FEED_GOES_BACK = timedelta(days=90)


@require_safe
@client_required
def calendar_file(request: ClientRequest, appointment_id: int) -> HttpResponse:
    """One visit as a calendar file. Opened again after a move, it replaces the entry."""
    rows = Appointment.objects.for_client(request.client).select_related("service", "person")
    row = get_object_or_404(rows, pk=appointment_id)
    return file_of(request.clinic, row, language=request.client.language, now=timezone.now())


def file_of(clinic: Clinic, row: Appointment, *, language: str, now: datetime) -> HttpResponse:
    """A visit for downloading, in its client's language like the one in the message."""
    with translation.override(language):
        text = calendars.document(clinic, facts.read(clinic, [row], now=now))
    disposition = f'attachment; filename="{calendars.FILE_NAME}"'
    return HttpResponse(text, content_type=calendars.CONTENT_TYPE, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def calendar(request: ClientRequest) -> HttpResponseBase:
    """Make the private address of all visits, replace it, or switch it off.

    A new address is in the answer to the very request that made it and nowhere else: we keep its hash alone.
    """
    now = timezone.now()
    if request.method == "POST" and request.POST.get("do") == "end":
        actions.close_feed(client=request.client, now=now)
        messages.success(request, _("Switched off\nCalendars that had your address get nothing more."))
        return redirect("bookings:calendar", request.clinic.slug)
    made = {}
    if request.method == "POST":
        address = links.feed_url(request.clinic, actions.open_feed(client=request.client, now=now))
        made = {"address": address, "webcal": f"webcal:{address.partition(':')[2]}"}
    live = CalendarFeed.objects.for_clinic(request.clinic).filter(client=request.client, ended_at=None).first()
    return render_page(request, "bookings/calendar.html", {"feed": live, **made})


@require_safe
@public
def calendar_feed(request: ClinicRequest, token: str) -> HttpResponseBase:
    """All visits of the client whose address this is. Whoever has it may read it: calendars carry no cookie of ours."""
    clinic, now = request.clinic, timezone.now()
    feed = actions.find_feed(clinic=clinic, token=token)
    if feed is None:
        raise Http404
    feed.clinic = feed.client.clinic = clinic
    actions.note_feed_read(feed=feed, now=now)
    rows = Appointment.objects.for_client(feed.client).filter(starts_at__gte=now - FEED_GOES_BACK)
    rows = rows.select_related("service", "person").order_by("starts_at", "id")
    with translation.override(feed.client.language):
        text = calendars.feed(clinic, facts.read(clinic, list(rows), now=now))
    return _if_changed(request, text)


def _if_changed(request: ClinicRequest, text: str) -> HttpResponseBase:
    """The feed, or that it is what the calendar has already."""
    etag = quote_etag(crypto.token_digest(text)[:32])
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    whole = HttpResponse(text, content_type=calendars.CONTENT_TYPE, headers=headers)
    answer: HttpResponseBase = get_conditional_response(request, etag=etag, response=whole) or whole
    for name, value in headers.items():
        answer.headers[name] = value
    return answer
