"""What changed on a pet's file, in words that the next reader understands (R27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, DateField
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clients.models import Client
from clinics.models import StaffMember
from pets import days
from pets.editing import WEIGHT
from pets.models import Pet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pets.models import PetChange

# Who did it: the owner, somebody at the clinic, or nobody (an import, a command).
type Author = Client | StaffMember | None
# Field → [before, after], as text that the field's to_python reads.
type Details = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after, as a person reads it; "–" stands for nothing."""

    label: str
    before: str
    after: str


def differences(pet: Pet, values: Mapping[str, Any]) -> Details:
    """What writing `values` would change. Fields that stay as they are, are left out."""
    return {
        field: [as_text(getattr(pet, field)), as_text(value)]
        for field, value in values.items()
        if getattr(pet, field) != value
    }


def as_text(value: Any) -> str:
    """A value as it is kept in the history: dates as ISO, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def as_value(field: str, text: str) -> Any:
    """What `as_text` was given, as the model's field reads it; for an empty date None."""
    column = Pet._meta.get_field(field)
    return None if text == "" and column.null else column.to_python(text)  # type: ignore[union-attr]  # no relation


def readable(details: Mapping[str, Iterable[str]]) -> Iterator[Difference]:
    """The differences of a change or a request, in the active language."""
    for field, (before, after) in details.items():
        yield Difference(_label(field), shown(field, before), shown(field, after))


def shown(field: str, text: str) -> str:
    """A kept value as a person reads it: “Cat” for cat, “12 May 2021” for a date, “–” for nothing."""
    if text == "":
        return "–"
    if field == WEIGHT:
        return _("%(number)s kg") % {"number": number_format(Decimal(text).normalize())}
    column = Pet._meta.get_field(field)
    if isinstance(column, BooleanField):
        return _("Yes") if text == "True" else _("No")
    if isinstance(column, DateField):
        return days.full(date.fromisoformat(text))
    return str(dict(getattr(column, "flatchoices", ())).get(text, text))


def author_of(change: PetChange) -> str:
    """Who did it, by the name on file; the import and the platform have none there."""
    return str(change.client or change.staff or _("Import or platform"))


def _label(field: str) -> str:
    if field == WEIGHT:
        return _("Weight")
    column = Pet._meta.get_field(field)
    return str(capfirst(str(getattr(column, "verbose_name", field))))
