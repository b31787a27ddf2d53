"""What the two doors, a clinic's own and that of all clinics, say alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients import journey, sign_in
from clients.sign_in import Asking
from clinics import hours
from clinics.models import Clinic, EmergencyClinic
from messaging import gateways
from portal.kit.addresses import ip_address, network_of
from portal.kit.contacts import Contact
from portal.kit.htmx import take_over


def context_of(clinic: Clinic, form: forms.Form) -> dict[str, Any]:
    """The form, and what stands beside it at a clinic's door."""
    today = hours.today_at(clinic, timezone.now())
    return {
        "form": form,
        "today_hours": today.text if today else "",
        "emergency": EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk").first(),
        "can_text": gateways.can_text(clinic),
    }


def asking(request: Any, contact: Contact, *, clinic: Clinic | None, agreed_revision: int = 0) -> Asking:
    """Who asks for a code: the contact, the address, and what this browser already carries."""
    before = journey.read(request, journey.CODE_COOKIE, clinic=clinic)
    address = ip_address(request)
    return Asking(
        contact=contact,
        clinic=clinic,
        network=network_of(address),
        ip_address=address,
        challenge=before.challenge if before and before.contact == contact else "",
        is_familiar=journey.is_familiar(request, contact),
        agreed_revision=agreed_revision,
    )


def leave_nothing(request: Any, response: HttpResponseBase, *, now: datetime) -> None:
    """After signing out, nothing of this browser opens a door: no proof under way, no page or photo in its cache."""
    for challenge in journey.challenges(request):
        sign_in.void(challenge, now=now)
    journey.forget(response, journey.CODE_COOKIE, journey.PROOF_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'


def has_read_these_texts(request: Any, form: forms.Form) -> bool:
    """Were the texts that were ticked those in force? They may have been replaced while the page was open."""
    revision: int = request.clinic.legal_revision
    is_current = revision > 0 and request.POST.get("revision", "") == str(revision)
    if not is_current:
        form.add_error(None, _("The clinic’s texts have changed meanwhile. Please read them, then try again."))
    return is_current


def wrong_code(tries_left: int) -> str:
    if not tries_left:
        return _("That code didn’t match, or no longer works. Ask for a new one below.")
    tries = ngettext("You have %(count)d try left.", "You have %(count)d tries left.", tries_left) % {
        "count": tries_left
    }
    return _("That code didn’t match. Check the newest message. %(tries)s") % {"tries": tries}


def too_many(request: Any, until: datetime) -> HttpResponse:
    """Returned, not raised: what was counted must be kept."""
    return take_over(request, render(request, "429.html", {"retry_at": until}, status=429))
