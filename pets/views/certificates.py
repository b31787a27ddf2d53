"""**Done elsewhere** (B12): an owner hands in another clinic's certificate, takes it back, and reads the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import actions
from pets.forms.certificates import CertificateForm
from pets.gates import certificates_required
from pets.incoming import certificate_response
from pets.models import Certificate, Pet
from pets.views.onward import to_pet
from portal.kit.htmx import render_page
from portal.kit.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@certificates_required
def certificate_add(request: ClientRequest, pet_id: int) -> HttpResponse:
    """The dialog. `?plan=` names the service that a reminder was about."""
    pet = get_object_or_404(Pet.objects.for_client(request.client).living(), pk=pet_id)
    pet.clinic = request.client.clinic = request.clinic
    is_sent = request.method == "POST"
    form = CertificateForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        pet=pet,
        initial={"plan": request.GET.get("plan", "")},
    )
    if form.is_valid() and _send(request, pet, form):
        words = {"pet": pet.name, "clinic": request.clinic.name}
        lines = _("%(pet)s’s certificate is with us"), _("%(clinic)s reads it and answers you here.")
        messages.success(request, "\n".join(line % words for line in lines))
        return to_pet(request, pet)
    return render_page(
        request, "pets/certificate_add.html", {"pet": pet, "form": form}, status=422 if form.errors else 200
    )


@require_safe
@client_required
def certificate_file(request: ClientRequest, pet_id: int, certificate_id: int) -> HttpResponseBase:
    """What was handed in, for who handed it in."""
    return certificate_response(_mine(request, pet_id, certificate_id))


@require_POST
@client_required
@certificates_required
def certificate_withdraw(request: ClientRequest, pet_id: int, certificate_id: int) -> HttpResponse:
    """**Take back**, until the clinic has decided."""
    certificate = _mine(request, pet_id, certificate_id)
    try:
        actions.withdraw_certificate(certificate=certificate, now=timezone.now())
    except actions.AlreadyDecided as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The certificate is taken back, and its file is deleted"))
    return to_pet(request, certificate.pet)


@require_POST
@client_required
@certificates_required
def certificate_seen(request: ClientRequest, pet_id: int, certificate_id: int) -> HttpResponse:
    """**Got it**: the answer needn't be shown again."""
    certificate = _mine(request, pet_id, certificate_id)
    actions.note_certificate_seen(certificate=certificate, now=timezone.now())
    return to_pet(request, certificate.pet)


def _send(request: ClientRequest, pet: Pet, form: CertificateForm) -> bool:
    """False, and the reason in the form, when it was refused."""
    said, rough = form.cleaned_data, form.cleaned_data["given_on"]
    try:
        actions.send_certificate(
            pet=pet,
            client=request.client,
            plan=said["plan"],
            upload=said["file"],
            given_at_clinic=said["given_at_clinic"],
            given_on=rough.day if rough else None,
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


def _mine(request: ClientRequest, pet_id: int, certificate_id: int) -> Certificate:
    mine = Certificate.objects.for_client(request.client).filter(pet=pet_id).select_related("pet")
    certificate = get_object_or_404(mine, pk=certificate_id)
    certificate.clinic = certificate.pet.clinic = request.clinic
    return certificate
