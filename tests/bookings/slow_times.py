"""The available times found the slow and obvious way, a real minute at a time: what the fast way is held against.

It knows nothing of units, masks or SQL. It reads the same rows through the ORM and asks, for every minute of a visit,
whether the person is there and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.models import Claim, Closure, Policy, Resource, Service, WorkingException, WorkingHours
from clinics.models import Clinic, HoursException
from pets.models import Pet

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
type Span = tuple[datetime, datetime]


def slow_times(
    clinic: Clinic, service: Service, policy: Policy, *, pets: list[Pet], first: date, last: date, now: datetime
) -> list[datetime]:
    """Every free time from `first` to `last`, in UTC."""
    people = [_Diary(one, first, last) for one in Resource.objects.filter(services=service, kind="person")]
    rooms = [_Diary(one, first, last) for one in Resource.objects.filter(services=service, kind="room")]
    elsewhere = [(claim.blocked_at, claim.blocked_until) for claim in Claim.objects.filter(pet__in=pets)]
    return [
        start
        for start in _starts(clinic, policy, first=first, last=last, now=now)
        if any(one.can(service, start) for one in people)
        and (not rooms or any(one.can(service, start) for one in rooms))
        and not _overlaps(elsewhere, start, start + timedelta(minutes=service.minutes))
    ]


def _starts(clinic: Clinic, policy: Policy, *, first: date, last: date, now: datetime) -> Iterator[datetime]:
    """The minutes at which the clinic's clock shows a multiple of the grid, with notice and within the horizon."""
    zone = ZoneInfo(clinic.time_zone)
    last = min(last, now.astimezone(zone).date() + policy.horizon_days * DAY)
    earliest = now + timedelta(hours=policy.minimum_notice_hours)
    moment = datetime.combine(first - DAY, time.min, UTC)
    while moment < datetime.combine(last + 2 * DAY, time.min, UTC):
        clock = moment.astimezone(zone)
        is_on_grid = (clock.hour * 60 + clock.minute) % policy.grid_minutes == 0
        if is_on_grid and first <= clock.date() <= last and moment >= earliest:
            yield moment
        moment += 5 * MINUTE


class _Diary:
    """One person or room: when they work, when that is closed, when they are taken."""

    def __init__(self, one: Resource, first: date, last: date) -> None:
        self.works = list(_working(one, first, last))
        closures = list(Closure.objects.filter(resource=None)) + list(Closure.objects.filter(resource=one))
        self.closed = [(closure.starts_at, closure.ends_at) for closure in closures]
        self.taken = [(claim.blocked_at, claim.blocked_until) for claim in Claim.objects.filter(resource=one)]

    def can(self, service: Service, start: datetime) -> bool:
        """Are they there in every minute of it, and nowhere else, the buffers included?"""
        end = start + timedelta(minutes=service.minutes)
        minute = start
        while minute < end:
            if not any(begins <= minute < ends for begins, ends in self.works):
                return False
            minute += MINUTE
        before, after = timedelta(minutes=service.buffer_before), timedelta(minutes=service.buffer_after)
        return not _overlaps(self.closed, start, end) and not _overlaps(self.taken, start - before, end + after)


def _overlaps(spans: list[Span], start: datetime, end: datetime) -> bool:
    return any(begins < end and ends > start for begins, ends in spans)


def _working(one: Resource, first: date, last: date) -> Iterator[Span]:
    usual = list(WorkingHours.objects.filter(resource=one))
    day = first - DAY
    while day <= last + DAY:
        own = list(WorkingException.objects.filter(resource=one, on=day))
        if own:
            yield from (
                _span(one.clinic, day, e.starts, e.ends) for e in own if e.starts is not None and e.ends is not None
            )
        elif usual:
            yield from _usual(one, usual, day)
        elif one.kind == Resource.Kind.ROOM:
            yield _span(one.clinic, day, time.min, time.min)
        day += DAY


def _usual(one: Resource, usual: list[WorkingHours], day: date) -> Iterator[Span]:
    spans = [
        _span(one.clinic, day, hours.starts, hours.ends)
        for hours in usual
        if hours.weekday == day.weekday()
        and (hours.first_on is None or hours.first_on <= day)
        and (hours.last_on is None or day <= hours.last_on)
    ]
    clinics = list(HoursException.objects.filter(on=day))
    if not clinics:
        yield from spans
        return
    opens = [_span(one.clinic, day, e.opens, e.closes) for e in clinics if e.opens is not None and e.closes is not None]
    for begins, ends in spans:
        for opening, closing in opens:
            if max(begins, opening) < min(ends, closing):
                yield max(begins, opening), min(ends, closing)


def _span(clinic: Clinic, day: date, starts: time, ends: time) -> Span:
    zone = ZoneInfo(clinic.time_zone)
    until = day + DAY if ends <= starts else day
    return datetime.combine(day, starts, zone).astimezone(UTC), datetime.combine(until, ends, zone).astimezone(UTC)
