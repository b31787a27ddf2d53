"""Visits: the list, and a page of each with its history and all that can be done. None is ever deleted."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings import diary
from bookings.admin import booking, moving, requests, running
from bookings.admin import diary as pages
from bookings.admin.desk import may_act, show
from bookings.models import Appointment, AppointmentChange, AppointmentPet, State
from bookings.picker import clock, day_and_time
from clients.models import Client
from clinics.admin_scope import DESK, EVERYONE, ClinicRelatedFilter, ClinicScopedAdmin
from clinics.admin_site import Waiting

# When visits are, seen from today: the first day and the first after it, as distances. What lies ahead is read from the
# nearest on, what is over from the latest back.
WHEN: dict[str, tuple[Any, int | None, int | None]] = {
    "today": (gettext_lazy("Today"), 0, 1),
    "tomorrow": (gettext_lazy("Tomorrow"), 1, 2),
    "week": (gettext_lazy("The next 7 days"), 0, 7),
    "coming": (gettext_lazy("From today on"), 0, None),
    "month": (gettext_lazy("The last 30 days"), -30, 0),
    "past": (gettext_lazy("Before today"), None, 0),
    "any": (gettext_lazy("Any time"), None, None),
}
# Whoever looks for somebody, or for how visits ended, means those of the past as well.
OF_ANY_TIME = (SEARCH_VAR, "state__exact")


def _chosen(request: Any) -> str:
    """When the list is of: what lies ahead, unless the address says otherwise."""
    said = request.GET.get("when", "")
    if said in WHEN:
        return str(said)
    return "any" if any(request.GET.get(name) for name in OF_ANY_TIME) else "coming"


class WhenFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = "when"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _first, _last) in WHEN.items()]

    def __init__(self, request: Any, *args: Any) -> None:
        super().__init__(request, *args)
        self.chosen = _chosen(request)

    def choices(self, changelist: Any) -> Any:
        """Without Django's “All”, which would be what lies ahead."""
        _all, *others = super().choices(changelist)
        for name, choice in zip(WHEN, others, strict=True):
            yield {**choice, "selected": name == self.chosen}

    def queryset(self, request: Any, queryset: Any) -> Any:
        _words, first, last = WHEN[self.chosen]
        if first is not None:
            queryset = queryset.filter(starts_at__gte=_midnight(request.clinic, first))
        return queryset.filter(starts_at__lt=_midnight(request.clinic, last)) if last is not None else queryset


class PersonFilter(ClinicRelatedFilter):
    include_empty_choice = False


def _midnight(clinic: Any, distance: int) -> datetime:
    return datetime.combine(timezone.localdate() + timedelta(days=distance), time.min, clinic.zone)


