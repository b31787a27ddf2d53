"""The last step of a booking: everything once more, a note, and **Confirm booking**."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings import actions, availability, offers, picker
from bookings.actions import OtherBooking, PetIsBusy, TimeTaken
from bookings.eligibility import NoPet
from bookings.forms.book import ConfirmForm, read
from bookings.models import Mode, State
from bookings.views.book import draft_of, see_other
from bookings.views.draft import Draft, Picked, Step
from bookings.views.times import GONE, Onward, day_of, time_gone
from clients.actions import choose_channels
from clients.gates import ClientRequest
from clinics.gates import client_required
from pets.actions import TooManyPets, file_pet
from portal.kit.htmx import render_page
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from django.http import QueryDict

    from bookings.models import Appointment
    from pets.models import Pet


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def confirm(request: ClientRequest) -> HttpResponseBase:
    """Everything once more, then **Confirm booking**; the time is taken here and nowhere before."""
    is_sent = request.method == "POST"
    draft = draft_of(request, read(request.POST if is_sent else request.GET))
    if draft.step != Step.TIME or draft.wishes.at is None:
        return see_other(draft.url())
    form = _form(request, draft, request.POST if is_sent else None)
    if is_sent:
        return _book(request, draft, form)
    if refusal := _why_gone(draft):
        return time_gone(request, draft, refusal)
    return _page(request, draft, form)


def _form(request: ClientRequest, draft: Draft, given: QueryDict | None) -> ConfirmForm:
    client, service = request.client, draft.service
    return ConfirmForm(
        given,
        now=draft.now,
        asks_name=_is_new(draft) and request.clinic.has_pet_management,
        asks_texts=bool(client.phone and not client.accepts_texts and service and not service.is_gentle),
        small_print=_(
            "By switching this on you agree to receive appointment and pet-care reminders by SMS from %(clinic)s. "
            "Message frequency varies. Msg & data rates may apply. Reply STOP to opt out, HELP for help. "
            "Not required to use our services."
        )
        % {"clinic": request.clinic.name},
    )


def _alike(draft: Draft) -> list[Pet]:
    """Whom it may be for, when a visitor has only said which species."""
    return [pet for pet in draft.household if pet.species == draft.species]


def _is_new(draft: Draft) -> bool:
    """No animal of theirs is on file that it could be for."""
    return not draft.pets and not _alike(draft)


def _why_gone(draft: Draft) -> Refusal | None:
    """Can the time be had still? What is kept for the client can."""
    if draft.matching_hold and draft.live_hold:
        return None
    at, day = draft.wishes.at, day_of(draft)
    assert at is not None  # noqa: S101  for the type checker: `confirm` has looked
    assert day is not None  # noqa: S101
    found = availability.read(draft.clinic, draft.wanted, first=day, last=day, now=draft.now)
    if found.is_free(at):
        return None
    if not found.is_possible(at):
        return actions.NoSuchTime()
    return PetIsBusy() if found.is_clash(at) else TimeTaken()


def _page(request: ClientRequest, draft: Draft, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    at, service = draft.wishes.at, draft.service
    assert at is not None  # noqa: S101  for the type checker: `confirm` has looked
    assert service is not None  # noqa: S101
    here = at.astimezone(draft.clinic.zone)
    when = picker.day_and_time(here, today=draft.today)
    held, soon = draft.matching_hold, offers.soon_text(draft.rules, at, now=draft.now)
    around = draft.context(Step.CONFIRM, when=f"{picker.short_day(here.date())}, {picker.clock(here)}")
    context = {
        **around,
        # The rule in general would contradict what holds for this visit.
        "terms": "" if soon else around["terms"],
        "form": form,
        "when": when,
        "picked_time": Picked(
            label=_("Date and time"), text=when, change_url=draft.url("at", day=here.date().isoformat())
        ),
        "alike": [] if draft.pets else _alike(draft),
        "is_unknown": _is_new(draft) and not request.clinic.has_pet_management,
        "held": held,
        "is_held": bool(held and draft.live_hold),
        "held_until": picker.clock(held.expires_at.astimezone(draft.clinic.zone)) if held else "",
        "is_request": service.mode == Mode.REQUEST,
        "soon": soon,
        "preparation": draft.preparation,
        "policy_words": draft.policy_words(),
        "kept": draft.wishes.pairs("day"),
    }
    return render_page(request, "bookings/book_confirm.html", context, status=status)


def _book(request: ClientRequest, draft: Draft, form: ConfirmForm) -> HttpResponseBase:
    if missing := _whose(draft, form):
        form.add_error(None, missing)
    if not form.is_valid():
        return _page(request, draft, form, status=422)
    try:
        with transaction.atomic():
            made = _make(request, draft, form)
    except GONE as refusal:
        # Everything is kept, so the next time that is chosen is booked at once.
        onward = Onward(
            url=reverse("bookings:confirm", args=[request.clinic.slug]),
            is_post=True,
            label=_("Ask for this time")
            if draft.service and draft.service.mode == Mode.REQUEST
            else _("Book this time"),
            kept=[*draft.wishes.pairs("day", "at"), *form.kept],
        )
        return time_gone(request, draft, refusal, onward_to=onward, status=422)
    except TooManyPets as refusal:
        form.add_error("pet_name", str(refusal))
    except OtherBooking as refusal:
        form = _afresh(request, draft, form, refusal)
    except Refusal:
        # What they may have has changed meanwhile; the first page says how.
        return see_other(draft.url("at"))
    else:
        messages.success(request, _said(request, made, draft))
        return see_other(reverse("bookings:bookings", args=[request.clinic.slug]))
    return _page(request, draft, form, status=422)


def _whose(draft: Draft, form: ConfirmForm) -> str:
    """What is wrong with whom it is for."""
    if not _is_new(draft):
        return "" if draft.pets else str(NoPet.message)
    return "" if "pet_name" in form.fields else _("The clinic has no such pet of yours on file yet.")


def _make(request: ClientRequest, draft: Draft, form: ConfirmForm) -> Appointment:
    client, now, typed = request.client, draft.now, form.cleaned_data
    assert draft.service is not None  # noqa: S101  for the type checker: `confirm` has looked
    assert draft.wishes.at is not None  # noqa: S101
    pets = draft.pets
    if not pets:
        pets = [
            file_pet(
                owner=client,
                name=typed["pet_name"],
                species=draft.species,
                by=client,
                now=now,
                opened_at=typed["opened"],
            )
        ]
    if typed.get("texts"):
        # Before the visit is booked, so that the confirmation may go out as a text already.
        choose_channels(client=client, accepts_texts=True, now=now)
    return actions.book_appointment(
        client=client,
        service=draft.service,
        pets=pets,
        starts_at=draft.wishes.at,
        person=draft.person,
        by=client,
        now=now,
        note=typed["note"],
        form_key=typed["form_key"],
        # Whichever they had: it has served its turn, and must not stand in their own way.
        hold=draft.hold,
    )


def _afresh(request: ClientRequest, draft: Draft, form: ConfirmForm, refusal: Refusal) -> ConfirmForm:
    """The same page with a key of its own: this one made another visit before."""
    given = request.POST.copy()
    given["form_key"] = str(form.get_initial_for_field(form.fields["form_key"], "form_key"))
    fresh = _form(request, draft, given)
    fresh.add_error(None, str(refusal))
    return fresh


def _said(request: ClientRequest, made: Appointment, draft: Draft) -> str:
    client, zone = request.client, request.clinic.zone
    when = picker.day_and_time(made.starts_at.astimezone(zone), today=draft.today)
    person = made.person.name if made.person else ""
    whole = _("%(when)s with %(person)s.") % {"when": when, "person": person} if person else f"{when}."
    if made.state == State.REQUESTED:
        words = [
            _("We’ve asked for your time"),
            whole,
            _("The clinic will answer; until then the time is kept for you."),
        ]
        return "\n".join(words)
    lines = [_("You’re booked in"), whole]
    if client.email and client.accepts_emails:
        lines.append(_("We’ve sent you an e-mail to confirm."))
    elif client.phone and client.accepts_texts and not (draft.service and draft.service.is_gentle):
        lines.append(_("We’ve sent you a text to confirm."))
    return "\n".join(lines)
