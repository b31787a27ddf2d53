"""Everything that decides which times can be had, in one statement, and the diaries made of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from bookings.availability.openings import Candidate, Openings
from bookings.availability.ruler import UNIT, Ruler, ones, runs
from bookings.models import UNIT_MINUTES, Resource
from bookings.policy import Rules

if TYPE_CHECKING:
    from bookings.models import Appointment, Hold, Service
    from clinics.models import Clinic
    from pets.models import Pet

# Intervals come as two arrays of units for each person, room or pet: thousands of timestamps, or of rows of JSON, would
# cost PostgreSQL and Python more than finding the times does.
# A claim is at most a day long (LONGEST_CLAIM), so those that reach into the window start within a day before it.
STATEMENT = """
WITH able AS (
    SELECT resource.id, resource.kind, resource.name, resource.job, resource.position,
        resource.is_active OR resource.id = ANY(%(kept)s) AS is_there
    FROM bookings_serviceresource link JOIN bookings_resource resource ON resource.id = link.resource_id
    WHERE link.clinic_id = %(clinic)s AND link.service_id = %(service)s
)
SELECT json_build_object(
    'able', (SELECT json_agg(able ORDER BY position, name, id) FROM able),
    'hours', (
        SELECT json_agg(json_build_array(resource_id, weekday, starts, ends, first_on, last_on))
        FROM bookings_workinghours WHERE clinic_id = %(clinic)s AND resource_id IN (SELECT id FROM able)
            AND (first_on IS NULL OR first_on <= %(last)s) AND (last_on IS NULL OR last_on >= %(first)s)),
    'exceptions', (
        SELECT json_agg(json_build_array(resource_id, "on", starts, ends)) FROM bookings_workingexception
        WHERE clinic_id = %(clinic)s AND resource_id IN (SELECT id FROM able) AND "on" BETWEEN %(first)s AND %(last)s),
    'clinic_exceptions', (
        SELECT json_agg(json_build_array("on", opens, closes)) FROM clinics_hoursexception
        WHERE clinic_id = %(clinic)s AND "on" BETWEEN %(first)s AND %(last)s),
    'closures', (
        SELECT json_agg(json_build_array(whose, starts, ends)) FROM (
            SELECT resource_id AS whose, array_agg(floor(date_part('epoch', starts_at) / %(unit)s)::int) AS starts,
                array_agg(ceil(date_part('epoch', ends_at) / %(unit)s)::int) AS ends
            FROM bookings_closure WHERE clinic_id = %(clinic)s AND ends_at > %(from)s AND starts_at < %(until)s
                AND (resource_id IS NULL OR resource_id IN (SELECT id FROM able))
            GROUP BY resource_id) closed),
    'claims', (
        SELECT json_agg(json_build_array(whose, starts, ends)) FROM (
            SELECT resource_id AS whose, array_agg(floor(date_part('epoch', blocked_at) / %(unit)s)::int) AS starts,
                array_agg(ceil(date_part('epoch', blocked_until) / %(unit)s)::int) AS ends
            FROM bookings_claim WHERE clinic_id = %(clinic)s AND resource_id IN (SELECT id FROM able)
                AND blocked_at >= %(from)s - interval '1 day' AND blocked_at < %(until)s AND blocked_until > %(from)s
                AND (expires_at IS NULL OR expires_at > statement_timestamp())
                AND appointment_id IS DISTINCT FROM %(appointment)s AND hold_id IS DISTINCT FROM %(hold)s
            GROUP BY resource_id) taken),
    'pets', (
        SELECT json_agg(json_build_array(whose, starts, ends)) FROM (
            SELECT pet_id AS whose, array_agg(floor(date_part('epoch', blocked_at) / %(unit)s)::int) AS starts,
                array_agg(ceil(date_part('epoch', blocked_until) / %(unit)s)::int) AS ends
            FROM bookings_claim WHERE clinic_id = %(clinic)s AND pet_id = ANY(%(pets)s)
                AND blocked_at >= %(from)s - interval '1 day' AND blocked_at < %(until)s AND blocked_until > %(from)s
                AND (expires_at IS NULL OR expires_at > statement_timestamp())
                AND appointment_id IS DISTINCT FROM %(appointment)s AND hold_id IS DISTINCT FROM %(hold)s
            GROUP BY pet_id) busy),
    'full', (
        SELECT json_agg(day) FROM (
            SELECT (starts_at AT TIME ZONE %(zone)s)::date AS day FROM (
                SELECT starts_at FROM bookings_appointment
                WHERE clinic_id = %(clinic)s AND service_id = %(service)s AND state = ANY(%(counted)s)
                    AND starts_at >= %(from)s AND starts_at < %(until)s AND id IS DISTINCT FROM %(appointment)s
                UNION ALL
                SELECT starts_at FROM bookings_hold
                WHERE clinic_id = %(clinic)s AND service_id = %(service)s AND expires_at > statement_timestamp()
                    AND starts_at >= %(from)s AND starts_at < %(until)s AND id IS DISTINCT FROM %(hold)s) taken
            WHERE %(most)s > 0 GROUP BY day HAVING count(*) >= %(most)s) days)
)::text
"""
# What counts towards a service's most in one day: promised, under way or done.
COUNTED = ["requested", "confirmed", "arrived", "in_progress", "completed", "no_show"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for a time for.

    `moving` and `hold` are their own already, so what these take up is free to them. Staff aren't bound by notice,
    horizon, grid, working hours or the most per day; closures and what is taken bind everybody.
    """

    service: Service
    rules: Rules
    pets: list[Pet] = field(default_factory=list)
    # For somebody who hasn't said yet which pets.
    pet_count: int = 1
    person_id: int | None = None
    moving: Appointment | None = None
    hold: Hold | None = None
    by_staff: bool = False
    # For staff's freedom without this one: somebody else may have had the day's last place.
    counts_most: bool = False

    @property
    def minutes(self) -> int:
        """Of the visit, without buffers. A move keeps the length that the visit has."""
        if self.moving is not None:
            return int(self.moving.length.total_seconds()) // 60
        return self.service.minutes_for(len(self.pets) or self.pet_count)


