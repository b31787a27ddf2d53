"""Visits as they go: one click for who has come, corrections, and cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import actions, policy
from bookings.actions.running import CORRECTABLE, NEXT
from bookings.admin.desk import diary_address, for_staff, refused, show, visit_address, visit_or_404
from bookings.forms.desk import CorrectionForm, ReasonForm
from bookings.models import State
from bookings.picker import clock
from clinics.admin_scope import DESK, EVERYONE
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from bookings.models import Appointment


def marks_of(visit: Appointment, *, now: datetime) -> list[State]:
    """What may be clicked next. Nobody comes before the visit's own day, or has missed what hasn't begun."""
    if now < visit.starts_at and not policy.is_its_day(visit, now=now):
        return []
    return [state for state in NEXT.get(State(visit.state), ()) if state != State.NO_SHOW or now >= visit.starts_at]


@for_staff(EVERYONE, acts=True, posts_only=True)
def mark(request: Any, appointment_id: int) -> HttpResponse:
    """One click, from the day or from the visit's page, and back to there."""
    visit = visit_or_404(request, appointment_id)
    local = timezone.localtime(visit.starts_at)
    subject = f"{visit.client.name}, {clock(local)}"
    try:
        state = State(request.POST.get("state", ""))
        actions.mark_visit(appointment=visit, state=state, by=request.staff, now=timezone.now())
    except ValueError:
        messages.error(request, f"{subject}: {actions.NotNow()}")
    except Refusal as refusal:
        messages.error(request, f"{subject}: {refusal}")
    else:
        messages.success(request, f"{subject}: {state.label}")
    back = request.POST.get("back", "")
    if back in {"day", "list"}:
        as_list = "&as=list" if back == "list" else ""
        return redirect(f"{diary_address(local.date())}{as_list}")
    return redirect(visit_address(visit))


def correctable_to(visit: Appointment) -> list[State]:
    """How a visit may turn out to have ended; nothing while it hasn't."""
    return [state for state in CORRECTABLE if state != visit.state] if visit.state in CORRECTABLE else []


@for_staff(DESK, acts=True)
def correct(request: Any, appointment_id: int) -> HttpResponse:
    """Missed or not, late or waived: with a reason."""
    visit = visit_or_404(request, appointment_id)
    form = CorrectionForm(request.POST or None, states=correctable_to(visit))
    if form.is_valid():
        state, reason = State(form.cleaned_data["state"]), form.cleaned_data["reason"]
        try:
            actions.correct_visit(appointment=visit, state=state, by=request.staff, reason=reason, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected: %(state)s.") % {"state": state.label})
            return redirect(visit_address(visit))
    words = {"title": _("Put right how the visit ended"), "button": _("Correct"), "note": ""}
    why_not = "" if correctable_to(visit) else str(actions.NotNow())
    return _ask(request, visit, form, words | {"why_not": why_not})


@for_staff(DESK, acts=True)
def cancel(request: Any, appointment_id: int) -> HttpResponse:
    """By the clinic, which costs the client nothing."""
    visit = visit_or_404(request, appointment_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            done = actions.cancel_appointment(
                appointment=visit, by=request.staff, now=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            by_clinic = done.state == State.CANCELLED_BY_CLINIC
            said = _("Cancelled. The time is free again, and the client is told.")
            messages.success(request, said if by_clinic else str(done.state.label))
            return redirect(visit_address(visit))
    note = _("The time is free at once. It costs the client nothing, whatever the policy says, and they are told.")
    words = {"title": _("Cancel the visit"), "button": _("Cancel the visit"), "note": note}
    return _ask(request, visit, form, words | {"why_not": refused(visit)})


def _ask(request: Any, visit: Appointment, form: Any, words: dict[str, str]) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return show(
        request, "ask.html", {"visit": visit, "form": form, "subtitle": str(visit.client)} | words, status=status
    )
