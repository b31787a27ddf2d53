"""What a client does with a visit: **Reschedule**, **Cancel**, undo, **Book again**, say yes to a proposed time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import actions, availability, eligibility, facts, picker, policy
from bookings.appointments import wanted_for
from bookings.availability import Wanted
from bookings.forms.changes import AgreeForm, CancelForm, MoveForm
from bookings.models import Appointment, Audience, Mode, Resource, State
from bookings.views.bookings import list_of, mine, to_booking, to_bookings
from clients.gates import ClientRequest
from clinics.gates import client_required
from portal.kit.htmx import render_page, wants_piece
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from bookings.facts import Visit

ANYONE = "any"
TIME_IS_GONE = (actions.TimeTaken, actions.NoSuchTime, actions.PetIsBusy)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def reschedule(request: ClientRequest, appointment_id: int) -> HttpResponse:
    """**Reschedule** (R49): the old time stays the client's until the new one is taken."""
    now = timezone.now()
    row = mine(request, appointment_id)
    refusal = policy.why_not_move(row, by_staff=False, now=now)
    if refusal:
        return _move_page(request, row, now=now, refusal=refusal)
    people = list(Resource.objects.for_clinic(request.clinic).active().people().filter(services=row.service_id))
    who = _whom(request, row, people)
    if request.method != "POST":
        return _move_page(request, row, now=now, people=people, who=who)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _move_page(
            request, row, now=now, people=people, who=who, error=str(form.errors["at"].as_data()[0].message)
        )
    at, before = form.cleaned_data["at"], row.sequence
    try:
        actions.reschedule_appointment(appointment=row, starts_at=at, person=who, by=request.client, now=now)
    except TIME_IS_GONE as gone:
        return _move_page(request, row, now=now, people=people, who=who, gone=gone, at=at)
    except Refusal as late:
        return _move_page(request, row, now=now, refusal=late)
    _say_moved(request, row.pk, has_changed=row.sequence != before, now=now)
    return to_bookings(request)


def _whom(request: ClientRequest, row: Appointment, people: list[Resource]) -> Resource | None:
    """Whom the new time shall be with: the one whom it is with, where that was wished for or is asked for now."""
    asked = (request.POST if request.method == "POST" else request.GET).get("who", "")
    stays = row.is_person_wished if asked not in {ANYONE, str(row.person_id)} else asked != ANYONE
    return next((one for one in people if one.pk == row.person_id), None) if stays else None


def _move_page(
    request: ClientRequest,
    row: Appointment,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    people: list[Resource] | None = None,
    who: Resource | None = None,
    error: str = "",
    gone: Refusal | None = None,
    at: datetime | None = None,
) -> HttpResponse:
    (visit,) = facts.read(request.clinic, [row], now=now)
    context: dict[str, Any] = {"visit": visit, "refusal": refusal, "error": error, "gone": gone}
    if refusal is None:
        context |= _times(request, visit, people or [], who, gone_at=at)
    if gone and at:
        context["gone_at"] = picker.clock(at.astimezone(request.clinic.zone))
        context["is_taken"] = isinstance(gone, actions.TimeTaken)
    # Another day or week: the picker alone.
    template = "bookings/picker.html" if refusal is None and wants_piece(request) else "bookings/reschedule.html"
    status = 422 if request.method == "POST" else 200
    return render_page(request, template, context, partial="" if refusal else "picker", status=status)


