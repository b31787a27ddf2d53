"""The only pages that mix apps: Home, the two health checks, and what is shown when something went wrong."""

from __future__ import annotations

import secrets
import sys
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import dates, timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError
from psycopg_pool import PoolTimeout

from bookings import facts, picker
from clients.gates import ClientRequest
from clinics.checks import database_faults
from clinics.gates import client_required, public
from messaging import outbox_age
from pets import days
from pets.care import Reminder
from pets.models import Pet
from portal import home as reading
from portal.celery import app as celery_app
from portal.home import Home, Visit
from portal.kit.htmx import take_over

log = structlog.get_logger(__name__)

DATABASE_IS_AWAY = (OperationalError, InterfaceError, PoolTimeout)
# A visit as near as this is what Home speaks of first.
VISIT_IS_NEAR = timedelta(days=14)
# A message that waits longer than this means that no worker is sending.
OUTBOX_LIMIT = timedelta(minutes=5)


@require_safe
@client_required
def home(request: ClientRequest) -> HttpResponse:
    """**Home** (R66–R80): where everybody lands after signing in."""
    now = timezone.now().astimezone(request.clinic.zone)
    found = reading.read(request.client, now=now)
    pressing = [reminder for reminder in found.reminders if _is_pressing(reminder, found)]
    book_url = reverse("bookings:book", args=[request.clinic.slug]) if found.is_bookable else ""
    proposed = _proposed(found)
    context = {
        "greeting": _greeting(request.client.first_name, now),
        "summary": _summary(found, pressing, now),
        "summary_url": reverse("bookings:booking", args=[request.clinic.slug, proposed.pk]) if proposed else "",
        "pets": [(pet, *_note(pet, found, pressing)) for pet in found.pets],
        "reminders": [_reminder(reminder, found, book_url, now) for reminder in found.reminders],
        "visits": [(visit, *_when(visit, now), facts.listed(visit.pets)) for visit in found.visits],
        "request_types": found.request_types,
        "emergency": found.emergency,
        "book_url": book_url,
        "call_url": f"tel:{request.clinic.phone}" if request.clinic.phone else "",
    }
    return render(request, "portal/home.html", context)


def _is_pressing(reminder: Reminder, found: Home) -> bool:
    """What is booked, or waits for the clinic to check, presses nobody."""
    return not reminder.is_handed_in and (reminder.pet.pk, reminder.plan_id) not in found.booked_on


def _when(visit: Visit, now: datetime) -> tuple[str, str]:
    """“Apr” for the tile, and “Thursday at 09:20” beside it; the whole date when it is another year's."""
    moment = visit.starts_at
    month = str(dates.MONTHS_3[moment.month]).title()
    if moment.year != now.year:
        return month, picker.day_and_time(moment, today=now.date())
    words = {"weekday": dates.WEEKDAYS[moment.weekday()], "time": picker.clock(moment)}
    return month, _("%(weekday)s at %(time)s") % words


def _greeting(name: str, now: datetime) -> str:
    if now.hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if now.hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _proposed(found: Home) -> Visit | None:
    """The first time of the clinic's that waits for the client's answer."""
    return next((visit for visit in found.visits if visit.is_proposal), None)


def _summary(found: Home, pressing: list[Reminder], now: datetime) -> str:
    """The most pressing thing in one line: an answer of theirs, a visit soon, what is overdue, what is due."""
    if proposed := _proposed(found):
        words = {"service": proposed.service, "pets": facts.listed(proposed.pets)}
        return _("The clinic proposes another time: %(service)s for %(pets)s.") % words
    if found.visits and found.visits[0].starts_at - now < VISIT_IS_NEAR:
        visit = found.visits[0]
        when = picker.day_and_time(visit.starts_at, today=now.date())
        words = {"service": visit.service, "pets": facts.listed(visit.pets), "when": when}
        return _("Coming up: %(service)s for %(pets)s, %(when)s.") % words
    overdue = [reminder for reminder in pressing if reminder.is_overdue]
    if len(overdue) == 1:
        return _("One service is overdue: %(name)s for %(pet)s.") % {
            "name": overdue[0].name,
            "pet": overdue[0].pet.name,
        }
    if overdue:
        return _("%(count)d services are overdue.") % {"count": len(overdue)}
    if pressing:
        first = pressing[0]
        return _("Coming up: %(name)s for %(pet)s.") % {"name": first.name, "pet": first.pet.name}
    return _("Nothing needs your attention today.")


