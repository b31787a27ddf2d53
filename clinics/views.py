"""What a clinic tells about itself."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinics import hours
from clinics.gates import public
from clinics.models import EmergencyClinic, LegalText
from portal.kit import brand

YEAR = "public, max-age=31536000, immutable"


@require_safe
@public
def info(request: Any) -> HttpResponse:
    """Clinic Info (R68–R70): address, hours, how to reach it, and who helps out of hours."""
    clinic = request.clinic
    context = {
        "hours": hours.at(clinic, timezone.now()),
        "emergency_clinics": list(EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk")),
    }
    return render(request, "clinics/info.html", context)


@require_safe
@public
def theme(request: Any, colour: str) -> HttpResponse:
    """The brand as two numbers in a stylesheet of its own, so that no page needs an inline style."""
    if f"#{colour}" != request.clinic.brand_colour:
        raise Http404
    css = brand.stylesheet(brand.Brand.from_hex(request.clinic.brand_colour))
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": YEAR})


@require_safe
@public
def logo(request: Any, version: str) -> HttpResponseBase:
    if not request.clinic.logo or request.clinic.logo_url != request.path:
        raise Http404
    headers = {"Cache-Control": YEAR, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(request.clinic.logo.open("rb"), content_type="image/webp", headers=headers)


@require_safe
@public
def legal(request: Any, kind: str) -> HttpResponse:
    """A text in force, to be read before agreeing to it (R40)."""
    texts = LegalText.objects.for_clinic(request.clinic).in_force().filter(kind=kind.replace("-", "_"))
    by_language = {text.language: text for text in texts}
    text = by_language.get(request.clinic.language) or get_object_or_404(texts)
    return render(request, "clinics/legal.html", {"text": text})
