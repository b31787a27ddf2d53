"""What every admin page of ours keeps to: the acting clinic's rows, the role's rights, our own log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.http.response import HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clinics import actions
from clinics.forms import WholeRowForm
from clinics.models import Clinic, Role, StaffAction
from clinics.tenancy import ClinicOwned
from portal.kit.refusals import Refusal

EVERYONE = frozenset(Role)
OWNERS = frozenset({Role.OWNER})
DESK = frozenset({Role.OWNER, Role.RECEPTION})
CLINICAL = frozenset({Role.OWNER, Role.VET})
NOBODY: frozenset[Role] = frozenset()

# What Django's filters of a declared field add to its name. Anything else in an address is refused.
FILTER_SUFFIXES = ("", "__exact", "__isnull", "__gte", "__lt", "__id__exact")
HISTORY_SHOWN = 200


class ByRole:
    """Rights by role. For ModelAdmins and inlines alike; a subclass names the roles."""

    may_view: frozenset[Role] = EVERYONE
    may_add: frozenset[Role] = NOBODY
    may_change: frozenset[Role] = NOBODY
    may_delete: frozenset[Role] = NOBODY

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return is_one_of(request, self.may_view)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return is_one_of(request, self.may_add)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return is_one_of(request, self.may_change)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return is_one_of(request, self.may_delete)

    def has_module_permission(self, request: Any) -> bool:
        return is_one_of(request, self.may_view)


def is_one_of(request: Any, roles: frozenset[Role]) -> bool:
    return request.staff is not None and request.staff.role in roles


class Scoped:
    """Rows, choices and forms of the acting clinic only."""

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)  # type: ignore[misc]  # a mixin of ModelAdmin and InlineModelAdmin
        return rows.for_clinic(request.clinic) if request.clinic else rows.none()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        target = db_field.remote_field.model
        rows = target._default_manager
        # Clinics and accounts belong to everybody, so nobody picks them from a list.
        kwargs["queryset"] = rows.for_clinic(request.clinic) if issubclass(target, ClinicOwned) else rows.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # as above


class ClinicRelatedFilter(admin.RelatedFieldListFilter):
    """The only filter by a link that is allowed: it offers the acting clinic's rows."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        """In the order of that model's own list."""
        rows = field.remote_field.model._default_manager.for_clinic(request.clinic)
        return [(row.pk, str(row)) for row in rows.order_by(*self.field_admin_ordering(field, request, model_admin))]


class StaffModelAdmin(admin.ModelAdmin[Any]):
    """What is the same for a clinic's rows and for the platform's."""

    view_on_site = False
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Beside which field a refusal is told; others are told above the form.
    refusal_fields: dict[type[Refusal], str] = {}

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Only the declared filters: an address is no way to guess what is in other fields."""
        filters: list[Any] = list(self.get_list_filter(request))
        own = {item.parameter_name for item in filters if hasattr(item, "parameter_name")}
        fields = [item if isinstance(item, str) else item[0] for item in filters if isinstance(item, str | tuple)]
        return lookup in own | {field + suffix for field in fields for suffix in FILTER_SUFFIXES}

    def to_field_allowed(self, request: Any, to_field: str) -> bool:
        return to_field == self.opts.pk.name

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)  # A new class for each request.
        form.clinic = request.clinic
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self, request: Any, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """An action's refusal undoes what was saved and comes back in the form, beside what was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            request.refusal = (self._field_of(refusal), str(refusal))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _field_of(self, refusal: Refusal) -> str | None:
        return next((field for kind, field in self.refusal_fields.items() if isinstance(refusal, kind)), None)

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> HttpResponse:
        raise Http404


class OwnLog:
    """StaffAction in place of Django's log, which has no clinic and repeats the names of people."""

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """The labels of what changed, never the contents: the log must not become a second file on people."""
        said = [str(form.fields[name].label or name) for name in form.changed_data if name in form.fields]
        for formset in formsets or ():
            count = len(formset.new_objects) + len(formset.changed_objects) + len(formset.deleted_objects)
            said += [f"{count} × {formset.model._meta.verbose_name}"] if count else []
        return ", ".join(capfirst(label) for label in said)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        actions.note_staff_action(by=request.user, kind=StaffAction.Kind.ADDED, row=obj, summary=message)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        actions.note_staff_action(by=request.user, kind=StaffAction.Kind.CHANGED, row=obj, summary=message)

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        for row in queryset:
            actions.note_staff_action(by=request.user, kind=StaffAction.Kind.DELETED, row=row)

    def entries_of(self, row: Any) -> list[StaffAction]:
        """What was done to a row of the open clinic, the newest first."""
        clinic = row if isinstance(row, Clinic) else row.clinic
        entries = StaffAction.objects.for_clinic(clinic).filter(model=row._meta.label_lower, row_id=row.pk)
        return list(entries.select_related("user").order_by("-done_at", "-pk")[:HISTORY_SHOWN])

    def history_view(self: Any, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(row),
            "entries": self.entries_of(row),
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": row,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class ClinicScopedAdmin(ByRole, Scoped, OwnLog, StaffModelAdmin):
    """The base of every admin page over rows of a clinic."""

    form = WholeRowForm

    def for_each(self, request: Any, queryset: Iterable[models.Model], act: Any, *, summary: str) -> int:
        """Run an action on every chosen row and log it; a refusal is told. Returns how many worked."""
        done = 0
        for row in queryset:
            try:
                act(row)
            except Refusal as refusal:
                self.message_user(request, f"{row}: {refusal}", "error")
            else:
                self.log_change(request, row, summary)
                done += 1
        return done


class ClinicScopedInline(ByRole, Scoped, admin.TabularInline[Any, Any]):
    """Rows of the acting clinic below the row that they belong to."""

    form = WholeRowForm
    extra = 0
    show_change_link = False

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.clinic = request.clinic
        return formset


def is_one_row(page: Any, request: Any, queryset: Any) -> bool:
    """What an owner of a pet would notice is done to one row at a time: a slip must not reach the whole list."""
    if len(queryset[:2]) == 1:
        return True
    page.message_user(request, _("Choose one row at a time for this."), "error")
    return False


def adopt(shown: models.Model, saved: models.Model) -> None:
    """Let the row that the admin holds become the one that an action saved."""
    shown.__dict__.update(saved.__dict__)
