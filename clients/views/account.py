"""The client's own page, the browsers they are signed in with, and the way out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import actions, devices, journey
from clients.actions import Visit
from clients.forms import AgreeForm
from clients.gates import ClientRequest, client_before_agreeing
from clients.models import Consent, Device
from clients.views import door
from clinics.gates import client_required
from portal.kit.addresses import ip_address
from portal.kit.contacts import EMAIL, SMS, Contact
from portal.kit.htmx import go_to, render_page


@require_safe
@client_required
def account(request: ClientRequest) -> HttpResponse:
    """**Account** (R96): name and contacts on file, pets, signed-in devices, what was agreed to."""
    now = timezone.now()
    live = Device.objects.for_client(request.client).live(now=now).order_by("-last_seen_at", "-pk")
    mine = [device for device in live if request.client.has(device.contact)]
    agreed = Consent.objects.for_clinic(request.clinic).filter(client=request.client, withdrawn_at__isnull=True)
    # Pets are of an app above, which is asked through the reverse relation (R9).
    pets = list(request.client.pets.for_clinic(request.clinic).living().order_by("name", "pk"))
    for pet in pets:
        pet.clinic = request.clinic
    context = {"devices": mine, "agreed": agreed.order_by("-given_at").first(), "pets": pets}
    return render(request, "clients/account.html", context)


@require_POST
@client_required
def channels(request: ClientRequest) -> HttpResponse:
    """The two switches (R98, R99): a channel that is off gets no alerts. A contact that isn't on file has no switch."""
    client = request.client
    actions.choose_channels(
        client=client,
        accepts_texts="texts" in request.POST if client.phone else None,
        accepts_emails="emails" in request.POST if client.email else None,
        now=timezone.now(),
    )
    messages.success(request, _("Saved"))
    return redirect("clients:account", request.clinic.slug)


@require_POST
@client_required
def end_device(request: ClientRequest, device_id: int) -> HttpResponseBase:
    """Sign one of the client's own browsers out."""
    device = get_object_or_404(Device.objects.for_client(request.client), pk=device_id)
    if device.pk == request.device.pk:
        return sign_out(request)
    actions.end_device(device=device, now=timezone.now())
    messages.success(request, _("%(device)s is signed out.") % {"device": device.label})
    return redirect("clients:account", request.clinic.slug)


@require_POST
@client_required
def end_other_devices(request: ClientRequest) -> HttpResponse:
    """Sign every browser out but this one."""
    ended = actions.end_devices(client=request.client, now=timezone.now(), but=request.device)
    said = ngettext("%(count)d other device is signed out.", "%(count)d other devices are signed out.", ended)
    messages.success(request, said % {"count": ended})
    return redirect("clients:account", request.clinic.slug)


@require_POST
@client_before_agreeing
def sign_out(request: ClientRequest) -> HttpResponseBase:
    """**Sign out** (R57): the token is worth nothing afterwards, also in a copy of the cookie."""
    actions.end_device(device=request.device, now=timezone.now())
    response = redirect("clients:sign_in", request.clinic.slug)
    devices.take_cookie(response, request.clinic)
    door.leave_nothing(request, response, now=timezone.now())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@client_before_agreeing
def agree(request: Any) -> HttpResponseBase:
    """The clinic's texts are new to this client, or changed: agree before going on (R39, R40)."""
    destination = journey.safe_destination(request.GET.get("next", ""), request.clinic)
    destination = destination or request.clinic.get_absolute_url()
    if request.client.agreed_revision >= request.clinic.legal_revision:
        return redirect(destination)
    form = AgreeForm(request.POST or None)
    if form.is_valid() and door.has_read_these_texts(request, form):
        channel = EMAIL if "@" in request.device.contact else SMS
        visit = Visit(
            contact=Contact(channel, request.device.contact),
            user_agent=request.headers.get("User-Agent", ""),
            ip_address=ip_address(request),
        )
        actions.agree(client=request.client, visit=visit, source="agree", now=timezone.now())
        return go_to(request, destination)
    context = {
        "form": form,
        "is_first": request.client.agreed_revision == 0,
    }
    return render_page(request, "clients/agree.html", context, partial="agree-form", status=422 if form.errors else 200)
