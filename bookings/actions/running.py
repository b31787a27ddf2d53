"""The day itself: who has come, who is in, who is done, who never came."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings import policy
from bookings.actions.cancelling import end_visit
from bookings.actions.changes import note_change
from bookings.actions.requests import NoReason
from bookings.appointments import bring_up_to_date, locked
from bookings.models import Appointment, AppointmentChange, State
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clinics.models import StaffMember

KIND = {
    State.ARRIVED: AppointmentChange.Kind.ARRIVED,
    State.IN_PROGRESS: AppointmentChange.Kind.STARTED,
    State.COMPLETED: AppointmentChange.Kind.COMPLETED,
    State.NO_SHOW: AppointmentChange.Kind.NO_SHOW,
}
# What staff may click next.
NEXT = {
    State.CONFIRMED: (State.ARRIVED, State.IN_PROGRESS, State.COMPLETED, State.NO_SHOW),
    State.ARRIVED: (State.IN_PROGRESS, State.COMPLETED, State.NO_SHOW),
    State.IN_PROGRESS: (State.COMPLETED,),
}
# A correction leads from one of these to another; to a time again only a new booking does.
CORRECTABLE = (
    State.COMPLETED,
    State.NO_SHOW,
    State.LATE_CANCELLED,
    State.CANCELLED_BY_CLIENT,
    State.CANCELLED_BY_CLINIC,
)


class NotNow(Refusal):
    message = gettext_lazy("That can’t follow on how the visit stands now. Please look again.")


class NotBegun(Refusal):
    message = gettext_lazy("The visit hasn’t begun yet.")


@transaction.atomic
def mark_visit(*, appointment: Appointment, state: State, by: StaffMember, now: datetime) -> Appointment:
    """One click: arrived, in progress, completed or missed. The same click again changes nothing.

    Nobody comes before the visit's own day, or is missed before it begins. Raises NotNow and NotBegun.
    """
    row = locked(appointment)
    if row.state == state:
        bring_up_to_date(appointment, row)
        return appointment
    if state not in NEXT.get(State(row.state), ()):
        raise NotNow
    if now < row.starts_at and (state == State.NO_SHOW or not policy.is_its_day(row, now=now)):
        raise NotBegun
    if state in {State.COMPLETED, State.NO_SHOW}:
        end_visit(row=row, state=state, kind=KIND[state], by=by, now=now)
    else:
        before = copy(row)
        row.state, row.changed_at = state, now
        row.save(update_fields=["state", "changed_at"])
        note_change(appointment=row, kind=KIND[state], by=by, now=now, before=before)
    bring_up_to_date(appointment, row)
    return appointment


@transaction.atomic
def correct_visit(
    *, appointment: Appointment, state: State, by: StaffMember, reason: str, now: datetime
) -> Appointment:
    """Put the end of a visit right, or waive a late cancellation; with a reason, which only the history keeps.

    Raises NoReason and NotNow.
    """
    if not reason.strip():
        raise NoReason
    row = locked(appointment)
    if row.state not in CORRECTABLE or state not in CORRECTABLE or state == row.state:
        raise NotNow
    before = copy(row)
    row.state, row.changed_at = state, now
    row.sequence += 1
    row.save(update_fields=["state", "changed_at", "sequence"])
    kind = AppointmentChange.Kind.CORRECTED
    note_change(appointment=row, kind=kind, by=by, now=now, before=before, reason=reason.strip())
    bring_up_to_date(appointment, row)
    return appointment
