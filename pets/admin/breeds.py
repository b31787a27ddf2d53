"""The breeds that a clinic adds to the list its clients choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _

from clinics.admin_scope import EVERYONE, ClinicScopedAdmin
from clinics.forms import WholeRowForm
from pets.breeds import BREEDS
from pets.models import Breed, Species


class BreedForm(WholeRowForm):
    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        name, species = cleaned.get("name", ""), cleaned.get("species", "")
        usual = BREEDS.get(Species(species), ()) if species else ()
        if name.casefold() in {one.casefold() for one in usual}:
            self.add_error("name", _("This breed is on the list already."))
        return cleaned


@admin.register(Breed)
class BreedAdmin(ClinicScopedAdmin):
    """Everybody's, and deleted as a row: pets keep their breed as text."""

    may_add = may_change = may_delete = EVERYONE

    form = BreedForm
    fields = ["species", "name"]
    list_display = ["name", "species"]
    list_filter = ["species"]
    search_fields = ["name"]
    ordering = ["species", "name"]
