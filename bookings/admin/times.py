"""Free times as staff are offered them: the usual ones first, whatever the notice; any other by typing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone

from bookings import availability, picker
from bookings.picker import STAFF_HORIZON_DAYS, Picker, Time, clock, short_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from bookings.availability import Wanted
    from clinics.models import Clinic

NEAREST = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page offers: a week at a glance, a day's times and, after a refusal, those nearest to what was asked."""

    picker: Picker
    nearest: list[Time]


def offer(
    clinic: Clinic,
    wanted: Wanted,
    *,
    address: Callable[[date], str],
    day: date | None,
    chosen: datetime | None,
    is_refused: bool,
    now: datetime,
) -> Offer:
    """The times of a day by the working hours and the grid, without notice and horizon, which bind clients only."""
    usual = replace(
        wanted,
        by_staff=False,
        rules=replace(wanted.rules, minimum_notice_hours=0, horizon_days=STAFF_HORIZON_DAYS),
    )
    found = picker.build(clinic, usual, address=address, day=day, chosen=chosen, now=now)
    nearest = _nearest(clinic, usual, chosen, now=now) if is_refused and chosen else []
    return Offer(found, nearest)


def _nearest(clinic: Clinic, wanted: Wanted, moment: datetime, *, now: datetime) -> list[Time]:
    """The free times closest to one that can't be had, within three weeks."""
    day = timezone.localdate(moment)
    openings = availability.read(clinic, wanted, first=day - picker.WEEK, last=day + 2 * picker.WEEK, now=now)
    return [
        Time(value=at.isoformat(), label=f"{short_day(at.date())}, {clock(at)}", is_chosen=False)
        for at in openings.nearest(moment, NEAREST)
    ]
