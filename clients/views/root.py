"""The door of all clinics: sign in without naming one, then choose (R59)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import actions, devices, directory, journey, sign_in
from clients.forms import CodeForm, ContactForm
from clients.journey import CODE_COOKIE, PROOF_COOKIE, Journey
from clients.models import Client
from clients.sign_in import Standing
from clients.views import door
from clients.views.sign_in import visit_of
from clinics.gates import public
from clinics.models import Clinic
from clinics.tenancy import tenant
from portal.kit import contacts
from portal.kit.addresses import ip_address, network_of
from portal.kit.contacts import Contact
from portal.kit.htmx import go_to, render_page


@require_safe
@public
def choose(request: Any) -> HttpResponseBase:
    """**Choose your clinic**: those this browser is signed in at. None leads to the door, a single one to its Home."""
    host = urlsplit(f"//{request.get_host()}").hostname
    if host != urlsplit(settings.PORTAL_URL).hostname and (own := Clinic.objects.live().filter(host=host).first()):
        return redirect(own)
    now = timezone.now()
    proved = journey.read(request, PROOF_COOKIE, clinic=None)
    open_doors = devices.signed_in_at(request, now=now)
    undecided = []
    if proved and sign_in.is_proved(proved.challenge, now=now):
        undecided = _where_shared(proved.contact, {door.clinic.pk for door in open_doors})
    if not open_doors and not undecided:
        return redirect("root_sign_in")
    if len(open_doors) == 1 and not undecided:
        return redirect(open_doors[0].clinic)
    return render(request, "clients/choose.html", {"open_doors": open_doors, "undecided": undecided})


def _where_shared(contact: Contact, signed_in: set[int]) -> list[Clinic]:
    """Clinics where several people share the proved contact: there the client still has to say who they are."""
    found = []
    for clinic in directory.clinics_knowing(contact):
        with tenant(clinic):
            if clinic.pk not in signed_in and len(sign_in.clients_reached(clinic, contact)) > 1:
                found.append(clinic)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@public
def ask(request: Any) -> HttpResponseBase:
    """Ask for a code at whichever clinics know the contact."""
    form = ContactForm(request.POST or None, clinic=None, initial={"by": request.GET.get("by") or "phone"})
    if form.is_valid() and form.contact:
        return _send(request, form.contact)
    context = {"form": form, "can_text": True}
    return render_page(
        request, "clients/root_sign_in.html", context, partial="sign-in-form", status=422 if form.errors else 200
    )


@require_POST
@public
def ask_again(request: Any) -> HttpResponseBase:
    asked = journey.read(request, CODE_COOKIE, clinic=None)
    return _send(request, asked.contact) if asked else redirect("root_sign_in")


def _send(request: Any, contact: Contact) -> HttpResponseBase:
    now, asking = timezone.now(), door.asking(request, contact, clinic=None)
    sender, standing = sign_in.sender_for(contact)
    if sender is None:
        return render(request, "503.html", status=503)
    if contact.channel == contacts.SMS and contacts.country_of(contact.value) not in sender.allowed_sms_countries:
        standing = Standing.UNKNOWN
    with tenant(sender):
        asked = sign_in.ask(asking, sender=sender, standing=standing, now=now)
    if asked.too_many_until:
        return door.too_many(request, asked.too_many_until)
    response = go_to(request, reverse("root_code"))
    again_at = asked.again_at.isoformat()
    going = Journey(
        channel=contact.channel, value=contact.value, clinic_id=0, challenge=asked.challenge, again_at=again_at
    )
    journey.write(response, CODE_COOKIE, going)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@public
def code(request: Any) -> HttpResponseBase:
    """Enter the code; then every clinic that knows the contact opens."""
    now = timezone.now()
    asked = journey.read(request, CODE_COOKIE, clinic=None)
    if asked is None:
        return go_to(request, reverse("root_sign_in"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        network = network_of(ip_address(request))
        checked = sign_in.check(
            form.cleaned_data["code"], challenge=asked.challenge, clinic=None, network=network, now=now
        )
        if checked.too_many_until:
            return door.too_many(request, checked.too_many_until)
        if checked.row:
            return _let_in(request, asked)
        form.add_error("code", door.wrong_code(checked.tries_left))
    context = {"form": form, "asked": asked, "now": now}
    return render_page(
        request, "clients/root_code.html", context, partial="code-form", status=422 if form.errors else 200
    )


def _let_in(request: Any, asked: Journey) -> HttpResponseBase:
    """A device at each clinic that has exactly one client with the contact; one clinic after another, each in its own
    transaction. Where several share it, they say who they are when they enter."""
    now, is_shared = timezone.now(), False
    response = go_to(request, reverse("choose_clinic"))
    for clinic in directory.clinics_knowing(asked.contact):
        with tenant(clinic):
            people = sign_in.clients_reached(clinic, asked.contact)
            is_shared = is_shared or len(people) > 1
            if len(people) == 1 and (token := _token_for(request, people[0], asked, now)):
                devices.give_cookie(response, clinic, token)
    if is_shared:
        proof = Journey(channel=asked.channel, value=asked.value, clinic_id=0, challenge=asked.challenge)
        journey.write(response, PROOF_COOKIE, proof)
    journey.remember(response, asked.contact)
    journey.forget(response, CODE_COOKIE)
    return response


def _token_for(request: Any, person: Client, asked: Journey, now: datetime) -> str | None:
    """Sign this browser in at the open clinic, ending what it had there; None if the file has just changed."""
    if old := devices.at_clinic(request, person.clinic, now=now):
        actions.end_device(device=old, now=now)
    try:
        return actions.sign_in_device(client=person, visit=visit_of(request, asked), now=now)
    except actions.NotTheirs:
        return None


@require_POST
@public
def sign_out(request: Any) -> HttpResponse:
    """Sign this browser out of every clinic."""
    response = redirect("root_sign_in")
    now = timezone.now()
    for open_door in devices.signed_in_at(request, now=now):
        with tenant(open_door.clinic):
            actions.end_device(device=open_door, now=now)
        devices.take_cookie(response, open_door.clinic)
    door.leave_nothing(request, response, now=now)
    return response
