"""When nobody can be booked, as staff type it: by the clinic's clock."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings import clocks
from clinics.forms import WholeRowForm

YEARS_AHEAD = 10


class ClockField(forms.SplitDateTimeField):
    """A day and a time of the clinic's clock. Where an hour is skipped, that is told; of one that comes twice a start
    means the first and an end the second. A day alone is its midnight, for the form to make sense of."""

    widget = AdminSplitDateTime

    def __init__(self, *, is_end: bool = False, **options: Any) -> None:
        super().__init__(require_all_fields=False, **options)
        self.fields[1].required = False
        self.is_end = is_end

    def compress(self, data_list: tuple[date, time | None] | None) -> datetime | None:
        if not data_list:
            return None
        day, clock = data_list
        if abs(day.year - timezone.localdate().year) > YEARS_AHEAD:
            raise ValidationError(gettext_lazy("That is too far away."), code="far")
        if clock is None:
            return datetime.combine(day, time.min, timezone.get_current_timezone())
        try:
            return clocks.moment(day, clock, timezone.get_current_timezone(), is_end=self.is_end)
        except clocks.NoSuchHour as refusal:
            raise ValidationError(str(refusal), code="skipped") from refusal


class ClosureForm(WholeRowForm):
    starts_at = ClockField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy(
            "For whole days leave both times empty: from the start of the first day to the end of the last."
        ),
    )
    ends_at = ClockField(
        label=gettext_lazy("Until"),
        is_end=True,
        help_text=gettext_lazy("The visits inside are listed next. None of them is cancelled by itself."),
    )

    def clean(self) -> dict[str, Any] | None:
        """What was not touched stays the moment that it was, also within an hour that comes twice."""
        cleaned = super().clean() or self.cleaned_data
        self._make_whole(cleaned)
        for name in ("starts_at", "ends_at"):
            if self.instance.pk and name in cleaned and name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", gettext_lazy("It must end after it starts."))
        return cleaned

    def _make_whole(self, cleaned: dict[str, Any]) -> None:
        """Days without times are meant from midnight to midnight; one time alone may have been forgotten."""
        if not {"starts_at", "ends_at"} <= cleaned.keys():
            return
        without = [name for name in ("starts_at", "ends_at") if not self[name].data[1]]
        if len(without) == 1:
            self.add_error(without[0], gettext_lazy("Add the time, or leave both empty for whole days."))
        elif without:
            first, last = cleaned["starts_at"].date(), cleaned["ends_at"].date()
            cleaned["starts_at"], cleaned["ends_at"] = clocks.whole_days(first, last, timezone.get_current_timezone())