def read(clinic: Clinic, wanted: Wanted, *, first: date, last: date, now: datetime) -> Openings:
    """The times of the days from `first` to `last` of the clinic's, as of `now`. One statement.

    Days before today and beyond the horizon have none.
    """
    today = now.astimezone(clinic.zone).date()
    first = max(first, today)
    if not wanted.by_staff:
        last = min(last, today + timedelta(days=wanted.rules.horizon_days))
    ruler = Ruler(clinic.zone, first, max(first, last))
    diaries = _Diaries(ruler, _fetch(clinic, wanted, ruler))
    return _openings(diaries, wanted, now=now, is_empty=last < first)


def _fetch(clinic: Clinic, wanted: Wanted, ruler: Ruler) -> dict[str, Any]:
    kept = [row_id for row_id in (wanted.moving.person_id, wanted.moving.room_id) if row_id] if wanted.moving else []
    asked: dict[str, Any] = {
        "clinic": clinic.pk,
        "service": wanted.service.pk,
        "kept": kept,
        "first": ruler.days[0],
        "last": ruler.days[-1],
        "from": ruler.moment(0),
        "until": ruler.moment(ruler.length),
        "pets": [pet.pk for pet in wanted.pets],
        # No row has the number 0; NULL would be “not distinct” from every claim without a hold.
        "appointment": wanted.moving.pk if wanted.moving else 0,
        "hold": wanted.hold.pk if wanted.hold else 0,
        "zone": clinic.time_zone,
        "unit": UNIT,
        "counted": COUNTED,
        "most": (wanted.service.most_per_day or 0) if wanted.counts_most or not wanted.by_staff else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, asked)
        (text,) = cursor.fetchone()
    found: dict[str, Any] = json.loads(text)
    return {name: rows or [] for name, rows in found.items()}


