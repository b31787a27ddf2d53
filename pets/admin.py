"""The staff's pages about pets: the animal, its weights, and the care it was given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.admin_scope import (
    CLINICAL,
    EVERYONE,
    ClinicRelatedFilter,
    ClinicScopedAdmin,
    ClinicScopedInline,
    adopt,
    is_one_of,
    is_one_row,
)
from clinics.forms import WholeRowForm
from pets import actions
from pets.models import CarePlan, CareRecord, Pet, Weight
from portal.kit.images import UnusablePicture, picture_response


class PetForm(WholeRowForm):
    microchip = forms.CharField(
        label=gettext_lazy("Microchip"),
        max_length=24,
        required=False,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("15 digits; older chips have 9 or 10 characters. Spaces don't matter."),
    )
    new_photo = forms.FileField(
        label=gettext_lazy("New photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("The owner sees it too."),
    )

    no_photo = forms.BooleanField(label=gettext_lazy("Show the species' icon instead of a photo"), required=False)

    def clean_microchip(self) -> str:
        return str(self.cleaned_data["microchip"]).replace(" ", "").upper()


class CareRecordForm(WholeRowForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        pet, plan = cleaned.get("pet"), cleaned.get("plan")
        if pet and plan and pet.species != plan.species:
            self.add_error("plan", str(actions.OtherSpecies()))
        return cleaned


class WeightInline(ClinicScopedInline):
    model = Weight
    may_add = may_change = EVERYONE
    may_delete = CLINICAL
    fields = ["weighed_on", "kg"]
    ordering = ["-weighed_on"]


class CareRecordInline(ClinicScopedInline):
    model = CareRecord
    form = CareRecordForm
    may_add = may_change = CLINICAL
    fields = ["plan", "given_on", "valid_until", "product", "lot", "vet_name"]
    ordering = ["-given_on"]
    show_change_link = True

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("plan")


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("living", _("Living")), ("deleted", _("Deleted")), ("deceased", _("Deceased"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        asked = {
            "living": Q(deleted_at__isnull=True, deceased_on__isnull=True),
            "deleted": Q(deleted_at__isnull=False, deceased_on__isnull=True),
            "deceased": Q(deceased_on__isnull=False),
        }
        return queryset.filter(asked.get(self.value() or "", Q()))


@admin.register(Pet)
class PetAdmin(ClinicScopedAdmin):
    """Never deleted as a row: “Delete” hides the pet from its owner and can be undone."""

    may_add = may_change = EVERYONE

    form = PetForm
    fields = [
        "owner",
        "name",
        "species",
        "breed",
        "sex",
        "neutered",
        "born_on",
        "is_birth_estimated",
        "colour",
    ]
    fields += [
        "microchip",
        "external_id",
        "deceased_on",
        "photo_shown",
        "new_photo",
        "no_photo",
        "deleted_at",
    ]
    readonly_fields = ["photo_shown", "deleted_at"]
    autocomplete_fields = ["owner"]
    list_display = ["name", "species", "owner", "standing"]
    list_filter = [StandingFilter, "species"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name", "=microchip", "=external_id"]
    search_help_text = gettext_lazy(
        "Part of the pet's or owner's name, or a whole microchip or practice system number."
    )
    inlines = [WeightInline, CareRecordInline]
    refusal_fields = {UnusablePicture: "new_photo", actions.NotALifespan: "deceased_on"}
    actions = ["delete", "restore"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).in_staff_order()

    def get_ordering(self, request: Any) -> Any:
        return []  # The queryset's own: living, deleted, deceased.

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, pet: Pet) -> str:
        if pet.deceased_on:
            return _("Deceased")
        return _("Deleted") if pet.deleted_at else _("Living")

    @admin.display(description=gettext_lazy("photo"))
    def photo_shown(self, pet: Pet) -> str:
        if not pet.photo:
            return "–"
        address = reverse("admin:pets_pet_photo", args=[pet.pk])
        return format_html('<img class="photo" src="{}" width="96" height="96" alt="">', address)

    def get_urls(self) -> list[Any]:
        shown = self.admin_site.admin_view(self.photo_view, cacheable=True)
        return [path("<int:pet_id>/photo/", shown, name="pets_pet_photo"), *super().get_urls()]

    def photo_view(self, request: Any, pet_id: int) -> HttpResponse:
        """The photo for the staff: the client's own address opens for the client only."""
        if not self.has_view_permission(request):
            raise Http404
        pet = get_object_or_404(self.get_queryset(request), pk=pet_id)
        return picture_response(pet.photo, max_age=0)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in (form.changed_data if change else form.cleaned_data)}
        upload, no_photo = given.pop("new_photo", None), given.pop("no_photo", False)
        if change:
            actions.update_pet(pet=obj, **given)
        else:
            adopt(obj, actions.file_pet(**given))
        if no_photo:
            actions.remove_photo(pet=obj)
        elif upload:
            actions.set_photo(pet=obj, upload=upload)

    def has_clinic_permission(self, request: Any) -> bool:
        return is_one_of(request, EVERYONE)

    @admin.action(
        description=gettext_lazy("Delete: the owner sees the pet no longer, history stays"),
        permissions=["clinic"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def delete(self, request: Any, queryset: Any) -> None:
        if not is_one_row(self, request, queryset):
            return
        now = timezone.now()
        self.for_each(request, queryset, lambda pet: actions.update_pet(pet=pet, deleted_at=now), summary=_("Deleted"))
        self.message_user(request, _("Deleted. “Restore” brings it back."))

    @admin.action(
        description=gettext_lazy("Restore a deleted pet"),
        permissions=["clinic"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def restore(self, request: Any, queryset: Any) -> None:
        self.for_each(
            request, queryset, lambda pet: actions.update_pet(pet=pet, deleted_at=None), summary=_("Restored")
        )
        self.message_user(request, _("Restored."))


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
