"""The answer: times, days and the people who could do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bookings.availability.ruler import Ruler, ones, units_in

# A day with no more free times than this part of what it could have is nearly full.
FEW = 0.25
FEW_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person or a room: at which units a visit could begin by the hours, and at which it can."""

    pk: int
    name: str
    job: str
    possible: int
    free: int


class Fullness(StrEnum):
    FREE = "free"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DayOpenings:
    """A day at a glance: how many times it has."""

    on: date
    count: int
    fullness: Fullness


class Openings:
    """Which times can be had on the days that were asked for. All moments are in the clinic's time zone."""

    def __init__(
        self,
        ruler: Ruler,
        *,
        people: list[Candidate],
        rooms: list[Candidate],
        needs_person: bool,
        needs_room: bool,
        person_id: int | None,
        clash: int,
        minutes: int,
    ) -> None:
        self._ruler, self._clash = ruler, clash
        self.minutes = minutes
        self.everybody, self.rooms = people, rooms
        self._needs_person, self._needs_room = needs_person, needs_room
        # Whom to ask: the person who was wished for, or anybody.
        self.people = [one for one in people if person_id in {None, one.pk}]
        room_free, room_possible = (_any(room.free for room in rooms), _any(room.possible for room in rooms))
        self._room_free = room_free
        self.free = self._both(_any(one.free for one in self.people), room_free) & ~clash
        self.possible = self._both(_any(one.possible for one in self.people), room_possible)

    def _both(self, person: int, room: int) -> int:
        """A service without people is done by its rooms alone; one without either can't be had."""
        if not self._needs_room:
            return person
        return person & room if self._needs_person else room

    @property
    def days(self) -> list[DayOpenings]:
        """Each day that was asked for and lies within today and the horizon, in order."""
        return [self._day(index) for index in range(1, len(self._ruler.days) - 1)]

    def _day(self, index: int) -> DayOpenings:
        bits = self._ruler.day_bits(index)
        count, could = (self.free & bits).bit_count(), (self.possible & bits).bit_count()
        if not could:
            fullness = Fullness.CLOSED
        elif not count:
            fullness = Fullness.FULL
        else:
            fullness = Fullness.FEW if count <= max(FEW_AT_MOST, could * FEW) else Fullness.FREE
        return DayOpenings(self._ruler.days[index], count, fullness)

    def times_on(self, day: date) -> list[datetime]:
        """The times of a day, the earliest first."""
        if not self._ruler.first <= day <= self._ruler.last:
            return []
        bits = self._ruler.day_bits(self._ruler.index_of(day))
        return [self._ruler.moment(unit) for unit in units_in(self.free & bits)]

    @property
    def first(self) -> datetime | None:
        """The first free time."""
        return self._earliest(self.free)

    def first_with(self, person_id: int) -> datetime | None:
        """The first free time with somebody."""
        free = (
            self._both(_any(one.free for one in self.everybody if one.pk == person_id), self._room_free) & ~self._clash
        )
        return self._earliest(free)

    def first_after(self, day: date) -> datetime | None:
        """The first free time on a later day."""
        index = self._ruler.index_of(day) + 1
        later = self.free & ~ones(self._ruler.starts[min(max(index, 0), len(self._ruler.starts) - 1)])
        return self._earliest(later)

    def _earliest(self, mask: int) -> datetime | None:
        return self._ruler.moment((mask & -mask).bit_length() - 1) if mask else None

    def nearest(self, moment: datetime, count: int) -> list[datetime]:
        """So many free times that are closest to a moment, in order of time."""
        at = self._ruler.unit_of(moment)
        closest = sorted(units_in(self.free), key=lambda unit: (abs(unit - at), unit))[:count]
        return [self._ruler.moment(unit) for unit in sorted(closest)]

    def is_free(self, moment: datetime) -> bool:
        return self._is_set(self.free, moment)

    def is_possible(self, moment: datetime) -> bool:
        """Would it be offered if nothing were taken?"""
        return self._is_set(self.possible, moment)

    def is_clash(self, moment: datetime) -> bool:
        """Has one of the pets another visit then?"""
        return self._is_set(self._clash & ones(self._ruler.length), moment)

    def people_at(self, moment: datetime) -> list[Candidate]:
        """Who is free then, of those who may be asked."""
        return [one for one in self.people if self._is_set(one.free, moment)]

    def rooms_at(self, moment: datetime) -> list[Candidate]:
        return [room for room in self.rooms if self._is_set(room.free, moment)]

    def _is_set(self, mask: int, moment: datetime) -> bool:
        unit = self._ruler.unit_of(moment)
        # As instants: in the hour that comes twice, Python holds no two moments of different zones to be equal.
        is_on_unit = self._ruler.moment(unit).timestamp() == moment.timestamp()
        return is_on_unit and 0 <= unit < self._ruler.length and bool(mask >> unit & 1)

    def load_of(self, person_id: int, moment: datetime) -> int:
        """How much of that day is taken already, in units that could begin a visit and can't."""
        day = self._ruler.day_bits(self._ruler.index_of(moment.astimezone(self._ruler.zone).date()))
        one = next(one for one in self.everybody if one.pk == person_id)
        return (one.possible & ~one.free & day).bit_count()


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
