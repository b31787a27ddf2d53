"""A form for each type of line. The names of its fields are the columns; docs/import.md lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from clinics.models import Clinic
from pets.models import Neutered, Pet, Sex, Species
from portal.kit import contacts

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MONTH_FIRST_COUNTRIES = frozenset({"US", "FM", "PW"})
OLDEST = date(1900, 1, 1)

# What practice systems say in place of our names.
SPECIES_NAMES = {str(label).lower(): value for value, label in Species.choices} | {
    "canine": "dog",
    "feline": "cat",
    "lapine": "rabbit",
    "equine": "horse",
    "avian": "bird",
    "caprine": "goat",
    "ovine": "sheep",
    "porcine": "pig",
    "murine": "mouse",
    "turtle": "tortoise",
}
SEX_NAMES = {"f": "female", "m": "male", "u": "unknown"} | {value: value for value in Sex.values}
YES_NO = {"y": "yes", "n": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}
NEUTERED_NAMES = YES_NO | {"u": "unknown"} | {value: value for value in Neutered.values}
ESTIMATED_NAMES = YES_NO | {"yes": "yes", "no": "no"}


class Words(forms.CharField):
    """Text on one line, whatever it looks like: a formula stays the text that it is."""

    def to_python(self, value: Any) -> str:
        text = str(value or "").strip()
        if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
            text = text[1:]  # How our own exports keep a spreadsheet from running it.
        parts = [" ".join(line.split()) for line in text.splitlines()]
        text = ", ".join(part.rstrip(",") for part in parts if part)
        if any(unicodedata.category(character) == "Cc" for character in text):
            raise ValidationError("There is an invisible control character in it.")
        return text


class OneOf(forms.CharField):
    """One of a few words, in any case. `names` maps each to what we store; an empty cell to ""."""

    def __init__(self, *, names: Mapping[str, str], offered: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names, self.offered = names, offered

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value)).replace("_", " ").lower().split())
        if text and text not in self.names:
            raise ValidationError(f"“{text[:40]}” is not known. Use one of: {self.offered}.")
        return self.names[text] if text else ""


class Day(forms.DateField):
    """A day in ISO's spelling or in the clinic's country's, not after today."""

    month_first = False
    today: date = date.max
    may_be_ahead = False

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        order = "%m{0}%d{0}%Y" if self.month_first else "%d{0}%m{0}%Y"
        self.input_formats = ["%Y-%m-%d", *(order.format(mark) for mark in "/.-")]
        try:
            day = super().to_python(text)
        except ValidationError as error:
            example = "03/09/2024" if self.month_first else "09/03/2024"
            raise ValidationError(f"“{text[:40]}” is not a date. Write it like 2024-03-09 or {example}.") from error
        if day and day < OLDEST:
            raise ValidationError(f"{day} is before {OLDEST.year}.")
        if day and day > self.today and not self.may_be_ahead:
            raise ValidationError(f"{day} is in the future.")
        return day


class DayAhead(Day):
    may_be_ahead = True


class Kilograms(forms.DecimalField):
    """A weight in kg; a comma is a decimal comma."""

    # django-stubs takes a DecimalField for an IntegerField.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = re.sub(r"\s*kg\.?\Z", "", str(value or "").strip(), flags=re.IGNORECASE)
        if text and not re.fullmatch(r"[0-9]+([.,][0-9]+)?", text, re.ASCII):
            raise ValidationError(f"“{text[:40]}” is not a weight in kg. Write it like 4.2 or 4,2.")
        return super().to_python(text.replace(",", "."))


class RowForm(forms.Form):
    """One form serves every line of its type: making a new one for each costs more than checking the line."""

    own_id: ClassVar[str]
    stored_as: ClassVar[dict[str, str]]
    # Columns whose empty cell counts. Whoever has a contact can sign in, so the file's word is final there.
    empties: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *, clinic: Clinic, today: date) -> None:
        super().__init__({})
        self.clinic = clinic
        for field in self.fields.values():
            if isinstance(field, Day):
                field.month_first = clinic.country in MONTH_FIRST_COUNTRIES
                field.today = today

    def read(self, cells: Mapping[str, str]) -> bool:
        """Check a line's cells. What is wrong is in `errors` then, what is right in `cleaned_data`."""
        self.data = cells
        self.full_clean()
        return not self.errors

    def values(self) -> dict[str, Any]:
        """What the line says about its row. An empty cell says nothing, and so does a missing column."""
        found = {column: self.cleaned_data[column] for column in self.stored_as if column in self.data}
        return {
            self.stored_as[column]: value
            for column, value in found.items()
            if value not in {"", None} or column in self.empties
        }


