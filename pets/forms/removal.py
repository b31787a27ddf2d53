"""What an owner says when a pet leaves: deleted, or dead."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pets import days
from pets.forms.profile import LONGEST_LIFE
from portal.kit.fields import DayField, RoughDay
from portal.kit.validators import not_in_the_future


class DeleteForm(forms.Form):
    """The pop-up of **Delete**."""

    deceased = forms.BooleanField(label=gettext_lazy("Deceased"), required=False)


class LossForm(forms.Form):
    """A pet has died."""

    died = DayField(
        label=gettext_lazy("Which day was it?"),
        required=False,
        help_text=gettext_lazy("Leave it empty if you’d rather not say."),
    )

    def clean_died(self) -> RoughDay | None:
        died: RoughDay | None = self.cleaned_data["died"]
        if died:
            not_in_the_future(died.day)
            if days.whole_months(died.day, timezone.localdate()) > LONGEST_LIFE * 12:
                text = _("That is more than %(years)d years ago. Check the year.")
                raise forms.ValidationError(text, params={"years": LONGEST_LIFE})
        return died
