"""The clinic's own settings; and for the platform's administrator, who acts for none, all clinics."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import actions
from clinics.admin_scope import OWNERS, OwnLog, StaffModelAdmin, is_one_of
from clinics.forms import ClinicForm
from clinics.models import Clinic, StaffAction
from clinics.tenancy import tenant
from portal.kit.images import UnusablePicture

UPLOADS = ["new_logo", "no_logo"]  # Of the form, not of the row: there is nothing in them to read.
SETTINGS: list[tuple[Any, dict[str, list[str]]]] = [
    (
        None,
        {
            "fields": [
                "name",
                "country",
                "phone",
                "email",
                "street",
                "city",
                "region",
                "postcode",
                "directions",
            ]
        },
    ),
    (gettext_lazy("Look"), {"fields": ["brand_colour", "current_logo", *UPLOADS]}),
    (gettext_lazy("Time, language and units"), {"fields": ["time_zone", "language", "currency", "weight_unit"]}),
    (gettext_lazy("What clients may do"), {"fields": ["door"]}),
    (
        gettext_lazy("Pets"),
        {
            "fields": [
                "has_pet_management",
                "pet_facts_editing",
                "pet_identity_editing",
                "accepts_certificates",
                "has_pet_cards",
                "issues_rabies_certificates",
            ]
        },
    ),
    (gettext_lazy("Sign-in texts"), {"fields": ["sms_countries", "sms_codes_per_day"]}),
    (gettext_lazy("Staff"), {"fields": ["requires_second_factor"]}),
]
PLATFORM = (gettext_lazy("Platform"), {"fields": ["slug", "host", "state"]})


@admin.register(Clinic)
class ClinicAdmin(OwnLog, StaffModelAdmin):
    """Inside a clinic there is only that one: its staff see it, its owners change it."""

    form = ClinicForm
    readonly_fields = ["state", "current_logo"]
    list_display = ["name", "slug", "state", "country"]
    list_filter = ["state"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    actions = ["suspend", "reopen"]
    refusal_fields = {UnusablePicture: "new_logo"}

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)
        if request.clinic:
            return rows.filter(pk=request.clinic.pk)
        return rows if request.user.is_superuser else rows.none()

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return request.staff is not None or self.has_platform_permission(request)

    has_module_permission = has_view_permission

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return is_one_of(request, OWNERS) or self.has_platform_permission(request)

    def has_add_permission(self, request: Any) -> bool:
        return False  # A clinic starts with more than its row: the command brings it.

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_platform_permission(self, request: Any) -> bool:
        return bool(request.user.is_superuser and request.clinic is None)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        if self.has_platform_permission(request):
            return [PLATFORM, *SETTINGS]
        if self.has_change_permission(request, obj):
            return SETTINGS
        return [
            (title, {"fields": [name for name in part["fields"] if name not in UPLOADS]}) for title, part in SETTINGS
        ]

    @admin.display(description=gettext_lazy("logo"))
    def current_logo(self, clinic: Clinic) -> str:
        if not clinic.logo_url:
            return _("None: the initials %(initials)s are shown.") % {"initials": clinic.initials}
        return format_html('<img class="logo" src="{}" width="64" height="64" alt="">', clinic.logo_url)

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        if request.clinic:
            return redirect("admin:clinics_clinic_change", request.clinic.pk)
        return super().changelist_view(request, extra_context)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("no_logo"):
            actions.remove_logo(clinic=obj)
        elif form.cleaned_data.get("new_logo"):
            actions.set_logo(clinic=obj, image=form.cleaned_data["new_logo"])

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        with tenant(obj):
            actions.note_staff_action(by=request.user, kind=StaffAction.Kind.CHANGED, row=obj, summary=message)

    def entries_of(self, row: Clinic) -> list[StaffAction]:
        with tenant(row):
            return super().entries_of(row)

    @admin.action(
        description=gettext_lazy("Suspend: close its pages and stop its messages"),
        permissions=["platform"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def suspend(self, request: Any, queryset: Any) -> None:
        for clinic in queryset:
            actions.suspend_clinic(clinic=clinic)
            self.log_change(request, clinic, _("Suspended"))

    @admin.action(
        description=gettext_lazy("Reopen"),
        permissions=["platform"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def reopen(self, request: Any, queryset: Any) -> None:
        for clinic in queryset:
            actions.reopen_clinic(clinic=clinic)
            self.log_change(request, clinic, _("Reopened"))