def _times(
    request: ClientRequest, visit: Visit, people: list[Resource], who: Resource | None, *, gone_at: datetime | None
) -> dict[str, Any]:
    """The picker, opened on the day that is asked for; where a time has gone, on the nearest that is free."""
    row, clinic, now = visit.row, request.clinic, visit.now
    wanted = wanted_for(row, person_id=who.pk if who else None)
    near = picker.nearest(clinic, wanted, gone_at, now=now) if gone_at else None
    whom = str(who.pk) if who else ANYONE
    address = reverse("bookings:reschedule", args=[clinic.slug, row.pk])
    asked = _day(request.GET.get("day") or request.POST.get("day", ""))
    shown = picker.build(
        clinic,
        wanted,
        address=lambda day: f"{address}?{urlencode({'who': whom, 'day': day.isoformat()})}",
        day=near.astimezone(clinic.zone).date() if near else asked or visit.day,
        chosen=near if near != row.starts_at else None,
        # The time that they have already is shown, and is no choice.
        present=row.starts_at,
        now=now,
    )
    is_there = any(one.pk == row.person_id for one in people)
    day = shown.on.isoformat()
    return {
        "picker": shown,
        "who": whom,
        # Only where there is a choice.
        "with_same": f"{address}?{urlencode({'who': row.person_id, 'day': day})}" if is_there and people[1:] else "",
        "with_anyone": f"{address}?{urlencode({'who': ANYONE, 'day': day})}",
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _say_moved(request: ClientRequest, appointment_id: int, *, has_changed: bool, now: datetime) -> None:
    (visit,) = facts.read(request.clinic, [mine(request, appointment_id)], now=now)
    words = {"service": visit.service, "pets": visit.pet_names, "when": visit.when, "who": visit.who}
    if not has_changed:
        text = _("Nothing has changed\n%(service)s for %(pets)s was on %(when)s already.")
    elif visit.is_unconfirmed:
        text = _("You’ve asked for another time\n%(when)s, for %(pets)s. The clinic answers you.")
    elif visit.who:
        text = _("Appointment moved\n%(service)s for %(pets)s is now on %(when)s with %(who)s.")
    else:
        text = _("Appointment moved\n%(service)s for %(pets)s is now on %(when)s.")
    messages.success(request, text % words)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def cancel(request: ClientRequest, appointment_id: int) -> HttpResponse:
    """**Cancel** (R50): what it comes to is said first, by the function that will decide it (B9)."""
    now = timezone.now()
    row = mine(request, appointment_id)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.cancel_appointment(
                appointment=row,
                by=request.client,
                now=now,
                reason=form.cleaned_data["reason"],
                announced=request.POST.get("announced", ""),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_cancelled(request, row, now=now)
            return to_bookings(request)
    if row.is_ended:
        return to_booking(request, row)
    (visit,) = facts.read(request.clinic, [row], now=now)
    context = {
        **list_of(request, now=now),
        "visit": visit,
        "form": form,
        "verdict": visit.cancellation,
        "free_until": _moment(visit.cancellation.free_until, visit),
        "next_free": _next_free(visit),
    }
    return render_page(request, "bookings/cancel.html", context, status=422 if form.errors else 200)


def _moment(moment: datetime | None, visit: Visit) -> str:
    return picker.day_and_time(moment.astimezone(visit.starts_at.tzinfo), today=visit.now.date()) if moment else ""


def _next_free(visit: Visit) -> str:
    """The next day after the visit's on which the same person could see the same pets: “Monday 18 May”.

    "" if there is none, or if the visit can't be moved there.
    """
    row, clinic, today = visit.row, visit.row.clinic, visit.now.date()
    if row.person_id is None or visit.cancellation.refusal or not visit.can_move:
        return ""
    rules = policy.rules_for(row.service, policy.in_force(clinic))
    wanted = Wanted(service=row.service, rules=rules, pets=visit.pets, person_id=row.person_id)
    last = max(today + timedelta(days=rules.horizon_days), visit.day)
    found = availability.read(clinic, wanted, first=visit.day, last=last, now=visit.now).first_after(visit.day)
    return picker.weekday_and_day(found.date(), today=today) if found else ""


def _say_cancelled(request: ClientRequest, row: Appointment, *, now: datetime) -> None:
    (visit,) = facts.read(request.clinic, [row], now=now)
    words = {"service": visit.service, "when": visit.when}
    if row.state == State.LATE_CANCELLED:
        text = _("%(service)s cancelled\n%(when)s. It is marked as cancelled late.") % words
    else:
        text = _("%(service)s cancelled\n%(when)s.") % words
    way_back = reverse("bookings:undo", args=[request.clinic.slug, row.pk])
    messages.success(request, text, extra_tags=way_back if policy.can_undo(row, now=now) else "")


@require_POST
@client_required
def undo(request: ClientRequest, appointment_id: int) -> HttpResponse:
    """Take a cancellation back, while its time is free."""
    now = timezone.now()
    row = mine(request, appointment_id)
    if row.is_upcoming(now=now):
        # The button was pressed twice.
        return to_bookings(request)
    try:
        actions.undo_cancellation(appointment=row, by=request.client, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return to_bookings(request)
    (visit,) = facts.read(request.clinic, [row], now=now)
    words = {"service": visit.service, "when": visit.when}
    messages.success(request, _("%(service)s is yours again\n%(when)s.") % words)
    return to_bookings(request)


@require_POST
@client_required
def agree(request: ClientRequest, appointment_id: int) -> HttpResponse:
    """Say yes to the time that the clinic proposes: the one that the page showed, not one that came after it."""
    now = timezone.now()
    row = mine(request, appointment_id)
    form = AgreeForm(request.POST)
    if row.state == State.CONFIRMED:
        # The button was pressed twice.
        return to_bookings(request)
    try:
        if not form.is_valid() or form.cleaned_data["at"] != row.starts_at:
            raise actions.AlreadyAnswered
        actions.agree_to_proposal(appointment=row, by=request.client, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return to_booking(request, row)
    (visit,) = facts.read(request.clinic, [row], now=now)
    words = {"service": visit.service, "pets": visit.pet_names, "when": visit.when}
    messages.success(request, _("You’re booked in\n%(service)s for %(pets)s on %(when)s.") % words)
    return to_bookings(request)


@require_safe
@client_required
def repeat(request: ClientRequest, appointment_id: int) -> HttpResponse:
    """**Book again** (R52): New booking with what still fits, and a word about what doesn't."""
    now = timezone.now()
    row = mine(request, appointment_id)
    (visit,) = facts.read(request.clinic, [row], now=now)
    living = visit.still_theirs
    query: list[tuple[str, Any]] = [("pet", pet.pk) for pet in living]
    gone = []
    if len(living) < len(visit.pets):
        names = facts.listed([pet.name for pet in visit.pets if pet not in living])
        gone.append(_("The visit was also for %(pets)s.") % {"pets": names} if living else _("Choose who it is for."))
    if refusal := _why_not_again(row, [pet.species for pet in living], request):
        gone.append(str(refusal))
    else:
        query.append(("service", row.service_id))
        if row.person and _still_does(row.person, row):
            query.append(("who", row.person.pk))
        elif row.person:
            gone.append(_("%(who)s can’t be booked for it any more.") % {"who": row.person.name})
    if gone:
        messages.warning(request, "\n".join([_("Please look at what has changed"), *gone]))
    address = reverse("bookings:book", args=[request.clinic.slug])
    return HttpResponseRedirect(f"{address}?{urlencode(query)}")


def _why_not_again(row: Appointment, species: list[str], request: ClientRequest) -> Refusal | None:
    if row.service.mode == Mode.PHONE:
        return eligibility.PhoneOnly()
    known = None if row.service.audience == Audience.EVERYBODY else eligibility.is_known(request.client)
    return eligibility.why_not(row.service, species=species, is_known=known)


def _still_does(person: Resource, row: Appointment) -> bool:
    people = Resource.objects.for_clinic(row.clinic).active().people()
    return people.filter(pk=person.pk, services=row.service_id).exists()
