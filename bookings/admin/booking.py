"""Booking for a client: whom, which pets, what for, with whom, when. Each choice is in the address."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import actions, clocks, policy
from bookings.admin.desk import for_staff, show, told, visit_address
from bookings.admin.times import offer
from bookings.availability import Wanted
from bookings.forms.desk import BookForm, ClientForm, VisitForm
from bookings.picker import day_and_time
from clinics.admin_scope import DESK
from pets.models import Pet
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from bookings.models import Appointment
    from clients.models import Client


@for_staff(DESK, acts=True)
def book(request: Any) -> HttpResponse:
    """Step by step: each step's form carries what was chosen before."""
    given = request.POST if request.method == "POST" else request.GET
    whom = ClientForm({"client": given.get("client")} if given.get("client") else None, clinic=request.clinic)
    if not whom.is_valid():
        kept = [(name, given[name]) for name in ("person", "day", "at") if given.get(name)]
        return _page(request, {"whom": whom, "kept": kept}, is_wrong=whom.is_bound)
    client = whom.cleaned_data["client"]
    client.clinic = request.clinic
    is_asked = bool(given.getlist("pets") or given.get("service") or "look" in given)
    visit = VisitForm(given if is_asked else None, client=client, initial=_first_choices(client, given))
    if not is_asked or not visit.is_valid():
        return _page(request, {"client": client, "visit": visit, "at": given.get("at", "")}, is_wrong=is_asked)
    return _choose_time(request, client, visit)


def _first_choices(client: Client, given: Any) -> dict[str, Any]:
    """What stands in the form before anybody has typed: an only pet, and what the diary's gap says."""
    pets = list(Pet.objects.for_client(client).living().values_list("pk", flat=True)[:2])
    return {"pets": pets if len(pets) == 1 else [], "person": given.get("person"), "day": given.get("day")}


def _choose_time(request: Any, client: Client, visit: VisitForm) -> HttpResponse:
    now = timezone.now()
    chosen = visit.cleaned_data
    wanted = _wanted(request, chosen)
    is_sent = request.method == "POST"
    form = BookForm(request.POST if is_sent else None, initial={"key": uuid4()}, clinic=request.clinic, now=now)
    refusal: Refusal | None = None
    if is_sent and form.is_valid():
        try:
            booked = _book(request, client, chosen, form.cleaned_data, now)
        except Refusal as raised:
            refusal = raised
            form.add_error(None, str(refusal))
            form.let_go()
        else:
            when = day_and_time(timezone.localtime(booked.starts_at), today=timezone.localdate(now))
            said = told(_("Booked for %(when)s."), booked)
            messages.success(request, said % {"when": when})
            return redirect(visit_address(booked))
    at = form.cleaned_data.get("starts_at") if form.is_bound else _gap(request, chosen["day"])
    on = chosen["day"] or (form.cleaned_data.get("on") if form.is_bound else None)
    offered = offer(
        request.clinic,
        wanted,
        address=lambda day: _address(client, chosen, day),
        day=at.date() if at else on,
        chosen=at,
        is_refused=refusal is not None,
        now=now,
    )
    if at and not is_sent and not offered.picker.chosen_label:
        # The gap begins beside the grid, or outside of the hours: it stands in the field for any other time.
        form.initial["other"] = at.time()
    context = {"client": client, "visit": visit, "form": form, "offer": offered, "chosen": _hidden(client, chosen)}
    return _page(request, context | {"minutes": wanted.minutes}, is_wrong=is_sent)


def _gap(request: Any, day: date | None) -> datetime | None:
    """When the diary's free gap begins that was clicked."""
    try:
        clock = time.fromisoformat(request.GET.get("at", "")).replace(tzinfo=None)
        return clocks.moment(day, clock, request.clinic.zone) if day else None
    except (ValueError, OverflowError, clocks.NoSuchHour):
        return None


def _wanted(request: Any, chosen: dict[str, Any]) -> Wanted:
    service, person = chosen["service"], chosen["person"]
    service.clinic = request.clinic
    return Wanted(
        service=service,
        rules=policy.rules_for(service, policy.in_force(request.clinic)),
        pets=list(chosen["pets"]),
        person_id=person.pk if person else None,
        by_staff=True,
    )


def _book(request: Any, client: Client, chosen: dict[str, Any], typed: dict[str, Any], now: datetime) -> Appointment:
    return actions.book_appointment(
        client=client,
        service=chosen["service"],
        pets=list(chosen["pets"]),
        starts_at=typed["starts_at"],
        person=chosen["person"],
        by=request.staff,
        now=now,
        note=typed["note"],
        form_key=typed["key"],
    )


def _hidden(client: Client, chosen: dict[str, Any]) -> list[tuple[str, Any]]:
    """The choices so far, as the next form and the days' addresses carry them."""
    said = [("client", client.pk), *(("pets", pet.pk) for pet in chosen["pets"]), ("service", chosen["service"].pk)]
    return [*said, ("person", chosen["person"].pk)] if chosen["person"] else said


def _address(client: Client, chosen: dict[str, Any], day: date) -> str:
    said = [*_hidden(client, chosen), ("day", day.isoformat())]
    return f"{reverse('admin:bookings_appointment_add')}?{urlencode(said)}"


def _page(request: Any, context: dict[str, Any], *, is_wrong: bool) -> HttpResponse:
    client = context.get("client")
    words = {"title": _("Book a visit"), "subtitle": str(client) if client else ""}
    return show(request, "book.html", words | context, status=422 if is_wrong else 200)
