"""One day as a table: a column for each person and room, rows of time, cells that span what they last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from bookings.availability.ruler import PER_DAY, Ruler, ones, units_in
from bookings.diary import reading
from bookings.diary.reading import Entry, Hours
from bookings.models import Closure, Resource
from bookings.picker import clock

if TYPE_CHECKING:
    from clinics.models import Clinic, StaffMember

# A line across the table every half an hour of the clock.
LINE_MINUTES = 30
PER_HOUR = PER_DAY // 24
# What is shown of a day on which nobody works and nothing is booked.
USUAL_HOURS = (8, 18)


@dataclass(slots=True)
class Cell:
    """Part of a column. `kind` is one of visit, held, kept (a buffer), closed, free, off."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    rows: int = 1
    entry: Entry | None = None
    closure: Closure | None = None
    resource: Resource | None = None
    # From when on it can still be booked; None for what is over.
    free_from: datetime | None = None

    @property
    def is_echo(self) -> bool:
        """Does the visit's person have it in a column of their own?"""
        at = self.resource
        return at is not None and self.entry is not None and self.entry.visit.person_id not in {None, at.pk}


@dataclass(slots=True)
class Row:
    """From one line to the next. `size` is in steps of five minutes."""

    label: str
    is_line: bool
    size: int
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Column:
    """Somebody's day. Visits that overlap, because one was over early, stand in lanes beside each other."""

    resource: Resource
    works: int
    closed: list[tuple[int, Closure]]
    held: int
    taken: int
    lanes: list[list[tuple[int, Entry]]]

    @property
    def is_shown(self) -> bool:
        return self.resource.is_active or bool(self.lanes[0])


@dataclass(frozen=True, slots=True)
class Day:
    """What the day's page shows."""

    on: date
    columns: list[Column]
    rows: list[Row]
    # In order of time; those that don't take place apart.
    entries: list[Entry]
    cancelled: list[Entry]
    closures: list[Closure]

    @property
    def unplaced(self) -> list[Entry]:
        """Those that no column shows."""
        return [one for one in self.entries if one.visit.person_id is None and one.visit.room_id is None]


def read_day(clinic: Clinic, on: date, *, member: StaffMember | None, now: datetime) -> Day:
    """A day of the clinic's, from midnight to midnight, with the member's own column first. Eight statements."""
    ruler = Ruler(clinic.zone, on, on)
    since, until = reading.window(ruler)
    entries = reading.entries_in(clinic, since, until, now=now)
    closures = reading.closures_in(clinic, since, until)
    taking_place = [entry for entry in entries if not entry.is_cancelled]
    columns = _columns(clinic, ruler, member, taking_place, closures)
    return Day(
        on=on,
        columns=columns,
        rows=_rows(ruler, columns, now),
        entries=taking_place,
        cancelled=[entry for entry in entries if entry.is_cancelled],
        closures=closures,
    )


def _columns(
    clinic: Clinic, ruler: Ruler, member: StaffMember | None, entries: list[Entry], closures: list[Closure]
) -> list[Column]:
    hours = Hours(clinic, ruler)
    held, taken = _claims(clinic, ruler)
    columns = []
    for resource in reading.resources_for(clinic, member):
        own = [entry for entry in entries if resource.pk in {entry.visit.person_id, entry.visit.room_id}]
        column = Column(
            resource=resource,
            works=hours.of(resource),
            closed=[
                (reading.bits_of(ruler, one.starts_at, one.ends_at), one)
                for one in closures
                if one.resource_id in {None, resource.pk}
            ],
            held=held.get(resource.pk, 0),
            taken=taken.get(resource.pk, 0),
            lanes=_lanes(ruler, own),
        )
        columns.append(column)
    return [column for column in columns if column.is_shown]


def _claims(clinic: Clinic, ruler: Ruler) -> tuple[dict[int, int], dict[int, int]]:
    """What clients hold who are confirming, and all that is taken, of each resource."""
    held: dict[int, int] = {}
    taken: dict[int, int] = {}
    for resource_id, blocked_at, blocked_until, hold_id in reading.claims_in(clinic, *reading.window(ruler)):
        bits = reading.bits_of(ruler, blocked_at, blocked_until)
        taken[resource_id] = taken.get(resource_id, 0) | bits
        if hold_id is not None:
            held[resource_id] = held.get(resource_id, 0) | bits
    return held, taken


