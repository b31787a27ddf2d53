"""Choosing a day and a time: a week at a glance and the times of one of its days, in words ready for the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import dates
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import availability
from bookings.availability.openings import Fullness
from pets import days

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bookings.availability import DayOpenings, Openings, Wanted
    from clinics.models import Clinic

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NOON, EVENING = time(12), time(17)
# How far ahead staff look for a free time; a client's view ends at the horizon.
STAFF_HORIZON_DAYS = 180


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day of the shown week. `url` is "" where nothing can be had."""

    on: date
    url: str
    weekday: str
    number: int
    words: str
    # "few" where little is left; the word says so too.
    tone: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Time:
    """A time to choose. `value` is ISO 8601 with its offset, so that an hour which comes twice is told apart."""

    value: str
    label: str
    is_chosen: bool
    # The time that the visit has already: shown, and not to be chosen.
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    times: list[Time]


@dataclass(frozen=True, slots=True)
class NextFree:
    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """What bookings/picker.html shows."""

    week_label: str
    earlier_url: str
    later_url: str
    days: list[DayLink]
    on: date
    day_label: str
    parts: list[Part] = field(default_factory=list)
    # Where to find a time when the day has none.
    next_free: NextFree | None = None
    # Nothing can be had until the horizon.
    is_empty: bool = False
    # The time that is chosen, if it can be had: “Thu 23 April, 09:20”.
    chosen_label: str = ""
    # “Thu 23 April”: the page's script writes it before the time that is tapped.
    short_day: str = ""
    zone_note: str
    # For the page's script, which tells whose clock shows another time.
    zone: str
    clock: str


def build(
    clinic: Clinic,
    wanted: Wanted,
    *,
    address: Callable[[date], str],
    day: date | None,
    chosen: datetime | None,
    now: datetime,
    present: datetime | None = None,
) -> Picker:
    """The week of `day`, Monday to Sunday, and the times of that day; `address` says where another day's are.

    Without a day, or with one that can't be looked at, it opens on the chosen time's, else on the first with a free
    time. One statement; a second one, over all days to the horizon, where the week has nothing to offer.
    """
    zone = clinic.zone
    today = now.astimezone(zone).date()
    last = today + timedelta(days=STAFF_HORIZON_DAYS if wanted.by_staff else wanted.rules.horizon_days)
    chosen = chosen.astimezone(zone) if chosen else None
    asked = next((one for one in (day, chosen.date() if chosen else None) if one and today <= one <= last), None)
    monday = _monday(asked or today)
    found = availability.read(clinic, wanted, first=monday, last=monday + 6 * DAY, now=now)
    free = (found.first_after(asked) if asked else found.first) if not _times(found, asked) else None
    if not _times(found, asked) and free is None:
        found = availability.read(clinic, wanted, first=min(monday, today), last=last, now=now)
        free = (found.first_after(asked) if asked else None) or found.first
    on = asked or (free.date() if free else today)
    monday = _monday(on)
    times = found.times_on(on)
    is_there = chosen is not None and any(_is_same(one, chosen) for one in times)
    return Picker(
        week_label=_week(monday, today=today),
        earlier_url=address(max(monday - DAY, today)) if monday > today else "",
        later_url=address(monday + WEEK) if monday + WEEK <= last else "",
        days=_days(monday, found.days, on=on, address=address),
        on=on,
        day_label=weekday_and_day(on, today=today),
        parts=_parts(times, chosen=chosen, present=present),
        next_free=_next_free(free, address=address, today=today) if free and not times else None,
        is_empty=not times and free is None,
        chosen_label=f"{short_day(on)}, {clock(chosen)}" if chosen and is_there else "",
        short_day=short_day(on),
        zone_note=_("All times are local to the clinic (%(zone)s).") % {"zone": zone_name(zone, now)},
        zone=clinic.time_zone,
        clock=clock(now.astimezone(zone)),
    )


def nearest(clinic: Clinic, wanted: Wanted, moment: datetime, *, now: datetime) -> datetime | None:
    """The free time closest to one that has gone; None when there is none within three weeks of it. One statement."""
    day = moment.astimezone(clinic.zone).date()
    openings = availability.read(clinic, wanted, first=day - WEEK, last=day + 2 * WEEK, now=now)
    return next(iter(openings.nearest(moment, 1)), None)


