"""What we say to owners about their pets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging import outbox
from messaging.models import Channel

if TYPE_CHECKING:
    from clients.models import Client
    from pets.models import Certificate, ChangeRequest, Pet


def request_answered(request: ChangeRequest, *, now: datetime) -> None:
    """The clinic decided on a change that the owner asked for."""
    with translation.override(request.client.language):
        subject = _("Your change to %(pet)s’s details") % {"pet": request.pet.name}
        _write(request.client, request.pet, subject, "request_answered", {"request": request}, row=request.pk, now=now)


def certificate_answered(certificate: Certificate, *, now: datetime) -> None:
    """The clinic read a certificate that the owner handed in."""
    pet, row = certificate.pet, certificate.pk
    with translation.override(certificate.client.language):
        subject = _("%(pet)s’s certificate") % {"pet": pet.name}
        context = {"certificate": certificate}
        _write(certificate.client, pet, subject, "certificate_answered", context, row=row, now=now)


def _write(
    client: Client, pet: Pet, subject: str, kind: str, context: dict[str, Any], *, row: int, now: datetime
) -> None:
    """An e-mail to whoever has an address on file; the pet's page says the same to everybody."""
    if not client.email:
        return
    path = reverse("pets:pet", args=[pet.clinic.slug, pet.pk]).removeprefix(f"/{pet.clinic.slug}")
    context |= {"clinic": pet.clinic, "pet": pet, "client": client, "address": f"{pet.clinic.public_url}{path}"}
    words = outbox.Words(
        channel=Channel.EMAIL,
        to=client.email,
        subject=subject,
        body=render_to_string(f"pets/notices/{kind}.txt", context).strip(),
        kind=kind,
        key=f"{kind}:{row}",
        about=f"pet:{pet.pk}",
    )
    outbox.enqueue(pet.clinic, words, now=now)
