"""Another time for a visit. The old one is given up in the transaction that takes the new one."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from bookings import notices, policy
from bookings.actions.changes import note_change
from bookings.appointments import bring_up_to_date, locked, put, wanted_for
from bookings.models import Appointment, AppointmentChange
from bookings.taking import Place, find_place, lock, taking
from clinics.models import StaffMember

if TYPE_CHECKING:
    from bookings.models import Resource
    from pets.history import Author


@transaction.atomic
def reschedule_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    person: Resource | None,
    by: Author,
    now: datetime,
    reason: str = "",
) -> Appointment:
    """Move a visit and tell its client. It stays the same appointment, with the same entry in calendars.

    `person` is who it shall be with; None keeps whoever has it if they are free then, else takes another. To the time
    and person that it has already changes nothing. Raises TooLateToMove, MovedTooOften, VisitOver or VisitBegun, and
    TimeTaken, NoSuchTime or PetIsBusy; the old time is kept then. Staff are bound by what is taken or closed only, and
    their moves don't count.
    """
    by_staff = isinstance(by, StaffMember)
    with taking():
        row, place = _new_place(appointment, starts_at, person, by_staff=by_staff, now=now)
        if (row.starts_at.timestamp(), row.person_id) == (place.starts_at.timestamp(), place.person_id):
            bring_up_to_date(appointment, row)
            return appointment
        before = copy(row)
        if not by_staff:
            row.is_person_wished = row.is_person_wished or person is not None
            # Turning down what the clinic proposed is no move.
            row.moves += not row.is_proposal
        row.is_proposal = False
        put(row, place, now=now)
    change = note_change(
        appointment=row, kind=AppointmentChange.Kind.MOVED, by=by, now=now, before=before, reason=reason
    )
    notices.appointment_moved(change, now=now)
    bring_up_to_date(appointment, row)
    return appointment


def _new_place(
    appointment: Appointment, starts_at: datetime, person: Resource | None, *, by_staff: bool, now: datetime
) -> tuple[Appointment, Place]:
    """Under the locks: the visit's row as it is, and where it would go."""
    clinic = appointment.clinic
    wanted = wanted_for(appointment, person_id=person.pk if person else None, by_staff=by_staff)
    pets = lock(clinic, wanted)
    row = locked(appointment)
    if refusal := policy.why_not_move(row, by_staff=by_staff, now=now):
        raise refusal
    wanted = wanted_for(row, person_id=wanted.person_id, by_staff=by_staff, pets=pets)
    return row, find_place(clinic, wanted, starts_at=starts_at, now=now)
