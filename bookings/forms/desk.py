"""What staff type at the desk: whom a visit is for, when it shall be, and why something changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import clocks
from bookings.models import UNIT_MINUTES, Appointment, Resource, Service, State
from bookings.picker import STAFF_HORIZON_DAYS
from bookings.taking import NoSuchTime
from clients.models import Client
from pets.models import Pet

if TYPE_CHECKING:
    from clinics.models import Clinic

REASON_LENGTH = 300  # Of the models' column.
NOTE_LENGTH = 500
DAY_INPUT = {"type": "date"}


class DeskForm(forms.Form):
    """A screen's own form. A refusal that came back is told above it or beside a field."""

    # Ours says what is wrong; the browser's own bubbles would say it in another language.
    use_required_attribute = False


class ClientSelect(AutocompleteSelect):
    """Django's, but for what is no id: it asks the database for it when the form comes back. The script says to
    screen readers what is chosen and searched here, which select2 leaves out."""

    class Media:
        js = ("js/staff-select.js",)

    def optgroups(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> Any:
        ids = [one for one in value if not one or (one.isascii() and one.isdigit() and len(one) < 19)]
        return super().optgroups(name, ids, attrs)


class ClientForm(DeskForm):
    """Whom a visit is for."""

    client: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Client"),
        queryset=None,
        error_messages={"invalid_choice": gettext_lazy("This client isn’t on file any more.")},
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["client"]
        field.queryset = Client.objects.for_clinic(clinic).current()
        column: Any = Appointment._meta.get_field("client")
        field.widget = ClientSelect(column, admin.site)
        field.widget.choices = field.choices


class VisitForm(DeskForm):
    """Which pets, what for, with whom, and on which day to look."""

    pets: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Pets"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose who the visit is for."),
            "invalid_choice": gettext_lazy("This pet isn’t the client’s, or has died or was deleted."),
        },
    )
    service: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=gettext_lazy("Service"), queryset=None)
    person: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("With"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Whoever is free"),
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs=DAY_INPUT))

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clinic = client.clinic
        pets: Any = self.fields["pets"]
        pets.queryset = Pet.objects.for_client(client).living().order_by("name", "pk")
        service: Any = self.fields["service"]
        service.queryset = Service.objects.for_clinic(clinic).active().in_order()
        person: Any = self.fields["person"]
        person.queryset = Resource.objects.for_clinic(clinic).active().people().in_order()


class PersonForm(DeskForm):
    """With whom, and on which day to look, when a visit gets another time."""

    person: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("With"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Whoever is free"),
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs=DAY_INPUT))

    def __init__(self, *args: Any, visit: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = Resource.objects.for_clinic(visit.clinic).people().filter(services=visit.service)
        person: Any = self.fields["person"]
        person.queryset = (able.active() | able.filter(pk=visit.person_id or 0)).distinct().in_order()


class TimeForm(DeskForm):
    """One of the times that are offered, or any other of the same day."""

    picked = forms.CharField(required=False, max_length=40)
    on = forms.DateField(required=False, widget=forms.HiddenInput)
    other = forms.TimeField(
        label=gettext_lazy("Another time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "step": UNIT_MINUTES * 60}, format="%H:%M"),
        help_text=gettext_lazy(
            "Instead of those above, in steps of 5 minutes: also outside of the working hours and at short notice."
        ),
        # So that what a free gap of the diary brought along gives way to a time that is picked.
        show_hidden_initial=True,
    )

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = clinic.zone
        today = now.astimezone(clinic.zone).date()
        self.days = today, today + timedelta(days=STAFF_HORIZON_DAYS)

    def clean_other(self) -> time | None:
        other: time | None = self.cleaned_data["other"]
        if other and (other.minute % UNIT_MINUTES or other.second or other.microsecond):
            raise forms.ValidationError(_("Use a multiple of 5 minutes."))
        return other

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"on", "picked"} & self.errors.keys():
            # Neither is typed: the page has no place beside them.
            self.add_error("other", str(NoSuchTime()))
        if "other" in self.errors:
            return cleaned
        picked = self._moment(cleaned["picked"]) if cleaned.get("picked") else None
        typed = self._typed(cleaned) if cleaned.get("other") else None
        if picked and typed and picked != typed and "other" in self.changed_data:
            self.add_error("other", _("A time of the list is chosen as well. Choose one of the two."))
        elif not picked and not typed and "other" not in self.errors:
            self.add_error("other", _("Choose a time."))
        starts_at = picked or typed
        if starts_at and not self.days[0] <= starts_at.date() <= self.days[1]:
            self.add_error("other", _("That day is over, or too far ahead."))
        cleaned["starts_at"] = None if "other" in self.errors else starts_at
        return cleaned

    def let_go(self) -> None:
        """A time that can't be had is not offered again when the page comes back."""
        typed: Any = self.data
        typed = typed.copy()
        typed["other"] = ""
        self.data = typed

    def _typed(self, cleaned: dict[str, Any]) -> datetime | None:
        if not cleaned.get("on"):
            self.add_error("other", _("Choose a day first."))
            return None
        try:
            return clocks.moment(cleaned["on"], cleaned["other"], self.zone)
        except clocks.NoSuchHour as refusal:
            self.add_error("other", str(refusal))
        except OverflowError:
            self.add_error("other", str(NoSuchTime()))
        return None

    def _moment(self, text: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("a time of which zone?")
            return moment.astimezone(self.zone)
        except (ValueError, OverflowError):
            self.add_error("other", str(NoSuchTime()))
            return None


class BookForm(TimeForm):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": NOTE_LENGTH}),
        help_text=gettext_lazy("What the client said about the visit. They can read it."),
    )
    # So that the same form sent twice makes one visit.
    key = forms.UUIDField(widget=forms.HiddenInput)


def _reason(**options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH})
    return forms.CharField(max_length=REASON_LENGTH, widget=widget, **options)


class MoveForm(TimeForm):
    reason = _reason(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy("The client reads it. Leave it empty if they asked for it."),
    )


class ReasonForm(DeskForm):
    """Why a visit doesn't take place."""

    reason = _reason(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The client reads it."),
        error_messages={"required": gettext_lazy("Tell the client why, in a few words.")},
    )


class CorrectionForm(DeskForm):
    """How a visit really ended."""

    state = forms.ChoiceField(label=gettext_lazy("It was"))
    reason = _reason(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The history keeps it."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )

    def __init__(self, *args: Any, states: list[State], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        field.choices = [("", _("Choose")), *((state.value, state.label) for state in states)]


def day_in(text: str, *, today: date) -> date:
    """A day of an address; what is none, or lies beyond any diary, is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day.year - today.year) <= 50 else today
