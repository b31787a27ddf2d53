"""“Done elsewhere”: staff read another clinic's paper, which an owner handed in, and make a record of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTextInputWidget
from django.db import models
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinics.admin_scope import CLINICAL
from pets import actions, days
from pets.admin.decisions import DecisionAdmin, DecisionForm
from pets.admin.links import link_to
from pets.incoming import certificate_response
from pets.models import CareRecord, Certificate

# What staff read off the paper: the record's fields, and those of the form. Two are the certificate's as well, where
# they are the owner's words, and stay as they were said.
PAPER = {
    "given_on": "paper_given_on",
    "valid_until": "valid_until",
    "given_at_clinic": "paper_clinic",
    "product": "product",
    "maker": "maker",
    "lot": "lot",
    "vet_name": "vet_name",
    "vet_licence": "vet_licence",
    "tag_number": "tag_number",
}


def _as_in_record(name: str) -> Any:
    """The form field of a record's column, which checks what the column would."""
    column: Any = CareRecord._meta.get_field(name)
    widget = AdminDateWidget if isinstance(column, models.DateField) else AdminTextInputWidget
    return column.formfield(required=False, widget=widget, help_text="", validators=column.validators)


class CertificateForm(DecisionForm):
    """Begun with what the owner said."""

    paper_given_on = _as_in_record("given_on")
    valid_until = _as_in_record("valid_until")
    paper_clinic = _as_in_record("given_at_clinic")
    product = _as_in_record("product")
    maker = _as_in_record("maker")
    lot = _as_in_record("lot")
    vet_name = _as_in_record("vet_name")
    vet_licence = _as_in_record("vet_licence")
    tag_number = _as_in_record("tag_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("given_on", "given_at_clinic"):
            self.initial.setdefault(PAPER[name], getattr(self.instance, name))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        is_accepted = "_accept" in self.data and self.instance.state == Certificate.State.WAITING
        for name in ("paper_given_on", "valid_until") if is_accepted else ():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, _("Enter the date that is on the paper."))
        return cleaned


@admin.register(Certificate)
class CertificateAdmin(DecisionAdmin):
    """Accepted by those who may write care records. Others see it."""

    may_change = CLINICAL

    form = CertificateForm
    fieldsets = [
        (gettext_lazy("What the paper says"), {"fields": [*PAPER.values()]}),
        (gettext_lazy("Or decline it"), {"fields": ["answer"]}),
    ]
    list_display = ["pet", "client", "plan", "handed_in_at", "state"]
    list_filter = ["state"]
    list_select_related = ["pet", "client", "plan"]
    search_fields = ["pet__name", "client__name"]
    refusal_fields = {
        actions.NoReason: "answer",
        actions.NoClinicNamed: PAPER["given_at_clinic"],
        actions.NotAPeriod: "valid_until",
    }
    date_shown = "handed_in_at"

    def get_queryset(self, request: Any) -> Any:
        """Without those that no worker has looked at, or could read: the owner is told of these."""
        unseen = (Certificate.State.PREPARING, Certificate.State.UNREADABLE)
        rows = super().get_queryset(request).exclude(state__in=unseen)
        return rows.select_related("pet", "client", "plan", "decided_by__user", "record__plan")

    def get_urls(self) -> list[Any]:
        download = self.admin_site.admin_view(self.file_view, cacheable=True)
        return [path("<int:certificate_id>/file/", download, name="pets_certificate_file"), *super().get_urls()]

    def file_view(self, request: Any, certificate_id: int) -> HttpResponseBase:
        """The paper, to be read with the reader's own programs."""
        if not self.has_view_permission(request):
            raise Http404
        return certificate_response(get_object_or_404(self.get_queryset(request), pk=certificate_id))

    def facts(self, row: Certificate) -> list[tuple[str, Any]]:
        said = [row.given_at_clinic, days.full(row.given_on) if row.given_on else ""]
        facts = [
            (_("Pet"), link_to(row.pet)),
            (_("From"), link_to(row.client)),
            (_("Service"), row.plan),
            (_("The owner says"), ", ".join(part for part in said if part) or "–"),
            (_("Handed in"), date_format(timezone.localtime(row.handed_in_at), "DATETIME_FORMAT")),
        ]
        return [*facts, (_("Record"), link_to(row.record))] if row.record else facts

    def accept_row(self, request: Any, row: Any, form: Any) -> None:
        said = {name: form.cleaned_data.get(typed) for name, typed in PAPER.items()}
        actions.accept_certificate(certificate=row, by=request.staff, now=timezone.now(), **said)

    def decline_row(self, request: Any, row: Any, answer: str) -> None:
        actions.decline_certificate(certificate=row, by=request.staff, answer=answer, now=timezone.now())

    def count_text(self, count: int) -> str:
        return ngettext("%(count)d certificate", "%(count)d certificates", count) % {"count": count}
