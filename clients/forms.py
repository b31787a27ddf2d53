"""What clients type on their way in. Forms read and check; they save nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.sign_in import read_code
from clinics.models import Clinic
from portal.kit import contacts
from portal.kit.contacts import Contact

BY_PHONE, BY_EMAIL = "phone", "email"


class ContactForm(forms.Form):
    """A phone or an email address, and the two consents without which no code is sent (R39–R41)."""

    by = forms.ChoiceField(
        label=gettext_lazy("Send my code by"),
        choices=[(BY_PHONE, gettext_lazy("Text message")), (BY_EMAIL, gettext_lazy("Email"))],
        initial=BY_PHONE,
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        max_length=40,
        error_messages={"max_length": gettext_lazy("That number has too many digits.")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label=gettext_lazy("Email address"),
        required=False,
        max_length=300,
        error_messages={"max_length": gettext_lazy("That email address is too long.")},
        help_text=gettext_lazy("The one on file with your clinic"),
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )
    consent_data = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box so that we can send your code.")}
    )
    consent_terms = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box once you have read and agree to both texts.")}
    )

    contact: Contact | None = None

    def __init__(self, *args: Any, clinic: Clinic | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        example = contacts.example(clinic.country if clinic else "")
        self.fields["phone"].help_text = (
            _("Like %(example)s")
            % {"example": contacts.display_phone(example.replace(" ", ""), country=clinic.country)}
            if clinic
            else _("With your country code, like %(example)s") % {"example": example}
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        field = BY_EMAIL if cleaned.get("by") == BY_EMAIL else BY_PHONE
        if field in self.errors:
            return cleaned
        try:
            self.contact = self._contact(field, cleaned.get(field, ""))
        except ValidationError as error:
            self.add_error(field, error)
        return cleaned

    def _contact(self, field: str, typed: str) -> Contact:
        if field == BY_EMAIL:
            return contacts.parse_email(typed)
        contact = contacts.parse_phone(typed, country=self.clinic.country if self.clinic else "")
        if contacts.is_costly(contact.value) or not self._is_allowed(contact):
            raise ValidationError(_("We can’t send texts to this number. Use your email instead."))
        return contact

    def _is_allowed(self, contact: Contact) -> bool:
        return self.clinic is None or contacts.country_of(contact.value) in self.clinic.allowed_sms_countries


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("6-digit code"),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Enter the six digits from our message."),
            "max_length": gettext_lazy("A code is six digits, 0 to 9."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("A code is six digits, 0 to 9."))
        return code


class WhoForm(forms.Form):
    """Several people share the contact that was just proved: which of them is it?"""

    who = forms.TypedChoiceField(
        label=gettext_lazy("Who are you?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose your name."),
            "invalid_choice": gettext_lazy("Choose one of the names."),
        },
    )

    def __init__(self, *args: Any, people: list[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.TypedChoiceField)  # noqa: S101  for the type checker
        who.choices = [(person.pk, person.name) for person in people]


class NameForm(forms.Form):
    """A new client at an open door."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        error_messages={
            "required": gettext_lazy("Enter your name."),
            "max_length": gettext_lazy("That’s longer than we can keep. Use up to 120 letters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AgreeForm(forms.Form):
    """The two consents, for a client who is signed in already."""

    consent_data = forms.BooleanField(error_messages={"required": gettext_lazy("Tick the box to go on.")})
    consent_terms = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box once you have read and agree to both texts.")}
    )
