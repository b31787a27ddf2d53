"""What can be chosen, in words for the page: services with their length and price.

What can't be chosen is there too, with the reason: an owner who looks for it should not think it forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bookings import eligibility
from bookings.eligibility import OtherSpecies, PhoneOnly, TooManyPets
from bookings.facts import listed
from bookings.models import Audience, LateRule, Mode, Service, ServicePlan, ServiceWords
from bookings.models.services import LONGEST_MINUTES
from pets import care, days
from portal.kit import money
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date

    from bookings.policy import Rules
    from clients.models import Client
    from clinics.models import Clinic
    from pets.care import Reminder
    from pets.models import Pet


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service to choose. `refusal` says why it can't be; "" when it can."""

    pk: int
    name: str
    line: str
    price: str
    refusal: str = ""
    is_by_phone: bool = False
    # It can be had for fewer pets.
    is_for_fewer: bool = False


class ForFewer(TooManyPets):
    """How many pets fit into one visit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        words = ngettext("For one pet at a time.", "For up to %(count)d pets at a time.", self.most)
        return words % {"count": self.most}


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    offers: list[Offer] = field(default_factory=list)


def groups(
    services: Sequence[Service],
    *,
    clinic: Clinic,
    client: Client | None,
    pets: Sequence[Pet],
    household: Sequence[Pet],
    species: str,
    today: date,
) -> list[Group]:
    """All services in their groups, above them those that are due for these pets.

    `household` are the client's living pets: before one of them is chosen, only what fits none is refused. For a
    visitor, and for an animal that is not on file yet, `species` stands in.
    """
    known = _is_known(services, client)
    words = words_of(services, clinic=clinic)
    due = _due(services, clinic=clinic, pets=pets, today=today)
    urgent = Group(_("Due for %(pets)s") % {"pets": listed(_names(due))} if due else "")
    others: dict[str, Group] = {}
    for service in services:
        refusal = why_not(service, pets=pets, household=household, species=species, is_known=known)
        offer = _offer(service, words.get(service.pk), clinic, len(pets), due.get(service.pk), refusal, today)
        if service.pk in due and refusal is None:
            urgent.offers.append(offer)
        else:
            label = service.category or _("More")
            others.setdefault(label, Group(label)).offers.append(offer)
    return [group for group in (urgent, *others.values()) if group.offers]


def why_not(
    service: Service, *, pets: Sequence[Pet], household: Sequence[Pet], species: str, is_known: bool | None
) -> Refusal | None:
    """What keeps somebody from booking this for these pets here; the pet that it isn't for is named."""
    if pets:
        refusal = eligibility.why_not(service, species=[pet.species for pet in pets], is_known=is_known)
        if isinstance(refusal, OtherSpecies):
            refusal = OtherSpecies(next(pet for pet in pets if not service.treats(pet.species)))
        if isinstance(refusal, TooManyPets):
            refusal = ForFewer(min(service.most_pets, LONGEST_MINUTES // service.minutes))
    else:
        asked = [[pet.species] for pet in household] if household and not species else [[species] if species else []]
        refusals = [eligibility.why_not(service, species=one, is_known=is_known) for one in asked]
        refusal = None if None in refusals else refusals[0]
    return refusal or (PhoneOnly() if service.mode == Mode.PHONE else None)


def is_known(service: Service, client: Client | None) -> bool | None:
    """Has the clinic met them? Only asked where the service makes a difference; None otherwise."""
    return _is_known([service], client)


def _is_known(services: Iterable[Service], client: Client | None) -> bool | None:
    if client is None or all(service.audience == Audience.EVERYBODY for service in services):
        return None
    return eligibility.is_known(client)


def words_of(services: Sequence[Service], *, clinic: Clinic) -> dict[int, ServiceWords]:
    """The services' wording in the reader's language, by service; none where that is the clinic's own."""
    language = get_language() or ""
    if language == clinic.language or not services:
        return {}
    found = ServiceWords.objects.for_clinic(clinic).filter(service__in=services, language=language)
    return {words.service_id: words for words in found}


def _due(services: Sequence[Service], *, clinic: Clinic, pets: Sequence[Pet], today: date) -> dict[int, list[Reminder]]:
    """What these pets are reminded of and a service takes care of, by service; the most pressing first."""
    reminders = [one for one in care.reminders_of(pets, clinic=clinic, today=today) if not one.is_handed_in]
    if not reminders:
        return {}
    links = ServicePlan.objects.for_clinic(clinic).filter(plan__in={one.plan_id for one in reminders})
    due: dict[int, list[Reminder]] = {}
    offered = {service.pk for service in services}
    for service_id, plan_id in links.values_list("service_id", "plan_id"):
        if service_id in offered:
            due.setdefault(service_id, []).extend(one for one in reminders if one.plan_id == plan_id)
    return {pk: sorted(found, key=lambda one: one.due_on) for pk, found in due.items()}


def _names(due: dict[int, list[Reminder]]) -> list[str]:
    return list(dict.fromkeys(one.pet.name for found in due.values() for one in found))


def _offer(
    service: Service,
    words: ServiceWords | None,
    clinic: Clinic,
    count: int,
    due: list[Reminder] | None,
    refusal: Refusal | None,
    today: date,
) -> Offer:
    said = (words and words.summary) or service.summary
    # What can't be had for so many is not made longer and dearer by them.
    count = 1 if refusal else count
    parts = [length_text(service.minutes_for(count)), _due_text(due[0], today) if due else said]
    return Offer(
        pk=service.pk,
        name=name_of(service, words),
        line=" · ".join(part for part in parts if part),
        price=price_text(service, clinic=clinic, count=count),
        refusal=str(refusal) if refusal else "",
        is_by_phone=isinstance(refusal, PhoneOnly),
        is_for_fewer=isinstance(refusal, ForFewer),
    )


def name_of(service: Service, words: ServiceWords | None) -> str:
    return (words and words.name) or service.name


def _due_text(reminder: Reminder, today: date) -> str:
    words = _("was due %(day)s") if reminder.is_overdue else _("due %(day)s")
    return words % {"day": days.short(reminder.due_on, today=today)}


def length_text(minutes: int) -> str:
    """“30 minutes”; of two hours and more “2 hours 30 minutes”."""
    hours, rest = divmod(minutes, 60) if minutes >= 120 else (0, minutes)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)


def price_text(service: Service, *, clinic: Clinic, count: int) -> str:
    """“£58.00” for so many pets; “Free”; "" where the clinic doesn't show it."""
    if service.price is None or not service.is_price_shown:
        return ""
    return money.shown(service.price * max(count, 1), clinic.currency) if service.price else _("Free")


def terms_text(rules: Rules) -> str:
    """“Free to move or cancel until 24 hours before.”"""
    cancel, move = _before(rules.cancel_hours), _before(rules.move_hours)
    if not rules.most_moves:
        return _("Free to cancel until %(time)s.") % {"time": cancel}
    if cancel == move:
        return _("Free to move or cancel until %(time)s.") % {"time": cancel}
    return _("Free to cancel until %(cancel)s, and to move until %(move)s.") % {"cancel": cancel, "move": move}


def soon_text(rules: Rules, at: datetime, *, now: datetime) -> str:
    """For a visit that is booked when the free window is over already: what may be done with it from the start."""
    if now <= at - timedelta(hours=rules.cancel_hours):
        return ""
    can_move = rules.most_moves > 0 and now <= at - timedelta(hours=rules.move_hours)
    if rules.late_rule == LateRule.CALL:
        if can_move:
            return _("So soon, it can be cancelled by phone only.")
        return _("So soon, it can’t be moved here, and can be cancelled by phone only.")
    if can_move:
        return _("So soon, cancelling counts as late.")
    return _("So soon, it can’t be moved here, and cancelling counts as late.")


def _before(hours: int) -> str:
    if not hours:
        return _("it begins")
    if hours >= 48 and hours % 24 == 0:
        return ngettext("%(count)d day before", "%(count)d days before", hours // 24) % {"count": hours // 24}
    return ngettext("%(count)d hour before", "%(count)d hours before", hours) % {"count": hours}
