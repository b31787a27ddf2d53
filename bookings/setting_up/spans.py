"""Which lines of somebody's week, or of one date, would say two things about the same hour."""

from __future__ import annotations

from datetime import date

from bookings.models import WorkingException, WorkingHours
from bookings.setting_up.week import DAY, WEEK, minutes

Line = WorkingHours | WorkingException
AROUND = WEEK * DAY


def overlaps(one: Line, other: Line) -> bool:
    """Do two lines of one person meet? A night reaches into the next day's lines, and Sunday's into Monday's."""
    if isinstance(one, WorkingHours) and isinstance(other, WorkingHours):
        return _at_the_same_time(one, other) and _meet_in_the_week(one, other)
    if isinstance(one, WorkingException) and isinstance(other, WorkingException):
        return one.on == other.on and _meet_on_the_day(one, other)
    return False


def _at_the_same_time(one: WorkingHours, other: WorkingHours) -> bool:
    """Are there days on which both are valid?"""
    first = max(one.first_on or date.min, other.first_on or date.min)
    return first <= min(one.last_on or date.max, other.last_on or date.max)


def _meet_in_the_week(one: WorkingHours, other: WorkingHours) -> bool:
    (start, end), (other_start, other_end) = _in_the_week(one), _in_the_week(other)
    return any(start + turn < other_end and other_start < end + turn for turn in (-AROUND, 0, AROUND))


def _in_the_week(line: WorkingHours) -> tuple[int, int]:
    start, end = minutes(line.starts, line.ends)
    return line.weekday * DAY + start, line.weekday * DAY + end


def _meet_on_the_day(one: WorkingException, other: WorkingException) -> bool:
    if not (one.starts and one.ends and other.starts and other.ends):
        return True  # A day off, and something else as well.
    (start, end), (other_start, other_end) = minutes(one.starts, one.ends), minutes(other.starts, other.ends)
    return start < other_end and other_start < end
