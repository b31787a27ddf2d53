"""When a person or a room can be had this week, day by day, as availability understands it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from bookings.models import Resource, WorkingException, WorkingHours
from clinics.models import HoursException

if TYPE_CHECKING:
    from collections.abc import Iterable

# In minutes since the day's midnight; an end beyond 1440 is on the next day.
Span = tuple[int, int]
DAY = 1440
WEEK = 7


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """One date. No spans: nobody is there. None: a room that is free at any time."""

    on: date
    spans: tuple[Span, ...] | None
    is_odd: bool = False

    @property
    def text(self) -> str:
        """“09:00 – 13:00, 14:00 – 17:00”."""
        if self.spans is None:
            return _("always free")
        said = ", ".join(f"{_clock(start)} – {_clock(end)}" for start, end in self.spans) or _("not there")
        return _("%(hours)s (an exception)") % {"hours": said} if self.is_odd else said


def week_of(resource: Resource, *, today: date) -> list[WorkingDay]:
    """The seven days of the week that `today` lies in, Monday first. Closures are not counted. Three statements."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=offset) for offset in range(WEEK)]
    usual = list(WorkingHours.objects.for_clinic(resource.clinic).filter(resource=resource).order_by("starts"))
    odd = WorkingException.objects.for_clinic(resource.clinic).filter(resource=resource, on__in=days)
    clinics = HoursException.objects.for_clinic(resource.clinic).filter(on__in=days)
    own_odd, clinic_odd = list(odd.order_by("starts")), list(clinics.order_by("opens"))
    return [_day(resource, day, usual, own_odd, clinic_odd) for day in days]


def _day(
    resource: Resource,
    day: date,
    usual: list[WorkingHours],
    odd: list[WorkingException],
    clinics: list[HoursException],
) -> WorkingDay:
    own = [row for row in odd if row.on == day]
    if own:
        return WorkingDay(day, _spans((row.starts, row.ends) for row in own), is_odd=True)
    if not usual:
        return WorkingDay(day, None if resource.kind == Resource.Kind.ROOM else ())
    spans = _spans(
        (row.starts, row.ends)
        for row in usual
        if row.weekday == day.weekday()
        and (row.first_on is None or row.first_on <= day)
        and (row.last_on is None or row.last_on >= day)
    )
    different = [row for row in clinics if row.on == day]
    if not different:
        return WorkingDay(day, spans)
    return WorkingDay(day, _inside(spans, _spans((row.opens, row.closes) for row in different)), is_odd=True)


def minutes(starts: time, ends: time) -> Span:
    """An end that is not after the start is on the next day."""
    begin, end = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    return begin, end + DAY if end <= begin else end


def _spans(pairs: Iterable[tuple[time | None, time | None]]) -> tuple[Span, ...]:
    return tuple(minutes(starts, ends) for starts, ends in pairs if starts is not None and ends is not None)


def _inside(spans: tuple[Span, ...], limits: tuple[Span, ...]) -> tuple[Span, ...]:
    cut = ((max(start, low), min(end, high)) for start, end in spans for low, high in limits)
    return tuple((start, end) for start, end in cut if start < end)


def _clock(minute: int) -> str:
    return formats.time_format(time(minute % DAY // 60, minute % 60), "H:i")
