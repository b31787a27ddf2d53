"""A visit's row under its lock: read as it is, looked for anew, put at another place."""

from __future__ import annotations

from datetime import datetime

from bookings import policy
from bookings.availability import Wanted
from bookings.models import Appointment, AppointmentPet
from bookings.taking import Place, claim, release
from pets.models import Pet


def locked(appointment: Appointment) -> Appointment:
    """The row as it is now, held until the transaction ends. After the locks of `taking.lock`, never before."""
    row = (
        Appointment.objects.for_clinic(appointment.clinic)
        .select_related("service", "client", "person")
        .select_for_update(of=("self",))
        .get(pk=appointment.pk)
    )
    row.clinic = row.client.clinic = row.service.clinic = appointment.clinic
    return row


def bring_up_to_date(appointment: Appointment, row: Appointment) -> None:
    """The caller's copy says what was written."""
    for field in Appointment._meta.concrete_fields:
        setattr(appointment, field.attname, getattr(row, field.attname))


def wanted_for(
    appointment: Appointment,
    *,
    person_id: int | None,
    by_staff: bool = False,
    pets: list[Pet] | None = None,
    counts_most: bool = False,
) -> Wanted:
    """What to look for when a visit is moved: its service and pets, with its own time free to it."""
    clinic = appointment.clinic
    if pets is None:
        there = AppointmentPet.objects.for_clinic(clinic).filter(appointment=appointment, removed_at=None)
        pets = list(Pet.objects.for_clinic(clinic).living().filter(pk__in=there.values("pet")).order_by("pk"))
    rules = policy.rules_for(appointment.service, policy.in_force(clinic))
    return Wanted(
        service=appointment.service,
        rules=rules,
        pets=pets,
        person_id=person_id,
        moving=appointment,
        by_staff=by_staff,
        counts_most=counts_most,
    )


def put(row: Appointment, place: Place, *, now: datetime) -> None:
    """Write a visit at its new place: its claims go from the old one to the new."""
    row.starts_at, row.ends_at = place.starts_at, place.ends_at
    row.person_id, row.room_id = place.person_id, place.room_id
    row.sequence += 1
    row.changed_at = now
    row.save()
    release(row)
    claim(row.clinic, place, row.service, promise=row)
