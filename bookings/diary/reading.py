"""A day or a week of the clinic's, as staff see it: who is where, what is closed, what is free.

Working hours are read here as `availability` reads them; tests/bookings/test_diary.py holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from bookings import policy
from bookings.availability.ruler import Ruler, ones, units_in
from bookings.models import (
    CANCELLED,
    Appointment,
    AppointmentPet,
    Claim,
    Closure,
    Resource,
    State,
    WorkingException,
    WorkingHours,
)
from clinics.models import HoursException
from pets.models import CareRecord

if TYPE_CHECKING:
    from clinics.models import Clinic, StaffMember
    from pets.models import Pet

DAY = timedelta(days=1)
type Spans = list[tuple[time, time]]


@dataclass(slots=True)
class Entry:
    """A visit as a diary shows it."""

    visit: Appointment
    pets: list[Pet]
    # Has the clinic not met them yet?
    is_new: bool
    # Over for a while, and nobody has said whether they came.
    is_perhaps_missed: bool
    # What staff may click next; filled in by the screen.
    marks: Sequence[State] = field(default_factory=tuple)

    @property
    def names(self) -> str:
        return ", ".join(pet.name for pet in self.pets)

    @property
    def is_cancelled(self) -> bool:
        return self.visit.state in CANCELLED


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to another, in the clinic's zone."""

    starts_at: datetime
    ends_at: datetime


class Hours:
    """When people and rooms are there on some days, closures not counted: a bit for each unit of the ruler. Three
    statements for everybody."""

    def __init__(self, clinic: Clinic, ruler: Ruler) -> None:
        self._ruler = ruler
        first, last = ruler.days[0], ruler.days[-1]
        self._usual: dict[int, list[WorkingHours]] = defaultdict(list)
        for row in WorkingHours.objects.for_clinic(clinic).filter(
            Q(first_on=None) | Q(first_on__lte=last), Q(last_on=None) | Q(last_on__gte=first)
        ):
            self._usual[row.resource_id].append(row)
        self._own: dict[tuple[int, date], Spans] = defaultdict(list)
        for own in WorkingException.objects.for_clinic(clinic).filter(on__range=(first, last)):
            self._own[own.resource_id, own.on] += _span(own.starts, own.ends)
        self._clinics: dict[date, Spans] = defaultdict(list)
        for theirs in HoursException.objects.for_clinic(clinic).filter(on__range=(first, last)):
            self._clinics[theirs.on] += _span(theirs.opens, theirs.closes)

    def of(self, resource: Resource) -> int:
        """A room without hours is always there."""
        usual, mask = self._usual.get(resource.pk), 0
        for index, day in enumerate(self._ruler.days):
            if (resource.pk, day) in self._own:
                mask |= self._bits(index, self._own[resource.pk, day])
            elif usual is not None:
                mask |= self._usually(index, day, usual)
            elif resource.kind == Resource.Kind.ROOM:
                mask |= self._ruler.day_bits(index)
        return mask

    def _usually(self, index: int, day: date, usual: list[WorkingHours]) -> int:
        spans = [
            (row.starts, row.ends)
            for row in usual
            if row.weekday == day.weekday() and (row.first_on or day) <= day <= (row.last_on or day)
        ]
        mask = self._bits(index, spans)
        return mask & self._bits(index, self._clinics[day]) if day in self._clinics else mask

    def _bits(self, index: int, spans: Spans) -> int:
        mask = 0
        for starts, ends in spans:
            mask |= self._ruler.bits(*self._ruler.span(index, starts, ends))
        return mask


def _span(starts: time | None, ends: time | None) -> Spans:
    return [] if starts is None or ends is None else [(starts, ends)]


def bits_of(ruler: Ruler, starts_at: datetime, ends_at: datetime) -> int:
    """The units that a span touches."""
    return ruler.bits(ruler.unit_of(starts_at), ruler.unit_after(ends_at))


