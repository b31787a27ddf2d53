"""A visit that somebody is putting together: what is chosen, what fits, and which question comes next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings import offers, policy, signs
from bookings.availability import Wanted
from bookings.facts import listed
from bookings.forms.book import ANYBODY, Wishes
from bookings.models import Hold, PolicyWords, Resource, Service, ServiceWords
from pets.household import pets_of
from pets.models import Pet, Species, icon_of
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from bookings.models import Policy
    from bookings.policy import Rules
    from clients.models import Client
    from clinics.models import Clinic


class Step(StrEnum):
    SERVICE = "service"
    SIGNS = "signs"
    STAFF = "staff"
    TIME = "time"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """Something that is chosen, with the way to change it."""

    label: str
    text: str
    line: str = ""
    change_url: str
    pet: Pet | None = None
    icon: str = ""
    tint: int = 0
    initials: str = ""


class Draft:
    """Everything is looked up once, and only when a step needs it."""

    def __init__(self, clinic: Clinic, client: Client | None, wishes: Wishes, *, now: datetime) -> None:
        self.clinic, self.client, self.now = clinic, client, now
        self.household = [pet for pet in pets_of(client) if pet.is_living] if client else []
        self.pets = self._pets(wishes)
        self.species = "" if self.pets else wishes.species
        # Deleted or dead meanwhile, or never theirs. Nobody else takes its place unasked.
        self.is_pet_gone = not set(wishes.pets) <= {pet.pk for pet in self.pets}
        pets = wishes.pets if self.is_pet_gone else [pet.pk for pet in self.pets]
        self.wishes = replace(wishes, pets=pets, species=self.species)

    def _pets(self, wishes: Wishes) -> list[Pet]:
        chosen = [pet for pet in self.household if pet.pk in wishes.pets]
        if chosen:
            return chosen
        # A visitor said which species before signing in; the only animal of it must be the one.
        alike = [pet for pet in self.household if not wishes.species or pet.species == wishes.species]
        return alike if len(alike) == 1 else []

    @property
    def today(self) -> date:
        """The clinic's."""
        return self.now.astimezone(self.clinic.zone).date()

    @property
    def all_species(self) -> list[str]:
        return [pet.species for pet in self.pets] or [species for species in [self.species] if species]

    @property
    def count(self) -> int:
        return max(len(self.pets), 1)

    @cached_property
    def service(self) -> Service | None:
        """The one that is chosen, while it is offered."""
        services = Service.objects.for_clinic(self.clinic).active()
        found = services.filter(pk=self.wishes.service).first() if self.wishes.service else None
        if found:
            found.clinic = self.clinic
        return found

    @cached_property
    def refusal(self) -> Refusal | None:
        """Why these pets can't have the chosen service here."""
        if self.service is None:
            return None
        known = offers.is_known(self.service, self.client)
        return offers.why_not(
            self.service, pets=self.pets, household=self.household, species=self.species, is_known=known
        )

    @cached_property
    def signs(self) -> list[str]:
        asks = self.service is not None and self.service.asks_signs
        return signs.signs_for(self.clinic, self.all_species) if asks else []

    @cached_property
    def people(self) -> list[Resource]:
        """Who does it."""
        staff = Resource.objects.for_clinic(self.clinic).active().people()
        return list(staff.filter(services=self.service).in_order()) if self.service else []

    @property
    def asks_who(self) -> bool:
        return len(self.people) > 1

    @property
    def person(self) -> Resource | None:
        """Who was wished for; None for anybody, and where there is no choice."""
        return next((one for one in self.people if self.asks_who and str(one.pk) == self.wishes.who), None)

    @cached_property
    def step(self) -> Step:
        """The first question that is still open."""
        if self.service is None or not self.all_species or self.is_pet_gone or self.refusal:
            return Step.SERVICE
        if self.wishes.signs != "no" and self.signs:
            return Step.SIGNS
        if self.asks_who and self.person is None and self.wishes.who != ANYBODY:
            return Step.STAFF
        return Step.TIME

    @cached_property
    def hold(self) -> Hold | None:
        """The time that was kept for the client last. `is_live`, by the database's clock."""
        if self.client is None:
            return None
        kept = Hold.objects.for_client(self.client).annotate(is_live=Q(expires_at__gt=Now()))
        found = kept.order_by("-id").first()
        if found:
            found.clinic = self.clinic
        return found

    @property
    def live_hold(self) -> Hold | None:
        return self.hold if self.hold and vars(self.hold)["is_live"] else None

    @property
    def matching_hold(self) -> Hold | None:
        """Of exactly this time, service and person; it may have ended."""
        hold = self.hold
        if (
            hold is None
            or self.service is None
            or (hold.service_id, hold.starts_at) != (self.service.pk, self.wishes.at)
        ):
            return None
        minutes = int((hold.ends_at - hold.starts_at).total_seconds()) // 60
        is_alike = minutes == self.service.minutes_for(self.count)
        return hold if is_alike and (self.person is None or hold.person_id == self.person.pk) else None

    @cached_property
    def policy(self) -> Policy:
        return policy.in_force(self.clinic)

    @cached_property
    def rules(self) -> Rules:
        assert self.service is not None  # noqa: S101  for the type checker: no step after the first is without
        return policy.rules_for(self.service, self.policy)

    @property
    def wanted(self) -> Wanted:
        """What to look for a time for. The client's own held time is free to them."""
        assert self.service is not None  # noqa: S101  for the type checker
        return Wanted(
            service=self.service,
            rules=self.rules,
            pets=self.pets,
            pet_count=self.count,
            person_id=self.person.pk if self.person else None,
            hold=self.live_hold,
        )

    @cached_property
    def words(self) -> ServiceWords | None:
        """The service's in the reader's language, where it has some."""
        return offers.words_of([self.service], clinic=self.clinic).get(self.service.pk) if self.service else None

    @property
    def service_name(self) -> str:
        return offers.name_of(self.service, self.words) if self.service else ""

    @property
    def preparation(self) -> list[str]:
        """What to bring and to do before the visit, a line each."""
        text = (self.words and self.words.preparation) or (self.service.preparation if self.service else "")
        return [line.strip() for line in text.splitlines() if line.strip()]

    @property
    def held_person(self) -> Resource | None:
        """Who is kept for somebody without a preference."""
        if self.person or not self.asks_who or not (self.live_hold and self.matching_hold):
            return None
        return next((one for one in self.people if one.pk == self.matching_hold.person_id), None)

    @property
    def price(self) -> str:
        return offers.price_text(self.service, clinic=self.clinic, count=self.count) if self.service else ""

    @property
    def pet_names(self) -> str:
        return listed([pet.name for pet in self.pets]) or (str(Species(self.species).label) if self.species else "")

    @property
    def who(self) -> str:
        """“Dr Amara Okafor”, “No preference”; the only person there is; who is kept, though nobody was asked for."""
        if self.held_person:
            return _("%(person)s · you had no preference") % {"person": self.held_person.name}
        if self.asks_who:
            return self.person.name if self.person else _("No preference")
        return self.people[0].name if self.people else ""

    def url(self, *without: str, **more: str) -> str:
        """This page with other choices."""
        return f"{reverse('bookings:book', args=[self.clinic.slug])}{self.wishes.query(*without, **more)}"

    def confirm_url(self) -> str:
        return f"{reverse('bookings:confirm', args=[self.clinic.slug])}{self.wishes.query('day')}"

    def picked(self, upto: Step) -> list[Picked]:
        """What was chosen before this step, each with the way back to it."""
        if self.service is None:
            return []
        length = offers.length_text(self.service.minutes_for(self.count))
        line = _("For %(pets)s · %(length)s") % {"pets": self.pet_names, "length": length}
        rows = [
            Picked(
                label=_("Service"),
                text=self.service_name,
                line=line,
                change_url=self.url("service", "signs", "at"),
                pet=self.pets[0] if self.pets else None,
                icon="" if self.pets else icon_of(self.species),
                tint=1,
            )
        ]
        if upto in {Step.TIME, Step.CONFIRM} and self.who:
            url = self.url("who", "at") if self.asks_who else ""
            person = self.person or self.held_person or (None if self.asks_who else self.people[0])
            initials = person.initials if person else ""
            rows.append(Picked(label=_("Staff"), text=self.who, change_url=url, initials=initials, icon="sparkle"))
        return rows

    def context(self, step: Step, *, when: str = "") -> dict[str, Any]:
        """What every step shows around its question."""
        labels = {Step.SERVICE: _("Service"), Step.STAFF: _("Staff"), Step.TIME: _("Time"), Step.CONFIRM: _("Confirm")}
        if self.service is not None and not self.asks_who:
            del labels[Step.STAFF]
        # The signs belong to the service that they are asked about.
        at = list(labels).index(Step.SERVICE if step == Step.SIGNS else step)
        return {
            "draft": self,
            "steps": [(label, place - at) for place, label in enumerate(labels.values())],
            "picked": self.picked(step) if step != Step.SERVICE else [],
            "summary": self._summary(step, when),
            "terms": offers.terms_text(self.rules) if self.service and not self.refusal else "",
        }

    def _summary(self, step: Step, when: str) -> list[tuple[str, str, str]]:
        """Label, text, and the name of the inputs that change it on this page."""
        has_who, service = step in {Step.TIME, Step.CONFIRM}, self.service_name if self.refusal is None else ""
        if step == Step.SERVICE:
            whose = "pet" if self.household else "species"
            return [(_("Pet"), self.pet_names or "–", whose), (_("Service"), service or "–", "service")]
        rows = [
            (_("Pet"), self.pet_names, ""),
            (_("Service"), service, ""),
            (_("With"), self.who if has_who else "", ""),
            (_("When"), when, "at" if step == Step.TIME else ""),
            (_("Price"), self.price, ""),
        ]
        return [row for row in rows if row[1]]

    def policy_words(self) -> str:
        """What the clinic says about its rules, in the reader's language or its own."""
        if not self.policy.number:
            return ""
        said = PolicyWords.objects.for_clinic(self.clinic).filter(policy=self.policy)
        by_language = dict(said.values_list("language", "body"))
        return by_language.get(get_language() or "", "") or by_language.get(self.clinic.language, "")
