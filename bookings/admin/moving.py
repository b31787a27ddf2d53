"""Another time for a visit, or, instead of the one that a client asked for, an offer of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import actions
from bookings.admin.desk import for_staff, refused, show, visit_address, visit_or_404
from bookings.admin.times import offer
from bookings.appointments import wanted_for
from bookings.forms.desk import MoveForm, PersonForm
from bookings.models import State
from bookings.picker import day_and_time
from clinics.admin_scope import DESK
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from bookings.models import Appointment


@for_staff(DESK, acts=True)
def move(request: Any, appointment_id: int) -> HttpResponse:
    """Staff aren't bound by windows and limits; what is taken or closed binds everybody.

    What a client only wishes for isn't moved: they are offered another time.
    """
    visit = visit_or_404(request, appointment_id)
    if visit.state == State.REQUESTED:
        return redirect(reverse("admin:bookings_propose", args=[visit.pk]))
    return _choose(request, visit, is_proposal=False, why_not=refused(visit))


@for_staff(DESK, acts=True)
def propose(request: Any, appointment_id: int) -> HttpResponse:
    """The client agrees, moves or cancels; until then the time is kept."""
    visit = visit_or_404(request, appointment_id)
    why_not = "" if visit.state == State.REQUESTED else str(actions.AlreadyAnswered())
    return _choose(request, visit, is_proposal=True, why_not=why_not)


def _choose(request: Any, visit: Appointment, *, is_proposal: bool, why_not: str) -> HttpResponse:
    now = timezone.now()
    is_sent = request.method == "POST"
    given = request.POST if is_sent else request.GET
    who = PersonForm(given if is_sent or "day" in given or "person" in given else None, visit=visit)
    if not who.is_bound:
        who.initial = {"person": visit.person_id, "day": _first_day(visit, now)}
    form = MoveForm(request.POST if is_sent else None, clinic=request.clinic, now=now)
    is_good = who.is_valid()
    refusal: Refusal | None = None
    if is_sent and form.is_valid() and is_good:
        try:
            return _write(request, visit, who, form.cleaned_data, now, is_proposal=is_proposal)
        except Refusal as raised:
            refusal = raised
            form.add_error(None, str(refusal))
            form.let_go()
    at = form.cleaned_data.get("starts_at") if form.is_bound else None
    person_id = _person(who, visit)
    offered = offer(
        request.clinic,
        wanted_for(visit, person_id=person_id, by_staff=True),
        address=lambda day: _address(person_id, day),
        day=at.date() if at else _day(who, form, visit, now),
        chosen=at,
        is_refused=refusal is not None,
        now=now,
    )
    title = _("Propose another time") if is_proposal else _("Move the visit")
    context = {"visit": visit, "who": who, "form": form, "offer": offered, "person_id": person_id or ""}
    context |= {"title": title, "subtitle": str(visit.client), "is_proposal": is_proposal, "why_not": why_not}
    is_wrong = is_sent or (who.is_bound and not is_good)
    return show(request, "move.html", context, status=422 if is_wrong else 200)


def _write(
    request: Any, visit: Appointment, who: PersonForm, typed: dict[str, Any], now: datetime, *, is_proposal: bool
) -> HttpResponse:
    """Raises the action's Refusals."""
    write = actions.propose_time if is_proposal else actions.reschedule_appointment
    before = visit.starts_at, visit.person_id
    write(
        appointment=visit,
        starts_at=typed["starts_at"],
        person=who.cleaned_data["person"],
        by=request.staff,
        now=now,
        reason=typed["reason"],
    )
    when = day_and_time(timezone.localtime(visit.starts_at), today=timezone.localdate(now))
    if is_proposal:
        said = _("Proposed: %(when)s. The time is kept until the client answers.")
    elif before == (visit.starts_at, visit.person_id):
        said = _("It stays as it was: %(when)s.")
    else:
        said = _("Moved to %(when)s. The client is told.")
    messages.success(request, said % {"when": when})
    return redirect(visit_address(visit))


def _person(who: PersonForm, visit: Appointment) -> int | None:
    """Whom to look for: whoever was chosen, and before anybody chose, whoever has the visit."""
    if not who.is_bound:
        return visit.person_id
    person = who.cleaned_data.get("person")
    return person.pk if person else None


def _day(who: PersonForm, form: MoveForm, visit: Appointment, now: datetime) -> date | None:
    if not who.is_bound:
        return _first_day(visit, now)
    typed: date | None = form.cleaned_data.get("on") if form.is_bound else None
    asked: date | None = who.cleaned_data.get("day")
    return typed or asked


def _first_day(visit: Appointment, now: datetime) -> date:
    return max(timezone.localdate(visit.starts_at), timezone.localdate(now))


def _address(person_id: int | None, day: date) -> str:
    return f"?{urlencode({'person': person_id or '', 'day': day.isoformat()})}"
