"""What the clinic's clock says, as moments: also where an hour is skipped, or comes twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import tzinfo


class NoSuchHour(Refusal):
    message = gettext_lazy("The clocks go forward then: that time doesn’t exist on this day.")


def moment(day: date, clock: time, zone: tzinfo, *, is_end: bool = False) -> datetime:
    """When the clock of a place shows this on a day. Raises NoSuchHour where it is skipped.

    Of an hour that comes twice the first is meant; for an end the second, so that a span covers both.
    """
    found = datetime.combine(day, clock.replace(fold=int(is_end)), zone)
    if found.astimezone(UTC).astimezone(zone).replace(fold=0) != found.replace(fold=0):
        raise NoSuchHour
    return found


def whole_days(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From the first moment of a day to the first after another. Where midnight is skipped, a day begins when it is."""
    return datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)
