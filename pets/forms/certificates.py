"""**Done elsewhere**: the form that another clinic's certificate is handed in with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pets.models import CarePlan, Pet
from portal.kit.documents import UnusableDocument, check_pdf, is_pdf
from portal.kit.fields import DayField, OneLineField, RoughDay
from portal.kit.images import UnusablePicture, WrongFormat, check_picture
from portal.kit.validators import not_in_the_future

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class PlanField(forms.ModelChoiceField[CarePlan]):
    """The services in use for a species; the species needn't be said again."""

    def label_from_instance(self, obj: CarePlan) -> str:
        return obj.name


class CertificateForm(forms.Form):
    """Every file is looked at by its header only, and refused beside the field."""

    plan = PlanField(
        label=gettext_lazy("What was done"),
        queryset=None,
        empty_label=gettext_lazy("Choose one"),
        error_messages={
            "required": gettext_lazy("Choose what was done."),
            "invalid_choice": gettext_lazy("Choose one of these services."),
        },
    )
    given_at_clinic = OneLineField(
        label=gettext_lazy("Clinic that did it"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the name of the clinic.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    given_on = DayField(label=gettext_lazy("Date on the certificate"), required=False)
    file = forms.FileField(
        label=gettext_lazy("Certificate"),
        help_text=gettext_lazy("A photo of the whole page (up to 15 MB), or a PDF (up to 10 MB)."),
        allow_empty_file=True,  # It is refused below, in our words.
        error_messages={"required": gettext_lazy("Choose a photo or a PDF of the certificate.")},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, pet: Pet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = CarePlan.objects.for_clinic(pet.clinic).filter(species=pet.species, is_active=True)
        plan = self.fields["plan"]
        assert isinstance(plan, PlanField)  # noqa: S101  for the type checker
        plan.queryset = plans.order_by("-is_vaccine", "name", "pk")

    def clean_given_on(self) -> RoughDay | None:
        rough: RoughDay | None = self.cleaned_data["given_on"]
        if rough:
            not_in_the_future(rough.day)
        return rough

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            if is_pdf(upload):
                check_pdf(upload)
            else:
                check_picture(upload)
        except WrongFormat as refusal:
            raise ValidationError(_("Choose a photo (JPEG, PNG or WebP) or a PDF.")) from refusal
        except (UnusablePicture, UnusableDocument) as refusal:
            raise ValidationError(str(refusal)) from refusal
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors and "file" not in self.errors:
            self.ask_for_file_again()
        return cleaned

    def ask_for_file_again(self) -> None:
        """A browser keeps what was typed, and no files."""
        self.add_error("file", _("Choose the file again: your browser doesn’t keep it."))