class ClientRow(RowForm):
    own_id = "client_id"
    stored_as = {
        "client_id": "external_id",
        "name": "name",
        "phone": "phone",
        "email": "email",
        "address": "address",
        "language": "language",
    }
    empties = frozenset({"phone", "email"})

    client_id = Words(max_length=64)
    name = Words(max_length=120)
    phone = Words(required=False)
    email = Words(required=False)
    address = Words(required=False, max_length=300)
    language = OneOf(
        required=False,
        names={code: code for code, _name in settings.LANGUAGES},
        offered=", ".join(code for code, _name in settings.LANGUAGES),
    )

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        return contacts.parse_phone(phone, country=self.clinic.country).value if phone else ""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        return contacts.parse_email(email).value if email else ""


class PetRow(RowForm):
    own_id = "pet_id"
    stored_as = {
        "pet_id": "external_id",
        "name": "name",
        "species": "species",
        "breed": "breed",
        "sex": "sex",
        "neutered": "neutered",
        "born_on": "born_on",
        "birth_estimated": "is_birth_estimated",
        "colour": "colour",
        "microchip": "microchip",
        "died_on": "deceased_on",
    }

    pet_id = Words(max_length=64)
    client_id = Words(max_length=64)
    name = Words(max_length=80)
    species = OneOf(names=SPECIES_NAMES, offered=", ".join(str(label) for label in Species.labels))
    breed = Words(required=False, max_length=80)
    sex = OneOf(required=False, names=SEX_NAMES, offered="female, male, unknown")
    neutered = OneOf(required=False, names=NEUTERED_NAMES, offered="yes, no, unknown")
    born_on = Day(required=False)
    birth_estimated = OneOf(required=False, names=ESTIMATED_NAMES, offered="yes, no")
    colour = Words(required=False, max_length=60)
    microchip = Words(required=False)
    died_on = Day(required=False)

    def clean_birth_estimated(self) -> bool | None:
        answer = self.cleaned_data["birth_estimated"]
        return answer == "yes" if answer else None

    def clean_microchip(self) -> str:
        chip = re.sub(r"[\s.-]", "", self.cleaned_data["microchip"]).upper()
        if chip:
            for validator in Pet._meta.get_field("microchip").validators:
                validator(chip)
        return chip

    def clean(self) -> None:
        born_on, died_on = self.cleaned_data.get("born_on"), self.cleaned_data.get("died_on")
        if born_on and died_on and died_on < born_on:
            self.add_error("died_on", f"{died_on} is before the date of birth.")


class WeightRow(RowForm):
    own_id = ""
    stored_as = {"date": "weighed_on", "kg": "kg"}

    pet_id = Words(max_length=64)
    date = Day()
    kg = Kilograms(min_value=Decimal("0.001"), max_value=1500, max_digits=7, decimal_places=3)


class CareRow(RowForm):
    own_id = "care_id"
    stored_as = {
        "care_id": "external_id",
        "date": "given_on",
        "valid_until": "valid_until",
        "product": "product",
        "maker": "maker",
        "lot": "lot",
        "vet_name": "vet_name",
        "vet_licence": "vet_licence",
        "tag_number": "tag_number",
        "given_at": "given_at_clinic",
    }

    care_id = Words(max_length=64)
    pet_id = Words(max_length=64)
    service = Words(max_length=80)
    date = Day()
    valid_until = DayAhead()
    product = Words(required=False, max_length=80)
    maker = Words(required=False, max_length=80)
    lot = Words(required=False, max_length=40)
    vet_name = Words(required=False, max_length=80)
    vet_licence = Words(required=False, max_length=40)
    tag_number = Words(required=False, max_length=40)
    given_at = Words(required=False, max_length=120)

    def clean(self) -> None:
        given_on, valid_until = self.cleaned_data.get("date"), self.cleaned_data.get("valid_until")
        if given_on and valid_until and valid_until < given_on:
            self.add_error("valid_until", f"{valid_until} is before the date on which it was given.")


FORMS: dict[str, type[RowForm]] = {"client": ClientRow, "pet": PetRow, "weight": WeightRow, "care": CareRow}
COLUMNS = frozenset({"type"}.union(*(form.base_fields for form in FORMS.values())))


def required_columns(kind: str) -> list[str]:
    """The columns that a file with lines of this type must have."""
    return [name for name, field in FORMS[kind].base_fields.items() if field.required]
