"""Wall one: the address names the clinic, and the whole answer is made inside that clinic's one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from clinics import staff_desk
from clinics.models import RESERVED_SLUGS, Clinic
from clinics.tenancy import tenant, tenant_opened


class ClinicRequest(HttpRequest):
    """A request below /<clinic>/ or of a staff member at an acting clinic."""

    clinic: Clinic


class PrivateByDefault:
    """`no-store` unless a view says otherwise: nothing signed-in may be found again with the back button."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ClinicMiddleware:
    """Sets `request.clinic` from the address (clients) or from the acting clinic (staff). Views never see the slug.

    The transaction opens here rather than round the view, because templates and the admin's lazy responses are rendered
    after the view has returned. An exception, also an expected one like Http404, rolls it back; a refusal that must
    leave something behind, such as a counted wrong code, is therefore returned by the view, not raised.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.clinic = request.staff = None
        word = request.path_info[1:].partition("/")[0]
        if word == "staff":
            return self._for_staff(request)
        if word in RESERVED_SLUGS or not word:
            return self.get_response(request)
        return self._for_clients(request, slug=word)

    def _for_clients(self, request: Any, *, slug: str) -> HttpResponseBase:
        if slug != slug.lower() and slug.isascii() and slug.replace("-", "").isalnum():
            # Phones begin what is typed with a capital.
            return redirect(request.get_full_path().replace(slug, slug.lower(), 1))
        host = (urlsplit(f"//{request.get_host()}").hostname or "").rstrip(".")
        with tenant_opened(lambda: Clinic.objects.open_at(slug=slug, host=host)) as clinic:
            if clinic is None:
                raise Http404
            return self._answer(request, clinic)

    def _for_staff(self, request: Any) -> HttpResponseBase:
        clinic = staff_desk.acting_clinic(request)
        if clinic is None:
            return self.get_response(request)
        with tenant(clinic):
            request.staff = staff_desk.job_of(request.user, clinic)
            return self._answer(request, clinic)

    def _answer(self, request: Any, clinic: Clinic) -> HttpResponseBase:
        request.clinic = clinic
        with timezone.override(clinic.zone), translation.override(clinic.language):
            response = self.get_response(request)
        if getattr(request, "has_failed", False):
            transaction.set_rollback(True)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        kwargs.pop("clinic_slug", None)

    def process_exception(self, request: Any, exception: Exception) -> None:
        request.has_failed = True
