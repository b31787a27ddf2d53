"""What the desk's own pages have in common: who may, which visit, and the admin's frame around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings import notices, policy
from bookings.models import Appointment
from clinics.admin_scope import is_one_of
from pets.admin.authors import author

if TYPE_CHECKING:
    from clinics.models import Role

type View = Callable[..., HttpResponse]


def for_staff(roles: frozenset[Role], *, acts: bool = False, posts_only: bool = False) -> Callable[[View], View]:
    """The page is for these roles. `acts`: it does things in somebody's name, so only for those who work here."""

    def gated(view: View) -> View:
        @wraps(view)
        def entered(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_one_of(request, roles) or (acts and author(request) is None):
                raise PermissionDenied
            if posts_only and request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return view(request, *args, **kwargs)

        return entered

    return gated


def may_act(request: Any, roles: frozenset[Role]) -> bool:
    return is_one_of(request, roles) and author(request) is not None


def visit_or_404(request: Any, appointment_id: int) -> Appointment:
    """A visit of the acting clinic's, with what its pages name."""
    rows = Appointment.objects.for_clinic(request.clinic).select_related("service", "client", "person", "room")
    visit: Appointment = get_object_or_404(rows, pk=appointment_id)
    visit.clinic = visit.client.clinic = visit.service.clinic = request.clinic
    return visit


def told(done: str, visit: Appointment) -> str:
    """What was done, and whether the client hears of it from us."""
    if notices.can_be_told(visit.client, visit.service):
        return f"{done} {_('The client is told.')}"
    return f"{done} {_('The client gets no messages about visits: please tell them yourself.')}"


def show(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> TemplateResponse:
    """A page in the admin's frame. Bad input is 422, and the title says so."""
    frame = admin.site.each_context(request) | {"opts": Appointment._meta, "is_wrong": status == 422}
    return TemplateResponse(request, f"admin/bookings/{template}", frame | context, status=status)


def diary_address(on: Any) -> str:
    return f"{reverse('admin:bookings_diary')}?{urlencode({'day': on.isoformat()})}"


def visit_address(visit: Appointment) -> str:
    return reverse("admin:bookings_appointment_change", args=[visit.pk])


def refused(visit: Appointment) -> str:
    """Why nothing more can be done with a visit; "" while something can."""
    return str(policy.VisitOver()) if visit.is_ended else ""
