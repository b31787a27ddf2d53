"""The day and the week, by person and room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import diary
from bookings.admin.desk import for_staff, may_act, show
from bookings.admin.running import marks_of
from bookings.forms.desk import day_in
from bookings.models import Appointment, State
from bookings.picker import weekday_and_day
from clinics.admin_scope import DESK, EVERYONE

if TYPE_CHECKING:
    from datetime import datetime

    from bookings.diary import Entry
    from clinics.models import Clinic

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@for_staff(EVERYONE)
def day(request: Any) -> HttpResponse:
    """Everybody's day beside each other, or as a list by time."""
    now = timezone.now()
    today = timezone.localdate(now)
    on = day_in(request.GET.get("day", ""), today=today)
    found = diary.read_day(request.clinic, on, member=request.staff, now=now)
    if may_act(request, EVERYONE):
        offer_marks(found.entries, now=now)
    return show(
        request,
        "day.html",
        {
            "title": weekday_and_day(on, today=today),
            "day": found,
            "today": today,
            "earlier": on - DAY,
            "later": on + DAY,
            "is_list": request.GET.get("as") == "list",
            "waiting": requests_waiting(request.clinic) if may_act(request, DESK) else 0,
            "may_book": may_act(request, DESK),
        },
    )


@for_staff(EVERYONE)
def week(request: Any) -> HttpResponse:
    """Monday to Sunday of everybody, or of one."""
    now = timezone.now()
    today = timezone.localdate(now)
    on = day_in(request.GET.get("day", ""), today=today)
    monday = on - timedelta(days=on.weekday())
    chosen = request.GET.get("resource", "")
    resource_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    found = diary.read_week(request.clinic, monday, resource_id=resource_id, member=request.staff, now=now)
    return show(
        request,
        "week.html",
        {
            "title": _("Week of %(day)s") % {"day": weekday_and_day(monday, today=today)},
            "week": found,
            "chosen": next((row for row, _boxes in found.rows if row.pk == resource_id), None),
            "today": today,
            "earlier": monday - WEEK,
            "later": monday + WEEK,
            "here": reverse("admin:bookings_week"),
        },
    )


def offer_marks(entries: list[Entry], *, now: datetime) -> None:
    for entry in entries:
        entry.marks = marks_of(entry.visit, now=now)


def requests_waiting(clinic: Clinic) -> int:
    """How many clients wait for an answer: proposals wait for the client instead."""
    rows = Appointment.objects.for_clinic(clinic)
    return rows.filter(state=State.REQUESTED, is_proposal=False).count()
