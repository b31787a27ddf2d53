"""Change requests of owners: old and new side by side, one click to accept. And what has changed, to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinics.admin_scope import EVERYONE, ClinicScopedAdmin
from pets import actions, history
from pets.admin.decisions import DecisionAdmin, DecisionForm
from pets.admin.links import link_to
from pets.models import ChangeRequest, PetChange


@dataclass(frozen=True, slots=True)
class Proposed:
    """A field as it is on file, as it was when the owner asked, and as the owner would have it."""

    label: str
    on_file: str
    before: str
    after: str

    @property
    def has_moved(self) -> bool:
        return self.on_file != self.before


@admin.register(ChangeRequest)
class ChangeRequestAdmin(DecisionAdmin):
    """Everybody at the clinic decides: everybody may change the same fields on the pet's page without being asked."""

    may_change = EVERYONE

    form = DecisionForm
    fields = ["answer"]
    list_display = ["pet", "client", "proposed", "asked_at", "state"]
    list_filter = ["state"]
    list_select_related = ["pet", "client"]
    search_fields = ["pet__name", "client__name"]
    refusal_fields = {actions.NoReason: "answer"}
    date_shown = "asked_at"

    @admin.display(description=gettext_lazy("asked for"))
    def proposed(self, request: ChangeRequest) -> str:
        return _lines(request)

    def accept_row(self, request: Any, row: Any, form: Any) -> None:
        row.asked_at = _as_seen(request, row)
        actions.accept_request(request=row, by=request.staff, now=timezone.now())

    def decline_row(self, request: Any, row: Any, answer: str) -> None:
        row.asked_at = _as_seen(request, row)
        actions.decline_request(request=row, by=request.staff, answer=answer, now=timezone.now())

    def facts(self, row: ChangeRequest) -> list[tuple[str, Any]]:
        asked_at = date_format(timezone.localtime(row.asked_at), "DATETIME_FORMAT")
        return [(_("Pet"), link_to(row.pet)), (_("From"), link_to(row.client)), (_("Asked"), asked_at)]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("pet", "client", "decided_by__user")

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        row = context["original"]
        context["proposed"] = [
            Proposed(one.label, history.shown(field, _on_file(row, field)), one.before, one.after)
            for field, one in zip(row.details, history.readable(row.details), strict=True)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def count_text(self, count: int) -> str:
        return ngettext("%(count)d change request", "%(count)d change requests", count) % {"count": count}


@admin.register(PetChange)
class PetChangeAdmin(ClinicScopedAdmin):
    """Who did what to which pet's file. Written by the actions, changed by nobody."""

    fields = ["pet", "kind", "what_changed", "who", "done_at"]
    readonly_fields = ["what_changed", "who"]
    list_display = ["done_at", "pet", "kind", "what_changed", "who"]
    list_filter = ["kind"]
    list_select_related = ["pet", "client", "staff__user"]
    search_fields = ["pet__name", "client__name"]
    ordering = ["-done_at", "-pk"]

    @admin.display(description=gettext_lazy("before and after"))
    def what_changed(self, change: PetChange) -> str:
        return _lines(change)

    @admin.display(description=gettext_lazy("who"))
    def who(self, change: PetChange) -> str:
        return history.author_of(change)


def _as_seen(request: Any, row: ChangeRequest) -> datetime:
    """When what this page showed was asked for."""
    try:
        return parse_datetime(request.POST.get("asked_at", "")) or row.asked_at
    except ValueError:
        return row.asked_at


def _on_file(request: ChangeRequest, field: str) -> str:
    return history.as_text(getattr(request.pet, field))


def _lines(row: ChangeRequest | PetChange) -> str:
    """“Colour: Black → Grey”, one below the other."""
    found = [(one.label, one.before, one.after) for one in history.readable(row.details)]
    return format_html_join("", "<div>{}: {} → {}</div>", found) or "–"