class _Diaries:
    """For each person and room: the units in which they work, and those in which they are taken."""

    def __init__(self, ruler: Ruler, found: dict[str, Any]) -> None:
        self.ruler, self.found = ruler, found
        self.taken = self._marked("claims")
        self.pets_taken = 0
        for mask in self._marked("pets").values():
            self.pets_taken |= mask
        closed = self._marked("closures")
        self.all_closed = closed.pop(None, 0)
        self.closed = closed
        self.all = ones(ruler.length)
        self._usual: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for resource_id, weekday, starts, ends, first_on, last_on in found["hours"]:
            span = time.fromisoformat(starts), time.fromisoformat(ends), first_on or "", last_on or "9999"
            self._usual[resource_id][weekday].append(span)
        self._exceptions = _by_day((row[0], row[1], row[2], row[3]) for row in found["exceptions"])
        self._clinics = _by_day((0, *row) for row in found["clinic_exceptions"]).get(0, {})

    def _marked(self, name: str) -> dict[int | None, int]:
        """Rows of [whose, units from, units until] as bits: a unit that is touched is taken."""
        marked: dict[int | None, int] = {}
        origin, length = self.ruler.origin, self.ruler.length
        for whose, starts, ends in self.found[name]:
            # A byte for each unit first: many short writes to a long integer would copy it each time.
            units = bytearray(b"0" * length)
            for start, end in zip(starts, ends, strict=True):
                first, last = max(start - origin, 0), min(end - origin, length)
                if first < last:
                    units[length - last : length - first] = b"1" * (last - first)
            marked[whose] = int(units, 2)
        return marked

    def works(self, resource_id: int, *, is_room: bool) -> int:
        """When somebody is there, by the week, its exceptions and the clinic's. A room without hours always is."""
        usual, own = self._usual.get(resource_id), self._exceptions.get(resource_id, {})
        mask = 0
        for index, day in enumerate(self.ruler.days):
            iso = day.isoformat()
            if iso in own:
                mask |= self._spans(index, own[iso])
            elif usual is not None:
                mask |= self._usually(index, day.weekday(), iso, usual)
            elif is_room:
                mask |= self.ruler.day_bits(index)
        return mask

    def _usually(self, index: int, weekday: int, iso: str, usual: dict[int, list[Any]]) -> int:
        spans = [(starts, ends) for starts, ends, since, until in usual.get(weekday, ()) if since <= iso <= until]
        mask = self._spans(index, spans)
        return mask & self._spans(index, self._clinics[iso]) if iso in self._clinics else mask

    def _spans(self, index: int, spans: list[tuple[time, time]]) -> int:
        mask = 0
        for starts, ends in spans:
            mask |= self.ruler.bits(*self.ruler.span(index, starts, ends))
        return mask

    def open_to(self, resource_id: int) -> int:
        """Without the closures."""
        return self.all & ~(self.all_closed | self.closed.get(resource_id, 0))


def _by_day(rows: Any) -> dict[int, dict[str, list[tuple[time, time]]]]:
    """Exceptions by whose and by day. A day without times is there, and empty: nobody works."""
    found: dict[int, dict[str, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    for whose, day, starts, ends in rows:
        spans = found[whose][day]
        if starts is not None and ends is not None:
            spans.append((time.fromisoformat(starts), time.fromisoformat(ends)))
    return found


def _openings(diaries: _Diaries, wanted: Wanted, *, now: datetime, is_empty: bool) -> Openings:
    ruler, found = diaries.ruler, diaries.found
    allowed = 0 if is_empty else _allowed(diaries, wanted, now=now)
    left = _left(diaries)
    length = wanted.minutes // UNIT_MINUTES
    people: list[Candidate] = []
    rooms: list[Candidate] = []
    for row in found["able"]:
        if not row["is_there"]:
            continue
        is_room = row["kind"] == Resource.Kind.ROOM
        is_there = diaries.open_to(row["id"])
        if not wanted.by_staff:
            is_there &= diaries.works(row["id"], is_room=is_room)
        possible = runs(is_there, length)
        free = possible & _untaken(diaries.taken.get(row["id"], 0), wanted, diaries)
        candidate = Candidate(row["id"], row["name"], row["job"], possible & allowed, free & allowed & left)
        (rooms if is_room else people).append(candidate)
    clash = ~runs(diaries.all & ~diaries.pets_taken, length) if diaries.pets_taken else 0
    # Who is switched off is asked for all the same: without them it can't be had, rather than without anybody.
    kinds = {row["kind"] for row in found["able"]}
    return Openings(
        ruler,
        people=people,
        rooms=rooms,
        needs_person=Resource.Kind.PERSON in kinds,
        needs_room=Resource.Kind.ROOM in kinds,
        person_id=wanted.person_id,
        clash=clash,
        minutes=wanted.minutes,
    )


def _untaken(taken: int, wanted: Wanted, diaries: _Diaries) -> int:
    """Where a visit with its buffers overlaps nothing that is taken."""
    before = wanted.service.buffer_before // UNIT_MINUTES
    total = (wanted.service.buffer_before + wanted.minutes + wanted.service.buffer_after) // UNIT_MINUTES
    return runs(diaries.all & ~taken, total) << before


def _allowed(diaries: _Diaries, wanted: Wanted, *, now: datetime) -> int:
    """Where the rules let a visit begin: on the days asked for, on the grid, with notice."""
    ruler = diaries.ruler
    mask = ones(ruler.starts[len(ruler.days) - 1]) & ~ones(ruler.starts[1])
    if wanted.by_staff:
        return mask
    mask &= ruler.grid(wanted.rules.grid_minutes)
    return mask & ~ones(max(0, ruler.unit_after(now + timedelta(hours=wanted.rules.minimum_notice_hours))))


def _left(diaries: _Diaries) -> int:
    """Without the days that have as many of the service as may be."""
    mask, ruler = diaries.all, diaries.ruler
    for iso in diaries.found["full"]:
        mask &= ~ruler.day_bits(ruler.index_of(date.fromisoformat(iso)))
    return mask
