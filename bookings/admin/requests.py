"""Requests: what clients wish for, and staff's answer. The oldest first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import actions, diary
from bookings.admin.desk import for_staff, show, told, visit_address, visit_or_404
from bookings.forms.desk import ReasonForm
from bookings.models import Appointment, State
from clinics.admin_scope import DESK
from portal.kit.refusals import Refusal


class ChangedMeanwhile(Refusal):
    message = gettext_lazy("The request has changed since you opened the page. Please look again.")


class ClosedMeanwhile(Refusal):
    message = gettext_lazy("That time is closed meanwhile. Propose another one, or decline with a reason.")


@for_staff(DESK)
def requests(request: Any) -> HttpResponse:
    """All that wait for an answer; and those where the client's is awaited."""
    rows = Appointment.objects.for_clinic(request.clinic).filter(state=State.REQUESTED).order_by("booked_at", "pk")
    found = diary.entries(request.clinic, rows, now=timezone.now())
    context = {
        "title": _("Requests"),
        "waiting": [one for one in found if not one.visit.is_proposal],
        "proposed": [one for one in found if one.visit.is_proposal],
    }
    return show(request, "requests.html", context)


@for_staff(DESK, acts=True, posts_only=True)
def accept(request: Any, appointment_id: int) -> HttpResponse:
    """Yes to what the page showed. What the client has changed since is looked at first."""
    visit = visit_or_404(request, appointment_id)
    try:
        if _has_changed(request, visit):
            raise ChangedMeanwhile
        actions.accept_request(appointment=visit, by=request.staff, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, _told(visit, refusal))
        return redirect(visit_address(visit))
    messages.success(request, told(_("Accepted."), visit))
    return redirect(reverse("admin:bookings_requests"))


@for_staff(DESK, acts=True)
def decline(request: Any, appointment_id: int) -> HttpResponse:
    """No, with a reason that the client reads."""
    visit = visit_or_404(request, appointment_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.decline_request(appointment=visit, by=request.staff, reason=reason, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Declined. The client is told."))
            return redirect(reverse("admin:bookings_requests"))
    context = {
        "visit": visit,
        "form": form,
        "title": _("Decline the request"),
        "subtitle": str(visit.client),
        "button": _("Decline the request"),
        "note": _("The time is free at once. Declining is not cancelling: it doesn’t count against the client."),
        "why_not": "" if visit.state == State.REQUESTED else str(actions.AlreadyAnswered()),
    }
    return show(request, "ask.html", context, status=422 if form.is_bound and form.errors else 200)


def _has_changed(request: Any, visit: Appointment) -> bool:
    """Has the client moved it since the page that was answered?"""
    return visit.state == State.REQUESTED and request.POST.get("seen") != str(visit.sequence)


def _told(visit: Appointment, refusal: Refusal) -> str:
    """A request that the client moves at this very moment is still open: it has changed, nobody has answered it."""
    if isinstance(refusal, actions.AlreadyAnswered):
        visit.refresh_from_db(fields=["state", "is_proposal"])
        if visit.state == State.REQUESTED and not visit.is_proposal:
            return str(ChangedMeanwhile())
    # The guard speaks of times to choose from, and there are none here: what was kept can only have been closed since.
    return str(ClosedMeanwhile() if isinstance(refusal, actions.NoSuchTime) else refusal)