@admin.register(Appointment)
class AppointmentAdmin(ClinicScopedAdmin):
    """Everybody sees visits and marks who has come; the desk books, moves, cancels, answers and corrects."""

    may_add = may_change = DESK

    list_display = ["when", "client", "pet_names", "service", "person", "state", "source"]
    list_filter = [WhenFilter, "state", ("person", PersonFilter), ("service", ClinicRelatedFilter)]
    list_select_related = ["client", "service", "person"]
    search_fields = ["client__name"]
    search_help_text = gettext_lazy(
        "Part of a client’s or pet’s name, or a client’s whole phone number, e-mail address or number."
    )
    everything = "when=any"
    change_list_template = "admin/bookings/visits.html"

    def get_urls(self) -> list[Any]:
        """The desk's own pages before Django's, which would take their names for ids."""
        own = [
            ("diary/", pages.day, "diary"),
            ("week/", pages.week, "week"),
            ("requests/", requests.requests, "requests"),
            ("<int:appointment_id>/mark/", running.mark, "mark"),
            ("<int:appointment_id>/correct/", running.correct, "correct"),
            ("<int:appointment_id>/cancel/", running.cancel, "cancel"),
            ("<int:appointment_id>/move/", moving.move, "move"),
            ("<int:appointment_id>/propose/", moving.propose, "propose"),
            ("<int:appointment_id>/accept/", requests.accept, "accept"),
            ("<int:appointment_id>/decline/", requests.decline, "decline"),
        ]
        urls: list[Any] = [
            path(route, self.admin_site.admin_view(view), name=f"bookings_{name}") for route, view, name in own
        ]
        return [*urls, *super().get_urls()]

    def get_ordering(self, request: Any) -> Any:
        _words, first, _last = WHEN[_chosen(request)]
        return ("starts_at", "pk") if first in {0, 1} else ("-starts_at", "-pk")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("pets")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Clients as their own list finds them, and pets by a part of the name."""
        words = search_term.strip().replace("\0", "")
        if not words:
            return queryset, False
        clients, _has_duplicates = self.admin_site.get_model_admin(Client).get_search_results(
            request, Client.objects.for_clinic(request.clinic), words
        )
        pets = AppointmentPet.objects.for_clinic(request.clinic).filter(pet__name__icontains=words)
        return queryset.filter(Q(client__in=clients.values("pk")) | Q(pk__in=pets.values("appointment"))), False

    @admin.display(description=gettext_lazy("when"), ordering="starts_at")
    def when(self, visit: Appointment) -> str:
        at = timezone.localtime(visit.starts_at)
        year = "" if at.year == timezone.localdate().year else f" {at.year}"
        # Translators: a date format as in PHP's date(): weekday, day and month, all in short.
        return f"{date_format(at, _('D j M'))}{year}, {clock(at)}"

    @admin.display(description=gettext_lazy("pets"))
    def pet_names(self, visit: Appointment) -> str:
        return ", ".join(pet.name for pet in visit.pets.all())

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Only somebody who works here acts: clients are told a clinic's word, not the platform's."""
        return may_act(request, DESK)

    has_change_permission = has_add_permission

    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return booking.book(request)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """To read; what can be done has pages and buttons of its own."""
        visit = self._visit(request, object_id)
        if request.method == "POST":
            raise PermissionDenied
        now = timezone.now()
        entry = diary.entries(
            request.clinic, Appointment.objects.for_clinic(request.clinic).filter(pk=visit.pk), now=now
        )[0]
        visit = entry.visit
        if may_act(request, EVERYONE):
            pages.offer_marks([entry], now=now)
        may_decide = may_act(request, DESK)
        context = {
            "title": _("Visit"),
            "subtitle": day_and_time(timezone.localtime(visit.starts_at), today=timezone.localdate(now)),
            "entry": entry,
            "visit": visit,
            "removed": _removed(visit),
            "changes": _changes(visit),
            "may_decide": may_decide,
            "is_asked": may_decide and visit.state == State.REQUESTED,
            "can_correct": may_decide and bool(running.correctable_to(visit)),
        }
        return show(request, "visit.html", context)

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        """It stands on the visit's page."""
        visit = self._visit(request, object_id)
        return redirect(f"{reverse('admin:bookings_appointment_change', args=[visit.pk])}#history")

    def _visit(self, request: Any, object_id: str) -> Appointment:
        if not self.has_view_permission(request):
            raise PermissionDenied
        visit: Appointment | None = self.get_object(request, object_id)
        if visit is None:
            raise Http404
        return visit

    def waiting(self, request: Any) -> Waiting | None:
        """For the index."""
        count = pages.requests_waiting(request.clinic)
        text = ngettext("%(count)d request for a visit", "%(count)d requests for a visit", count) % {"count": count}
        return Waiting(text, reverse("admin:bookings_requests")) if count else None


def _changes(visit: Appointment) -> list[AppointmentChange]:
    """The newest first."""
    rows = AppointmentChange.objects.for_clinic(visit.clinic).filter(appointment=visit)
    found = list(rows.select_related("client", "staff__user", "old_person", "new_person").order_by("-pk"))
    for change in found:
        # A restart of the clock says nothing where the time stayed.
        change.has_moved = change.old_starts_at not in {None, change.new_starts_at}  # type: ignore[attr-defined]
    return found


def _removed(visit: Appointment) -> list[AppointmentPet]:
    rows = AppointmentPet.objects.for_clinic(visit.clinic).filter(appointment=visit, removed_at__isnull=False)
    return list(rows.select_related("pet"))
