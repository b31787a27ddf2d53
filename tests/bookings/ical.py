"""A second reader of iCalendar (RFC 5545), written from its text and strict: what it can't read, it doesn't guess."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(?P<value>.*)", re.DOTALL)
# As far as the rules of a zone are worked out.
LAST_YEAR = 2035
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@dataclass
class Line:
    params: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    lines: dict[str, list[Line]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)
    onsets: list[tuple[datetime, timedelta]] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        """The value of a property that is there exactly once."""
        (line,) = self.lines[name]
        return line.value

    def text(self, name: str) -> str:
        """The same, unescaped. Fails on an escape that there isn't, and on a separator that should have one."""
        value = self[name]
        assert re.fullmatch(r"(?:\\[\\;,nN]|[^\\;,\x00-\x08\x0a-\x1f\x7f])*", value), value
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)

    def all(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]


def parse(raw: bytes) -> Component:
    """The calendar, after checking line ends, lengths, folding and nesting."""
    assert raw.endswith(b"\r\n")
    physical = raw[:-2].split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in physical)
    assert max(len(line) for line in physical) <= 75
    for line in physical:
        line.decode()  # Folded between characters, not inside of one.
    stack = [Component("")]
    for unfolded in b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n"):
        _read(unfolded, stack)
    assert len(stack) == 1
    (found,) = stack[0].parts
    assert (found.name, found["VERSION"], len(found["PRODID"]) > 0) == ("VCALENDAR", "2.0", True)
    return found


def _read(line: str, stack: list[Component]) -> None:
    match = LINE.fullmatch(line)
    assert match, line
    name, value = match["name"], match["value"]
    if name == "BEGIN":
        part = Component(value)
        stack[-1].parts.append(part)
        stack.append(part)
    elif name == "END":
        assert stack.pop().name == value
    else:
        params = dict(pair.split("=", 1) for pair in match["params"].split(";")[1:])
        stack[-1].lines.setdefault(name, []).append(Line(params, value))


def moment(found: Component, event: Component, name: str) -> datetime:
    """When an event starts or ends, in UTC, by the rules of the VTIMEZONE in the file alone."""
    (line,) = event.lines[name]
    if line.value.endswith("Z"):
        assert line.params == {}
        return datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    (zone,) = [zone for zone in found.all("VTIMEZONE") if zone["TZID"] == line.params["TZID"]]
    return to_utc(zone, datetime.strptime(line.value, "%Y%m%dT%H%M%S"))  # noqa: DTZ007  local time


def to_utc(zone: Component, local: datetime) -> datetime:
    """By the last onset before it. Of a time that comes twice, that gives the first (3.3.5)."""
    zone.onsets = zone.onsets or onsets(zone, until=LAST_YEAR)
    place = bisect_right(zone.onsets, local, key=lambda onset: onset[0])
    assert place, "no observance covers it"
    return (local - zone.onsets[place - 1][1]).replace(tzinfo=UTC)


def onsets(zone: Component, *, until: int) -> list[tuple[datetime, timedelta]]:
    """Each onset by the clock before it, with the offset that it brings; the earliest first."""
    found = []
    for part in zone.parts:
        assert part.name in {"STANDARD", "DAYLIGHT"}
        assert _offset(part["TZOFFSETFROM"]) < timedelta(days=1)
        start = datetime.strptime(part["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007  local time
        starts = [start]
        for line in part.lines.get("RDATE", []):
            starts += [datetime.strptime(value, "%Y%m%dT%H%M%S") for value in line.value.split(",")]  # noqa: DTZ007
        if "RRULE" in part.lines:
            starts += _by_rule(part["RRULE"], start, until)
        found += [(at, _offset(part["TZOFFSETTO"])) for at in starts]
    return sorted(found)


def _by_rule(rule: str, start: datetime, until: int) -> list[datetime]:
    given = dict(pair.split("=") for pair in rule.split(";"))
    assert set(given) == {"FREQ", "BYMONTH", "BYDAY"}
    assert given["FREQ"] == "YEARLY"
    week, weekday, month = int(given["BYDAY"][:-2]), DAYS.index(given["BYDAY"][-2:]), int(given["BYMONTH"])
    found = []
    for year in range(start.year + 1, until + 1):
        last = calendar.monthrange(year, month)[1]
        days = [day for day in range(1, last + 1) if date(year, month, day).weekday() == weekday]
        found.append(start.replace(year=year, day=days[week - 1 if week > 0 else week], month=month))
    return found


def _offset(text: str) -> timedelta:
    match = re.fullmatch(r"([+-])(\d\d)(\d\d)", text)
    assert match, text
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return size if match[1] == "+" else -size
