"""The staff's pages about care: what it is given by, and what was given."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone

from clinics.admin_scope import CLINICAL, ClinicRelatedFilter, ClinicScopedAdmin, ClinicScopedInline, adopt
from clinics.forms import WholeRowForm
from pets import actions
from pets.admin.authors import author
from pets.models import CarePlan, CareRecord


class CareRecordForm(WholeRowForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        pet, plan = cleaned.get("pet"), cleaned.get("plan")
        if pet and plan and pet.species != plan.species:
            self.add_error("plan", str(actions.OtherSpecies()))
        return cleaned


# What is written of a service on the pet's own page; its record's page has the rest.
GIVEN = ["plan", "given_on", "valid_until", "product", "lot", "vet_name"]


class CareRecordInline(ClinicScopedInline):
    model = CareRecord
    form = CareRecordForm
    may_add = may_change = CLINICAL
    fields = [*GIVEN]
    ordering = ["-given_on"]
    show_change_link = True

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("plan")


@admin.register(CarePlan)
class CarePlanAdmin(ClinicScopedAdmin):
    """Never deleted: records point to it. A plan out of use is switched off."""

    may_add = may_change = CLINICAL

    fields = ["species", "family", "name", "every_months", "is_vaccine", "is_active"]
    list_display = ["name", "species", "every_months", "is_vaccine", "is_active"]
    list_filter = ["species", "is_vaccine", "is_active"]
    search_fields = ["name", "family"]
    ordering = ["species", "name"]


@admin.register(CareRecord)
class CareRecordAdmin(ClinicScopedAdmin):
    """A record on the wrong pet is moved to the right one; one that should not be is deleted, and logged."""

    may_add = may_change = may_delete = CLINICAL

    form = CareRecordForm
    fields = ["pet", "plan", "given_on", "valid_until", "product", "maker", "lot", "vet_name", "vet_licence"]
    fields += ["tag_number", "given_at_clinic", "external_id"]
    autocomplete_fields = ["pet"]
    list_display = ["pet", "plan", "given_on", "valid_until", "product"]
    list_filter = [("plan", ClinicRelatedFilter)]
    list_select_related = ["pet", "plan"]
    search_fields = ["pet__name", "=lot", "=external_id"]
    ordering = ["-given_on", "-pk"]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            by, now = author(request), timezone.now()
            adopt(obj, actions.record_care(by=by, now=now, **form.cleaned_data))
