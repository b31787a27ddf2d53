"""Days as people say them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def full(day: date) -> str:
    """12 May 2021."""
    # Translators: a date format as in PHP's date(): day, month in words, year.
    return date_format(day, _("j F Y"))


def short(day: date, *, today: date) -> str:
    """30 April; with its year when that isn't today's."""
    # Translators: a date format as in PHP's date(): day, month in words.
    return date_format(day, _("j F")) if day.year == today.year else full(day)


def month(day: date) -> str:
    """July 2021."""
    # Translators: a date format as in PHP's date(): month in words, year.
    return date_format(day, _("F Y"))


def whole_months(start: date, end: date) -> int:
    """How many months have passed; 0 when `end` comes first.

    A month is over on the same day of a later month, or on that month's last day where it is too short: what
    began on 29 February is a year old on 28 February, and on 29 February in a leap year.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day and not _is_last_of_month(end):
        months -= 1
    return max(months, 0)


def _is_last_of_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]
