"""What an owner tells about a pet: the forms of **Add New Pet** and **Edit Pet Information**."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models import Editing
from pets import breeds, days, editing, facts, history
from pets.forms.choices import SEXES, AnimalCard, cards
from pets.forms.figures import HEAVIEST, MOST, read_weight, weight_figure
from pets.models import Pet, Species, validate_microchip
from portal.kit.fields import DayField, OneLineField, ParagraphField, RoughDay
from portal.kit.validators import not_in_the_future

if TYPE_CHECKING:
    from clinics.models import Clinic
    from pets.history import Details

# The longest lives, in years; a birth before that is a slip of the keyboard.
LONGEST_LIFE = 60
LONGER_LIVES: dict[str, int] = {Species.TORTOISE: 150, Species.BIRD: 100, Species.FISH: 100, Species.OTHER: 150}
SEX_CHOICES = [("", gettext_lazy("Choose one")), *SEXES.items()]
# A field of the form, and what it writes.
WRITES = {"sex": ("sex", "neutered"), "born": ("born_on", "is_birth_estimated")}
PLAIN = ("name", "species", "breed", "microchip", "colour", "insurance_company", "insurance_policy", "notes")
MORE = ("colour", "insurance_company", "insurance_policy", "notes")


class ProfileForm(forms.Form):
    """The fields that both forms have."""

    name = OneLineField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter your pet’s name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    species = forms.ChoiceField(
        label=gettext_lazy("Species"),
        choices=Species.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose your pet’s species."),
            "invalid_choice": gettext_lazy("Choose one of these species."),
        },
    )
    breed = OneLineField(
        label=gettext_lazy("Breed"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "breeds"}),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=SEX_CHOICES,
        error_messages={"required": gettext_lazy("Choose one. “I’m not sure” is fine.")},
    )
    born = DayField(
        label=gettext_lazy("Date of birth"),
        required=False,
        is_rough_fine=True,
        help_text=gettext_lazy("A guess is fine. Leave the day empty if you don’t know it."),
    )
    weight = OneLineField(
        label=gettext_lazy("Weight"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    # What the weight's box held at first: only another figure is a new weight.
    weight_before = forms.CharField(required=False, widget=forms.HiddenInput)
    microchip = OneLineField(
        label=gettext_lazy("Microchip"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    colour = OneLineField(label=gettext_lazy("Colour"), max_length=60, required=False)
    insurance_company = OneLineField(label=gettext_lazy("Insurance company"), max_length=80, required=False)
    insurance_policy = OneLineField(label=gettext_lazy("Policy number"), max_length=40, required=False)
    notes = ParagraphField(label=gettext_lazy("Notes for the clinic"), max_length=1000, required=False)

    # The server says what is missing, in its own words.
    use_required_attribute = False

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        self.fields["notes"].help_text = _("Anything that helps with %(pet)s: nervous of dogs, likes cheese …") % {
            "pet": self.initial.get("name") or _("your pet")
        }

    @property
    def unit(self) -> str:
        return self.clinic.weight_unit

    @property
    def common_animals(self) -> list[AnimalCard]:
        return cards(self["species"], are_common=True)

    @property
    def other_animals(self) -> list[AnimalCard]:
        return cards(self["species"], are_common=False)

    @property
    def is_another_animal(self) -> bool:
        """Is what is chosen among the less common ones, so that they must be in sight?"""
        return any(card.is_chosen for card in self.other_animals)

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE if name in self.fields]

    @property
    def is_more_open(self) -> bool:
        return any(field.errors or field.value() for field in self.more)

    @property
    def breed_names(self) -> list[str]:
        species = self["species"].value() if "species" in self.fields else self.initial.get("species")
        return breeds.names_for(species, clinic=self.clinic) if species in Species.values else []

    def clean_born(self) -> RoughDay | None:
        rough: RoughDay | None = self.cleaned_data["born"]
        if rough:
            not_in_the_future(rough.day)
        return rough

    def clean_weight(self) -> str:
        typed: str = self.cleaned_data["weight"]
        kg = read_weight(typed, unit=self.unit)
        if typed and kg is None:
            raise ValidationError(_("Write the weight as a number, like 12.5."))
        if kg is not None and not 0 < kg <= HEAVIEST:
            raise ValidationError(_("A weight is more than 0 and at most %(most)s."), params={"most": MOST[self.unit]})
        return typed

    def clean_microchip(self) -> str:
        number = re.sub(r"[\s.\-‐‑–—]", "", self.cleaned_data["microchip"]).upper()
        if number:
            validate_microchip(number)
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        rough: RoughDay | None = cleaned.get("born")
        species = cleaned.get("species") or self.initial.get("species", "")
        longest = LONGER_LIVES.get(species, LONGEST_LIFE)
        if rough and days.whole_months(rough.day, timezone.localdate()) > longest * 12:
            self.add_error("born", _("That is more than %(years)d years ago. Check the year.") % {"years": longest})
        return cleaned

    @property
    def new_kg(self) -> Decimal | None:
        """The weight that was typed, in kilograms; None where the figure on file was left as it is."""
        kg = read_weight(self.cleaned_data.get("weight", ""), unit=self.unit)
        before = read_weight(self.cleaned_data.get("weight_before", ""), unit=self.unit)
        return None if kg == before else kg

    @property
    def has_older_chip(self) -> bool:
        return 0 < len(self.cleaned_data.get("microchip", "")) < 15

    def details(self) -> dict[str, Any]:
        """What was typed, as fields of Pet."""
        values = {name: self.cleaned_data[name] for name in PLAIN if name in self.cleaned_data}
        if "sex" in self.cleaned_data:
            values["sex"], values["neutered"] = self.cleaned_data["sex"].split("-")
        if "born" in self.cleaned_data:
            values |= self._birth(self.cleaned_data["born"])
        return values

    def _birth(self, rough: RoughDay | None) -> dict[str, Any]:
        if rough is None:
            return {"born_on": None, "is_birth_estimated": False}
        return {"born_on": rough.day, "is_birth_estimated": not rough.is_exact}


class AddForm(ProfileForm):
    """**Add New Pet**."""

    # When this form was opened: a pet with the same details that is filed later came from the same form.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, clinic: Clinic, now: datetime) -> None:
        super().__init__(*args, clinic=clinic, initial={"opened": now.isoformat()})
        self.now = now
        self.fields["name"].widget.attrs["autofocus"] = True

    def clean_opened(self) -> datetime:
        """When the form was opened; a minute ago if it doesn't say so properly."""
        try:
            opened = parse_datetime(self.cleaned_data["opened"])
        except ValueError:
            opened = None
        is_fit = opened is not None and timezone.is_aware(opened) and self.now - timedelta(days=2) < opened <= self.now
        return opened if opened and is_fit else self.now - timedelta(minutes=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        breed, species = cleaned.get("breed", ""), cleaned.get("species", "")
        if breed and species and breeds.is_stray(breed, species, clinic=self.clinic):
            self.add_error("breed", _("This is another animal’s breed. Check the breed and the species."))
        return cleaned


class EditForm(ProfileForm):
    """**Edit Pet Information**: what the owner may only see is no field, what the clinic decides on says so."""

    def __init__(self, *args: Any, pet: Pet, proposed: Details, kg: Decimal | None) -> None:
        self.pet, self.rules = pet, editing.rules_for(pet)
        asked = {field: pair[1] for field, pair in proposed.items() if self.rules.get(field) == Editing.REQUEST}
        shown = {field: getattr(pet, field) for field in self.rules if field != editing.WEIGHT} | {
            field: history.as_value(field, text) for field, text in asked.items()
        }
        born = shown["born_on"] and RoughDay(shown["born_on"], is_exact=not shown["is_birth_estimated"])
        self.was_estimated = shown["is_birth_estimated"]
        figure = weight_figure(kg, unit=pet.clinic.weight_unit)
        more = {
            "sex": f"{shown['sex']}-{shown['neutered']}",
            "born": DayField.boxes(born),
            "weight": figure,
            "weight_before": figure,
        }
        super().__init__(*args, clinic=pet.clinic, initial=shown | more)
        self._follow_rules()

    def _follow_rules(self) -> None:
        if self.initial["sex"] not in SEXES:
            # Neutered, and of unknown sex: kept until somebody knows.
            sex = self.fields["sex"]
            assert isinstance(sex, forms.ChoiceField)  # noqa: S101  for the type checker
            sex.choices = [*SEX_CHOICES, (self.initial["sex"], facts.sex_text(self.pet))]
        hint = _("%(clinic)s checks this before it changes.") % {"clinic": self.clinic.name}
        for name in [name for name in self.fields if written_by(name)[0] in self.rules]:
            rule = self.rules[written_by(name)[0]]
            if rule == Editing.READ_ONLY:
                del self.fields[name]
            elif rule == Editing.REQUEST:
                self.fields[name].help_text = f"{hint} {self.fields[name].help_text}".strip()

    @property
    def only_seen(self) -> list[facts.Fact]:
        """What is on file and not for the owner to change."""
        fields = [field for field, rule in self.rules.items() if rule == Editing.READ_ONLY]
        kept = {field: ["", history.as_text(getattr(self.pet, field))] for field in fields if _is_told(field)}
        return [facts.Fact(one.label, one.after) for one in history.readable(kept)]

    def _birth(self, rough: RoughDay | None) -> dict[str, Any]:
        typed = [str(box or "").strip() for box in self["born"].data or []]
        if rough and typed == self.initial["born"]:
            return {"born_on": rough.day, "is_birth_estimated": self.was_estimated}
        return super()._birth(rough)


def written_by(name: str) -> tuple[str, ...]:
    """The fields of Pet that a field of the form writes."""
    return WRITES.get(name, (name,))


def words_for(fields: Iterable[str]) -> list[str]:
    """Fields of Pet by the names that the form gives them."""
    names = {field: name for name, written in WRITES.items() for field in written}
    labels = [str(ProfileForm.base_fields[names.get(field, field)].label) for field in fields]
    return list(dict.fromkeys(labels))


def _is_told(field: str) -> bool:
    return field not in {"neutered", "is_birth_estimated", editing.WEIGHT}
