"""A clinic's own door: contact, code, and who it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clients import actions, devices, journey, sign_in
from clients.actions import Visit
from clients.forms import CodeForm, ContactForm, NameForm, WhoForm
from clients.journey import CODE_COOKIE, PROOF_COOKIE, Journey
from clients.models import Client
from clients.views import door
from clinics.gates import public
from portal.kit.addresses import ip_address, network_of
from portal.kit.contacts import Contact
from portal.kit.htmx import go_to, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@public
def ask(request: Any) -> HttpResponseBase:
    """Ask for a code at this clinic (R4, R38–R41, R60)."""
    clinic = request.clinic
    destination = journey.safe_destination(request.GET.get("next", ""), clinic)
    if request.device and request.method != "POST":
        return redirect(destination or clinic)
    form = ContactForm(request.POST or None, clinic=clinic, initial={"by": request.GET.get("by") or "phone"})
    if form.is_valid() and form.contact and door.has_read_these_texts(request, form):
        return _send(request, form.contact, clinic.legal_revision, destination)
    context = door.context_of(clinic, form)
    return render_page(
        request, "clients/sign_in.html", context, partial="sign-in-form", status=422 if form.errors else 200
    )


@require_POST
@public
def ask_again(request: Any) -> HttpResponseBase:
    """Another code for the contact in this browser's cookie."""
    asked = journey.read(request, CODE_COOKIE, clinic=request.clinic)
    if asked is None:
        return redirect("clients:sign_in", request.clinic.slug)
    return _send(request, asked.contact, asked.agreed_revision, asked.destination)


def _send(request: Any, contact: Contact, agreed_revision: int, destination: str) -> HttpResponseBase:
    clinic, now = request.clinic, timezone.now()
    asking = door.asking(request, contact, clinic=clinic, agreed_revision=agreed_revision)
    asked = sign_in.ask(asking, sender=clinic, standing=sign_in.standing_at(clinic, contact), now=now)
    if asked.too_many_until:
        return door.too_many(request, asked.too_many_until)
    response = go_to(request, reverse("clients:code", args=[clinic.slug]))
    journey.write(
        response,
        CODE_COOKIE,
        Journey(
            channel=contact.channel,
            value=contact.value,
            clinic_id=clinic.pk,
            challenge=asked.challenge,
            again_at=asked.again_at.isoformat(),
            agreed_revision=agreed_revision,
            destination=destination,
        ),
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@public
def code(request: Any) -> HttpResponseBase:
    """Enter the code (R42, R43)."""
    clinic, now = request.clinic, timezone.now()
    asked = journey.read(request, CODE_COOKIE, clinic=clinic)
    if asked is None:
        return go_to(request, reverse("clients:sign_in", args=[clinic.slug]))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        checked = sign_in.check(
            form.cleaned_data["code"],
            challenge=asked.challenge,
            clinic=clinic,
            network=network_of(ip_address(request)),
            now=now,
        )
        if checked.too_many_until:
            return door.too_many(request, checked.too_many_until)
        people = sign_in.clients_reached(clinic, asked.contact) if checked.row else []
        if checked.row and (people or clinic.is_open_to_new_clients):
            return _enter(request, asked, people)
        form.add_error("code", door.wrong_code(checked.tries_left))
    context = door.context_of(clinic, form) | {"asked": asked, "now": now}
    return render_page(request, "clients/code.html", context, partial="code-form", status=422 if form.errors else 200)


def _enter(request: Any, asked: Journey, people: list[Client]) -> HttpResponseBase:
    """The contact is proved: one person goes in, several say who they are, a new one gives a name."""
    if len(people) == 1:
        return _let_in(request, asked, people[0])
    response = go_to(request, reverse("clients:who" if people else "clients:name", args=[request.clinic.slug]))
    proof = Journey(
        channel=asked.channel,
        value=asked.value,
        clinic_id=request.clinic.pk,
        challenge=asked.challenge,
        agreed_revision=asked.agreed_revision,
        destination=asked.destination,
    )
    journey.write(response, PROOF_COOKIE, proof)
    journey.forget(response, CODE_COOKIE)
    return response


def _let_in(request: Any, proved: Journey, person: Client) -> HttpResponseBase:
    try:
        token = actions.sign_in_device(client=person, visit=visit_of(request, proved), now=timezone.now())
    except actions.NotTheirs:
        return redirect("clients:sign_in", request.clinic.slug)
    return _welcome(request, proved, token)


def _welcome(request: Any, proved: Journey, token: str) -> HttpResponseBase:
    clinic = request.clinic
    if request.device:
        actions.end_device(device=request.device, now=timezone.now())
    response = go_to(request, journey.safe_destination(proved.destination, clinic) or clinic.get_absolute_url())
    devices.give_cookie(response, clinic, token)
    journey.remember(response, proved.contact)
    journey.forget(response, CODE_COOKIE, PROOF_COOKIE)
    return response


def _proved(request: Any, now: datetime) -> Journey | None:
    """The proof that this browser carries, while it is fresh and unused."""
    proved = journey.read(request, PROOF_COOKIE, clinic=request.clinic)
    return proved if proved and sign_in.is_proved(proved.challenge, now=now) else None


def visit_of(request: Any, proved: Journey) -> Visit:
    return Visit(
        contact=proved.contact,
        user_agent=request.headers.get("User-Agent", ""),
        ip_address=ip_address(request),
        agreed_revision=proved.agreed_revision,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public
def who(request: Any) -> HttpResponseBase:
    """Several clients share the proved contact. Names are shown only now that it is proved."""
    now = timezone.now()
    proved = _proved(request, now)
    people = sign_in.clients_reached(request.clinic, proved.contact) if proved else []
    if proved is None or not people:
        return redirect("clients:sign_in", request.clinic.slug)
    form = WhoForm(request.POST or None, people=people)
    if form.is_valid():
        chosen = next(person for person in people if person.pk == form.cleaned_data["who"])
        if sign_in.spend(proved.challenge, now=now):
            return _let_in(request, proved, chosen)
        return redirect("clients:sign_in", request.clinic.slug)
    context = door.context_of(request.clinic, form) | {"people": people}
    return render_page(request, "clients/who.html", context, partial="who-form", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def name(request: Any) -> HttpResponseBase:
    """A new client at an open door gives a name."""
    now = timezone.now()
    proved = _proved(request, now)
    if proved is None or not request.clinic.is_open_to_new_clients:
        return redirect("clients:sign_in", request.clinic.slug)
    if sign_in.clients_reached(request.clinic, proved.contact):
        return redirect("clients:who", request.clinic.slug)
    form = NameForm(request.POST or None)
    if form.is_valid():
        # Spent first: of two requests at once, one makes a client.
        if not sign_in.spend(proved.challenge, now=now):
            return redirect("clients:sign_in", request.clinic.slug)
        visit = visit_of(request, proved)
        _person, token = actions.sign_up(clinic=request.clinic, name=form.cleaned_data["name"], visit=visit, now=now)
        return _welcome(request, proved, token)
    context = door.context_of(request.clinic, form)
    return render_page(request, "clients/name.html", context, partial="name-form", status=422 if form.errors else 200)
