"""The end of a visit that doesn't take place."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings import notices, policy
from bookings.actions.changes import note_change
from bookings.appointments import bring_up_to_date, locked, put, wanted_for
from bookings.models import Appointment, AppointmentChange, AppointmentPet, AppointmentQuerySet, Claim, State
from bookings.taking import find_place, lock, release, taking
from clients.models import Client
from clinics.models import StaffMember
from pets.actions import Removal
from pets.models import Pet
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from bookings.policy import Cancellation
    from pets.history import Author


# How often one visit's cancellation may be taken back: each time messages go out.
MOST_UNDONE = 3


class NothingToUndo(Refusal):
    message = gettext_lazy("This can’t be taken back any more. You can book a new time.")


@transaction.atomic
def cancel_appointment(
    *, appointment: Appointment, by: Author, now: datetime, reason: str = "", announced: str = ""
) -> Cancellation:
    """Cancel a visit and tell its client; the time is free at once. Returns what it came to.

    `announced` is the state that the page said it would end in: nobody cancels late who was told that it is free.
    Raises NowLate then, and TooLateToCancel, VisitOver or VisitBegun. Cancelling what is cancelled changes nothing.
    """
    row = locked(appointment)
    verdict = policy.cancellation(row, by_staff=isinstance(by, StaffMember), now=now)
    if row.state in {State.CANCELLED_BY_CLIENT, State.LATE_CANCELLED, State.CANCELLED_BY_CLINIC}:
        bring_up_to_date(appointment, row)
        return policy.Cancellation(State(row.state), None)
    if verdict.refusal:
        raise verdict.refusal
    if verdict.is_late and announced not in {"", verdict.state}:
        raise policy.NowLate
    change = end_visit(
        row=row, state=verdict.state, kind=AppointmentChange.Kind.CANCELLED, by=by, now=now, reason=reason
    )
    notices.appointment_cancelled(change, now=now)
    bring_up_to_date(appointment, row)
    return verdict


def end_visit(
    *,
    row: Appointment,
    state: State,
    kind: AppointmentChange.Kind,
    by: Author,
    now: datetime,
    reason: str = "",
    reason_code: str = "",
) -> AppointmentChange:
    """Bring a locked visit to one of its ends: its time is free, its calendar entry changes."""
    before = copy(row)
    row.state, row.ended_at, row.changed_at = state, now, now
    row.reason, row.reason_code, row.is_proposal = reason, reason_code, False
    row.sequence += 1
    row.save()
    release(row)
    return note_change(appointment=row, kind=kind, by=by, now=now, before=before, reason=reason)


@transaction.atomic
def undo_cancellation(*, appointment: Appointment, by: Client, now: datetime) -> Appointment:
    """Take a cancellation back while the time is free. Raises NothingToUndo, TimeTaken or PetIsBusy."""
    clinic = appointment.clinic
    with taking():
        # Asked as staff: the visit had this time, whatever notice or grid would say to a new one.
        wanted = wanted_for(appointment, person_id=appointment.person_id, by_staff=True)
        pets = lock(clinic, wanted)
        row = locked(appointment)
        if not policy.can_undo(row, now=now) or not pets:
            raise NothingToUndo
        before = copy(row)
        history = AppointmentChange.objects.for_clinic(clinic).filter(appointment=row)
        if history.filter(kind=AppointmentChange.Kind.RESTORED).count() >= MOST_UNDONE:
            raise NothingToUndo
        last, *earlier = history.order_by("-id")[:2]
        if last.kind != AppointmentChange.Kind.CANCELLED:
            # Staff have put something right since.
            raise NothingToUndo
        row.state, row.ended_at = State(last.old_state), None
        row.is_proposal = bool(earlier) and earlier[0].kind == AppointmentChange.Kind.PROPOSED
        row.reason = earlier[0].reason if row.is_proposal else ""
        wanted = wanted_for(row, person_id=row.person_id, by_staff=True, pets=pets, counts_most=True)
        put(row, find_place(clinic, wanted, starts_at=row.starts_at, now=now), now=now)
    change = note_change(appointment=row, kind=AppointmentChange.Kind.RESTORED, by=by, now=now, before=before)
    notices.appointment_restored(change, now=now)
    bring_up_to_date(appointment, row)
    return appointment


@transaction.atomic
def take_pet_out(*, pet: Pet, reason_code: str, now: datetime) -> list[Appointment]:
    """A pet is gone: its upcoming visits are cancelled without any cost (R25); one for several pets goes on for the
    others. Returns those that were cancelled. The pet's row is locked by whoever says so."""
    return _take_out(pet, Appointment.objects.for_clinic(pet.clinic), reason_code=reason_code, now=now)


@transaction.atomic
def take_pet_from_others(*, pet: Pet, now: datetime) -> list[Appointment]:
    """A pet is another client's now: visits that the former one booked for it end, as if it had left their list."""
    owner = Pet.objects.for_clinic(pet.clinic).filter(pk=pet.pk).values("owner")
    visits = Appointment.objects.for_clinic(pet.clinic).exclude(client__in=owner)
    return _take_out(pet, visits, reason_code=Removal.REMOVED, now=now)


def _take_out(pet: Pet, visits: AppointmentQuerySet, *, reason_code: str, now: datetime) -> list[Appointment]:
    clinic = pet.clinic
    upcoming = visits.blocking().filter(ends_at__gt=now)
    ids = upcoming.filter(pets=pet).order_by("pk").values_list("pk", flat=True)
    rows = list(
        Appointment.objects.for_clinic(clinic)
        .filter(pk__in=list(ids))
        .select_related("service", "client", "person")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    gone = []
    for row in rows:
        row.clinic = row.client.clinic = row.service.clinic = clinic
        if not row.is_ended and _leave(row, pet, reason_code=reason_code, now=now):
            gone.append(row)
    return gone


def _leave(row: Appointment, pet: Pet, *, reason_code: str, now: datetime) -> bool:
    """Take the pet out of one visit. True if that ends it."""
    kind, clinic = AppointmentChange.Kind, row.clinic
    there = AppointmentPet.objects.for_clinic(clinic).filter(appointment=row, removed_at=None)
    if not there.filter(pet=pet).update(removed_at=now):
        return False
    if there.exists():
        Claim.objects.for_clinic(clinic).filter(appointment=row, pet=pet).delete()
        note_change(appointment=row, kind=kind.PET_LEFT, by=None, now=now, before=row, reason=pet.name)
        return False
    change = end_visit(
        row=row, state=State.CANCELLED_BY_CLIENT, kind=kind.CANCELLED, by=None, now=now, reason_code=reason_code
    )
    notices.appointment_cancelled(change, now=now)
    return True
