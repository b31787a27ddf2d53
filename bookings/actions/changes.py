"""Writing down what happened to a visit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bookings.models import Appointment, AppointmentChange
from clients.models import Client
from clinics.models import StaffMember

if TYPE_CHECKING:
    from pets.history import Author


def note_change(
    *,
    appointment: Appointment,
    kind: AppointmentChange.Kind,
    by: Author,
    now: datetime,
    before: Appointment | None = None,
    reason: str = "",
) -> AppointmentChange:
    """Keep who did what and when. Called by the actions, in the transaction of what they did."""
    return AppointmentChange.objects.create(
        clinic=appointment.clinic,
        appointment=appointment,
        kind=kind,
        client=by if isinstance(by, Client) else None,
        staff=by if isinstance(by, StaffMember) else None,
        done_at=now,
        old_state=before.state if before else "",
        new_state=appointment.state,
        old_starts_at=before.starts_at if before else None,
        new_starts_at=appointment.starts_at,
        old_person_id=before.person_id if before else None,
        new_person_id=appointment.person_id,
        reason=reason,
    )
