"""Form fields for what people type: one line of text, and a day that they know only roughly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TOO_LONG = gettext_lazy("That’s longer than we can keep. Use up to %(limit_value)d characters.")
# Marks that turn the direction of the words after them. Right-to-left letters need none of these.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# A letter, number, sign or symbol; an emoji is one.
_SEEN = frozenset("LNPS")


def one_line(text: str) -> str:
    """Without control characters and repeated space; "" when nothing of it can be seen."""
    kept = "".join(" " if letter.isspace() else letter for letter in text if letter.isspace() or not _is_odd(letter))
    return " ".join(kept.split()) if any(unicodedata.category(letter)[0] in _SEEN for letter in kept) else ""


def _is_odd(letter: str) -> bool:
    return letter in _TURNING or unicodedata.category(letter) == "Cc"


class OneLineField(forms.CharField):
    """A name or a few words."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {"max_length": TOO_LONG} | kwargs.get("error_messages", {})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class ParagraphField(forms.CharField):
    """Several lines, whose ends the browser sends as two characters each; they count and are kept as one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {"max_length": TOO_LONG} | kwargs.get("error_messages", {})
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 3})} | kwargs)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return "".join(letter for letter in text if letter in "\n\t" or not _is_odd(letter)).strip()


@dataclass(frozen=True, slots=True)
class RoughDay:
    """A day, and whether all of it was given."""

    day: date
    is_exact: bool = True


class DayInput(forms.MultiWidget):
    """Three boxes: day, month, year."""

    template_name = "components/day_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        names = ("day", "month", "year")
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}) for name in names
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[str]:
        """For no value. One that is there is a list already, from `DayField.boxes` or from the browser."""
        return ["", "", ""]


class DayField(forms.MultiValueField):
    """A day in three boxes. Where `is_rough_fine`, day and month may stay empty, and the answer says so.

    A month alone stands for its first day, a year alone for the middle of it (or its first day, until July). Empty
    gives None. Its value is a RoughDay.
    """

    widget = DayInput

    def __init__(self, *, is_rough_fine: bool = False, **kwargs: Any) -> None:
        self.is_rough_fine = is_rough_fine
        boxes = tuple(forms.CharField(required=False) for _box in range(3))
        super().__init__(boxes, require_all_fields=False, **kwargs)

    @staticmethod
    def boxes(rough: RoughDay | None) -> list[str]:
        """What the three boxes hold for a day that is on file. Of a rough one, the first is left empty."""
        if rough is None:
            return ["", "", ""]
        day = rough.day
        return ["" if not rough.is_exact and day.day == 1 else str(day.day), str(day.month), str(day.year)]

    def compress(self, data_list: Sequence[str]) -> RoughDay | None:
        """Raises ValidationError for what is no day, or not enough of one."""
        if not any(data_list):
            return None
        day, month, year = data_list
        self._check(day, month, year)
        try:
            return RoughDay(date(int(year), int(month), int(day))) if day else self._guess(int(year), month)
        except ValueError as error:
            raise ValidationError(_("This day is not in the calendar.")) from error

    def _check(self, day: str, month: str, year: str) -> None:
        if not all(re.fullmatch(r"[0-9]{0,4}", box) for box in (day, month, year)):
            raise ValidationError(_("Write the date in numbers, like 20 2 2024."))
        if not year:
            raise ValidationError(_("Enter the year."))
        if len(year) != 4:
            raise ValidationError(_("Write all four digits of the year."))
        if day and not month:
            raise ValidationError(_("Enter the month."))
        if not self.is_rough_fine and not day:
            raise ValidationError(_("Enter the day and the month."))

    @staticmethod
    def _guess(year: int, month: str) -> RoughDay:
        middle = date(year, int(month) if month else 7, 1)
        is_to_come = not month and middle > timezone.localdate()
        return RoughDay(date(year, 1, 1) if is_to_come else middle, is_exact=False)
