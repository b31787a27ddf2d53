"""What we say to clients about their visits: at once, by every channel that they allow.

What the clinic causes, a cancellation or a move by its staff, and what it answers to a request, is no alert that can be
switched off: who allows no channel hears it by whatever contact is on file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings import calendar, facts, links, picker, policy, wording
from bookings.calendar import one_line
from bookings.models import AppointmentChange, AppointmentPet, LateRule, State
from messaging import outbox, segments
from messaging.models import Channel
from pets.actions import Removal

if TYPE_CHECKING:
    from bookings.facts import Visit
    from bookings.models import Appointment, Service
    from clients.models import Client
    from clinics.models import Clinic

SUBJECTS = {
    "booked": gettext_noop("You’re booked in: %(when)s"),
    "requested": gettext_noop("We have your request: %(when)s"),
    "proposed": gettext_noop("Another time for you: %(when)s"),
    "declined": gettext_noop("About your request: %(when)s"),
    "moved": gettext_noop("Your appointment has moved to %(when)s"),
    "cancelled": gettext_noop("Cancelled: your appointment on %(when)s"),
    "restored": gettext_noop("Booked again: %(when)s"),
}
# `visit` is “Annual health check for Miso, Thu 23 April, 09:20”. Each should fit into one text with the link.
TEXTS = {
    "booked": gettext_noop("%(clinic)s: booked. %(visit)s. %(link)s"),
    "requested": gettext_noop("%(clinic)s: asked for, not confirmed yet. %(visit)s. %(link)s"),
    "proposed": gettext_noop("%(clinic)s proposes another time, please answer: %(visit)s. %(link)s"),
    "declined": gettext_noop("%(clinic)s said no to your request: %(visit)s. %(link)s"),
    "moved": gettext_noop("%(clinic)s: moved. %(visit)s. %(link)s"),
    "cancelled": gettext_noop("%(clinic)s: cancelled. %(visit)s. %(link)s"),
    "restored": gettext_noop("%(clinic)s: booked again. %(visit)s. %(link)s"),
}
LONGEST_SUBJECT = 200


def appointment_booked(change: AppointmentChange, *, now: datetime) -> None:
    """A visit is booked, asked for, accepted or agreed to."""
    _tell("booked", change, now=now)


def appointment_moved(change: AppointmentChange, *, now: datetime) -> None:
    """A visit has another time or person."""
    _tell("moved", change, now=now)


def appointment_cancelled(change: AppointmentChange, *, now: datetime) -> None:
    """A visit doesn't take place. Nothing is said when that is because its pet has died (B11)."""
    if change.appointment.reason_code != Removal.DECEASED:
        _tell("cancelled", change, now=now)


def appointment_restored(change: AppointmentChange, *, now: datetime) -> None:
    """A cancellation was taken back."""
    _tell("restored", change, now=now)


def time_proposed(change: AppointmentChange, *, now: datetime) -> None:
    """The clinic offers another time for a request."""
    _tell("proposed", change, now=now)


def request_declined(change: AppointmentChange, *, now: datetime) -> None:
    """The clinic said no to a request."""
    _tell("declined", change, now=now)


def still_so(clinic: Clinic, change_id: int) -> bool:
    """Asked before a message about a change goes out: it speaks of the last thing that happened to the visit, and of
    pets that are all still there. The exception is a pet that was deleted, whose visit is cancelled with its word."""
    changes = AppointmentChange.objects.for_clinic(clinic)
    change = changes.select_related("appointment").filter(pk=change_id).first()
    if change is None:
        return False
    # What staff put right sends nothing of its own, so it takes nothing back.
    later = changes.filter(appointment=change.appointment_id, pk__gt=change_id)
    if later.exclude(kind=AppointmentChange.Kind.CORRECTED).exists():
        return False
    pets = AppointmentPet.objects.for_clinic(clinic).filter(appointment=change.appointment_id).select_related("pet")
    there = [link.pet for link in pets if link.removed_at is None]
    if there:
        return all(pet.is_living for pet in there)
    was_deleted = change.appointment.reason_code == Removal.REMOVED
    return was_deleted and any(link.pet.deceased_on is None for link in pets)


def can_be_told(client: Client, service: Service) -> bool:
    """Does a channel that the client allows reach them? What the clinic changes by itself reaches them anyhow."""
    by_text = bool(client.phone) and client.accepts_texts and not service.is_gentle
    return by_text or (bool(client.email) and client.accepts_emails)


def _tell(form: str, change: AppointmentChange, *, now: datetime) -> None:
    row = change.appointment
    clinic, client = row.clinic, row.client
    if form not in {"cancelled", "declined"} and _is_asked_for(change):
        form = "requested"
    channels = list(_channels(change, row, client))
    if not channels:
        return
    with translation.override(client.language), timezone.override(clinic.zone):
        (visit,) = facts.read(clinic, [row], now=now)
        if row.reason_code == Removal.REMOVED:
            # Of several, another may have died before; its name is not for this message.
            visit = replace(visit, pets=[pet for pet in visit.pets if pet.deceased_on is None])
        for channel in channels:
            write = _email if channel == Channel.EMAIL else _text
            outbox.enqueue(clinic, write(form, change, visit, now=now), now=now)


