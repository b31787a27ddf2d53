"""**New booking** (R58): whose pet, what, with whom and when, a question a page; each answer is in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings import actions, eligibility, offers, people, signs
from bookings.forms.book import ANYBODY, read
from bookings.models import Mode, Service
from bookings.views.draft import Draft, Step
from bookings.views.times import GONE, Trouble, no_time, time_gone, time_page
from clinics.gates import client_required, public
from pets.forms.choices import COMMON
from pets.models import Species, icon_of
from portal.kit.htmx import go_to, render_page, wants_piece
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from bookings.forms.book import Wishes

SEE_OTHER = 303
# The piece of a step that the page asks for anew.
PIECES = {Step.SERVICE: "#services", Step.TIME: "#picker"}


@require_safe
@public
def book(request: Any) -> HttpResponseBase:
    """The first question that is still open. Visitors get as far as the time, and sign in to confirm it."""
    # Who names a pet is a client, if perhaps one whose sign-in has ended.
    entered = client_required(_ask) if request.device or request.GET.getlist("pet") else _ask
    return entered(request)


@require_POST
@public
def hold(request: Any) -> HttpResponseBase:
    """Keep the chosen time for ten minutes, and on to confirming it."""
    wishes = read(request.POST)
    if not request.device or request.client.agreed_revision < request.clinic.legal_revision:
        # The page that follows has them sign in, and nothing chosen is lost.
        return see_other(f"{reverse('bookings:confirm', args=[request.clinic.slug])}{wishes.query('day')}")
    draft = draft_of(request, wishes)
    if draft.step != Step.TIME or draft.service is None:
        return see_other(draft.url("at"))
    if wishes.at is None:
        return time_page(request, draft, status=422) if wishes.is_at_odd else no_time(request, draft)
    try:
        actions.hold_time(
            client=draft.client or request.client,
            service=draft.service,
            pets=draft.pets,
            starts_at=wishes.at,
            person=draft.person,
            now=draft.now,
        )
    except GONE as refusal:
        return time_gone(request, draft, refusal, status=422)
    except Refusal:
        # What they may have has changed meanwhile; the first page says how.
        return see_other(draft.url("at"))
    return see_other(draft.confirm_url())


def draft_of(request: Any, wishes: Wishes) -> Draft:
    client = request.client if request.device else None
    if client:
        client.clinic = request.clinic
    return Draft(request.clinic, client, wishes, now=timezone.now())


def see_other(address: str) -> HttpResponseRedirect:
    """The browser asks for the next page anew, and a reload sends nothing twice."""
    return HttpResponseRedirect(address, status=SEE_OTHER)


def _ask(request: Any) -> HttpResponseBase:
    draft = draft_of(request, read(request.GET))
    if wants_piece(request) and not request.headers.get("HX-Target", "").endswith(PIECES.get(draft.step, "-")):
        # A piece of one step was asked for, and another step comes first by now.
        return go_to(request, draft.url())
    pages = {Step.SERVICE: _service, Step.SIGNS: _signs, Step.STAFF: _staff, Step.TIME: _time}
    return pages[draft.step](request, draft)


def _service(request: Any, draft: Draft) -> HttpResponse:
    services = list(Service.objects.for_clinic(draft.clinic).active().in_order())
    groups = offers.groups(
        services,
        clinic=draft.clinic,
        client=draft.client,
        pets=draft.pets,
        household=draft.household,
        species=draft.species,
        today=draft.today,
    )
    trouble = _what_is_missing(draft)
    context = {
        **draft.context(Step.SERVICE),
        "groups": groups,
        "can_book": any(service.mode != Mode.PHONE for service in services),
        "are_several": len(draft.household) > 1 and any(service.most_pets > 1 for service in services),
        "are_too_many": any(offer.is_for_fewer for group in groups for offer in group.offers),
        "animals": [] if draft.household else _animals(services),
        "emergency": signs.first_emergency(draft.clinic),
        "chosen": draft.wishes.service if draft.refusal is None else None,
        "trouble": trouble,
        "kept": draft.wishes.pairs("pet", "species", "service", "signs", "at"),
    }
    return render_page(request, "bookings/book.html", context, partial="services", status=_status(trouble))


def _status(trouble: Trouble | None) -> int:
    return 422 if trouble and not trouble.is_calm else 200


def _what_is_missing(draft: Draft) -> Trouble | None:
    """After **Continue**, or when what the address asks for can't be had."""
    if draft.is_pet_gone:
        return Trouble(headline=_("This pet is no longer on your list"), advice=_("Choose who it is for."))
    if isinstance(draft.refusal, eligibility.PhoneOnly):
        headline = _("%(service)s is booked by phone") % {"service": draft.service_name}
        return Trouble(
            headline=headline, advice=_("Call the clinic, and the team will find a time with you."), is_calm=True
        )
    if draft.refusal:
        headline = _("%(service)s can’t be booked here") % {"service": draft.service_name}
        return Trouble(headline=headline, advice=f"{draft.refusal} {_('Choose something else below.')}")
    if draft.wishes.done != Step.SERVICE:
        return None
    if draft.all_species:
        return Trouble(headline=_("Choose what you need"), advice="")
    if draft.service is None:
        return Trouble(headline=_("Choose who it is for and what you need"), advice="")
    return Trouble(headline=_("Choose who it is for"), advice="")


def _animals(services: list[Service]) -> list[tuple[str, str, str, int]]:
    """What a visitor chooses from: value, name, icon and tint. The common ones, or those that anything is for."""
    treated = {species for service in services for species in service.species}
    is_for_all = any(not service.species for service in services)
    shown = list(COMMON) if is_for_all else [species for species in Species if species in treated]
    return [
        (one.value, str(one.label), icon_of(one), COMMON.get(one, place % 6 + 1)) for place, one in enumerate(shown)
    ]


def _signs(request: Any, draft: Draft) -> HttpResponse:
    context = draft.context(Step.SIGNS)
    if draft.wishes.signs == "yes":
        numbers = signs.numbers_to_call(draft.clinic, now=draft.now)
        return render_page(
            request, "bookings/book_call.html", {**context, "numbers": numbers, "back_url": draft.url("signs")}
        )
    words = {
        "question": signs.question([pet.name for pet in draft.pets]),
        "no_url": draft.url(signs="no"),
        "yes_url": draft.url(signs="yes"),
    }
    return render_page(request, "bookings/signs.html", {**context, **words})


def _staff(request: Any, draft: Draft) -> HttpResponse:
    is_missing = draft.wishes.done == Step.STAFF
    context = {
        **draft.context(Step.STAFF),
        "people": people.offered(draft.wanted, draft.people, clinic=draft.clinic, client=draft.client, now=draft.now),
        "chosen": draft.wishes.who or ANYBODY,
        "kept": draft.wishes.pairs("who"),
        "trouble": Trouble(headline=_("Choose who you would like to see"), advice="") if is_missing else None,
    }
    return render_page(request, "bookings/book_staff.html", context, status=422 if is_missing else 200)


def _time(request: Any, draft: Draft) -> HttpResponseBase:
    is_done = draft.wishes.done == Step.TIME
    if is_done and draft.wishes.at:
        return see_other(draft.confirm_url())
    return no_time(request, draft) if is_done and not draft.wishes.is_at_odd else time_page(request, draft)
