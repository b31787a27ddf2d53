"""People and rooms, and when they can be had."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.widgets import AdminTimeWidget
from django.db.models import Exists, OuterRef, Q, TimeField
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import actions
from bookings.forms.setting_up import ResourceForm, SpansFormSet
from bookings.models import Closure, Resource, WorkingException, WorkingHours
from bookings.setting_up.week import week_of
from clinics.admin_scope import DESK, OWNERS, ClinicScopedAdmin, ClinicScopedInline, adopt, is_one_of, is_one_row
from clinics.models import StaffMember

FACTS = ["kind", "name", "job", "staff", "position", "is_active"]
CLOSURES_SHOWN = 5


class SpansInline(ClinicScopedInline):
    formset = SpansFormSet
    may_add = may_change = may_delete = DESK
    formfield_overrides: ClassVar = {TimeField: {"widget": AdminTimeWidget(format="%H:%M")}}


class WorkingHoursInline(SpansInline):
    model = WorkingHours
    fields = ["weekday", "starts", "ends", "first_on", "last_on"]
    ordering = ["weekday", "starts", "first_on"]
    verbose_name_plural = gettext_lazy(
        "working hours: a line for each span, so a lunch break makes two. Days are empty if it is for good"
    )


class WorkingExceptionInline(SpansInline):
    model = WorkingException
    fields = ["on", "starts", "ends", "note"]
    ordering = ["on", "starts"]
    verbose_name_plural = gettext_lazy(
        "exceptions: a date with other hours, or without times a day off. They also hold on the clinic’s holidays"
    )

    def get_queryset(self, request: Any) -> Any:
        """What is over needs no changing."""
        rows = super().get_queryset(request)
        return rows.filter(on__gte=timezone.localdate()) if request.method == "GET" else rows


@admin.register(Resource)
class ResourceAdmin(ClinicScopedAdmin):
    """Never deleted: visits point to it. Owners say who there is; the desk keeps their hours."""

    may_add = OWNERS
    may_change = DESK

    form = ResourceForm
    list_display = ["name", "kind", "job", "hours_said", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]
    ordering = ["kind", "position", "name", "pk"]
    inlines = [WorkingHoursInline, WorkingExceptionInline]
    actions = ["copy_hours"]

    class Media:
        css = {"all": ("css/staff-setup.css",)}

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)
        if request.clinic is None:
            return rows
        hours = WorkingHours.objects.for_clinic(request.clinic).filter(resource=OuterRef("pk"))
        return rows.annotate(has_week=Exists(hours)).select_related("staff__user")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*FACTS, "this_week", "closures_said"] if obj else FACTS

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        # A person who became a room would take their visits along.
        own = ["kind"] if is_one_of(request, OWNERS) else FACTS
        return [*own, "this_week", "closures_said"]

    def get_inlines(self, request: Any, obj: Any) -> list[Any]:
        return list(self.inlines)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "staff" and field is not None:
            # Who has left stays where they are named already: a saved page must not forget them.
            named = Resource.objects.for_clinic(request.clinic).values("staff")
            team = StaffMember.objects.for_clinic(request.clinic).filter(Q(is_active=True) | Q(pk__in=named))
            field.queryset = team.select_related("user").order_by("user__email")
            field.help_text = _("Whose diary it is: theirs opens first for them. Empty for a room.")
        return field

    @admin.display(description=gettext_lazy("hours"))
    def hours_said(self, resource: Any) -> str:
        if resource.has_week:
            return _("By the week")
        return _("Always free") if resource.kind == Resource.Kind.ROOM else _("None yet: can’t be booked")

    @admin.display(description=gettext_lazy("this week"))
    def this_week(self, resource: Resource) -> str:
        days = week_of(resource, today=timezone.localdate())
        lines = format_html_join(
            "", "<dt>{}</dt><dd>{}</dd>", ((date_format(day.on, "D j M"), day.text) for day in days)
        )
        return format_html('<dl class="week">{}</dl>', lines)

    @admin.display(description=gettext_lazy("closures to come"))
    def closures_said(self, resource: Resource) -> str:
        """Of this person or room, and of the whole clinic."""
        rows = Closure.objects.for_clinic(resource.clinic).touching([resource.pk]).filter(ends_at__gt=timezone.now())
        lines = [(_closure(row),) for row in rows.order_by("starts_at", "pk")[:CLOSURES_SHOWN]]
        said = format_html_join("", "<div>{}</div>", lines) or _("None.")
        if not self.admin_site.is_registered(Closure):
            return said
        link = format_html(
            '<div><a href="{}">{}</a></div>', reverse("admin:bookings_closure_changelist"), _("All closures")
        )
        return format_html("{}{}", said, link)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.update_resource(resource=obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            adopt(obj, actions.file_resource(clinic=request.clinic, **form.cleaned_data))

    def has_hours_permission(self, request: Any) -> bool:
        return is_one_of(request, DESK)

    @admin.action(
        description=gettext_lazy("Work whenever the clinic is open: copy its opening hours"),
        permissions=["hours"],
        location=[ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST],
    )
    def copy_hours(self, request: Any, queryset: Any) -> None:
        if not is_one_row(self, request, queryset):
            return
        if self.for_each(
            request,
            queryset,
            lambda resource: actions.copy_opening_hours(resource=resource),
            summary=_("Opening hours copied"),
        ):
            self.message_user(request, _("Copied. Changes of the opening hours don’t follow by themselves."))


def _closure(closure: Closure) -> str:
    starts, ends = timezone.localtime(closure.starts_at), timezone.localtime(closure.ends_at)
    said = f"{date_format(starts, 'DATETIME_FORMAT')} – {date_format(ends, 'DATETIME_FORMAT')}"
    return f"{said}: {closure}"
