"""The staff's pages about memberships, and a client's memberships on the profile."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.admin import ProfilePart, profile_parts
from clients.models import Client
from clinics.admin_scope import DESK, OWNERS, ClinicRelatedFilter, ClinicScopedAdmin, adopt, is_one_of
from clinics.admin_site import Waiting
from clinics.forms import WholeRowForm
from loyalty import actions
from loyalty.models import Membership, MembershipPlan


@admin.register(MembershipPlan)
class MembershipPlanAdmin(ClinicScopedAdmin):
    """Never deleted: memberships point to it. One that is no longer offered is switched off."""

    may_add = may_change = OWNERS

    fields = ["name", "is_active"]
    list_display = ["name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    ordering = ["-is_active", "name"]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.update_plan(plan=obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            adopt(obj, actions.file_plan(clinic=request.clinic, **form.cleaned_data))


class MembershipForm(WholeRowForm):
    def validate_constraints(self) -> None:
        """Left to the action, whose refusals stand beside their fields."""


class ReviewFilter(admin.SimpleListFilter):
    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("asked", _("To be reviewed"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.under_review() if self.value() == "asked" else queryset


@admin.register(Membership)
class MembershipAdmin(ClinicScopedAdmin):
    """Never deleted: one that ends gets a last day. Its status is read off the dates, for today at the clinic."""

    may_add = may_change = DESK

    form = MembershipForm
    fieldsets = [
        (None, {"fields": ["client", "pet", "plan", "status_today"]}),
        (gettext_lazy("Days"), {"fields": ["starts_on", "ends_on", "cancel_on"]}),
        (gettext_lazy("Paused"), {"fields": ["suspended_on", "frozen_on", "frozen_until"]}),
        (gettext_lazy("Review"), {"fields": ["review_reason", "review_asked_at"]}),
    ]
    readonly_fields = ["status_today", "review_reason", "review_asked_at"]
    autocomplete_fields = ["client", "pet"]
    list_display = ["client", "pet", "plan", "status_today", "starts_on", "review_reason"]
    list_filter = [ReviewFilter, ("plan", ClinicRelatedFilter)]
    list_select_related = ["client", "pet", "plan"]
    search_fields = ["client__name", "pet__name"]
    refusal_fields = {
        actions.EndsBeforeStart: "ends_on",
        actions.NotAFreeze: "frozen_until",
        actions.AnothersPet: "pet",
        actions.PetIsGone: "pet",
    }
    actions = ["settle"]

    def get_ordering(self, request: Any) -> Any:
        """What is to be reviewed first, the longest waiting on top."""
        return [F("review_asked_at").asc(nulls_last=True), "-starts_on", "-pk"]

    @admin.display(description=gettext_lazy("status today"))
    def status_today(self, membership: Membership) -> str:
        return str(membership.status(today=timezone.localdate()).label) if membership.pk else "–"

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.update_membership(membership=obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            adopt(obj, actions.file_membership(**form.cleaned_data))

    def waiting(self, request: Any) -> Waiting | None:
        """For the index."""
        count = Membership.objects.for_clinic(request.clinic).under_review().count()
        words = ngettext("%(count)d membership to review", "%(count)d memberships to review", count)
        address = f"{reverse('admin:loyalty_membership_changelist')}?review=asked"
        return Waiting(words % {"count": count}, address) if count else None

    def has_desk_permission(self, request: Any) -> bool:
        return is_one_of(request, DESK)

    @admin.action(
        description=gettext_lazy("Reviewed: nothing is left to do about it"),
        permissions=["desk"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def settle(self, request: Any, queryset: Any) -> None:
        count = self.for_each(
            request, queryset.under_review(), lambda row: actions.settle_review(membership=row), summary=_("Reviewed")
        )
        words = ngettext("%(count)d membership reviewed.", "%(count)d memberships reviewed.", count)
        self.message_user(request, words % {"count": count})


def of_client(request: Any, client: Client) -> dict[str, Any]:
    """A client's memberships and how they stand today; one statement."""
    rows = Membership.objects.for_clinic(request.clinic).filter(client=client).select_related("plan", "pet")
    today = timezone.localdate()
    found = [(row, row.status(today=today).label) for row in rows.order_by("-starts_on", "-pk")]
    return {"memberships": found}


profile_parts.append(ProfilePart("admin/loyalty/profile.html", of_client))
