"""What somebody has chosen on the way to a visit, as it stands in the address, and the form that confirms it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pets.models import Species
from portal.kit.fields import OneLineField, ParagraphField

if TYPE_CHECKING:
    from django.http import QueryDict

ANYBODY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What an address says, as far as it can be understood. Whether it exists and may be had is asked later."""

    pets: list[int] = field(default_factory=list)
    species: str = ""
    service: int | None = None
    # The answer about warning signs: "yes", "no" or "".
    signs: str = ""
    # A person's id, ANYBODY, or "".
    who: str = ""
    day: date | None = None
    at: datetime | None = None
    # There is something that should be a time and is none.
    is_at_odd: bool = False
    # The step whose button was pressed.
    done: str = ""

    def pairs(self, *without: str) -> list[tuple[str, str]]:
        """As an address has them, or hidden fields."""
        said = [
            *(("pet", str(pet)) for pet in self.pets),
            ("species", self.species),
            ("service", str(self.service or "")),
            ("signs", self.signs),
            ("who", self.who),
            ("day", self.day.isoformat() if self.day else ""),
            ("at", self.at.isoformat() if self.at else ""),
        ]
        return [(name, value) for name, value in said if value and name not in without]

    def query(self, *without: str, **more: str) -> str:
        """“?pet=1&service=5”; what is in `more` comes instead."""
        said = [*self.pairs(*without, *more), *more.items()]
        return f"?{urlencode(said)}" if said else ""


def read(given: QueryDict) -> Wishes:
    """Never fails: what makes no sense is as if it weren't there."""
    at_text = given.get("at", "")
    at = _moment(at_text)
    species, signs, who = given.get("species", ""), given.get("signs", ""), given.get("who", "")
    return Wishes(
        pets=list(dict.fromkeys(pet for pet in map(_number, given.getlist("pet")[:100]) if pet)),
        species=species if species in Species.values else "",
        service=_number(given.get("service", "")),
        signs=signs if signs in {"yes", "no"} else "",
        who=who if who == ANYBODY or _number(who) else "",
        day=_day(given.get("day", "")),
        at=at,
        is_at_odd=bool(at_text) and at is None,
        done=given.get("done", ""),
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,14}", text, re.ASCII) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """A moment of our century, told with its offset from UTC."""
    if not re.fullmatch(r"20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", text, re.ASCII):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


class ConfirmForm(forms.Form):
    """**Confirm**: a note, for somebody new the pet's name, and whether we may text."""

    pet_name = OneLineField(
        label=gettext_lazy("Your pet’s name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter your pet’s name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = ParagraphField(
        label=gettext_lazy("Anything we should know?"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For example what has changed, or what you’d like to ask"),
    )
    texts = forms.BooleanField(label=gettext_lazy("Text me about my appointments"), required=False)
    # The same form sent twice makes one visit, and files one pet.
    form_key = forms.CharField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(
        self, given: QueryDict | None, *, now: datetime, asks_name: bool, asks_texts: bool, small_print: str = ""
    ) -> None:
        super().__init__(given, initial={"form_key": uuid4(), "opened": now.isoformat()})
        self.now = now
        if not asks_name:
            del self.fields["pet_name"]
        if asks_texts:
            self.fields["texts"].help_text = small_print
        else:
            del self.fields["texts"]

    def clean_form_key(self) -> UUID | None:
        """None if somebody wrote their own: then the form isn't recognised when it comes twice."""
        try:
            return UUID(self.cleaned_data["form_key"])
        except ValueError:
            return None

    def clean_opened(self) -> datetime:
        """When the form was opened; a minute ago if it doesn't say so properly."""
        opened = None
        if len(self.cleaned_data["opened"]) <= 40:
            try:
                opened = datetime.fromisoformat(self.cleaned_data["opened"])
            except ValueError:
                opened = None
        is_fit = opened is not None and timezone.is_aware(opened) and self.now - timedelta(days=2) < opened <= self.now
        return opened if opened and is_fit else self.now - timedelta(minutes=1)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed, as hidden fields of the page that says that the time has gone."""
        typed = [(name, str(self[name].value() or "")) for name in self.fields]
        return [(name, value) for name, value in typed if value and value != "False"]
