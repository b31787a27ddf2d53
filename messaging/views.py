"""What a client can ask the clinic for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinics import hours
from clinics.gates import client_required
from clinics.models import EmergencyClinic
from messaging.models import RequestType
from portal.kit.htmx import render_page


@require_safe
@client_required
def request_type(request: Any, slug: str) -> HttpResponse:
    """How to get what this request is about: what to have ready, and the clinic's phone and e-mail."""
    clinic = request.clinic
    offered = RequestType.objects.for_clinic(clinic).filter(is_active=True)
    wanted = get_object_or_404(offered, slug=slug)
    emergency = EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk").first()
    if emergency:
        emergency.clinic = clinic
    context = {
        "wanted": wanted,
        "emergency": emergency,
        "hours": hours.at(clinic, timezone.now()),
        "subject": _("%(request)s for %(client)s") % {"request": wanted.name, "client": request.client.name},
    }
    return render_page(request, "messaging/request.html", context)
