"""**My bookings** (R47–R51): what is to come, what was, and the page of one visit."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings import facts, picker, policy, wording
from bookings.models import CANCELLED, Appointment, AppointmentChange, AppointmentQuerySet, State
from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import days
from portal.kit import money
from portal.kit.htmx import render_page

if TYPE_CHECKING:
    from datetime import datetime

PAST_PER_PAGE = 20
LONGEST_NUMBER = 19
# “See other”: the browser asks for the next page anew, and a reload sends nothing twice.
SEE_OTHER = 303


@require_safe
@client_required
def bookings(request: ClientRequest) -> HttpResponse:
    return render_page(request, "bookings/bookings.html", list_of(request, now=timezone.now()))


def list_of(request: ClientRequest, *, now: datetime) -> dict[str, Any]:
    """What the list of upcoming visits shows: on its own page, and behind the dialog that opens over it."""
    rows = list(_mine(request).upcoming(now=now).select_related("service", "person"))
    return {"visits": facts.read(request.clinic, rows, now=now), "upcoming_count": len(rows)}


@require_safe
@client_required
def past(request: ClientRequest) -> HttpResponse:
    """**Past** (R51): the last one first, by year; `before` is the number of the last visit of the page before."""
    now = timezone.now()
    rows = _mine(request).past(now=now).select_related("service", "person")
    last = _named(request, request.GET.get("before", ""))
    if last is not None:
        rows = rows.filter(Q(starts_at__lt=last.starts_at) | Q(starts_at=last.starts_at, pk__lt=last.pk))
    found = list(rows[: PAST_PER_PAGE + 1])
    visits = facts.read(request.clinic, found[:PAST_PER_PAGE], now=now)
    context = {
        "years": [(year, list(group)) for year, group in groupby(visits, key=lambda visit: visit.day.year)],
        "older": found[PAST_PER_PAGE - 1].pk if len(found) > PAST_PER_PAGE else None,
        "is_first_page": last is None,
        "upcoming_count": _mine(request).upcoming(now=now).count(),
    }
    return render_page(request, "bookings/past.html", context)


@require_safe
@client_required
def booking(request: ClientRequest, appointment_id: int) -> HttpResponse:
    now = timezone.now()
    row = mine(request, appointment_id)
    (visit,) = facts.read(request.clinic, [row], now=now)
    context = {
        "visit": visit,
        "price": _price(row),
        "booked": _booked(row, now=now),
        "preparation": wording.preparation(request.clinic, row) if visit.is_upcoming else [],
        "moved_from": _moved_by_clinic(row, now=now),
        "terms": _terms(visit),
        "own_words": wording.rules_of(request.clinic, row) if visit.is_upcoming else "",
        "hindrances": visit.hindrances,
        "reason": _reason(visit),
        "can_undo": policy.can_undo(row, now=now),
    }
    return render_page(request, "bookings/booking.html", context)


def mine(request: ClientRequest, appointment_id: int) -> Appointment:
    """A visit of the client's with its names; else 404."""
    row: Appointment = get_object_or_404(_mine(request).select_related("service", "person"), pk=appointment_id)
    row.clinic = row.service.clinic = request.clinic
    row.client = request.client
    return row


def to_bookings(request: ClientRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("bookings:bookings", args=[request.clinic.slug]), status=SEE_OTHER)


def to_booking(request: ClientRequest, row: Appointment) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("bookings:booking", args=[request.clinic.slug, row.pk]), status=SEE_OTHER)


def _mine(request: ClientRequest) -> AppointmentQuerySet:
    return Appointment.objects.for_client(request.client)


def _named(request: ClientRequest, number: str) -> Appointment | None:
    """The client's visit of that number; what is no number names none."""
    is_number = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
    return _mine(request).filter(pk=int(number)).first() if is_number else None


def _price(row: Appointment) -> str:
    """“£58.00”; of what was called off or declined there is none to pay."""
    return "" if row.price is None or row.state in CANCELLED else money.shown(row.price, row.clinic.currency)


def _booked(row: Appointment, *, now: datetime) -> str:
    words = _("%(day)s, online") if row.source == Appointment.Source.ONLINE else _("%(day)s, by the clinic")
    booked_on = row.booked_at.astimezone(row.clinic.zone).date()
    return words % {"day": days.short(booked_on, today=now.astimezone(row.clinic.zone).date())}


def _moved_by_clinic(row: Appointment, *, now: datetime) -> str:
    """The time before, where the clinic changed it last: “Thursday 23 April at 09:20”; else ""."""
    kind = AppointmentChange.Kind
    last = (
        AppointmentChange.objects.for_clinic(row.clinic)
        .filter(appointment=row, kind__in=[kind.MOVED, kind.PROPOSED])
        .order_by("-id")
        .first()
    )
    if last is None or last.staff_id is None or last.old_starts_at in {None, row.starts_at}:
        return ""
    zone = row.clinic.zone
    return picker.day_and_time(last.old_starts_at.astimezone(zone), today=now.astimezone(zone).date())


def _terms(visit: facts.Visit) -> list[str]:
    """What the client may still do, until when, and what it comes to: by the functions that will decide it."""
    verdict, row = visit.cancellation, visit.row
    if not visit.is_upcoming or verdict.refusal:
        return []
    if verdict.free_until is None:
        return [_("The clinic hasn’t confirmed it yet. You can cancel free of charge.")]
    until = picker.day_and_time(verdict.free_until.astimezone(row.clinic.zone), today=visit.now.date())
    if verdict.is_late:
        words = _("You could cancel free of charge until %(when)s. If you cancel now, it is marked as late.")
        return [words % {"when": until}]
    lines = [_("You can cancel free of charge until %(when)s.") % {"when": until}]
    move_until = policy.free_to_move_until(row)
    if visit.can_move and move_until != verdict.free_until:
        when = picker.day_and_time(move_until.astimezone(row.clinic.zone), today=visit.now.date())
        lines.append(_("You can move it until %(when)s.") % {"when": when})
    return lines


def _reason(visit: facts.Visit) -> str:
    """What the clinic said to its cancellation, its no or its proposal; of a pet that is gone, that alone."""
    row = visit.row
    if row.reason_code == "pet_removed":
        return _("It was cancelled because %(pets)s left your list.") % {"pets": visit.pet_names}
    says = row.state in {State.CANCELLED_BY_CLINIC, State.DECLINED} or visit.is_proposed
    return row.reason if says else ""