def _lanes(ruler: Ruler, entries: list[Entry]) -> list[list[tuple[int, Entry]]]:
    lanes: list[list[tuple[int, Entry]]] = [[]]
    for entry in entries:
        bits = reading.bits_of(ruler, entry.visit.starts_at, entry.visit.ends_at)
        lane = next((lane for lane in lanes if not any(bits & other for other, _entry in lane)), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append((bits, entry))
    return lanes


def _rows(ruler: Ruler, columns: list[Column], now: datetime) -> list[Row]:
    edges = _edges(ruler, columns)
    lines = ruler.grid(LINE_MINUTES)
    rows = [
        Row(label=clock(ruler.moment(start)), is_line=bool(lines >> start & 1), size=end - start)
        for start, end in pairwise(edges)
    ]
    for column in columns:
        for number, lane in enumerate(column.lanes):
            for index, cell in _cells(ruler, column, lane, edges, is_first=number == 0, now=now):
                rows[index].cells.append(cell)
    return rows


def _edges(ruler: Ruler, columns: list[Column]) -> list[int]:
    """The units at which something begins or ends, and the lines, between the first and the last thing to show."""
    day = reading.day_mask(ruler)
    busy = 0
    for column in columns:
        # A room that is always there says nothing about when the day begins.
        busy |= column.taken | (column.works & day if column.works & day != day else 0)
        for lane in column.lanes:
            for bits, _entry in lane:
                busy |= bits
    busy &= day
    if not busy:
        first, last = USUAL_HOURS
        busy = ruler.bits(ruler.starts[1] + first * PER_HOUR, ruler.starts[1] + last * PER_HOUR) & day
    lines = ruler.grid(LINE_MINUTES) & day
    begin, end = (busy & -busy).bit_length() - 1, busy.bit_length()
    begin = max(units_in(lines & ones(begin + 1)), default=ruler.starts[1])
    end = min(units_in(lines & ~ones(end)), default=ruler.starts[2])
    edges = lines
    for column in columns:
        masks = [column.works, column.taken, column.held]
        masks += [bits for bits, _closure in column.closed]
        masks += [bits for lane in column.lanes for bits, _entry in lane]
        for mask in masks:
            edges |= mask ^ (mask << 1)
    return [begin, *units_in(edges & ones(end) & ~ones(begin + 1)), end]


def _cells(
    ruler: Ruler, column: Column, lane: list[tuple[int, Entry]], edges: list[int], *, is_first: bool, now: datetime
) -> Iterator[tuple[int, Cell]]:
    """Each cell of a lane with the row in which it begins: neighbours of one kind are one cell."""
    before: Cell | None = None
    for index, (start, end) in enumerate(pairwise(edges)):
        cell = _cell(column, lane, start, is_first=is_first, at=(ruler.moment(start), ruler.moment(end)))
        if before is not None and _is_same(before, cell):
            before.ends_at = cell.ends_at
            before.rows += 1
            _open(before, now)
            continue
        before = cell
        _open(cell, now)
        yield index, cell


def _cell(
    column: Column, lane: list[tuple[int, Entry]], unit: int, *, is_first: bool, at: tuple[datetime, datetime]
) -> Cell:
    bit = 1 << unit
    entry = next((entry for bits, entry in lane if bits & bit), None)
    if entry is not None:
        return Cell("visit", *at, entry=entry, resource=column.resource)
    if not is_first:
        return Cell("off", *at)
    if column.taken & bit:
        return Cell("held" if column.held & bit else "kept", *at)
    closure = next((closure for bits, closure in column.closed if bits & bit), None)
    if closure is not None:
        return Cell("closed", *at, closure=closure)
    return Cell("free" if column.works & bit else "off", *at, resource=column.resource)


def _is_same(one: Cell, other: Cell) -> bool:
    return (one.kind, one.entry, one.closure) == (other.kind, other.entry, other.closure)


def _open(cell: Cell, now: datetime) -> None:
    """A gap that is over can't be booked any more; one that has begun, from the next five minutes on."""
    if cell.kind == "free" and cell.ends_at > now and cell.resource is not None and cell.resource.is_active:
        coming = datetime.fromtimestamp(-(-int(now.timestamp()) // 300) * 300, cell.starts_at.tzinfo)
        cell.free_from = max(cell.starts_at, coming)
