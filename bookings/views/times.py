"""The step at which a day and a time are chosen, also when the time that was chosen has gone meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import picker
from bookings.facts import listed
from bookings.models import Appointment, State
from bookings.taking import NoSuchTime, PetIsBusy, TimeTaken
from bookings.views.draft import Draft, Step
from portal.kit.htmx import render_page, wants_piece
from portal.kit.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why somebody is at this step again: a headline and what to do, perhaps with a page that shows more.

    `is_calm`: nothing went wrong; a call is the way.
    """

    headline: str
    advice: str
    link_url: str = ""
    link_text: str = ""
    is_calm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Where the chosen time is sent, by which method, and what goes along."""

    url: str
    is_post: bool
    label: str
    kept: list[tuple[str, str]] = field(default_factory=list)


def onward(draft: Draft) -> Onward:
    """Clients hold the time; visitors go on to sign in, by this page, which checks that they chose one."""
    if draft.client:
        url = reverse("bookings:hold", args=[draft.clinic.slug])
        return Onward(url=url, is_post=True, label=_("Continue"), kept=draft.wishes.pairs("day", "at"))
    kept = [*draft.wishes.pairs("day", "at"), ("done", Step.TIME)]
    return Onward(url=draft.url("day", "at"), is_post=False, label=_("Continue"), kept=kept)


def time_page(
    request: Any, draft: Draft, *, trouble: Trouble | None = None, onward_to: Onward | None = None, status: int = 200
) -> HttpResponse:
    """The times. With `trouble` the chosen time gives way to the nearest free one."""
    wishes, zone = draft.wishes, draft.clinic.zone
    chosen, day = wishes.at, wishes.day
    if trouble and chosen:
        chosen = picker.nearest(draft.clinic, draft.wanted, chosen, now=draft.now)
        day = None
    shown = picker.build(
        draft.clinic,
        draft.wanted,
        address=lambda day: draft.url("at", day=day.isoformat()),
        day=day,
        chosen=chosen,
        now=draft.now,
    )
    if wants_piece(request):
        return render_page(request, "bookings/picker.html", {"picker": shown}, partial="picker", status=status)
    is_asked_for = wishes.at is not None and (day is None or day == wishes.at.astimezone(zone).date())
    if trouble is None and (wishes.is_at_odd or (is_asked_for and not shown.chosen_label)):
        trouble = Trouble(headline=_("That time can’t be booked"), advice=_("Choose one of those below."))
    context = {
        **draft.context(Step.TIME, when=shown.chosen_label),
        "picker": shown,
        "trouble": trouble,
        "onward": onward_to or onward(draft),
        "policy_words": draft.policy_words(),
    }
    return render_page(request, "bookings/book_time.html", context, status=status)


def time_gone(
    request: Any, draft: Draft, refusal: Refusal, *, onward_to: Onward | None = None, status: int = 200
) -> HttpResponseBase:
    """The answer when the chosen time can't be had. Who has just booked it, and came Back, is shown their visit."""
    own = _own_visit(draft)
    if own is None or (isinstance(refusal, NoSuchTime) and not _is_the_same(draft, own)):
        return time_page(request, draft, trouble=_trouble_with(draft, refusal), onward_to=onward_to, status=status)
    if not _is_the_same(draft, own):
        return time_page(request, draft, trouble=_trouble_with_own(draft, own), onward_to=onward_to, status=status)
    is_asked = own.state == State.REQUESTED
    headline = _("You’ve asked for this time already") if is_asked else _("You’re booked in already")
    when = picker.day_and_time(own.starts_at.astimezone(draft.clinic.zone), today=draft.today)
    messages.success(request, f"{headline}\n{when}.")
    return HttpResponseRedirect(_page_of(draft, own), status=303)


def _own_visit(draft: Draft) -> Appointment | None:
    """The client's own that stands in the way of the chosen time: best the one that was asked for, else of its pets."""
    at, service = draft.wishes.at, draft.service
    if draft.client is None or at is None or service is None:
        return None
    ends_at = at + timedelta(minutes=service.minutes_for(draft.count))
    lead, rest = timedelta(minutes=service.buffer_before), timedelta(minutes=service.buffer_after)
    same = Q(starts_at__lt=ends_at, ends_at__gt=at, pets__in=draft.pets)
    # Another pet of theirs may have taken the person.
    theirs = Q(person__in=[draft.person] if draft.person else draft.people)
    near = theirs & Q(starts_at__lt=ends_at + rest, ends_at__gt=at - lead)
    mine = Appointment.objects.for_client(draft.client).blocking()
    found = list(mine.filter(same | near).distinct().prefetch_related("pets").order_by("starts_at", "id"))
    pets = set(draft.pets)
    return min(found, key=lambda one: (not _is_the_same(draft, one), pets.isdisjoint(one.pets.all())), default=None)


def _is_the_same(draft: Draft, own: Appointment) -> bool:
    """Is it what they are asking for? Who has not said which of their animals means any of that species."""
    assert draft.service is not None  # noqa: S101  for the type checker: `_own_visit` has looked
    assert draft.wishes.at is not None  # noqa: S101
    # Those that have left it since don't count.
    pets = {pet for pet in own.pets.all() if pet in draft.household}
    is_for_these = pets == set(draft.pets) if draft.pets else {pet.species for pet in pets} == {draft.species}
    asked = draft.service.pk, draft.wishes.at.timestamp()
    return (own.service_id, own.starts_at.timestamp()) == asked and is_for_these


def _trouble_with_own(draft: Draft, own: Appointment) -> Trouble:
    pets = [pet for pet in own.pets.all() if pet in draft.pets] or list(own.pets.all())
    time = picker.clock(own.starts_at.astimezone(draft.clinic.zone))
    words = ngettext(
        "%(pets)s has another appointment at %(time)s", "%(pets)s have another appointment at %(time)s", len(pets)
    ) % {"pets": listed([pet.name for pet in pets]), "time": time}
    return Trouble(
        headline=words,
        advice=_("Below are the nearest times that are free."),
        link_url=_page_of(draft, own),
        link_text=_("See that appointment"),
    )


def _page_of(draft: Draft, own: Appointment) -> str:
    return reverse("bookings:booking", args=[draft.clinic.slug, own.pk])


def _trouble_with(draft: Draft, refusal: Refusal) -> Trouble:
    """What to say when a time could not be had."""
    nothing_yet = _("Nothing is booked yet. These are the nearest free times.")
    at = draft.wishes.at
    if at is None or isinstance(refusal, NoSuchTime):
        return Trouble(headline=_("That time can’t be booked"), advice=_("Choose one of those below."))
    time = picker.clock(at.astimezone(draft.clinic.zone))
    if isinstance(refusal, PetIsBusy):
        words = {"pets": draft.pet_names, "time": time}
        return Trouble(headline=_("%(pets)s: another appointment at %(time)s") % words, advice=nothing_yet)
    return Trouble(headline=_("Someone just took %(time)s") % {"time": time}, advice=nothing_yet)


def no_time(request: Any, draft: Draft, *, status: int = 422) -> HttpResponse:
    """**Continue** was pressed and no time chosen."""
    trouble = Trouble(headline=_("Choose a time"), advice=_("Nothing is booked yet."))
    return time_page(request, draft, trouble=trouble, status=status)


GONE = (TimeTaken, NoSuchTime, PetIsBusy)


def day_of(draft: Draft) -> date | None:
    at = draft.wishes.at
    return at.astimezone(draft.clinic.zone).date() if at else None
