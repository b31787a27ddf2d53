"""Visits as iCalendar (RFC 5545), for a client's own calendar.

The same visit is the same entry wherever it comes from, a message, a download or the feed: its UID never changes and
its SEQUENCE counts up, so that a calendar replaces what it has. The UID is a bare UUID (RFC 7986), because a clinic's
host name may change.

It is published (METHOD:PUBLISH) rather than an invitation (REQUEST). Calendars put “Yes” and “No” beside an invitation:
a “No” would look like a cancellation, and be one nowhere but in a mailbox. A cancellation is therefore the same entry
with STATUS:CANCELLED, which Apple's calendar and Outlook take over; Google's does so from the feed, but leaves a single
entry that somebody added by hand. Hence the word “Cancelled” in its title as well, for whoever adds it again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from bookings import links
from bookings.models import CANCELLED, State

if TYPE_CHECKING:
    from bookings.facts import Visit
    from clinics.models import Clinic

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Mail programs look for the method here.
ATTACHMENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
FILE_NAME = "appointment.ics"
# How often a calendar looks at the feed, if it asks us.
REFRESH = timedelta(hours=4)
PRODUCT = "-//Pet portal//Appointments//EN"
# Marks that turn the direction of what follows them: in somebody's name they would turn our words too.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def document(clinic: Clinic, visits: Sequence[Visit]) -> str:
    """A calendar file with these visits, in the active language."""
    return _with_entries(_calendar(), clinic, visits)


def feed(clinic: Clinic, visits: Sequence[Visit]) -> str:
    """A calendar to subscribe to: it has a name, and says how often to look."""
    calendar = _calendar()
    for name in ("name", "x-wr-calname"):
        calendar.add(name, one_line(clinic.name))
    calendar.add("x-wr-timezone", clinic.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    return _with_entries(calendar, clinic, visits)


def _calendar() -> Calendar:
    calendar = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        calendar.add(name, value)
    return calendar


def one_line(text: str) -> str:
    """What people wrote, as one line that can't turn or break ours."""
    return " ".join("".join(character for character in text if _is_harmless(character)).split())


def _is_harmless(character: str) -> bool:
    if character in TURNING:
        return False
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cs"}


def _with_entries(calendar: Calendar, clinic: Clinic, visits: Sequence[Visit]) -> str:
    if visits:
        years = [visit.starts_at.year for visit in visits] + [visit.ends_at.year for visit in visits]
        calendar.add_component(time_zone(clinic.time_zone, min(years), max(years)))
    for visit in visits:
        calendar.add_component(_entry(clinic, visit))
    return str(calendar.to_ical(), "utf-8")


def _entry(clinic: Clinic, visit: Visit) -> Event:
    row, is_cancelled = visit.row, visit.row.state in CANCELLED
    address = links.booking_url(clinic, row)
    event = Event()
    event.add("uid", str(row.uid))
    event.add("sequence", row.sequence)
    # Not the clock: the same visit gives the same bytes, and a feed that has not changed is not sent again.
    event.add("dtstamp", row.changed_at.astimezone(UTC))
    event.add("last-modified", row.changed_at.astimezone(UTC))
    event.add("created", row.booked_at.astimezone(UTC))
    event.add("dtstart", _on_the_clock(visit.starts_at))
    event.add("dtend", _on_the_clock(visit.ends_at))
    what = _("%(service)s for %(pets)s") % {"service": visit.service, "pets": visit.pet_names}
    event.add("summary", one_line(_("Cancelled: %(what)s") % {"what": what} if is_cancelled else what))
    event.add("location", one_line(", ".join([clinic.name, *clinic.address_lines])))
    event.add("description", "\n".join(_description(clinic, visit, address)))
    event.add("url", address)
    event.add("status", _status(visit))
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    return event


def _description(clinic: Clinic, visit: Visit, address: str) -> list[str]:
    """Who, how to reach the clinic, and where to change it: with a code, because calendars are shared."""
    with_whom = _("With %(person)s") % {"person": one_line(visit.who)} if visit.who else ""
    asked = _("Waiting for the clinic’s answer") if visit.row.state == State.REQUESTED else ""
    return [line for line in (asked, with_whom, clinic.phone_display, address) if line]


