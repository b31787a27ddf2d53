"""The staff's pages about pets: the animal, its weights and what happened to its file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

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
    ClinicScopedAdmin,
    ClinicScopedInline,
    adopt,
    is_one_of,
    is_one_row,
)
from clinics.forms import WholeRowForm
from pets import actions
from pets.admin.authors import author
from pets.admin.care import GIVEN, CareRecordInline
from pets.admin.profile import goings_on
from pets.incoming import thumbnail_response
from pets.models import CareRecord, Pet, Weight
from portal.kit.images import UnusablePicture, picture_response
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clinics.models import StaffMember


class ChangedSinceOpened(Refusal):
    message = gettext_lazy("Somebody has changed this pet since you opened the page. Nothing was saved: load it again.")


class PetForm(WholeRowForm):
    # Of the pet as this page showed it: an owner's change in between must not be taken for something typed here.
    opened_edition = forms.IntegerField(required=False, widget=forms.HiddenInput)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_edition"].initial = self.instance.edition

    def clean_microchip(self) -> str:
        return str(self.cleaned_data["microchip"]).replace(" ", "").upper()

    def clean(self) -> dict[str, Any] | None:
        """A healthy range is two weights, and what is wrong with it stands beside the one to mend."""
        cleaned = super().clean() or self.cleaned_data
        lightest, heaviest = cleaned.get("healthy_from_kg"), cleaned.get("healthy_to_kg")
        if {"healthy_from_kg", "healthy_to_kg"} & self.errors.keys():
            return cleaned
        if (lightest is None) != (heaviest is None):
            missing = "healthy_from_kg" if lightest is None else "healthy_to_kg"
            self.add_error(missing, _("A healthy range needs both weights, or neither."))
        elif lightest is not None and lightest <= 0:
            self.add_error("healthy_from_kg", _("A weight is more than 0."))
        elif lightest is not None and heaviest is not None and heaviest <= lightest:
            self.add_error("healthy_to_kg", _("This must be more than where the range begins."))
        return cleaned


class WeightInline(ClinicScopedInline):
    model = Weight
    may_add = may_change = EVERYONE
    may_delete = CLINICAL
    fields = ["weighed_on", "kg", "is_owners"]
    readonly_fields = ["is_owners"]
    ordering = ["-weighed_on"]


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
    fieldsets = [
        (None, {"fields": ["owner", "name", "species", "breed", "sex", "neutered"]}),
        (None, {"fields": ["born_on", "is_birth_estimated", "colour", "microchip", "is_identity_checked"]}),
        (gettext_lazy("Photo"), {"fields": ["photo_shown", "new_photo", "no_photo"]}),
        (gettext_lazy("Handling and health"), {"fields": ["notes", "healthy_from_kg", "healthy_to_kg"]}),
        (gettext_lazy("Insurance"), {"fields": ["insurance_company", "insurance_policy"]}),
        (gettext_lazy("On file"), {"fields": ["external_id", "deceased_on", "deleted_at", "opened_edition"]}),
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
        large = self.admin_site.admin_view(self.photo_view, cacheable=True)
        small = self.admin_site.admin_view(self.thumbnail_view, cacheable=True)
        return [
            path("<int:pet_id>/photo/", large, name="pets_pet_photo"),
            path("<int:pet_id>/photo/small/", small, name="pets_pet_thumbnail"),
            *super().get_urls(),
        ]

    def photo_view(self, request: Any, pet_id: int) -> HttpResponse:
        """The photo for the staff: the client's own address opens for the client only."""
        return picture_response(self._seen_by(request, pet_id).photo, max_age=0)

    def thumbnail_view(self, request: Any, pet_id: int) -> HttpResponse:
        """The small one."""
        return thumbnail_response(self._seen_by(request, pet_id), max_age=0)

    def _seen_by(self, request: Any, pet_id: int) -> Pet:
        if not self.has_view_permission(request):
            raise Http404
        pet: Pet = get_object_or_404(self.get_queryset(request), pk=pet_id)
        return pet

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        pet = context.get("original")
        if pet is not None:
            context |= goings_on(request.clinic, of=Q(pet=pet))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in (form.changed_data if change else form.cleaned_data)}
        upload, no_photo = given.pop("new_photo", None), given.pop("no_photo", False)
        opened = form.cleaned_data["opened_edition"]
        given.pop("opened_edition", None)
        if change and opened not in {None, actions.held(pet=obj).edition}:
            raise ChangedSinceOpened
        by, now = author(request), timezone.now()
        if change:
            _change(obj, given, was_dead=form.initial["deceased_on"] is not None, by=by, now=now)
        else:
            adopt(obj, actions.file_pet(by=by, now=now, **given))
        if no_photo:
            actions.remove_photo(pet=obj, by=by, now=now)
        elif upload:
            actions.set_photo(pet=obj, upload=upload, by=by, now=now)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Through the actions: they keep who weighed the animal, and who saw it."""
        formset.save(commit=False)
        by, now = author(request), timezone.now()
        for row in formset.deleted_objects:
            row.delete()
        for row, changed in formset.changed_objects:
            if formset.model is CareRecord:
                row.save()
            elif "weighed_on" in changed:
                row.delete()  # It is of another day from now on.
        weights = [row for row, _changed in formset.changed_objects if formset.model is Weight]
        for row in [*weights, *formset.new_objects]:
            if formset.model is Weight:
                actions.record_weight(pet=form.instance, kg=row.kg, weighed_on=row.weighed_on, by=by, now=now)
            else:
                said = {name: getattr(row, name) for name in GIVEN}
                adopt(row, actions.record_care(pet=form.instance, by=by, now=now, **said))

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
        by, now = author(request), timezone.now()
        if self.for_each(
            request, queryset, lambda pet: actions.delete_pet(pet=pet, by=by, now=now), summary=_("Deleted")
        ):
            self.message_user(request, _("Deleted. “Restore” brings it back."))

    @admin.action(
        description=gettext_lazy("Restore a deleted pet"),
        permissions=["clinic"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def restore(self, request: Any, queryset: Any) -> None:
        by, now = author(request), timezone.now()
        if self.for_each(
            request, queryset, lambda pet: actions.restore_pet(pet=pet, by=by, now=now), summary=_("Restored")
        ):
            self.message_user(request, _("Restored."))


def _change(pet: Pet, given: dict[str, Any], *, was_dead: bool, by: StaffMember | None, now: datetime) -> None:
    """A death that is newly noted or taken back is more than a date: visits, messages and memberships follow.

    Of a pet that is deleted as well, only the date is taken back: it stays deleted.
    """
    died_on = given.get("deceased_on")
    is_news = "deceased_on" in given and was_dead != (died_on is not None)
    if is_news and (died_on or pet.deleted_at is None):
        del given["deceased_on"]
    elif died_on:
        given["is_death_day_known"] = True
    actions.update_pet(pet=pet, by=by, now=now, **given)
    if is_news and died_on:
        actions.report_death(pet=pet, died_on=died_on, by=by, now=now)
    elif is_news and pet.deleted_at is None:
        actions.restore_pet(pet=pet, by=by, now=now)
