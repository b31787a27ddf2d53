"""Services that are booked by request: the client's wish keeps its time until staff have answered."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings import notices, policy
from bookings.actions.cancelling import end_visit
from bookings.actions.changes import note_change
from bookings.appointments import bring_up_to_date, locked, put, wanted_for
from bookings.models import Appointment, AppointmentChange, State
from bookings.taking import find_place, lock, taking
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from bookings.models import Resource
    from clients.models import Client
    from clinics.models import StaffMember


class AlreadyAnswered(Refusal):
    message = gettext_lazy("This request has been answered already. Please look again.")


class NoReason(Refusal):
    message = gettext_lazy("Tell the client why, in a few words.")


@transaction.atomic
def accept_request(*, appointment: Appointment, by: StaffMember, now: datetime) -> Appointment:
    """Say yes to a request at the time that it asks for; tell the client.

    The same guard as for a booking, though the time has been kept: raises AlreadyAnswered, TimeTaken, PetIsBusy, or
    NoSuchTime where it was closed meanwhile.
    """
    return _settle(appointment, by=by, now=now, kind=AppointmentChange.Kind.ACCEPTED)


@transaction.atomic
def agree_to_proposal(*, appointment: Appointment, by: Client, now: datetime) -> Appointment:
    """The client takes the time that the clinic proposed. Raises AlreadyAnswered, VisitOver, TimeTaken or PetIsBusy."""
    return _settle(appointment, by=by, now=now, kind=AppointmentChange.Kind.AGREED)


def _settle(
    appointment: Appointment, *, by: StaffMember | Client, now: datetime, kind: AppointmentChange.Kind
) -> Appointment:
    with taking():
        wanted = wanted_for(appointment, person_id=appointment.person_id, by_staff=True)
        pets = lock(appointment.clinic, wanted)
        row = locked(appointment)
        if not _is_waiting_for(row, kind) or row.starts_at != appointment.starts_at:
            raise AlreadyAnswered
        if row.starts_at <= now:
            raise policy.VisitOver
        before = copy(row)
        wanted = wanted_for(row, person_id=row.person_id, by_staff=True, pets=pets)
        row.state, row.is_proposal = State.CONFIRMED, False
        put(row, find_place(row.clinic, wanted, starts_at=row.starts_at, now=now), now=now)
    change = note_change(appointment=row, kind=kind, by=by, now=now, before=before)
    notices.appointment_booked(change, now=now)
    bring_up_to_date(appointment, row)
    return appointment


def _is_waiting_for(row: Appointment, kind: AppointmentChange.Kind) -> bool:
    """Staff answer wishes, clients proposals."""
    return row.state == State.REQUESTED and row.is_proposal == (kind == AppointmentChange.Kind.AGREED)


@transaction.atomic
def propose_time(
    *,
    appointment: Appointment,
    starts_at: datetime,
    person: Resource | None,
    by: StaffMember,
    now: datetime,
    reason: str = "",
) -> Appointment:
    """Offer another time instead; it is kept for the client, who is told and answers.

    Raises AlreadyAnswered, TimeTaken, NoSuchTime or PetIsBusy.
    """
    with taking():
        wanted = wanted_for(appointment, person_id=person.pk if person else None, by_staff=True)
        pets = lock(appointment.clinic, wanted)
        row = locked(appointment)
        if row.state != State.REQUESTED:
            raise AlreadyAnswered
        before = copy(row)
        wanted = wanted_for(row, person_id=wanted.person_id, by_staff=True, pets=pets)
        place = find_place(row.clinic, wanted, starts_at=starts_at, now=now)
        row.is_proposal, row.reason = True, reason
        put(row, place, now=now)
    kind = AppointmentChange.Kind.PROPOSED
    change = note_change(appointment=row, kind=kind, by=by, now=now, before=before, reason=reason)
    notices.time_proposed(change, now=now)
    bring_up_to_date(appointment, row)
    return appointment


@transaction.atomic
def decline_request(*, appointment: Appointment, by: StaffMember, reason: str, now: datetime) -> Appointment:
    """Say no to a request, with a reason that the client reads. Declining is not cancelling.

    Raises NoReason and AlreadyAnswered.
    """
    if not reason.strip():
        raise NoReason
    row = locked(appointment)
    if row.state != State.REQUESTED:
        raise AlreadyAnswered
    kind = AppointmentChange.Kind.DECLINED
    change = end_visit(row=row, state=State.DECLINED, kind=kind, by=by, now=now, reason=reason.strip())
    notices.request_declined(change, now=now)
    bring_up_to_date(appointment, row)
    return appointment
