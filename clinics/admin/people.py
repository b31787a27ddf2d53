"""Who works at the clinic, and, for the platform, whose accounts there are."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import actions
from clinics.admin_scope import OWNERS, ClinicScopedAdmin, StaffModelAdmin, adopt
from clinics.forms import NewStaffMemberForm, RefusableForm
from clinics.models import StaffMember, User


@admin.register(StaffMember)
class StaffMemberAdmin(ClinicScopedAdmin):
    may_view = may_add = may_change = OWNERS

    list_display = ["email", "shown_name", "role", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["user"]
    ordering = ["-is_active", "user__email"]
    refusal_fields = {actions.AlreadyOnStaff: "email", actions.LastOwner: "role"}

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": NewStaffMemberForm}) | kwargs)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return ["email", "shown_name", "role", "is_active"] if obj else ["email", "role", "shown_name"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        return ["email"] if obj else []

    @admin.display(description=gettext_lazy("e-mail"), ordering="user__email")
    def email(self, member: StaffMember) -> str:
        return member.user.email

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if not change:
            adopt(obj, actions.add_staff_member(clinic=request.clinic, **form.cleaned_data))
            return
        if "shown_name" in form.changed_data:
            obj.save(update_fields=["shown_name"])
        if "role" in form.changed_data:
            actions.change_role(member=obj, role=obj.role)
        if "is_active" in form.changed_data:
            (actions.restore_staff_member if obj.is_active else actions.end_staff_member)(member=obj)


@admin.register(User)
class UserAdmin(StaffModelAdmin):
    """The platform's page, open while acting for no clinic. Accounts begin where a colleague is added."""

    form = RefusableForm
    fields = ["email", "name", "is_active", "is_superuser", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    actions = ["forget_second_factor"]

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.is_superuser and request.clinic is None)

    has_module_permission = has_change_permission = has_view_permission

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    @admin.action(
        description=gettext_lazy("Forget the second factor (its device is lost)"),
        permissions=["change"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def forget_second_factor(self, request: Any, queryset: Any) -> None:
        for user in queryset:
            actions.forget_second_factor(user=user)
            self.log_change(request, user, _("Second factor forgotten"))
        self.message_user(request, _("They are asked to set up a new one where their clinic requires it."))
