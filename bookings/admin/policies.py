"""A clinic's booking rules: what is in force, a form for the next version, and those that were."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import actions, policy
from bookings.forms.setting_up import policy_form, words_in
from bookings.models import Policy
from bookings.setting_up import in_words
from clinics.admin_scope import OWNERS, ClinicScopedAdmin, adopt
from pets.admin.authors import author

BOOKING = ["minimum_notice_hours", "horizon_days", "grid_minutes"]
CHANGING = ["cancel_hours", "move_hours", "most_moves", "late_rule"]


@admin.register(Policy)
class PolicyAdmin(ClinicScopedAdmin):
    """A version is never changed: visits keep the rules they were booked under. New rules are a new version."""

    may_add = OWNERS

    list_display = ["number", "made_at", "made_by", "in_short"]
    list_select_related = ["made_by__user"]
    ordering = ["-number"]
    readonly_fields = ["number", "made_at", "made_by", "wording"]
    change_list_template = "admin/bookings/policy/change_list.html"
    change_form_template = "admin/bookings/policy/change_form.html"

    class Media:
        css = {"all": ("css/staff-setup.css",)}

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("made_by__user")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        if obj is not None:
            return [(None, {"fields": ["number", "made_at", "made_by", *BOOKING, *CHANGING, "wording"]})]
        return [
            (gettext_lazy("Booking"), {"fields": [*BOOKING, "seen"]}),
            (gettext_lazy("Moving and cancelling"), {"fields": CHANGING}),
            (gettext_lazy("Wording"), {"fields": [*_words(policy_form())]}),
        ]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": policy_form()}) | kwargs)

    @admin.display(description=gettext_lazy("in short"))
    def in_short(self, rules: Policy) -> str:
        return format_html_join("", "<div>{}</div>", ((line,) for line in in_words.of_policy(rules)))

    @admin.display(description=gettext_lazy("in your words"))
    def wording(self, rules: Policy) -> str:
        said = [(words.get_language_display(), words.body) for words in rules.words.order_by("language")]
        return format_html_join("", "<div>{}: {}</div>", said) or "–"

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, self._in_force(request) | (extra_context or {}))

    def _in_force(self, request: Any) -> dict[str, Any]:
        """What clients read today."""
        if request.clinic is None:
            return {}
        rules = policy.in_force(request.clinic)
        words = list(rules.words.order_by("language").values_list("body", flat=True)) if rules.pk else []
        return {"title": _("Booking rules"), "sentences": in_words.of_policy(rules), "wording": words}

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if context["original"] is None:
            buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
            context |= self._in_force(request) | buttons | {"title": _("Change the booking rules")}
        else:
            context["sentences"] = in_words.of_policy(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        rules = {name: form.cleaned_data[name] for name in policy.OVERRIDES}
        seen, by = form.cleaned_data["seen"], author(request)
        made = actions.set_policy(
            clinic=request.clinic, by=by, now=timezone.now(), words=form.words, seen=seen, **rules
        )
        request.is_new_version = made.number != seen
        adopt(obj, made)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        if request.is_new_version:
            super().log_addition(request, obj, message)

    def response_add(self, request: Any, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if request.is_new_version:
            said = _("In force from now on. Visits that are booked keep the rules they were booked under.")
            messages.success(request, said)
        else:
            messages.info(request, _("These are the rules already: nothing has changed."))
        return redirect("admin:bookings_policy_changelist")


def _words(form: Any) -> list[str]:
    return [name for name in form.base_fields if name.startswith(words_in(""))]