def _status(visit: Visit) -> str:
    if visit.row.state in CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if visit.row.state == State.REQUESTED else "CONFIRMED"


def _on_the_clock(at: datetime) -> datetime:
    """By the clinic's clock, so that it stays right even if the zone's rules change meanwhile. Of an hour that comes
    twice, a local time is the first one (RFC 5545, 3.3.5); the second is said in UTC."""
    return at.astimezone(UTC) if at.fold else at


@lru_cache(maxsize=512)
def time_zone(key: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE of a zone for these years, as rules where its changes follow one, else date by date.

    icalendar can make one itself, but tells the hour of a change in spring by the new clock where RFC 5545 wants the
    old one, so the hour after it would be an hour off.
    """
    zone = ZoneInfo(key)
    found = Timezone()
    found.add("tzid", key)
    changes = _changes(zone, first_year - 1, last_year + 1)
    start = datetime(first_year, 1, 1, tzinfo=zone)
    if not any(at < start for at, _before in changes):
        earliest = datetime(first_year - 1, 1, 1, tzinfo=UTC).astimezone(zone)
        found.add_component(_observance(_offset(earliest), earliest, [datetime(1970, 1, 1)]))  # noqa: DTZ001  local time
    kinds = groupby(sorted(changes, key=_kind), key=_kind)
    for _same, group in kinds:
        alike = list(group)
        at, before = alike[0]
        onsets = [(moment.astimezone(UTC) + before).replace(tzinfo=None) for moment, _before in alike]
        found.add_component(_observance(before, at, onsets))
    return found


type Change = tuple[datetime, timedelta]


def _kind(change: Change) -> tuple[timedelta, timedelta, str]:
    at, before = change
    return before, _offset(at), at.tzname() or ""


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[Change]:
    """When the clock changes in these years, and how far it was from UTC before."""
    days = (datetime(last_year + 1, 1, 1, tzinfo=UTC) - datetime(first_year, 1, 1, tzinfo=UTC)).days
    midnights = [datetime(first_year, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(days + 1)]
    return [
        (_first_after(zone, start, end).astimezone(zone), _offset(start.astimezone(zone)))
        for start, end in pairwise(midnights)
        if _offset(start.astimezone(zone)) != _offset(end.astimezone(zone))
    ]


def _first_after(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """The second at which the clock changes, between two moments."""
    before = _offset(start.astimezone(zone))
    while end - start > timedelta(seconds=1):
        middle = start + timedelta(seconds=(end - start) // timedelta(seconds=2))
        start, end = (middle, end) if _offset(middle.astimezone(zone)) == before else (start, middle)
    return end


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _observance(before: timedelta, at: datetime, onsets: list[datetime]) -> TimezoneStandard | TimezoneDaylight:
    part: TimezoneStandard | TimezoneDaylight = TimezoneDaylight() if _offset(at) > before else TimezoneStandard()
    part.add("dtstart", onsets[0])
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", _offset(at))
    part.add("tzname", at.tzname())
    if rule := _rule(onsets):
        part.add("rrule", rule)
    elif len(onsets) > 1:
        part.add("rdate", onsets[1:])
    return part


def _rule(onsets: list[datetime]) -> dict[str, str | int]:
    """“The last Sunday of March”, if that is what all of them are; else nothing. Programs know rules best."""
    years = [onset.year for onset in onsets]
    alike = {(onset.month, onset.weekday(), onset.time()) for onset in onsets}
    weeks = {(onset.day - 1) // 7 + 1 for onset in onsets}
    are_last = all((onset + timedelta(days=7)).month != onset.month for onset in onsets)
    if len(onsets) < 2 or len(alike) > 1 or years != list(range(years[0], years[-1] + 1)):
        return {}
    if not are_last and len(weeks) > 1:
        return {}
    week = -1 if are_last else weeks.pop()
    return {"freq": "YEARLY", "bymonth": onsets[0].month, "byday": f"{week}{WEEKDAYS[onsets[0].weekday()]}"}
