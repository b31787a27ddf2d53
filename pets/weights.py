"""What a pet weighed, in the clinic's unit and as a small chart. Pure functions; they take kilograms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from pets import days

if TYPE_CHECKING:
    from pets.models import Pet, Weight

# Less than a fiftieth is a full stomach, not a change. A figure for words, not a medical one.
STEADY = Decimal("0.02")

WIDTH, HEIGHT = 340, 150
LEFT, RIGHT, TOP, BOTTOM = 8.0, 300.0, 22.0, 118.0
# The grid and the band go a little beyond the last dot.
GRID_RIGHT = 306.0
# More dots than this run into one another; then only the last one is drawn.
MOST_DOTS = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit of weight: its name, how many of it are in a kilogram, and the decimals it is shown with."""

    unit: str
    per_kg: Decimal
    decimals: int

    def amount(self, kg: Decimal) -> Decimal:
        return (kg * self.per_kg).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def number(self, kg: Decimal) -> str:
        return number_format(self.amount(kg), self.decimals)

    def text(self, kg: Decimal) -> str:
        return f"{self.number(kg)} {self.unit}"


KILOGRAM, GRAM = Scale("kg", Decimal(1), 1), Scale("g", Decimal(1000), 0)
POUND, OUNCE = Scale("lb", 1 / Decimal("0.45359237"), 1), Scale("oz", 16 / Decimal("0.45359237"), 1)


def scale_for(kg: Decimal, unit: str) -> Scale:
    """The clinic's unit ("kg" or "lb"), or its smaller sister below one: a hamster is 110 g or 3.9 oz."""
    large, small, most = (POUND, OUNCE, 16) if unit == "lb" else (KILOGRAM, GRAM, 1000)
    return small if small.amount(kg) < most else large


