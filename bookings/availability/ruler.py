"""A stretch of days as a row of five-minute units, so that a diary is one Python integer: a bit for each unit.

Units are of real time, counted from the epoch (UTC), so a day of the clinic's may have 276 or 300 of them. All time
zones differ from UTC by a multiple of five minutes, so the clock's grid falls on units.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bookings.models import UNIT_MINUTES

UNIT = 60 * UNIT_MINUTES
PER_DAY = 86_400 // UNIT
DAY = timedelta(days=1)


def ones(count: int) -> int:
    return (1 << count) - 1


class Ruler:
    """The days from `first` to `last` at a place, with a day's margin on both sides for what reaches over midnight."""

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self.zone, self.first, self.last = zone, first, last
        self.days = [first + DAY * offset for offset in range(-1, (last - first).days + 2)]
        # Where each day begins, and one more for where the last one ends.
        starts = [_start_of(zone, day) for day in (*self.days, last + 2 * DAY, last + 3 * DAY)]
        self.origin = starts[0]
        self.starts = [start - self.origin for start in starts]
        self.length = self.starts[-2]

    def unit_of(self, moment: datetime) -> int:
        """The unit in which a moment lies; may be outside of the ruler."""
        return int(moment.timestamp()) // UNIT - self.origin

    def unit_after(self, moment: datetime) -> int:
        """The first unit that does not begin before a moment."""
        return -(-int(moment.timestamp()) // UNIT) - self.origin

    def moment(self, unit: int) -> datetime:
        """When a unit begins, in the clinic's time."""
        return datetime.fromtimestamp((unit + self.origin) * UNIT, self.zone)

    def day_bits(self, index: int) -> int:
        return ones(self.starts[index + 1] - self.starts[index]) << self.starts[index]

    def index_of(self, day: date) -> int:
        return (day - self.days[0]).days

    def bits(self, start: int, end: int) -> int:
        """From one unit up to but without another, as far as they are on the ruler."""
        start, end = max(start, 0), min(end, self.length)
        return ones(end - start) << start if end > start else 0

    def span(self, index: int, starts: time, ends: time) -> tuple[int, int]:
        """The units of working hours that begin on a day; an end that isn't after the start is on the next day.

        Local times that don't exist, because the clocks go forward, are what the clock shows an hour later; of those
        that come twice the first is meant.
        """
        begins, over = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
        is_over_midnight = over <= begins
        if self._is_plain(index):
            midnight = self.starts[index]
            over += 1440 if is_over_midnight else 0
            return midnight - (-begins // UNIT_MINUTES), midnight + over // UNIT_MINUTES
        day = self.days[index]
        first = datetime.combine(day, starts, self.zone)
        last = datetime.combine(day + DAY if is_over_midnight else day, ends, self.zone)
        return self.unit_after(first), self.unit_of(last)

    def _is_plain(self, index: int) -> bool:
        """No change of the clocks on this day or the next?"""
        starts = self.starts
        return starts[index + 1] - starts[index] == PER_DAY == starts[index + 2] - starts[index + 1]

    def grid(self, minutes: int) -> int:
        """The units at which the clock shows a multiple of so many minutes since midnight."""
        mask, plain = 0, _plain_day(minutes)
        for index in range(1, len(self.days) - 1):
            start, end = self.starts[index], self.starts[index + 1]
            mask |= (plain if end - start == PER_DAY else self._changing_day(start, end, minutes)) << start
        return mask

    def _changing_day(self, start: int, end: int, minutes: int) -> int:
        clocks = ((unit, self.moment(start + unit)) for unit in range(end - start))
        return sum(1 << unit for unit, clock in clocks if (clock.hour * 60 + clock.minute) % minutes == 0)


@lru_cache(maxsize=64)
def _plain_day(minutes: int) -> int:
    return sum(1 << unit for unit in range(PER_DAY) if unit * UNIT_MINUTES % minutes == 0)


@lru_cache(maxsize=8192)
def _start_of(zone: ZoneInfo, day: date) -> int:
    """The unit since the epoch at which a day begins; where midnight is skipped, the moment at which it is."""
    return int(datetime.combine(day, time.min, zone).astimezone(UTC).timestamp()) // UNIT


def runs(mask: int, length: int) -> int:
    """The units from which on so many in a row are set."""
    have = 1
    while have < length and mask:
        step = min(have, length - have)
        mask &= mask >> step
        have += step
    return mask


def units_in(mask: int) -> list[int]:
    """The set bits, lowest first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
