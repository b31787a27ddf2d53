"""A pet's photo: shown to its owner, sent, prepared by a worker, and removed."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import actions
from pets.gates import pet_management_required
from pets.incoming import PhotoUnderWay, photo_under_way, thumbnail_response
from pets.models import Pet
from pets.views.onward import to_pet
from portal.kit.htmx import render_page, wants_piece
from portal.kit.images import picture_response
from portal.kit.refusals import Refusal

# Its address changes with the picture.
MAX_AGE = 24 * 60 * 60
# A nudge that has done nothing for so long is given again, and not oftener than that.
NUDGE_AGAIN = timedelta(seconds=5)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def photo(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    """The picture, or a new one (R89)."""
    if request.method == "POST":
        return _send(request, pet_id)
    return picture_response(_mine(request, pet_id).photo, max_age=MAX_AGE)


@require_safe
@client_required
def photo_small(request: ClientRequest, pet_id: int) -> HttpResponse:
    """The same for lists."""
    return thumbnail_response(_mine(request, pet_id), max_age=MAX_AGE)


@require_safe
@client_required
@pet_management_required
def photo_progress(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    """What the page asks every second while a photo is prepared. Nothing to show yet is a 204."""
    pet, now = _mine(request, pet_id), timezone.now()
    if not wants_piece(request):
        return to_pet(request, pet)
    under_way = photo_under_way(pet, now=now)
    if under_way and under_way.is_waiting:
        if now - under_way.upload.sent_at > NUDGE_AGAIN:
            _nudge_again(under_way)
        if not under_way.is_slow:
            return HttpResponse(status=204)
    context = {"pet": pet, "photo_upload": under_way, "is_new": under_way is None}
    return render_page(request, "pets/photo.html", context, partial="photo")


@require_POST
@client_required
@pet_management_required
def photo_remove(request: ClientRequest, pet_id: int) -> HttpResponse:
    """Back to the icon of the species."""
    pet = _mine(request, pet_id)
    actions.remove_photo(pet=pet, by=request.client, now=timezone.now())
    messages.success(request, _("%(pet)s’s photo is removed") % {"pet": pet.name})
    return to_pet(request, pet)


@pet_management_required
def _send(request: ClientRequest, pet_id: int) -> HttpResponse:
    pet = get_object_or_404(Pet.objects.for_client(request.client).living(), pk=pet_id)
    pet.clinic = request.client.clinic = request.clinic
    upload = request.FILES.get("photo")
    if upload is None:
        return _refused(request, pet, _("Choose a photo first."))
    try:
        actions.send_photo(pet=pet, client=request.client, upload=upload, now=timezone.now())
    except Refusal as refusal:
        return _refused(request, pet, str(refusal))
    return to_pet(request, pet)


def _refused(request: ClientRequest, pet: Pet, reason: str) -> HttpResponse:
    return render_page(request, "pets/photo_refused.html", {"pet": pet, "reason": reason}, status=422)


def _mine(request: ClientRequest, pet_id: int) -> Pet:
    pet = get_object_or_404(Pet.objects.for_client(request.client), pk=pet_id)
    pet.clinic = request.clinic
    return pet


def _nudge_again(under_way: PhotoUnderWay) -> None:
    upload = under_way.upload
    if cache.add(f"nudged:{upload.pk}", 1, timeout=int(NUDGE_AGAIN.total_seconds())):
        actions.nudge(clinic_id=upload.clinic_id, upload_id=upload.pk)
