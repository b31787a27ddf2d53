"""Closures: when nobody can be booked, the visits that they hit, and what becomes of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings import actions, diary
from bookings.admin.desk import for_staff, show
from bookings.forms.closures import ClosureForm
from bookings.forms.desk import ReasonForm
from bookings.models import Appointment, Closure
from clinics.admin_scope import DESK, ClinicScopedAdmin, adopt
from pets.admin.authors import author
from portal.kit.refusals import Refusal


class OverFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "over"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Over"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Now and to come")}
        yield from others

    def queryset(self, request: Any, queryset: Any) -> Any:
        now = timezone.now()
        return queryset.filter(ends_at__lte=now) if self.value() == "yes" else queryset.filter(ends_at__gt=now)


@admin.register(Closure)
class ClosureAdmin(ClinicScopedAdmin):
    """Saving one leads to the visits that it hits."""

    may_add = may_change = may_delete = DESK

    form = ClosureForm
    fields = ["resource", "starts_at", "ends_at", "reason"]
    list_display = ["whom", "starts_at", "ends_at", "reason"]
    list_filter = [OverFilter]
    list_select_related = ["resource"]
    ordering = ["starts_at", "pk"]
    change_form_template = "admin/bookings/closure.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(hit)
        return [path("<int:closure_id>/visits/", view, name="bookings_hit"), *super().get_urls()]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        """Whose time it is stays: for somebody else it is another closure."""
        return ["resource"] if obj else []

    @admin.display(description=gettext_lazy("who"), ordering="resource__name")
    def whom(self, closure: Closure) -> str:
        return whose(closure)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        typed = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "reason")}
        if change:
            actions.move_closure(closure=obj, **typed)
            return
        made = actions.close_time(
            clinic=request.clinic, resource=form.cleaned_data["resource"], by=author(request), **typed
        )
        adopt(obj, made)

    def delete_model(self, request: Any, obj: Any) -> None:
        actions.reopen_time(closure=obj)

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._on(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: Any, obj: Any) -> HttpResponse:
        return self._on(request, obj) or super().response_change(request, obj)

    def _on(self, request: Any, obj: Closure) -> HttpResponse | None:
        if not actions.visits_hit(closure=obj).exists():
            return None
        messages.warning(request, _("Closed. These visits are inside: nobody has told their clients yet."))
        return redirect(reverse("admin:bookings_hit", args=[obj.pk]))


def whose(closure: Closure) -> str:
    return closure.resource.name if closure.resource else _("The whole clinic")


@for_staff(DESK)
def hit(request: Any, closure_id: int) -> HttpResponse:
    """The visits inside a closure. To cancel them all takes two steps: what the message is, then that it is meant."""
    rows = Closure.objects.for_clinic(request.clinic).select_related("resource")
    closure = get_object_or_404(rows, pk=closure_id)
    closure.clinic = request.clinic
    form = ReasonForm(request.POST or None)
    is_meant = form.is_valid() and author(request) is not None
    if is_meant and "_cancel_all" in request.POST:
        _cancel_all(request, closure, form.cleaned_data["reason"])
        return redirect(reverse("admin:bookings_hit", args=[closure.pk]))
    # As numbers: a subquery of it makes PostgreSQL read every claim once for each visit.
    inside = list(actions.visits_hit(closure=closure).values_list("pk", flat=True))
    visits = Appointment.objects.for_clinic(request.clinic).filter(pk__in=inside).order_by("starts_at", "pk")
    found = diary.entries(request.clinic, visits, now=timezone.now())
    context = {
        "title": _("Are you sure?") if is_meant else _("Visits inside a closure"),
        "subtitle": f"{whose(closure)}: {closure}",
        "closure": closure,
        "opts": Closure._meta,
        "entries": found,
        "form": form,
        "is_sure": is_meant,
        "listed": ",".join(str(entry.visit.pk) for entry in found),
        "may_act": author(request) is not None,
    }
    return show(request, "closure_visits.html", context, status=422 if form.is_bound and form.errors else 200)


def _cancel_all(request: Any, closure: Closure, reason: str) -> None:
    """Of those that the page listed, what is still inside. Sent again it finds nothing left to do.

    In the order of their ids, like everything that locks several visits. They come in one field: a long closure hits
    more than a form may have fields.
    """
    ids = request.POST.get("visits", "").split(",")
    listed = {int(text) for text in ids if text.isascii() and text.isdigit() and len(text) < 19}
    inside = list(actions.visits_hit(closure=closure).filter(pk__in=listed).values_list("pk", flat=True))
    rows = Appointment.objects.for_clinic(request.clinic).filter(pk__in=inside).order_by("pk")
    now = timezone.now()
    done = 0
    for visit in rows.select_related("client"):
        visit.clinic = visit.client.clinic = request.clinic
        try:
            actions.cancel_appointment(appointment=visit, by=request.staff, now=now, reason=reason)
        except Refusal as refusal:
            messages.error(request, f"{visit.client}: {refusal}")
        else:
            done += 1
    said = ngettext("%(count)d visit cancelled.", "%(count)d visits cancelled.", done) % {"count": done}
    messages.success(request, f"{said} {_('The clients are told.')}" if done else said)
