"""The one function that takes time, for every path: booking, holding, moving, accepting, staff (ADR 0015).

Locks come first and always in the same order: the client, pets by id, the service, people and rooms by id, then the
visit's own row (its caller's). So rivals queue up instead of deadlocking, and what is read under the locks stays true
until the commit. The exclusion constraints of `Claim` stand behind it, for whatever a bug or a hand-written statement
might do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from bookings import availability
from bookings.availability import Wanted
from bookings.models import (
    ONE_VISIT_PER_PET,
    ONE_VISIT_PER_RESOURCE,
    Appointment,
    Claim,
    Hold,
    Resource,
    Service,
    ServiceResource,
)
from clients.models import Client
from pets.models import Pet
from portal.kit.database import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE, broke
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from bookings.availability import Openings
    from clinics.models import Clinic

# How long somebody waits for rivals. Long queues end in “that time has just gone”, not in a hanging page.
LOCK_TIMEOUT = "3s"


class TimeTaken(Refusal):
    """Somebody was faster, or the time was closed meanwhile."""

    message = gettext_lazy("That time has just gone. Nothing has changed yet.")


class NoSuchTime(Refusal):
    """Off the grid, outside of the hours, in the past, too soon or too far ahead: not a time that is offered."""

    message = gettext_lazy("That isn’t a time that can be booked. Choose one of those below.")


class PetIsBusy(Refusal):
    message = gettext_lazy("There is another appointment at that time already.")


@dataclass(frozen=True, slots=True)
class Place:
    """What a visit got: when, with whom and where, and which of the pets are still there."""

    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    room_id: int | None
    pets: list[Pet]


@contextmanager
def taking() -> Iterator[None]:
    """A savepoint in which every way of losing a race is TimeTaken, so that the refusal undoes only the attempt."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            yield
    except IntegrityError as error:
        if broke(error, ONE_VISIT_PER_RESOURCE) or broke(error, ONE_VISIT_PER_PET):
            raise TimeTaken from error
        raise
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED}:
            raise TimeTaken from error
        raise


def lock(clinic: Clinic, wanted: Wanted) -> list[Pet]:
    """Take the locks of everything that the visit might use. Returns the living pets as they are now."""
    pets = lock_pets(clinic, wanted)
    lock_resources(clinic, wanted)
    return pets


def lock_pets(clinic: Clinic, wanted: Wanted) -> list[Pet]:
    """The living ones, as they are now."""
    ids = [pet.pk for pet in wanted.pets]
    pets = Pet.objects.for_clinic(clinic).filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return [pet for pet in pets if pet.is_living]


def lock_resources(clinic: Clinic, wanted: Wanted, *, holds: list[Hold] | None = None) -> None:
    """The service, people and rooms: what rivals queue for, so last, and after everything that can be refused before.

    `holds` are going to be dropped, so that what they keep is locked as well: a rival may be clearing it away.
    """
    if wanted.service.most_per_day:
        list(
            Service.objects.for_clinic(clinic)
            .filter(pk=wanted.service.pk)
            .select_for_update(no_key=True)
            .values_list("pk")
        )
    able = Q(pk__in=ServiceResource.objects.for_clinic(clinic).filter(service=wanted.service).values("resource"))
    if wanted.person_id is not None:
        able &= ~Q(kind=Resource.Kind.PERSON) | Q(pk=wanted.person_id)
    kept = [row_id for hold in holds or () for row_id in (hold.person_id, hold.room_id) if row_id is not None]
    needed = Resource.objects.for_clinic(clinic).filter(able | Q(pk__in=kept))
    resources = list(needed.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    _drop_expired(clinic, resources, [pet.pk for pet in wanted.pets])


def lock_client(client: Client) -> None:
    """One act of a client's after the other: what is counted by client, like holds and visits ahead, stays true.

    Before any other lock of this module.
    """
    list(Client.objects.for_clinic(client.clinic).filter(pk=client.pk).select_for_update(no_key=True).values_list("pk"))


def _drop_expired(clinic: Clinic, resources: list[int], pets: list[int]) -> None:
    """The constraint knows no clock: what has expired goes before anybody asks it. Only of what is locked here."""
    Claim.objects.for_clinic(clinic).filter(Q(resource__in=resources) | Q(pet__in=pets), expires_at__lte=Now()).delete()


def find_place(clinic: Clinic, wanted: Wanted, *, starts_at: datetime, now: datetime) -> Place:
    """Who and where, for exactly this time. Must be called after `lock`. Raises TimeTaken, PetIsBusy or NoSuchTime."""
    # Real time from here on: on the clinic's clock an hour may be missing, or come twice.
    starts_at = starts_at.astimezone(UTC)
    day = starts_at.astimezone(clinic.zone).date()
    openings = availability.read(clinic, wanted, first=day, last=day, now=now)
    if not openings.is_free(starts_at):
        raise _why(openings, starts_at, day, now.astimezone(clinic.zone).date())
    return Place(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=wanted.minutes),
        person_id=_person(openings, starts_at, wanted),
        room_id=next((room.pk for room in openings.rooms_at(starts_at)), None),
        pets=wanted.pets,
    )


def _why(openings: Openings, starts_at: datetime, day: date, today: date) -> Refusal:
    if day < today or not openings.is_possible(starts_at):
        return NoSuchTime()
    return PetIsBusy() if openings.is_clash(starts_at) else TimeTaken()


def _person(openings: Openings, starts_at: datetime, wanted: Wanted) -> int | None:
    """Whom it is with already, or who was held for it, else whoever has most of that day left."""
    free = [one.pk for one in openings.people_at(starts_at)]
    known = wanted.moving or wanted.hold
    if known is not None and known.person_id in free:
        return known.person_id
    return min(free, key=lambda person_id: (openings.load_of(person_id, starts_at), person_id), default=None)


def claim(clinic: Clinic, place: Place, service: Service, *, promise: Appointment | Hold) -> None:
    """Write the claims of a promise: one for each person and room, with the buffers, and one for each pet."""
    blocked_at = place.starts_at - timedelta(minutes=service.buffer_before)
    blocked_until = place.ends_at + timedelta(minutes=service.buffer_after)
    of = {"hold": promise, "expires_at": promise.expires_at} if isinstance(promise, Hold) else {"appointment": promise}
    resources = [row_id for row_id in (place.person_id, place.room_id) if row_id is not None]
    claims = [
        Claim(clinic=clinic, resource_id=row_id, blocked_at=blocked_at, blocked_until=blocked_until, **of)
        for row_id in sorted(resources)
    ]
    claims += [
        Claim(clinic=clinic, pet=pet, blocked_at=place.starts_at, blocked_until=place.ends_at, **of)
        for pet in place.pets
    ]
    Claim.objects.bulk_create(claims)


def release(promise: Appointment | Hold) -> None:
    """Give the time of a promise back."""
    promise.claims.all().delete()
