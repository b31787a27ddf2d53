"""An owner's pets: the list, and one pet's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import care, facts, incoming, visits, weights
from pets.days import full, short
from pets.household import first_seen, pets_of
from pets.models import Pet, Weight
from pets.views.requests import requests_of
from portal.kit.htmx import render_page

if TYPE_CHECKING:
    from datetime import date, datetime

# Twenty years of a weighing every other month; the clinic has the rest.
MOST_WEIGHTS = 120


@require_safe
@client_required
def pets(request: ClientRequest) -> HttpResponse:
    return render_page(request, "pets/pets.html", list_of(request, now=timezone.now()))


def list_of(request: ClientRequest, *, now: datetime) -> dict[str, Any]:
    """What the list of pets shows: on its own page, and behind the dialogs that open over it."""
    today, mine = timezone.localdate(now), pets_of(request.client)
    care_by_pet = care.care_of(mine, clinic=request.clinic, today=today)
    return {
        "living": [
            {
                "pet": pet,
                "age": facts.life_text(pet, today=today),
                "summary": care.summary_of(care_by_pet[pet.pk]),
            }
            for pet in mine
            if pet.is_living
        ],
        "deleted": _deleted(request, now=now),
        "remembered": [
            {
                "pet": pet,
                "years": facts.life_text(pet, today=today),
                "can_be_restored": pet.can_be_restored(now=now),
            }
            for pet in mine
            if not pet.is_living
        ],
    }


@require_safe
@client_required
def pet(request: ClientRequest, pet_id: int) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    mine = Pet.objects.for_client(request.client).filter(pk=pet_id)
    shown = get_object_or_404(mine.annotate(first_seen_on=first_seen(request.clinic)))
    shown.clinic = request.clinic
    papers = incoming.certificates_of(shown) if shown.is_living else []
    to_come = visits.upcoming_of(shown, now=now) if shown.is_living else []
    its_care = _care_of(shown, today=today)
    context = {
        "pet": shown,
        "chips": facts.chips_of(shown, today=today),
        "facts": facts.facts_of(shown, known_since=vars(shown)["first_seen_on"]),
        "requests": requests_of(shown),
        "photo_upload": incoming.photo_under_way(shown, now=now),
        # Papers of the dead press nobody.
        "certificates": papers,
        "has_answers": any(paper.is_answered for paper in papers),
        "can_be_restored": shown.can_be_restored(now=now),
        "undo_until": full(timezone.localdate(shown.undo_until)) if shown.undo_until else "",
        **_weight_of(shown, today=today),
        **its_care,
        "visits": to_come,
        "dues": visits.next_steps(shown, its_care["reminders"], to_come),
    }
    return render_page(request, "pets/pet.html", context)


def _deleted(request: ClientRequest, *, now: datetime) -> list[dict[str, Any]]:
    """Pets that the owner deleted and may still take back; the last one first."""
    if not request.clinic.has_pet_management:
        return []
    gone = Pet.objects.for_clinic(request.clinic).removed_by(request.client, now=now)
    rows = []
    for pet in gone.filter(deleted_at__isnull=False).order_by("-deleted_at", "-pk"):
        pet.clinic = request.clinic
        rows.append({"pet": pet, "day": full(timezone.localdate(pet.deleted_at))})
    return rows


def _weight_of(pet: Pet, *, today: date) -> dict[str, Any]:
    unit = pet.clinic.weight_unit
    newest_first = list(Weight.objects.for_clinic(pet.clinic).filter(pet=pet).until(today)[:MOST_WEIGHTS])
    if not newest_first:
        return {}
    last, healthy = newest_first[0], weights.healthy_for(pet)
    scale = weights.scale_for(last.kg, unit)
    return {
        "weight": {
            "number": scale.number(last.kg),
            "unit": scale.unit,
            "day": short(last.weighed_on, today=today),
        },
        # The last months of a pet that died need no comment.
        "trend": weights.trend(newest_first, unit=unit) if pet.is_living else "",
        "verdict": weights.verdict(last.kg, healthy, unit=unit),
        "chart": weights.chart(newest_first, unit=unit, healthy=healthy),
        "weights": weights.table(newest_first, unit=unit),
        "has_older_weights": len(newest_first) == MOST_WEIGHTS,
    }


def _care_of(pet: Pet, *, today: date) -> dict[str, Any]:
    found = care.care_of([pet], clinic=pet.clinic, today=today).get(pet.pk, [])
    return {
        "has_plans": any(one.status != care.Status.NOT_APPLICABLE for one in found),
        # Here, beside one another, the longest overdue comes first; Home begins with what is still to come.
        "reminders": sorted(care.reminders_among(found), key=lambda reminder: reminder.due_on),
        "services": [one for one in found if one.record],
        "missing": [one.plan.name for one in found if one.status == care.Status.NOT_RECORDED and not one.is_handed_in],
    }