def clock(at: datetime) -> str:
    """“09:20”; where the clock shows it twice that day, with the zone's name: “01:30 BST”."""
    shown = f"{at:%H:%M}"
    comes_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    return f"{shown} {_abbreviation(at)}" if comes_twice else shown


def weekday_and_day(day: date, *, today: date) -> str:
    """“Thursday 23 April”, with the year when it is another one."""
    weekday = dates.WEEKDAYS[day.weekday()]
    return _("%(weekday)s %(day)s") % {"weekday": weekday, "day": days.short(day, today=today)}


def short_day(day: date) -> str:
    """“Thu 23 April”."""
    # Translators: a date format as in PHP's date(): weekday in short, day, month in words.
    return date_format(day, _("D j F"))


def day_and_time(at: datetime, *, today: date) -> str:
    """“Thursday 23 April at 09:20”, of a moment in the clinic's zone."""
    return _("%(day)s at %(time)s") % {"day": weekday_and_day(at.date(), today=today), "time": clock(at)}


def zone_name(zone: ZoneInfo, now: datetime) -> str:
    """“London, BST”."""
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{place}, {_abbreviation(now.astimezone(zone))}"


def _abbreviation(at: datetime) -> str:
    """“BST”; zones without letters of their own are told by their distance: “UTC−03”."""
    name = f"{at:%Z}"
    return name if name.isalpha() else f"UTC{name.replace('-', '−')}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _times(found: Openings, day: date | None) -> list[datetime]:
    return found.times_on(day) if day else []


def _week(monday: date, *, today: date) -> str:
    """“20 – 26 April”, “27 April – 3 May”; with the year where it is another one."""
    sunday = monday + 6 * DAY
    if monday.month == sunday.month:
        first = str(monday.day)
    elif monday.year == sunday.year:
        first = days.short(monday, today=monday)
    else:
        first = days.short(monday, today=today)
    return f"{first} – {days.short(sunday, today=today)}"


def _days(monday: date, found: list[DayOpenings], *, on: date, address: Callable[[date], str]) -> list[DayLink]:
    by_day = {one.on: one for one in found}
    words = {
        Fullness.FREE: _("Free"),
        Fullness.FEW: _("Few"),
        Fullness.FULL: _("Full"),
        Fullness.CLOSED: _("Closed"),
    }
    links = []
    for offset in range(7):
        day = monday + offset * DAY
        opening = by_day.get(day)
        count = opening.count if opening else 0
        fullness = opening.fullness if opening else None
        links.append(
            DayLink(
                on=day,
                url=address(day) if count or day == on else "",
                weekday=str(dates.WEEKDAYS_ABBR[day.weekday()]),
                number=day.day,
                # A day that is over, or beyond the horizon, is neither full nor closed.
                words=words[fullness] if fullness else "–",
                tone="few" if fullness == Fullness.FEW else "",
                count=ngettext("%(count)d time", "%(count)d times", count) % {"count": count} if count else "",
                is_current=day == on,
            )
        )
    return links


def _parts(times: list[datetime], *, chosen: datetime | None, present: datetime | None) -> list[Part]:
    sections: list[tuple[str, list[Time]]] = [(_("Morning"), []), (_("Afternoon"), []), (_("Evening"), [])]
    for at in times:
        place = 0 if at.time() < NOON else 1 if at.time() < EVENING else 2
        sections[place][1].append(
            Time(
                value=at.isoformat(),
                label=clock(at),
                is_chosen=chosen is not None and _is_same(at, chosen),
                is_present=present is not None and _is_same(at, present),
            )
        )
    return [Part(label, rows) for label, rows in sections if rows]


def _is_same(one: datetime, other: datetime) -> bool:
    """As instants: of the hour that comes twice, the clock alone says the same both times."""
    return one.timestamp() == other.timestamp()


def _next_free(at: datetime, *, address: Callable[[date], str], today: date) -> NextFree:
    return NextFree(url=address(at.date()), label=day_and_time(at, today=today))