def periods(ruler: Ruler, mask: int) -> list[Period]:
    """The unbroken runs of a mask, in order of time."""
    edges = units_in(mask ^ (mask << 1))
    return [Period(ruler.moment(start), ruler.moment(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def window(ruler: Ruler) -> tuple[datetime, datetime]:
    """From where the days asked for begin to where they end, without the ruler's margins."""
    return ruler.moment(ruler.starts[1]), ruler.moment(ruler.starts[len(ruler.days) - 1])


def resources_for(clinic: Clinic, member: StaffMember | None) -> list[Resource]:
    """Everybody and every room, the member's own diary first; those out of use are the caller's to leave out."""
    rows = list(Resource.objects.for_clinic(clinic).in_order())
    mine = member.pk if member else None
    return sorted(rows, key=lambda row: mine is None or row.staff_id != mine)


def closures_in(clinic: Clinic, since: datetime, until: datetime) -> list[Closure]:
    rows = Closure.objects.for_clinic(clinic).filter(ends_at__gt=since, starts_at__lt=until)
    return list(rows.order_by("starts_at", "pk"))


def claims_in(clinic: Clinic, since: datetime, until: datetime) -> list[Any]:
    """(resource, from, until, is a hold) of all that is taken, buffers included."""
    rows = Claim.objects.for_clinic(clinic).filter(
        Q(expires_at=None) | Q(expires_at__gt=Now()),
        resource__isnull=False,
        blocked_at__gt=since - DAY,
        blocked_at__lt=until,
        blocked_until__gt=since,
    )
    return list(rows.values_list("resource_id", "blocked_at", "blocked_until", "hold_id"))


def entries_in(clinic: Clinic, since: datetime, until: datetime, *, now: datetime) -> list[Entry]:
    """All visits of a stretch of time, in order; two statements."""
    rows = Appointment.objects.for_clinic(clinic).filter(
        starts_at__gt=since - DAY, starts_at__lt=until, ends_at__gt=since
    )
    return entries(clinic, rows.order_by("starts_at", "pk"), now=now)


def entries(clinic: Clinic, rows: Any, *, now: datetime) -> list[Entry]:
    """Visits with their pets, and whether the clinic has met the clients; two statements."""
    of_client = {"client": OuterRef("client")}
    been = Appointment.objects.for_clinic(clinic).filter(**of_client, state=State.COMPLETED)
    treated = CareRecord.objects.for_clinic(clinic).filter(pet__owner=OuterRef("client"))
    visits = list(
        rows.select_related("service", "client", "person", "room").annotate(
            has_been=Exists(been), was_treated=Exists(treated)
        )
    )
    pets = pets_of(clinic, visits)
    for visit in visits:
        visit.clinic = visit.client.clinic = visit.service.clinic = clinic
    return [
        Entry(
            visit=visit,
            pets=pets[visit.pk],
            is_new=not (visit.has_been or visit.was_treated or visit.client.external_id),
            is_perhaps_missed=is_perhaps_missed(visit, now=now),
        )
        for visit in visits
    ]


def pets_of(clinic: Clinic, visits: Sequence[Appointment]) -> dict[int, list[Pet]]:
    """Who each visit is for: without pets that have left it, unless it ended when they did."""
    found: dict[int, list[Pet]] = defaultdict(list)
    gone: dict[int, list[Pet]] = defaultdict(list)
    rows = AppointmentPet.objects.for_clinic(clinic).filter(appointment__in=[visit.pk for visit in visits])
    for row in rows.select_related("pet").order_by("pk"):
        (gone if row.removed_at else found)[row.appointment_id].append(row.pet)
    for visit_id, left in gone.items():
        found[visit_id] = found[visit_id] or left
    return found


def is_perhaps_missed(visit: Appointment, *, now: datetime) -> bool:
    """Has it been over for longer than the grace, with nobody saying that they came?"""
    return visit.state == State.CONFIRMED and now >= visit.ends_at + policy.NO_SHOW_GRACE


def day_mask(ruler: Ruler) -> int:
    """The units of the days asked for."""
    return ones(ruler.starts[len(ruler.days) - 1]) & ~ones(ruler.starts[1])
