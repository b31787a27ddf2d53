"""How old a pet is, in the trade's words: “< 1 month old”, “7 months old”, “1 year and 2 months old”."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pets.days import whole_months


def age_text(born_on: date | None, *, today: date, is_estimated: bool = False) -> str:
    """The age on the clinic's day; "" when the birth isn't known. An estimate says “About 7 months old”, and from two
    years on leaves the months out.

    A birth in the future is a slip of the keyboard or an announced litter: “< 1 month old” until then.
    """
    if born_on is None:
        return ""
    months = whole_months(born_on, today)
    if months == 0:
        return _("< 1 month old")
    if is_estimated and months >= 24:
        months -= months % 12  # Nobody guesses the months of a grown animal.
    age = _exact_age(months)
    return _("About %(age)s") % {"age": age} if is_estimated else age


def _exact_age(months: int) -> str:
    years, rest = divmod(months, 12)
    if years == 0:
        return ngettext("%(count)d month old", "%(count)d months old", months) % {"count": months}
    if rest == 0:
        return ngettext("%(count)d year old", "%(count)d years old", years) % {"count": years}
    parts = {
        "years": ngettext("%(count)d year", "%(count)d years", years) % {"count": years},
        "months": ngettext("%(count)d month", "%(count)d months", rest) % {"count": rest},
    }
    # Translators: both parts are counted already: 1 year, 2 months.
    return _("%(years)s and %(months)s old") % parts


def years_text(born_on: date | None, died_on: date, *, is_estimated: bool = False) -> str:
    """The years of a life, “2006 – 2023”; just the last when it is the first, or no birth is known."""
    if born_on is None or born_on.year == died_on.year:
        return str(died_on.year)
    years = f"{born_on.year} – {died_on.year}"
    return _("about %(years)s") % {"years": years} if is_estimated else years