@dataclass(frozen=True, slots=True)
class Healthy:
    """What the clinic finds a healthy weight for a pet: kilograms, both ends included."""

    lightest: Decimal
    heaviest: Decimal

    def text(self, unit: str) -> str:
        """“4.0 to 5.0 kg”; each with its unit where they differ, “900 g to 1.2 kg”."""
        light, heavy = scale_for(self.lightest, unit), scale_for(self.heaviest, unit)
        lightest = light.number(self.lightest) if light == heavy else light.text(self.lightest)
        return _("%(from)s to %(to)s") % {"from": lightest, "to": heavy.text(self.heaviest)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A chip beside the weight, the range in figures, and both in a sentence."""

    tone: str
    text: str
    limits: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    day: str
    text: str
    is_owners: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the chart, written for SVG: with a point in every language."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word beside an axis."""

    x: str
    y: str
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Two or more weights as a line in a viewBox of WIDTH × HEIGHT, with what it says in words."""

    line: str
    area: str
    # The healthy range behind the line; "" without one.
    band: str
    grid: str
    dots: list[Point]
    last: Point
    marks: list[Mark]
    label: str
    viewbox: str = f"0 0 {WIDTH} {HEIGHT}"


def table(newest_first: Sequence[Weight], *, unit: str) -> list[Row]:
    return [Row(days.full(one.weighed_on), scale_for(one.kg, unit).text(one.kg), one.is_owners) for one in newest_first]


def healthy_for(pet: Pet) -> Healthy | None:
    """What staff set; None without it, and for a pet that is gone: its last months need no comment."""
    if pet.healthy_from_kg is None or pet.healthy_to_kg is None or not pet.is_living:
        return None
    return Healthy(pet.healthy_from_kg, pet.healthy_to_kg)


def verdict(kg: Decimal, healthy: Healthy | None, *, unit: str) -> Verdict | None:
    """Where a weight stands, as the figures on the screen do: 5.04 kg is shown as 5.0 and is within “4.0 to 5.0 kg”.

    Never a diagnosis: outside of the range the clinic is who to ask. None without a range.
    """
    if healthy is None:
        return None
    scale, limits = scale_for(kg, unit), healthy.text(unit)
    if scale.amount(kg) < scale.amount(healthy.lightest):
        tone, text = "warn", _("Below the healthy range: ask the clinic")
        sentence = _("Below the healthy range of %(range)s.")
    elif scale.amount(kg) > scale.amount(healthy.heaviest):
        tone, text = "warn", _("Above the healthy range: ask the clinic")
        sentence = _("Above the healthy range of %(range)s.")
    else:
        tone, text, sentence = "good", _("Healthy range"), _("Within the healthy range of %(range)s.")
    return Verdict(tone, text, limits, sentence % {"range": limits})


def trend(newest_first: Sequence[Weight], *, unit: str) -> str:
    """The last weight beside the one before it, in words without a verdict; "" for fewer than two."""
    if len(newest_first) < 2:
        return ""
    last, before = newest_first[0], newest_first[1]
    change, scale = last.kg - before.kg, scale_for(last.kg, unit)
    words = {"weight": scale.text(abs(change)), "day": days.full(before.weighed_on)}
    if abs(change) <= before.kg * STEADY or scale.amount(abs(change)) == 0:
        return _("Steady since %(day)s") % words
    return (_("Up %(weight)s since %(day)s") if change > 0 else _("Down %(weight)s since %(day)s")) % words


def chart(newest_first: Sequence[Weight], *, unit: str, healthy: Healthy | None = None) -> Chart | None:
    """Draw the weights by date, before a band for the healthy range; None for fewer than two, which make no line."""
    if len(newest_first) < 2:
        return None
    weights = list(reversed(newest_first))
    first, last = weights[0], weights[-1]
    ends = [healthy.lightest, healthy.heaviest] if healthy else []
    scale = scale_for(max(one.kg for one in weights), unit)
    amounts = [float(kg * scale.per_kg) for kg in (*(one.kg for one in weights), *ends)]
    low, step = axis(min(amounts), max(amounts), finest=10.0**-scale.decimals)
    span = (last.weighed_on - first.weighed_on).days
    places = [
        (LEFT + (RIGHT - LEFT) * (one.weighed_on - first.weighed_on).days / span, _height(amount, low, step))
        for one, amount in zip(weights, amounts, strict=False)
    ]
    line = _curve(places)
    dots = [_point(place) for place in places]
    return Chart(
        line=line,
        area=f"{line}L{RIGHT:.1f} {BOTTOM:.0f}L{LEFT:.1f} {BOTTOM:.0f}Z",
        band=_band([_height(amount, low, step) for amount in amounts[len(weights) :]]),
        grid="".join(f"M{LEFT:.0f} {y:.0f}H{GRID_RIGHT:.0f}" for y in (TOP, (TOP + BOTTOM) / 2, BOTTOM)),
        dots=dots[:-1] if len(dots) <= MOST_DOTS else [],
        last=dots[-1],
        marks=[*_weight_marks(low, step), *_date_marks(first.weighed_on, last.weighed_on)],
        label=_label(newest_first, unit, verdict(last.kg, healthy, unit=unit)),
    )


def _label(newest_first: Sequence[Weight], unit: str, found: Verdict | None) -> str:
    first, last = newest_first[-1], newest_first[0]
    words = _("Weight from %(first)s on %(first_day)s to %(last)s on %(last_day)s. %(trend)s.") % {
        "first": scale_for(first.kg, unit).text(first.kg),
        "first_day": days.full(first.weighed_on),
        "last": scale_for(last.kg, unit).text(last.kg),
        "last_day": days.full(last.weighed_on),
        "trend": trend(newest_first, unit=unit),
    }
    return f"{words} {found.sentence}" if found else words


def axis(least: float, most: float, *, finest: float) -> tuple[float, float]:
    """The lowest line and the step to the next of three: round numbers that hold every weight.

    They are a tenth of the weight apart at least, so that a small change doesn't look like a steep one.
    """
    middle, half = (least + most) / 2, max(most - least, most * 0.1, finest) / 2
    floor, ceiling = min(least, middle - half), max(most, middle + half)
    size = finest
    while True:
        for step in (size, 2 * size, 4 * size, 5 * size):
            low = max(floor // step * step, 0.0)
            if low + 2 * step >= ceiling:
                return low, step
        size *= 10


def _height(amount: float, low: float, step: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (amount - low) / (2 * step)


def _band(heights: Sequence[float]) -> str:
    if not heights:
        return ""
    lower, upper = heights
    return f"M{LEFT:.0f} {lower:.1f}H{GRID_RIGHT:.0f}V{upper:.1f}H{LEFT:.0f}Z"


def _point(place: tuple[float, float]) -> Point:
    return Point(f"{place[0]:.1f}", f"{place[1]:.1f}")


def _curve(places: Sequence[tuple[float, float]]) -> str:
    """A line that is level at each weight, so that it never swings beyond one."""
    path = f"M{places[0][0]:.1f} {places[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(places):
        bend = (x1 + x2) / 2
        path += f"C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return path


def _weight_marks(low: float, step: float) -> list[Mark]:
    # Whole steps are written whole, 0.5 with its half: 4.0, 4.4, 4.8 but 20, 30, 40.
    decimals = 0 if float(step).is_integer() and float(low).is_integer() else 1
    heights = (BOTTOM, (TOP + BOTTOM) / 2, TOP)
    return [
        Mark("316", f"{height + 5:.0f}", number_format(round(low + steps * step, 1), decimals))
        for steps, height in enumerate(heights)
    ]


def _date_marks(first: date, last: date) -> list[Mark]:
    """Months below a long chart, days below a short one; the middle only where it differs from both ends."""
    form = "M Y" if (last - first).days > 90 else "j M"
    marks = [Mark("4", "142", date_format(first, form)), Mark("306", "142", date_format(last, form), "end")]
    middle = date_format(first + (last - first) / 2, form)
    if middle not in {mark.text for mark in marks}:
        marks.insert(1, Mark("154", "142", middle, "middle"))
    return marks
