"""What an owner of a clinic types while setting up its bookings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import policy
from bookings.models import LateRule, Policy, Resource
from bookings.models.services import LONGEST_MINUTES
from bookings.setting_up.spans import overlaps
from clinics.forms import WholeRowForm
from clinics.models import Clinic
from pets.models import CarePlan, Species
from portal.kit import money

# In the currency's smallest unit: whatever is above is a slip.
MOST_EXPENSIVE = 1_000_000_000
HOURS_A_DAY = 24


class Ticks(forms.CheckboxSelectMultiple):
    """Checkboxes in columns; in wide ones, when each has more to say than a name."""

    def __init__(self, *, is_wide: bool = False) -> None:
        super().__init__(attrs={"class": "ticks wide" if is_wide else "ticks"})


class Links(forms.ModelMultipleChoiceField[Any]):
    """Rows of the clinic to tick. Which ones there are, the form says when it knows its clinic."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(None, label=label, help_text=help_text, required=False, widget=Ticks())


class ServiceForm(WholeRowForm):
    species = forms.MultipleChoiceField(
        label=gettext_lazy("Species"),
        choices=Species.choices,
        required=False,
        widget=Ticks(),
        help_text=gettext_lazy("None ticked: all of them."),
    )
    people = Links(gettext_lazy("Who does it"), gettext_lazy("One of these people is needed for each visit."))
    rooms = Links(
        gettext_lazy("Where"), gettext_lazy("None ticked: it needs no room. Otherwise one of these is needed as well.")
    )
    care = Links(
        gettext_lazy("Planned care"), gettext_lazy("A visit takes care of these: it is suggested when one is due.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever only reads has no fields to fill in.
        if self.clinic is not None and "price" in self.fields:
            self._offer_team(self.clinic)
            self._offer_care(self.clinic)
            self._ask_for_the_price(self.clinic)
            self._explain_the_rules(policy.in_force(self.clinic))

    def _offer_team(self, clinic: Clinic) -> None:
        linked = set(self.instance.resources.values_list("pk", flat=True)) if self.instance.pk else set()
        rows = Resource.objects.for_clinic(clinic).in_order()
        # Somebody who is switched off can be unticked, and not be ticked anew.
        rows = (rows.filter(pk__in=linked) | rows.active()).distinct()
        for name, kind in (("people", Resource.Kind.PERSON), ("rooms", Resource.Kind.ROOM)):
            field: Any = self.fields[name]
            found = rows.filter(kind=kind)
            field.queryset, shown = found, list(found)
            field.choices = [(row.pk, _named(row)) for row in shown]
            self.initial[name] = [row.pk for row in shown if row.pk in linked]
            if not shown:
                field.help_text = _("There is nobody yet.") if name == "people" else _("There are no rooms yet.")

    def _offer_care(self, clinic: Clinic) -> None:
        linked = set(self.instance.plans.values_list("pk", flat=True)) if self.instance.pk else set()
        plans = CarePlan.objects.for_clinic(clinic)
        plans = (plans.filter(pk__in=linked) | plans.filter(is_active=True)).distinct()
        field: Any = self.fields["care"]
        field.queryset = plans
        by_species = sorted(plans, key=lambda plan: (list(Species).index(Species(plan.species)), plan.name, plan.pk))
        field.choices = [
            (Species(species).label, [(plan.pk, plan.name) for plan in group])
            for species, group in groupby(by_species, key=lambda plan: plan.species)
        ]
        self.initial["care"] = [plan.pk for plan in by_species if plan.pk in linked]

    def _ask_for_the_price(self, clinic: Clinic) -> None:
        """In the clinic's currency as people write it; stored in its smallest unit."""
        places = money.places_of(clinic.currency)
        self.fields["price"] = forms.DecimalField(
            label=_("Price (%(currency)s)") % {"currency": clinic.currency},
            required=False,
            min_value=Decimal(0),
            max_value=money.in_major(MOST_EXPENSIVE, clinic.currency),
            decimal_places=places,
            help_text=_("For one pet. Empty: no price is given."),
        )
        if self.instance.price is not None:
            self.initial["price"] = money.in_major(self.instance.price, clinic.currency)

    def _explain_the_rules(self, rules: Policy) -> None:
        for name in policy.OVERRIDES:
            field: Any = self.fields[name]
            if name == "late_rule":
                field.choices = [("", _("As the clinic’s rules: %(rule)s") % {"rule": rules.get_late_rule_display()})]
                field.choices += LateRule.choices
            else:
                field.help_text = _("Empty: as the clinic’s rules, %(value)s.") % {"value": getattr(rules, name)}

    def clean_price(self) -> int | None:
        """In the smallest unit."""
        typed: Decimal | None = self.cleaned_data["price"]
        return None if typed is None or self.clinic is None else money.in_minor(typed, self.clinic.currency)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        minutes, pets = cleaned.get("minutes"), cleaned.get("most_pets")
        if minutes and pets and pets > 1 and minutes * pets > LONGEST_MINUTES:
            self.add_error("most_pets", _("A visit for so many would take more than 12 hours."))
        if self.clinic is not None and not self.errors:
            refuse_an_empty_stretch(self, policy.in_force(self.clinic))
        return cleaned


def _named(resource: Resource) -> str:
    return resource.name if resource.is_active else _("%(name)s (switched off)") % {"name": resource.name}


def refuse_an_empty_stretch(form: forms.ModelForm[Any], rules: Policy) -> None:
    """Notice that reaches beyond the horizon leaves no time to book."""
    notice, days = (form.cleaned_data.get(name) for name in ("minimum_notice_hours", "horizon_days"))
    notice = rules.minimum_notice_hours if notice is None else notice
    days = rules.horizon_days if days is None else days
    if notice >= days * HOURS_A_DAY:
        field = "horizon_days" if form.cleaned_data.get("minimum_notice_hours") is None else "minimum_notice_hours"
        form.add_error(field, _("Nothing could be booked: that is further ahead than the last day."))


class ServiceWordsForm(WholeRowForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if self.clinic and cleaned.get("language") == self.clinic.language:
            self.add_error("language", _("That is the clinic’s own language: its wording is above."))
        return cleaned


class PolicyForm(WholeRowForm):
    """The rules in force, to be changed into a new version."""

    # Of the version that this page showed: nobody puts back what somebody else has just changed.
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self.clinic is not None:
            rules = policy.in_force(self.clinic)
            said = dict(rules.words.values_list("language", "body")) if rules.pk else {}
            now = {name: getattr(rules, name) for name in policy.OVERRIDES} | {"seen": rules.number}
            kwargs["initial"] = now | {words_in(code): said.get(code, "") for code, _name in settings.LANGUAGES}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            refuse_an_empty_stretch(self, self.instance)
        return cleaned

    @property
    def words(self) -> dict[str, str]:
        """What was typed, by language."""
        return {code: self.cleaned_data[words_in(code)] for code, _name in settings.LANGUAGES}


def words_in(language: str) -> str:
    """The form's field for the clinic's own wording in a language."""
    return f"words_{language.replace('-', '_')}"


def policy_form() -> type[PolicyForm]:
    """PolicyForm with a field for each of the portal's languages."""
    many = len(settings.LANGUAGES) > 1
    fields = {
        words_in(code): forms.CharField(
            label=_("In your words, in %(language)s") % {"language": name} if many else _("In your words"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            help_text=_("Shown after what the rules say by themselves. Empty: only that."),
        )
        for code, name in settings.LANGUAGES
    }
    return type("PolicyForm", (PolicyForm,), fields)


class ResourceForm(WholeRowForm):
    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class LabelledFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Lines whose fields carry their names: the admin's table says these once above, for the eye only."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden and field.label:
                field.widget.attrs["aria-label"] = capfirst(str(field.label))


class SpansFormSet(LabelledFormSet):
    """A person's week, or its exceptions: no two lines may meet, or nobody could say when they work."""

    def clean(self) -> None:
        super().clean()
        kept: list[Any] = []
        for form in self._whole():
            if any(overlaps(form.instance, other.instance) for other in kept):
                form.add_error("starts", _("This overlaps with another line."))
            kept.append(form)

    def _whole(self) -> Iterator[Any]:
        """Lines that stay and have what it takes."""
        for form in self.forms:
            is_line = form.is_valid() and (form.instance.pk or form.has_changed())
            if is_line and not form.cleaned_data.get(DELETION_FIELD_NAME):
                yield form


class UsualForm(forms.Form):
    """Some of what the portal suggests, to tick."""

    keys = forms.MultipleChoiceField(
        widget=Ticks(is_wide=True), error_messages={"required": gettext_lazy("Tick at least one.")}
    )

    def __init__(self, *args: Any, choices: list[Any], label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["keys"]
        field.choices, field.label = choices, label
