"""What an owner has asked the clinic to change: shown on the pet's page, taken back, and its answer put away."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import actions, days, history
from pets.gates import pet_management_required
from pets.models import ChangeRequest, Pet
from pets.views.onward import to_pet

State = ChangeRequest.State


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the pet's page shows it."""

    state: str
    day: str
    answer: str
    changes: list[history.Difference]


def requests_of(pet: Pet) -> list[Asked]:
    """What waits for the clinic, and answers that the owner hasn't put away; the newest first."""
    unread = Q(state__in=[State.ACCEPTED, State.DECLINED], seen_at__isnull=True)
    mine = ChangeRequest.objects.for_clinic(pet.clinic).filter(
        unread | Q(state=State.WAITING), pet=pet, client=pet.owner_id
    )
    return [_shown(request) for request in mine.order_by("-pk")]


@require_POST
@client_required
@pet_management_required
def withdraw_request(request: ClientRequest, pet_id: int) -> HttpResponse:
    """**Withdraw**: the clinic needn't look at it. What was answered meanwhile shows on the page."""
    pet = get_object_or_404(Pet.objects.for_client(request.client), pk=pet_id)
    waiting = ChangeRequest.objects.for_clinic(request.clinic).filter(pet=pet).waiting().first()
    if waiting:
        try:
            actions.withdraw_request(request=waiting, now=timezone.now())
        except actions.AlreadyDecided as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("What you had asked for is taken back."))
    return to_pet(request, pet)


@require_POST
@client_required
@pet_management_required
def answer_seen(request: ClientRequest, pet_id: int) -> HttpResponse:
    """**Got it**: the answer has been read."""
    pet = get_object_or_404(Pet.objects.for_client(request.client), pk=pet_id)
    answered = ChangeRequest.objects.for_clinic(request.clinic).filter(pet=pet, seen_at__isnull=True)
    for one in answered.exclude(state=State.WAITING):
        actions.note_answer_seen(request=one, now=timezone.now())
    return to_pet(request, pet)


def _shown(request: ChangeRequest) -> Asked:
    changes = list(history.readable(request.details))
    return Asked(request.state, days.full(timezone.localdate(request.asked_at)), request.answer, changes)
