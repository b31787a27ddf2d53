"""An owner's pets: the list, one pet's page, and its photo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import care, facts, weights
from pets.days import short
from pets.household import first_seen, pets_of
from pets.models import Pet, Weight
from portal.kit.htmx import render_page
from portal.kit.images import picture_response

if TYPE_CHECKING:
    from datetime import date

# Twenty years of a weighing every other month; the clinic has the rest.
MOST_WEIGHTS = 120
PHOTO_MAX_AGE = 24 * 60 * 60


@require_safe
@client_required
def pets(request: ClientRequest) -> HttpResponse:
    today, mine = timezone.localdate(), pets_of(request.client)
    care_by_pet = care.care_of(mine, clinic=request.clinic, today=today)
    context = {
        "living": [
            {
                "pet": pet,
                "age": facts.life_text(pet, today=today),
                "summary": care.summary_of(care_by_pet[pet.pk]),
            }
            for pet in mine
            if pet.is_living
        ],
        "remembered": [{"pet": pet, "years": facts.life_text(pet, today=today)} for pet in mine if not pet.is_living],
    }
    return render_page(request, "pets/pets.html", context)


@require_safe
@client_required
def pet(request: ClientRequest, pet_id: int) -> HttpResponse:
    today = timezone.localdate()
    mine = Pet.objects.for_client(request.client).filter(pk=pet_id)
    shown = get_object_or_404(mine.annotate(first_seen_on=first_seen(request.clinic)))
    shown.clinic = request.clinic
    context = {
        "pet": shown,
        "chips": facts.chips_of(shown, today=today),
        "facts": facts.facts_of(shown, known_since=vars(shown)["first_seen_on"]),
        **_weight_of(shown, today=today),
        **_care_of(shown, today=today),
    }
    return render_page(request, "pets/pet.html", context)


@require_safe
@client_required
def photo(request: ClientRequest, pet_id: int) -> HttpResponse:
    shown = get_object_or_404(Pet.objects.for_client(request.client), pk=pet_id)
    return picture_response(shown.photo, max_age=PHOTO_MAX_AGE)


def _weight_of(pet: Pet, *, today: date) -> dict[str, Any]:
    unit = pet.clinic.weight_unit
    by_date = Weight.objects.for_clinic(pet.clinic).filter(pet=pet, weighed_on__lte=today)
    newest_first = list(by_date.order_by("-weighed_on")[:MOST_WEIGHTS])
    if not newest_first:
        return {}
    last = newest_first[0]
    scale = weights.scale_for(last.kg, unit)
    return {
        "weight": {
            "number": scale.number(last.kg),
            "unit": scale.unit,
            "day": short(last.weighed_on, today=today),
        },
        # The last months of a pet that died need no comment.
        "trend": weights.trend(newest_first, unit=unit) if pet.is_living else "",
        "chart": weights.chart(newest_first, unit=unit),
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
        "missing": [one.plan.name for one in found if one.status == care.Status.NOT_RECORDED],
    }
