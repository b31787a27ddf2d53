"""Times at which nobody can be booked, and the visits that they hit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from bookings.models import LONGEST_CLAIM, Appointment, Closure, Resource
from bookings.taking import taking

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from clinics.models import Clinic, StaffMember


@transaction.atomic
def close_time(
    *,
    clinic: Clinic,
    resource: Resource | None,
    starts_at: datetime,
    ends_at: datetime,
    by: StaffMember | None,
    reason: str = "",
) -> Closure:
    """Let nobody be booked from one moment to another: a person, a room or, with None, the whole clinic.

    It waits for bookings that are being made at this moment: they are among `visits_hit` afterwards, and whoever comes
    later is refused. Raises TimeTaken if they take too long.
    """
    with taking():
        rows = Resource.objects.for_clinic(clinic)
        wanted = rows if resource is None else rows.filter(pk=resource.pk)
        list(wanted.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        return Closure.objects.create(
            clinic=clinic, resource=resource, starts_at=starts_at, ends_at=ends_at, reason=reason, created_by=by
        )


@transaction.atomic
def move_closure(*, closure: Closure, starts_at: datetime, ends_at: datetime, reason: str) -> Closure:
    """Change when a closure is. Locks as `close_time`. Raises TimeTaken."""
    with taking():
        rows = Resource.objects.for_clinic(closure.clinic)
        wanted = rows if closure.resource_id is None else rows.filter(pk=closure.resource_id)
        list(wanted.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        closure.starts_at, closure.ends_at, closure.reason = starts_at, ends_at, reason
        closure.save(update_fields=["starts_at", "ends_at", "reason"])
    return closure


def reopen_time(*, closure: Closure) -> None:
    """Take a closure back."""
    closure.delete()


def visits_hit(*, closure: Closure) -> QuerySet[Appointment]:
    """Visits with a claim inside a closure, buffers included, in order of time."""
    inside = Q(claims__blocked_at__lt=closure.ends_at, claims__blocked_until__gt=closure.starts_at)
    # No claim is longer, so the index needn't be read from its beginning.
    inside &= Q(claims__blocked_at__gt=closure.starts_at - LONGEST_CLAIM)
    inside &= (
        Q(claims__resource__isnull=False) if closure.resource_id is None else Q(claims__resource=closure.resource_id)
    )
    visits = Appointment.objects.for_clinic(closure.clinic).blocking().filter(inside)
    return visits.with_names().distinct().order_by("starts_at", "id")
