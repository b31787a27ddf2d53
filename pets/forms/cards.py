"""What an owner chooses about a Pet ID card, and the code that somebody types to check one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pets.id_card import tokens
from pets.id_card.tokens import Token
from pets.models import IdCard


class CardForm(forms.Form):
    """Which parts the card shows, and its last day."""

    shown = forms.MultipleChoiceField(
        label=gettext_lazy("On your card"),
        choices=IdCard.Part.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty, and the card is good until you withdraw it."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    @classmethod
    def of(cls, card: IdCard, *, today: date, typed: Any = None) -> CardForm:
        """For a card as it is. `today` is the clinic's."""
        shown = [part for part in IdCard.Part.values if card.shows(part)]
        form = cls(typed, initial={"shown": shown, "expires_on": card.expires_on})
        form.fields["expires_on"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()
        return form


class CheckForm(forms.Form):
    """The code on a card, typed by whoever checks it."""

    code = forms.CharField(
        label=gettext_lazy("Code on the card"),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Enter the code that is printed on the card."),
            "max_length": gettext_lazy("This is longer than a code. It looks like C-7K4R-2XD0-ABCD-1234."),
        },
        help_text=gettext_lazy("It is printed beside the QR code. Capitals, spaces and hyphens don’t matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> Token:
        token = tokens.read(self.cleaned_data["code"])
        if token is None:
            raise ValidationError(_("This isn’t a whole code. It looks like C-7K4R-2XD0-ABCD-1234."))
        return token
