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
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError
from psycopg_pool import PoolTimeout

from clients.gates import ClientRequest
from clinics.checks import database_faults
from clinics.gates import client_required, public
from messaging import outbox_age
from pets.care import Reminder
from portal import home as reading
from portal.celery import app as celery_app
from portal.kit.htmx import take_over

log = structlog.get_logger(__name__)

DATABASE_IS_AWAY = (OperationalError, InterfaceError, PoolTimeout)
# A message that waits longer than this means that no worker is sending.
OUTBOX_LIMIT = timedelta(minutes=5)


@require_safe
@client_required
def home(request: ClientRequest) -> HttpResponse:
    """**Home** (R66–R80): where everybody lands after signing in."""
    now = timezone.now().astimezone(request.clinic.zone)
    found = reading.read(request.client, today=now.date())
    context = {
        "greeting": _greeting(request.client.first_name, now),
        "summary": _summary(found.reminders),
        "pets": [(pet, *_note(found.reminders_of(pet), found.on_file.get(pet.pk))) for pet in found.pets],
        "reminders": [(reminder, reminder.pet, _to_book(reminder)) for reminder in found.reminders],
        "request_types": found.request_types,
        "emergency": found.emergency,
        "call_url": f"tel:{request.clinic.phone}" if request.clinic.phone else "",
    }
    return render(request, "portal/home.html", context)


def _greeting(name: str, now: datetime) -> str:
    if now.hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if now.hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def _summary(reminders: list[Reminder]) -> str:
    """The most pressing thing in one line. What waits for the clinic to check doesn't press."""
    reminders = [reminder for reminder in reminders if not reminder.is_handed_in]
    overdue = [reminder for reminder in reminders if reminder.is_overdue]
    if len(overdue) == 1:
        return _("One service is overdue: %(name)s for %(pet)s.") % {
            "name": overdue[0].name,
            "pet": overdue[0].pet.name,
        }
    if overdue:
        return _("%(count)d services are overdue.") % {"count": len(overdue)}
    if reminders:
        first = reminders[0]
        return _("Coming up: %(name)s for %(pet)s.") % {"name": first.name, "pet": first.pet.name}
    return _("Nothing needs your attention today.")


def _note(reminders: list[Reminder], is_complete: bool | None) -> tuple[str, str]:
    """The line below a pet's name and its colour: what is overdue, else what is due, else that all is well.

    That is said as on the list of pets (`pets.care.summary_of`): nothing of a pet that nothing is on file about.
    """
    pressing = [reminder for reminder in reminders if not reminder.is_handed_in]
    overdue = sum(reminder.is_overdue for reminder in pressing)
    if overdue:
        return ngettext("%(count)d overdue", "%(count)d overdue", overdue) % {"count": overdue}, "bad"
    # Short: three of them stand side by side on a phone. The reminder itself says how soon.
    if pressing:
        return _("Due %(day)s") % {"day": date_format(pressing[0].due_on, "j M")}, ""
    if reminders:
        return _("Being checked"), ""
    words = {True: _("All up to date"), False: _("Nothing due now"), None: ""}
    return words[is_complete], ""


def _to_book(reminder: Reminder) -> str:
    """Why one would call, for screen readers: several links in a row say no more than “Call”."""
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
