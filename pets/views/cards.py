"""A pet's ID card on its owner's screen: shown, chosen, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Window
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.gates import ClientRequest
from clinics.gates import client_required
from pets import actions
from pets.forms.cards import CardForm
from pets.gates import pet_cards_required
from pets.id_card import qr
from pets.id_card.content import content_of
from pets.models import CardCheck, CardDocument, IdCard, Pet

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

CHECKS_SHOWN = 10
# Pixels for a module: 630 in all for the largest code, so that it is sharp in the 240 points of a phone.
WHOLE_CODE_SCALE = 6


@require_safe
@client_required
@pet_cards_required
def card(request: ClientRequest, pet_id: int) -> HttpResponse:
    """**View Pet ID Card** (R85, R86, B10).

    Looking at a card may write: the first time makes its row, and a later one signs it anew when what is on it has
    changed. That is safe for a GET, which may come twice, early or by a crawler of the browser's own: however often it
    comes there is one card, nobody else sees a difference, and nothing is there that the owner didn't have before.
    """
    pet = _pet(request, pet_id)
    try:
        opened = actions.open_card(pet=pet, now=timezone.now())
    except actions.CardWithdrawn as refusal:
        return render(request, "pets/card_withdrawn.html", {"pet": pet, "card": refusal.card})
    today = timezone.localdate()
    content = content_of(opened, today=today)
    # What is downloaded most is made while its owner looks at the screen.
    actions.ask_for_document(content=content, form=CardDocument.Form.SHEET, now=timezone.now())
    context = {
        "pet": pet,
        "card": content,
        "has_expired": opened.has_expired(today=today),
        # So small on a screen, only a short code has modules that a phone can tell apart. `card_code` is the whole one.
        "short_code": qr.drawing(content.verify_url),
        **_checks_of(opened),
    }
    return render(request, "pets/card.html", context)


@require_safe
@client_required
@pet_cards_required
def card_code(request: ClientRequest, pet_id: int) -> HttpResponse:
    """The code with the signed statement, as large as a screen can show it. Fetched by whoever unfolds it."""
    try:
        opened = actions.open_card(pet=_pet(request, pet_id), now=timezone.now())
    except actions.CardWithdrawn as refusal:
        raise Http404 from refusal
    text = content_of(opened, today=timezone.localdate()).qr_text
    return HttpResponse(qr.png(text, scale=WHOLE_CODE_SCALE, border=4), content_type="image/png")


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_cards_required
def card_choose(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    """What the card shows, and its last day."""
    pet, now = _pet(request, pet_id), timezone.now()
    in_force = _card_in_force(pet)
    form = CardForm.of(in_force, today=timezone.localdate(), typed=request.POST or None)
    # Without a box ticked nothing but the token comes, and that is an answer too.
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_parts(card=in_force, now=now, **form.cleaned_data)
        except actions.NotAnExpiry as refusal:
            form.add_error("expires_on", str(refusal))
        except actions.CardWithdrawn:
            return redirect("pets:card", request.clinic.slug, pet.pk)
        else:
            messages.success(
                request, _("%(pet)s’s card is updated\nPrint it again if you carry it on paper.") % {"pet": pet.name}
            )
            return redirect("pets:card", request.clinic.slug, pet.pk)
    return render(request, "pets/card_choose.html", {"pet": pet, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
@pet_cards_required
def card_withdraw(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    """Asks once, because copies on paper stop being confirmed."""
    pet = _pet(request, pet_id)
    if request.method == "POST":
        for in_force in IdCard.objects.for_clinic(pet.clinic).valid().filter(pet=pet):
            actions.withdraw_card(card=in_force, now=timezone.now())
        words = _("%(pet)s’s card is withdrawn\nWhoever scans a copy of it is told that it isn’t confirmed any more.")
        messages.success(request, words % {"pet": pet.name})
        return redirect("pets:card", request.clinic.slug, pet.pk)
    _card_in_force(pet)
    return render(request, "pets/card_withdraw.html", {"pet": pet})


@require_POST
@client_required
@pet_cards_required
def card_new(request: ClientRequest, pet_id: int) -> HttpResponseBase:
    """After a withdrawal: a card with a code of its own."""
    pet = _pet(request, pet_id)
    actions.make_new_card(pet=pet, now=timezone.now())
    messages.success(
        request, _("%(pet)s has a new card\nIt has a new code. Old copies stay withdrawn.") % {"pet": pet.name}
    )
    return redirect("pets:card", request.clinic.slug, pet.pk)


def _pet(request: ClientRequest, pet_id: int) -> Pet:
    """One of the owner's living pets; else there is no such page."""
    pet = get_object_or_404(Pet.objects.for_client(request.client).living(), pk=pet_id)
    pet.clinic, pet.owner = request.clinic, request.client
    return pet


def _card_in_force(pet: Pet) -> IdCard:
    found = get_object_or_404(IdCard.objects.for_clinic(pet.clinic).valid(), pet=pet)
    found.pet, found.clinic = pet, pet.clinic
    return found


def _checks_of(opened: IdCard) -> dict[str, Any]:
    newest_first = CardCheck.objects.for_clinic(opened.clinic).filter(card=opened).order_by("-id")
    checks = list(newest_first.annotate(total=Window(Count("pk")))[:CHECKS_SHOWN])
    return {"checks": checks, "times_checked": vars(checks[0])["total"] if checks else 0}
