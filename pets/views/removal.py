"""When a pet leaves: **Delete**, a death, and taking either back within 30 days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import actions, facts, visits
from pets.forms.removal import DeleteForm, LossForm
from pets.gates import pet_management_required
from pets.models import Pet
from pets.views.onward import to_pet, to_pets
from pets.views.pets import list_of
from portal.kit.htmx import render_page
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import datetime


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_management_required
def delete(request: ClientRequest, pet_id: int) -> HttpResponse:
    """The pop-up of **Delete** (R16–R22). What stands in its way is said before anybody presses the button."""
    now = timezone.now()
    pet = _living_or_just_gone(request, pet_id, now=now)
    ending = _visits_of(pet, now=now)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if pet.is_living:
                is_deceased = form.cleaned_data["deceased"]
                actions.delete_pet(pet=pet, by=request.client, now=now, is_deceased=is_deceased)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _confirm(request, pet, ending)
            return to_pets(request)
    today = timezone.localdate(now)
    bound = pet.memberships.select_related("plan").order_by("pk")
    context = {
        **list_of(request, now=now),
        "pet": pet,
        "form": form,
        "blocking": [_membership(one, today=today) for one in bound.blocking_removal(today=today)],
        "not_started": bound.not_started(today=today),
        "refusal": actions.MembershipInPlace.message,
        "visits": ending,
    }
    return render_page(request, "pets/delete.html", context, status=422 if form.errors else 200)


@require_POST
@client_required
@pet_management_required
def restore(request: ClientRequest, pet_id: int) -> HttpResponse:
    """Take a deletion or the report of a death back, within 30 days."""
    now = timezone.now()
    pet = get_object_or_404(Pet.objects.for_clinic(request.clinic).filter(owner=request.client), pk=pet_id)
    pet.clinic, was_dead = request.clinic, pet.deceased_on is not None
    try:
        actions.restore_pet(pet=pet, by=request.client, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return to_pets(request)
    messages.success(request, _("%(pet)s is back in your list\nThe clinic sees it too.") % {"pet": pet.name})
    return to_pet(request, pet) if was_dead else to_pets(request)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_management_required
def loss(request: ClientRequest, pet_id: int) -> HttpResponse:
    """Pet-loss (B11): one page, one button, and nothing that has to be filled in."""
    now = timezone.now()
    pet = _living_or_just_gone(request, pet_id, now=now)
    ending = _visits_of(pet, now=now)
    form = LossForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        died = form.cleaned_data["died"]
        try:
            actions.report_death(pet=pet, died_on=died.day if died else None, by=request.client, now=now)
        except actions.NotALifespan as refusal:
            form.add_error("died", str(refusal))
        else:
            _confirm(request, pet, ending)
            return to_pet(request, pet)
    today = timezone.localdate(now)
    bound = pet.memberships.select_related("plan").order_by("pk")
    memberships = bound.blocking_removal(today=today) | bound.not_started(today=today)
    context = {
        "pet": pet,
        "form": form,
        "years": facts.life_text(pet, today=today),
        "memberships": memberships,
        "visits": ending,
    }
    return render_page(request, "pets/loss.html", context, status=422 if form.errors else 200)


def _living_or_just_gone(request: ClientRequest, pet_id: int, *, now: datetime) -> Pet:
    """A living pet; for a form that is sent twice also one that the first of them took away. Else 404."""
    mine = Pet.objects.for_client(request.client).living()
    if request.method == "POST":
        mine |= Pet.objects.for_clinic(request.clinic).removed_by(request.client, now=now)
    pet = get_object_or_404(mine, pk=pet_id)
    pet.clinic, pet.owner = request.clinic, request.client
    return pet


def _visits_of(pet: Pet, *, now: datetime) -> list[visits.Visit]:
    """What ends, or goes on for others, when the pet leaves; nothing for a form that is sent twice."""
    return visits.upcoming_of(pet, now=now) if pet.is_living else []


def _confirm(request: ClientRequest, pet: Pet, ended: list[visits.Visit]) -> None:
    """Say what happened. A deletion carries its **Restore**: where the button leads is the message's tag."""
    words = {"pet": pet.name, "clinic": request.clinic.name}
    way_back = reverse("pets:restore", args=[request.clinic.slug, pet.pk])
    lines = _endings(ended)
    if pet.deceased_on:
        text = _("We’re so sorry\n%(clinic)s knows now. No more messages about %(pet)s are sent.") % words
        messages.info(request, "\n".join([text, *lines]), extra_tags=way_back)
        return
    lines = [_("%(pet)s is deleted") % words, *lines, _("You can restore %(pet)s for 30 days.") % words]
    messages.success(request, "\n".join(lines), extra_tags=way_back)


def _endings(ended: list[visits.Visit]) -> list[str]:
    """What became of its visits: those that it alone had are cancelled."""
    alone = [visit.when for visit in ended if not visit.others]
    if len(alone) == 1:
        return [_("The appointment on %(when)s is cancelled, free of charge.") % {"when": alone[0]}]
    if alone:
        words = ngettext(
            "%(count)d appointment is cancelled, free of charge.",
            "%(count)d appointments are cancelled, free of charge.",
            len(alone),
        )
        return [words % {"count": len(alone)}]
    return []


def _membership(membership: Any, *, today: Any) -> dict[str, Any]:
    """One that stands in the way: its plan, how it stands, and until when."""
    status = membership.status(today=today)
    tones = {"active": "good", "suspended": "bad", "frozen": "info", "pending_cancellation": "warn"}
    return {
        "plan": membership.plan.name,
        "status": status.label,
        "tone": tones.get(status, ""),
        "ends_on": membership.cancel_on or membership.ends_on,
        "frozen_until": membership.frozen_until if status == "frozen" else None,
    }
