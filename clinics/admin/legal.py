"""Legal texts: drafts that change, and published versions that never do."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import actions
from clinics.admin_scope import OWNERS, ClinicScopedAdmin, adopt, is_one_of
from clinics.models import LegalText


@admin.register(LegalText)
class LegalTextAdmin(ClinicScopedAdmin):
    may_add = may_change = may_delete = OWNERS

    fields = ["kind", "language", "body", "version", "published_at", "published_by"]
    list_display = ["kind", "language", "version", "published_at"]
    list_filter = ["kind"]
    ordering = ["kind", "language", "-version"]
    actions = ["publish"]

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request) and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request) and (obj is None or obj.published_at is None)

    def has_publish_permission(self, request: Any) -> bool:
        return is_one_of(request, OWNERS)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        ours = ["version", "published_at", "published_by"]
        return ["kind", "language", *ours] if obj else ours

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.reword_legal_text(text=obj, body=obj.body)
        else:
            drafted = actions.draft_legal_text(
                clinic=request.clinic, kind=obj.kind, language=obj.language, body=obj.body
            )
            adopt(obj, drafted)

    @admin.action(
        description=gettext_lazy("Publish: every client is asked to agree to it"),
        permissions=["publish"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def publish(self, request: Any, queryset: Any) -> None:
        now = timezone.now()

        def publish_one(text: LegalText) -> None:
            actions.publish_legal_text(text=text, by=request.user, now=now)

        if count := self.for_each(request, queryset, publish_one, summary=_("Published")):
            self.message_user(request, _("%(count)s published.") % {"count": count})
