"""What a client says when a visit changes: another time, or why it doesn't take place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

# The longest way to write a moment with its offset: 2026-04-23T09:20:00.000000+01:00.
LONGEST_MOMENT = 32


class MomentField(forms.CharField):
    """A moment in ISO 8601 with its offset, as the radio buttons of a picker send it. Anything else is no time."""

    default_error_messages = {
        "required": gettext_lazy("Choose a time."),
        "invalid": gettext_lazy("That isn’t a time that can be booked. Choose one of those below."),
    }

    def clean(self, value: Any) -> datetime:
        text = super().clean(value)
        try:
            moment = datetime.fromisoformat(text) if len(text) <= LONGEST_MOMENT else None
        except ValueError:
            moment = None
        # The calendar's very ends have no neighbours to compare with.
        if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 9000:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class MoveForm(forms.Form):
    """The new time of a visit."""

    at = MomentField(label=gettext_lazy("New time"))


class AgreeForm(forms.Form):
    """The time that the client says yes to: the one that the page showed."""

    at = MomentField()


class CancelForm(forms.Form):
    """**Cancel**: nothing has to be said."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("One line that the clinic reads."),
    )

    def clean_reason(self) -> str:
        """A single line, whatever was pasted."""
        return " ".join(str(self.cleaned_data["reason"]).split())
