"""The Pet ID card as a PDF (R87): handed over if it is ready, else its owner sees that a worker makes it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import actions
from pets.gates import pet_cards_required
from pets.id_card.content import content_of
from pets.models import CardDocument, Pet
from portal.kit.files import download_response
from portal.kit.htmx import render_page

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from pets.id_card.content import CardContent

ADDRESSES = {CardDocument.Form.SHEET: "pets:card_sheet", CardDocument.Form.WALLET: "pets:card_wallet"}
NOT_IN_FILE_NAMES = frozenset('/\\:*?"<>|%')


@require_safe
@client_required
@pet_cards_required
def card_sheet(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    """**Download PDF**: the A4 sheet."""
    return _document(request, pet_id, CardDocument.Form.SHEET)


@require_safe
@client_required
@pet_cards_required
def card_wallet(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    return _document(request, pet_id, CardDocument.Form.WALLET)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_cards_required
def card_making(request: ClientRequest, pet_id: int, form: str) -> HttpResponseBase:
    """How far a document is; asks for itself every second until it is there. POST tries again what failed."""
    if form not in CardDocument.Form.values:
        raise Http404
    content = _content(request, pet_id)
    document = actions.ask_for_document(content=content, form=form, now=timezone.now(), again=request.method == "POST")
    if request.method == "POST":
        return redirect("pets:card_making", request.clinic.slug, pet_id, form)
    context = {"pet": content.pet, "document": document, "address": ADDRESSES[CardDocument.Form(form)]}
    status = 202 if document.state == CardDocument.State.MAKING else 200
    return render_page(request, "pets/card_making.html", context, partial="making", status=status)


def _document(request: ClientRequest, pet_id: int, form: str) -> HttpResponseBase:
    content = _content(request, pet_id)
    document = actions.ask_for_document(content=content, form=form, now=timezone.now())
    if document.state == CardDocument.State.READY:
        try:
            return download_response(
                document.file, name=_file_name(content.name), content_type="application/pdf", cached="private, no-cache"
            )
        except (Http404, OSError):
            actions.ask_for_document(content=content, form=form, now=timezone.now(), again=True)
    return redirect("pets:card_making", request.clinic.slug, pet_id, form)


def _content(request: ClientRequest, pet_id: int) -> CardContent:
    """The card of one of the owner's living pets; else there is no such page."""
    pet = get_object_or_404(Pet.objects.for_client(request.client).living(), pk=pet_id)
    pet.clinic, pet.owner = request.clinic, request.client
    try:
        card = actions.open_card(pet=pet, now=timezone.now())
    except actions.CardWithdrawn as error:
        raise Http404 from error
    return content_of(card, today=timezone.localdate())


def _file_name(pet_name: str) -> str:
    """“Miso – Pet ID card.pdf”, without what a file's name may not hold or could be misread by."""
    kept = (" " if unicodedata.category(one)[0] == "C" or one in NOT_IN_FILE_NAMES else one for one in pet_name)
    words = _("%(pet)s – Pet ID card") % {"pet": " ".join("".join(kept).split())[:60]}
    return f"{words.strip(' –.')}.pdf"