def _note(pet: Pet, found: Home, pressing: list[Reminder]) -> tuple[str, str]:
    """The line below a pet's name and its colour: what is overdue, its visit, what is due, else that all is well.

    That is said as on the list of pets (`pets.care.summary_of`): nothing of a pet that nothing is on file about.
    """
    its_own = [reminder for reminder in pressing if reminder.pet.pk == pet.pk]
    overdue = sum(reminder.is_overdue for reminder in its_own)
    if overdue:
        return ngettext("%(count)d overdue", "%(count)d overdue", overdue) % {"count": overdue}, "bad"
    # Short: three of them stand side by side on a phone. The rows below say more.
    if visit_on := found.next_visit_on.get(pet.pk):
        return _("Visit %(day)s") % {"day": date_format(visit_on, "j M")}, ""
    if its_own:
        return _("Due %(day)s") % {"day": date_format(its_own[0].due_on, "j M")}, ""
    if found.reminders_of(pet):
        return _("Being checked"), ""
    words = {True: _("All up to date"), False: _("Nothing due now"), None: ""}
    return words[found.on_file.get(pet.pk)], ""


def _reminder(reminder: Reminder, found: Home, book_url: str, now: datetime) -> tuple[Reminder, Pet, str, str, str]:
    """A reminder's row: whose, the day of the visit that takes care of it or "", where to book one or "", and why."""
    pet = reminder.pet
    if booked_on := found.booked_on.get((pet.pk, reminder.plan_id)):
        booked = _("Booked for %(day)s") % {"day": days.short(booked_on, today=now.date())}
        return reminder, pet, booked, "", ""
    service_id = found.service_for.get(reminder.plan_id)
    address = f"{book_url}?pet={pet.pk}" if book_url else ""
    if address and service_id:
        address = f"{address}&service={service_id}"
    return reminder, pet, "", address, _to_book(reminder)


def _to_book(reminder: Reminder) -> str:
    """What a link is for, for screen readers: several in a row say no more than “Book” or “Call”."""
    return _("to book %(service)s for %(pet)s") % {"service": reminder.name, "pet": reminder.pet.name}


@require_safe
@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Is this process answering? Touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@public
def readyz(request: HttpRequest) -> JsonResponse:
    """May this process be sent visitors? Database and its walls, broker, age of the outbox. Names no clinic.

    A broker that is away is reported but does not take the portal down: the outbox keeps what is to be said.
    """
    problems, notes = _database_problems(), []
    if not problems and (waiting := outbox_age.oldest_waiting(timezone.now())) > OUTBOX_LIMIT:
        notes.append(f"the oldest message has been waiting for {waiting.total_seconds():.0f} s")
    if not _is_broker_up():
        notes.append("the broker is away")
    return JsonResponse({"ready": not problems, "problems": problems, "notes": notes}, status=503 if problems else 200)


def _database_problems() -> list[str]:
    try:
        return [str(fault.msg) for fault in database_faults()]
    except DATABASE_IS_AWAY:
        return ["the database is away"]


def _is_broker_up() -> bool:
    with celery_app.connection_for_write(connect_timeout=1) as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=1)
        except (OSError, KombuError, *broker.connection_errors):
            return False
    return True


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return take_over(request, render(request, "404.html", status=400))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return take_over(request, render(request, "403.html", status=403))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return take_over(request, render(request, "404.html", status=404))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for too long, or came from elsewhere."""
    return take_over(request, render(request, "403_csrf.html", status=403))


def server_error(request: Any) -> HttpResponse:
    """Rendered without the database and without the request's context. The reference leads to the line in the log."""
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_IS_AWAY):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "10"})
    reference = f"R{secrets.token_hex(1)}-{secrets.token_hex(2)}".upper()
    log.error("server_error", reference=reference, path=request.path)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
