"""Whether a Pet ID card is genuine: public pages, for whoever holds a card in their hands."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from math import ceil
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from clients import devices, limits
from clinics.gates import public
from clinics.models import Clinic
from clinics.tenancy import tenant_found
from pets import actions
from pets.forms.cards import CheckForm
from pets.id_card import statements, tokens
from pets.id_card.content import answer_of, seen_by_a_stranger
from pets.models import CardCheck, CardKey, IdCard
from portal.kit.addresses import ip_address, network_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http.response import HttpResponseBase

    from clinics.gates import View
    from pets.id_card.tokens import Token

# One address looks at so many cards: a kennel's morning stays below, and 80 random bits do the rest.
CHECKS_PER_ADDRESS = limits.Rule("card-checks-address", 60, timedelta(minutes=1))
AN_HOUR = "public, max-age=3600"
PAGES = {
    CardCheck.Answer.CURRENT: "pets/verify_current.html",
    CardCheck.Answer.EXPIRED: "pets/verify_expired.html",
    CardCheck.Answer.WITHDRAWN: "pets/verify_withdrawn.html",
}


def in_the_visitors_language(view: View) -> View:
    """No clinic is open here that would bring one. Neither a search engine nor a cache keeps the page."""

    @wraps(view)
    def spoken(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(translation.get_language_from_request(request)):
            response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return spoken


@require_safe
@public
@in_the_visitors_language
def verify(request: Any) -> HttpResponseBase:
    """Type the code of a card."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("verify_card", form.cleaned_data["code"].text)
    return render(request, "pets/verify.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@public
@in_the_visitors_language
def verify_card(request: Any, code: str) -> HttpResponseBase:
    """Is this card current, expired or withdrawn? The least that a stranger needs, and never whose pet it is."""
    now = timezone.now()
    if retry_after := _wait(request, now):
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = str(retry_after)
        return response
    token = tokens.read(code)
    return (token and _answer(request, token, now)) or _unknown(request)


@require_safe
@public
def card_keys(request: Any) -> HttpResponse:
    """The keys that the clinic's cards may be checked with, as a JWK set (RFC 7517), for checkers anywhere."""
    if not request.clinic.has_pet_cards:
        raise Http404
    published = CardKey.objects.for_clinic(request.clinic).published().order_by("-id")
    return JsonResponse(
        {"keys": [statements.jwk(key) for key in published]},
        content_type="application/jwk-set+json",
        headers={"Cache-Control": AN_HOUR, "Access-Control-Allow-Origin": "*"},
    )


def _wait(request: Any, now: datetime) -> int:
    """Seconds until this address may ask again; 0 when it may."""
    counted = limits.count([(CHECKS_PER_ADDRESS, network_of(ip_address(request)))], now=now)
    if counted[CHECKS_PER_ADDRESS.name] <= CHECKS_PER_ADDRESS.most:
        return 0
    return ceil((CHECKS_PER_ADDRESS.ends_at(now) - now).total_seconds())


def _answer(request: Any, token: Token, now: datetime) -> HttpResponse | None:
    """The page about a card, in its clinic's colours and time; None for a code that no card has."""
    with tenant_found(Clinic.objects.live().filter(pk=token.clinic_id)) as clinic:
        found = clinic and IdCard.objects.for_clinic(clinic).select_related("pet").filter(token=token.text).first()
        if not (clinic and found):
            return None
        found.clinic = found.pet.clinic = request.clinic = clinic
        with timezone.override(clinic.zone):
            today = timezone.localdate(now)
            answer = answer_of(found, today=today)
            if request.method == "GET" and not _is_its_owner(request, found, now):
                actions.note_check(card=found, answer=answer, now=now)
            sure = answer == CardCheck.Answer.CURRENT
            context = {"seen": seen_by_a_stranger(found, today=today)} if sure else {}
            return render(request, PAGES[answer], context | {"now": timezone.localtime(now), "card": found})


def _is_its_owner(request: Any, card: IdCard, now: datetime) -> bool:
    device = devices.at_clinic(request, card.clinic, now=now)
    return device is not None and device.client_id == card.pet.owner_id


def _unknown(request: Any) -> HttpResponse:
    return render(request, "pets/verify_unknown.html", {"form": CheckForm()}, status=404)