def _is_asked_for(change: AppointmentChange) -> bool:
    """Booked, moved or restored, but the clinic has yet to answer."""
    return change.new_state == State.REQUESTED and change.kind != AppointmentChange.Kind.PROPOSED


def _channels(change: AppointmentChange, row: Appointment, client: Client) -> Iterator[Channel]:
    by_email = bool(client.email) and client.accepts_emails
    by_text = bool(client.phone) and client.accepts_texts and not row.service.is_gentle
    if not by_email and not by_text and _is_the_clinics_doing(change):
        by_email, by_text = bool(client.email), not client.email
    if by_email:
        yield Channel.EMAIL
    if by_text:
        yield Channel.SMS


def _is_the_clinics_doing(change: AppointmentChange) -> bool:
    was_moved = change.kind == AppointmentChange.Kind.MOVED and change.staff_id is not None
    is_answer = change.kind in {AppointmentChange.Kind.PROPOSED, AppointmentChange.Kind.DECLINED}
    return was_moved or is_answer or change.new_state == State.CANCELLED_BY_CLINIC


def _words(form: str, change: AppointmentChange, channel: Channel, to: str, body: str, **more: Any) -> outbox.Words:
    is_ahead = form not in {"cancelled", "declined"}
    return outbox.Words(
        channel=channel,
        to=to,
        body=body,
        kind=f"appointment_{form}",
        key=f"appointment_change:{change.pk}:{channel}",
        about=f"appointment_change:{change.pk}",
        expires_at=change.appointment.ends_at if is_ahead else None,
        **more,
    )


def _email(form: str, change: AppointmentChange, visit: Visit, *, now: datetime) -> outbox.Words:
    row, clinic = visit.row, visit.row.clinic
    context = {
        "change": change,
        "clinic": clinic,
        "visit": visit,
        "what": _what(visit),
        "who": one_line(visit.who),
        "where": one_line(", ".join(clinic.address_lines)),
        "old_when": _old_when(change, clinic, now),
        "reason": change.reason.strip(),
        "preparation": wording.preparation(clinic, row),
        "rules": [*_rules(row, clinic, now), wording.rules_of(clinic, row)],
        "link": links.visit_url(clinic, row),
        "page": links.booking_url(clinic, row),
    }
    body = render_to_string(f"bookings/notices/{form}.txt", context)
    subject = one_line(_(SUBJECTS[form]) % {"when": visit.when})[:LONGEST_SUBJECT]
    return _words(
        form,
        change,
        Channel.EMAIL,
        row.client.email,
        re.sub(r"\n{3,}", "\n\n", body).strip(),
        subject=subject,
        attachment_name=calendar.FILE_NAME,
        attachment_type=calendar.ATTACHMENT_TYPE,
        attachment_text=calendar.document(clinic, [visit]),
    )


def _text(form: str, change: AppointmentChange, visit: Visit, *, now: datetime) -> outbox.Words:
    """In one segment if that is possible: first without the service's name, then without the pet's."""
    row, clinic = visit.row, visit.row.clinic
    link = links.booking_url(clinic, row) if form == "proposed" else links.visit_url(clinic, row)
    for what in (_what(visit), one_line(visit.pet_names), ""):
        said = ", ".join(part for part in (what, visit.short_when) if part)
        body = segments.plain(_(TEXTS[form]) % {"clinic": one_line(clinic.name), "visit": said, "link": link})
        if segments.count(body) == 1:
            break
    return _words(form, change, Channel.SMS, row.client.phone, body)


def _what(visit: Visit) -> str:
    return one_line(_("%(service)s for %(pets)s") % {"service": visit.service, "pets": visit.pet_names})


def _old_when(change: AppointmentChange, clinic: Clinic, now: datetime) -> str:
    """When it was, if it is at another time now."""
    if change.old_starts_at is None or change.old_starts_at == change.new_starts_at:
        return ""
    return _moment(clinic, change.old_starts_at, now)["when"]


def _rules(row: Appointment, clinic: Clinic, now: datetime) -> list[str]:
    """What the client may still do, with the moment until which: the same functions decide when they do it."""
    cancel_until, move_until = policy.free_to_cancel_until(row), policy.free_to_move_until(row)
    can_move = now <= move_until and row.moves < row.most_moves
    said = []
    if can_move and cancel_until == move_until:
        said.append(
            _("You can move it, or cancel it free of charge, until %(when)s.") % _moment(clinic, move_until, now)
        )
    else:
        if can_move:
            said.append(_("You can move it until %(when)s.") % _moment(clinic, move_until, now))
        if now <= cancel_until:
            said.append(_("You can cancel it free of charge until %(when)s.") % _moment(clinic, cancel_until, now))
    if row.late_rule == LateRule.CALL:
        said.append(_("After that, please call us.") if said else _("If your plans change, please call us."))
    else:
        said.append(
            _("A later cancellation is marked as late.")
            if now <= cancel_until
            else _("A cancellation is marked as late from now on.")
        )
    return said


def _moment(clinic: Clinic, at: datetime, now: datetime) -> dict[str, str]:
    today = now.astimezone(clinic.zone).date()
    return {"when": picker.day_and_time(at.astimezone(clinic.zone), today=today)}
