"""When a clinic is open: today, this week, right now. Days and times are the clinic's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import dates, formats
from django.utils.translation import gettext as _

from clinics.models import Clinic, HoursException, OpeningHours

NEXT_DAYS = 60


@dataclass(frozen=True, slots=True)
class Day:
    """One date's opening. No spans means closed; `note` says why it differs from the usual."""

    on: date
    spans: tuple[tuple[time, time], ...]
    note: str = ""

    @property
    def name(self) -> str:
        return str(dates.WEEKDAYS[self.on.weekday()])

    @property
    def text(self) -> str:
        """“08:30 – 13:00, 14:00 – 18:30”, or “Closed”."""
        if not self.spans:
            return _("Closed")
        return ", ".join(f"{_clock(opens)} – {_clock(closes)}" for opens, closes in self.spans)


@dataclass(frozen=True, slots=True)
class Hours:
    """A clinic's hours as they matter on one day."""

    now: datetime
    week: tuple[Day, ...]
    # From tomorrow on, so that a Sunday knows when Monday opens.
    next_days: tuple[Day, ...]
    coming_exceptions: tuple[Day, ...]
    # Has the clinic entered any hours? Without them nothing is claimed.
    are_known: bool

    @property
    def today(self) -> Day:
        return self.week[self.now.weekday()]

    @property
    def open_until(self) -> time | None:
        """When the span that is open now ends."""
        at = self.now.time()
        return next((closes for opens, closes in self.today.spans if opens <= at < closes), None)

    @property
    def opens_next(self) -> str:
        """In words, when the clinic is closed: “today at 14:00”, “on Thursday at 08:30”. "" without any in a week."""
        at = self.now.time()
        for opens, _closes in self.today.spans:
            if opens > at:
                return _("today at %(time)s") % {"time": _clock(opens)}
        for day in self.next_days:
            if day.spans:
                return _("on %(day)s at %(time)s") % {"day": day.name, "time": _clock(day.spans[0][0])}
        return ""


def at(clinic: Clinic, now: datetime) -> Hours:
    """The hours of the week that `now` lies in, Monday first, with this week's exceptions, and exceptions to come."""
    here = now.astimezone(clinic.zone)
    monday = here.date() - timedelta(days=here.weekday())
    usual = list(OpeningHours.objects.for_clinic(clinic).order_by("weekday", "opens"))
    exceptions = list(
        HoursException.objects.for_clinic(clinic)
        .filter(on__gte=monday, on__lte=here.date() + timedelta(days=NEXT_DAYS))
        .order_by("on", "opens")
    )
    week = tuple(_day(monday + timedelta(days=offset), usual, exceptions) for offset in range(7))
    next_days = tuple(_day(here.date() + timedelta(days=ahead), usual, exceptions) for ahead in range(1, 8))
    coming = sorted({exception.on for exception in exceptions if exception.on >= here.date()})
    different = tuple(_day(on, usual, exceptions) for on in coming)
    return Hours(here, week, next_days, different, are_known=bool(usual))


def today_at(clinic: Clinic, now: datetime) -> Day | None:
    """Today's opening; None while the clinic has entered no hours."""
    hours = at(clinic, now)
    return hours.today if hours.are_known else None


def _day(on: date, usual: Iterable[OpeningHours], exceptions: Iterable[HoursException]) -> Day:
    different = [exception for exception in exceptions if exception.on == on]
    if different:
        spans = tuple((e.opens, e.closes) for e in different if e.opens is not None and e.closes is not None)
        return Day(on, spans, different[0].note)
    return Day(on, tuple((hours.opens, hours.closes) for hours in usual if hours.weekday == on.weekday()))


def _clock(at: time) -> str:
    return formats.time_format(at, "H:i")
