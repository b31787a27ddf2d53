"""Where a saved form leads."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.urls import reverse

from clients.gates import ClientRequest
from pets.models import Pet

# “See other”: the browser asks for the next page anew, and a reload sends nothing twice.
SEE_OTHER = 303


def to_pets(request: ClientRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("pets:pets", args=[request.clinic.slug]), status=SEE_OTHER)


def to_pet(request: ClientRequest, pet: Pet) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("pets:pet", args=[request.clinic.slug, pet.pk]), status=SEE_OTHER)
