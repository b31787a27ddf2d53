"""What staff type about their clinic and their colleagues."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models import Clinic, Role
from portal.kit import contacts


class RefusableForm(forms.ModelForm[Any]):
    """A form of the admin. What an action refused is told beside its field, when the form comes back.

    Both are set on the class that the admin makes for each request.
    """

    clinic: Clinic | None = None
    refusal: tuple[str | None, str] | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal:
            field, words = self.refusal
            self.add_error(field if field in self.fields else None, words)
        return cleaned


class WholeRowForm(RefusableForm):
    """Checks every constraint over the whole row, also over fields that the form does not show."""

    def _post_clean(self) -> None:
        if self.clinic is not None and self.instance.clinic_id is None:
            self.instance.clinic = self.clinic
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, unknown to the stubs

    def validate_constraints(self) -> None:
        if self.errors:
            return  # The row is not complete; one message at a time.
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, self._on_this_form(error))

    def _on_this_form(self, error: ValidationError) -> ValidationError:
        """What is wrong with a field that is not shown is said above the form."""
        if not hasattr(error, "error_dict"):
            return error
        told: dict[str, list[ValidationError]] = {}
        for field, errors in error.error_dict.items():
            told.setdefault(field if field in self.fields else NON_FIELD_ERRORS, []).extend(errors)
        return ValidationError(told)


class ClinicForm(RefusableForm):
    """A clinic's settings. The logo is read as a file only: what is in it is checked where pictures are."""

    brand_colour = forms.CharField(label=gettext_lazy("Brand colour"), max_length=7, widget=forms.ColorInput)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, widget=AdminTextInputWidget, required=False)
    new_logo = forms.FileField(
        label=gettext_lazy("New logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy("A square JPEG, PNG or WebP picture of at least 128 × 128 pixels."),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Show the initials instead of a logo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            field: Any = self.fields["time_zone"]
            places = {name for name in zoneinfo.available_timezones() if "/" in name}
            field.choices = [(name, name) for name in sorted(places | {"UTC", self.instance.time_zone})]

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"], country=self.cleaned_data.get("country", self.instance.country))


class NewStaffMemberForm(WholeRowForm):
    """A colleague is found or made by e-mail address: accounts are never listed."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy(
            "Whoever is new here chooses a password through “Forgot your password?” on the sign-in page."
        ),
    )
    # Nobody becomes an owner because a list began with it.
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[("", "---------"), *Role.choices])

    def clean_email(self) -> str:
        return contacts.parse_email(self.cleaned_data["email"]).value


class SpanForm(WholeRowForm):
    """A span of opening: two of the same day must not overlap, or clients read nonsense."""

    same_day: str

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        opens, closes, day = (cleaned.get(name) for name in ("opens", "closes", self.same_day))
        if self.clinic and opens and closes and day is not None:
            others = self._meta.model._default_manager.for_clinic(self.clinic).filter(**{self.same_day: day})
            if others.exclude(pk=self.instance.pk).filter(opens__lt=closes, closes__gt=opens).exists():
                self.add_error("opens", _("That day is open at this time already."))
        return cleaned


class OpeningHoursForm(SpanForm):
    same_day = "weekday"


class HoursExceptionForm(SpanForm):
    same_day = "on"


class EmergencyClinicForm(WholeRowForm):
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, widget=AdminTextInputWidget)

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"], country=self.clinic.country if self.clinic else "")


def read_phone(text: str, *, country: str) -> str:
    """A number as typed, in the spelling that we store; empty stays empty. Raises ValidationError."""
    return contacts.parse_phone(text, country=country).value if text.strip() else ""
