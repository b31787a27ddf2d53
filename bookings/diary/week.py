"""A week as a table: a row for each person and room, a column for each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bookings.availability.ruler import Ruler
from bookings.diary import reading
from bookings.diary.reading import DAY, Entry, Hours, Period
from bookings.models import Closure, Resource

if TYPE_CHECKING:
    from clinics.models import Clinic, StaffMember


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody's day in a few lines."""

    on: date
    is_today: bool
    # Empty for a room that is always there.
    hours: list[Period]
    is_always_there: bool
    closures: list[Closure]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    days: list[date]
    # Everybody that could be chosen, and those that are shown.
    resources: list[Resource]
    rows: list[tuple[Resource, list[Box]]]


def read_week(
    clinic: Clinic, monday: date, *, resource_id: int | None, member: StaffMember | None, now: datetime
) -> Week:
    """Monday to Sunday of everybody, or of one; an unknown one is everybody. Seven statements."""
    ruler = Ruler(clinic.zone, monday, monday + 6 * DAY)
    since, until = reading.window(ruler)
    entries = [one for one in reading.entries_in(clinic, since, until, now=now) if not one.is_cancelled]
    closures = reading.closures_in(clinic, since, until)
    hours = Hours(clinic, ruler)
    everybody = reading.resources_for(clinic, member)
    busy = {pk for one in entries for pk in (one.visit.person_id, one.visit.room_id)}
    everybody = [row for row in everybody if row.is_active or row.pk in busy]
    shown = [row for row in everybody if row.pk == resource_id] or everybody
    today = now.astimezone(clinic.zone).date()
    return Week(
        monday=monday,
        days=[monday + offset * DAY for offset in range(7)],
        resources=everybody,
        rows=[(row, _boxes(ruler, row, hours.of(row), closures, entries, today=today)) for row in shown],
    )


def _boxes(
    ruler: Ruler, resource: Resource, works: int, closures: list[Closure], entries: list[Entry], *, today: date
) -> list[Box]:
    boxes = []
    for index in range(1, len(ruler.days) - 1):
        bits = ruler.day_bits(index)
        there = works & bits
        day = ruler.days[index]
        boxes.append(
            Box(
                on=day,
                is_today=day == today,
                hours=[] if there == bits else reading.periods(ruler, there),
                is_always_there=there == bits,
                closures=[
                    one
                    for one in closures
                    if one.resource_id in {None, resource.pk}
                    and reading.bits_of(ruler, one.starts_at, one.ends_at) & bits
                ],
                entries=[
                    one
                    for one in entries
                    if resource.pk in {one.visit.person_id, one.visit.room_id}
                    and one.visit.starts_at.astimezone(ruler.zone).date() == day
                ],
            )
        )
    return boxes
