"""What a pet has been given, and what is due: vaccines and other recurring services.

Status follows from a record's own `valid_until` and the clinic's day. Nothing is computed from a plan's
interval: how long a vaccination is valid is what the vet wrote down, and for rabies what label and law say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pets import days
from pets.models import CarePlan, CareRecord, Certificate, Pet

if TYPE_CHECKING:
    from clinics.models import Clinic

SOON = 30  # days
# An owner's certificate of these states is on its way to being read: nobody is asked for the service again.


class Status(StrEnum):
    CURRENT = "current"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NOT_RECORDED = "not_recorded"
    # Given once, but by a plan that the clinic no longer uses, or that is meant for another species.
    NOT_APPLICABLE = "not_applicable"


# The design's word for the colour of a chip, a tile and a reminder.
TONES = {Status.CURRENT: "good", Status.DUE_SOON: "warn", Status.OVERDUE: "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """How a pet stands with one family of services on a day."""

    pet: Pet
    plan: CarePlan
    record: CareRecord | None
    status: Status
    today: date
    # Done elsewhere, says the owner, and staff haven't read the certificate yet.
    is_handed_in: bool = False

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "")

    @property
    def status_text(self) -> str:
        return {
            Status.CURRENT: _("Current"),
            Status.DUE_SOON: _("Due soon"),
            Status.OVERDUE: _("Overdue"),
            Status.NOT_RECORDED: _("Not recorded"),
            Status.NOT_APPLICABLE: _("No longer due"),
        }[self.status]

    @property
    def given(self) -> str:
        """“Given 24 April 2025”, “Given 24 April 2025 at Cray Veterinary Centre”; "" without a record."""
        if self.record is None:
            return ""
        words = {"day": days.full(self.record.given_on), "clinic": self.record.given_at_clinic}
        return (_("Given %(day)s at %(clinic)s") if words["clinic"] else _("Given %(day)s")) % words

    @property
    def valid_until(self) -> str:
        return days.full(self.record.valid_until) if self.record else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A service that is due within 30 days, or overdue (`days` is below 0 then)."""

    pet: Pet
    name: str
    due_on: date
    status: Status
    days: int
    plan_id: int
    is_vaccine: bool = False
    is_handed_in: bool = False

    @property
    def is_overdue(self) -> bool:
        return self.status == Status.OVERDUE

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def icon(self) -> str:
        return "syringe-duotone" if self.is_vaccine else "stethoscope-duotone"

    @property
    def due(self) -> str:
        """“Due 30 April”, “Was due 1 April”; with the year when it is another one."""
        words = _("Was due %(day)s") if self.is_overdue else _("Due %(day)s")
        return words % {"day": days.short(self.due_on, today=self._today)}

    @property
    def pet_and_due(self) -> str:
        """For a list of several pets: “Miso · due 30 April”."""
        words = _("%(pet)s · was due %(day)s") if self.is_overdue else _("%(pet)s · due %(day)s")
        return words % {"pet": self.pet.name, "day": days.short(self.due_on, today=self._today)}

    @property
    def how_soon(self) -> str:
        """“Due in 8 days”, “Overdue by 2 weeks”: an aid beside the date, never alone."""
        return overdue_text(self.due_on, self._today) if self.is_overdue else due_text(self.days)

    @property
    def state(self) -> str:
        """The words of its chip: how soon, or what became of the owner's certificate."""
        return _("Certificate handed in, the clinic is checking it") if self.is_handed_in else self.how_soon

    @property
    def state_tone(self) -> str:
        return "info" if self.is_handed_in else self.tone

    @property
    def certificate_url(self) -> str:
        """Where the owner says that it was done elsewhere; "" where nobody asks."""
        clinic = self.pet.clinic
        if self.is_handed_in or not (clinic.accepts_certificates and clinic.has_pet_management):
            return ""
        return f"{reverse('pets:certificate_add', args=[clinic.slug, self.pet.pk])}?plan={self.plan_id}"

    @property
    def _today(self) -> date:
        return self.due_on - timedelta(days=self.days)


def due_text(left: int) -> str:
    """How soon something is due, for 0 days and more."""
    if left == 0:
        return _("Due today")
    if left == 1:
        return _("Due tomorrow")
    return ngettext("Due in %(count)d day", "Due in %(count)d days", left) % {"count": left}


def overdue_text(due_on: date, today: date) -> str:
    """How long ago something was due: in days, from two weeks on in weeks, then months, then years."""
    late, months = (today - due_on).days, days.whole_months(due_on, today)
    if late < 14:
        count, words = late, ngettext("Overdue by %(count)d day", "Overdue by %(count)d days", late)
    elif months < 2:
        count = late // 7
        words = ngettext("Overdue by %(count)d week", "Overdue by %(count)d weeks", count)
    elif months < 24:
        count, words = months, ngettext("Overdue by %(count)d month", "Overdue by %(count)d months", months)
    else:
        count = months // 12
        words = ngettext("Overdue by %(count)d year", "Overdue by %(count)d years", count)
    return words % {"count": count}


def care_of(pets: Sequence[Pet], *, clinic: Clinic, today: date) -> dict[int, list[Care]]:
    """How each living pet stands with every plan in use for its species, by pet id: vaccines first, by name.

    Two statements for any number of pets, none when no pet lives: nothing is due for the deceased and the
    deleted, who are not in the answer. What was given by a plan no longer in use follows at the end.
    `today` is the clinic's.
    """
    living = [pet for pet in pets if pet.is_living]
    if not living:
        return {}
    plans = _plans_in_use(clinic, living)
    newest = _newest_records(clinic, living, today=today)
    return {pet.pk: _care_of_one(pet, plans[pet.species], newest[pet.pk], today=today) for pet in living}


def reminders_among(care: Iterable[Care]) -> list[Reminder]:
    """Those that are due soon or overdue, `in_order`."""
    return in_order(
        Reminder(
            pet=one.pet,
            name=one.plan.name,
            due_on=one.record.valid_until,
            status=one.status,
            days=(one.record.valid_until - one.today).days,
            plan_id=one.plan.pk,
            is_vaccine=one.plan.is_vaccine,
            is_handed_in=one.is_handed_in,
        )
        for one in care
        if one.record is not None and one.status in {Status.DUE_SOON, Status.OVERDUE}
    )


def in_order(reminders: Iterable[Reminder]) -> list[Reminder]:
    """What is due soon first, then what is overdue; each by date, then by name."""
    return sorted(reminders, key=lambda one: (one.is_overdue, one.due_on, one.name, one.pet.name))


def reminders_of(pets: Sequence[Pet], *, clinic: Clinic, today: date) -> list[Reminder]:
    """All that these pets are reminded of, `in_order`; two statements at most."""
    return reminders_among(one for care in care_of(pets, clinic=clinic, today=today).values() for one in care)


def _plans_in_use(clinic: Clinic, pets: Sequence[Pet]) -> dict[str, list[CarePlan]]:
    """By species; each knows the pets whose owners have handed in a certificate of its family (`handed_in_for`)."""
    handed_in = Certificate.objects.for_clinic(clinic).filter(
        pet__in=[pet.pk for pet in pets], state__in=Certificate.OPEN, plan__family=OuterRef("family")
    )
    plans: dict[str, list[CarePlan]] = defaultdict(list)
    species = {pet.species for pet in pets}
    in_use = CarePlan.objects.for_clinic(clinic).filter(is_active=True, species__in=species)
    with_papers = in_use.annotate(handed_in_for=ArraySubquery(handed_in.values("pet_id")))
    for plan in with_papers.order_by("-is_vaccine", "name", "id"):
        plans[plan.species].append(plan)
    return plans


def _newest_records(clinic: Clinic, pets: Sequence[Pet], *, today: date) -> dict[int, dict[str, CareRecord]]:
    """The one record of each family that counts: given last, or on the same day written down last."""
    newest: dict[int, dict[str, CareRecord]] = defaultdict(dict)
    given = CareRecord.objects.for_clinic(clinic).filter(pet__in=[pet.pk for pet in pets], given_on__lte=today)
    one_each = given.order_by("pet_id", "plan__family", "-given_on", "-id").distinct("pet_id", "plan__family")
    for record in one_each.select_related("plan"):
        newest[record.pet_id][record.plan.family] = record
    return newest


def _care_of_one(pet: Pet, plans: Sequence[CarePlan], newest: dict[str, CareRecord], *, today: date) -> list[Care]:
    families = {plan.family for plan in plans}
    due = [
        Care(
            pet=pet,
            plan=plan,
            record=record,
            status=_status(record, today),
            today=today,
            is_handed_in=pet.pk in vars(plan)["handed_in_for"],
        )
        for plan in plans
        for record in [newest.get(plan.family)]
    ]
    retired = [
        Care(pet=pet, plan=record.plan, record=record, status=Status.NOT_APPLICABLE, today=today)
        for family, record in sorted(newest.items())
        if family not in families
    ]
    return due + retired


def _status(record: CareRecord | None, today: date) -> Status:
    if record is None:
        return Status.NOT_RECORDED
    days_left = (record.valid_until - today).days
    if days_left < 0:
        return Status.OVERDUE
    return Status.DUE_SOON if days_left <= SOON else Status.CURRENT


@dataclass(frozen=True, slots=True)
class Summary:
    """One chip that says how a pet stands as a whole."""

    tone: str
    text: str


def summary_of(care: Sequence[Care]) -> Summary | None:
    """The most pressing thing to say of one pet; None when nothing is on file, which is no praise.

    What was handed in for the clinic to check presses nobody.
    """
    count = Counter(one.status for one in care if not one.is_handed_in)
    if overdue := count[Status.OVERDUE]:
        words = ngettext("%(count)d reminder overdue", "%(count)d reminders overdue", overdue)
        return Summary("bad", words % {"count": overdue})
    if soon := count[Status.DUE_SOON]:
        words = ngettext("%(count)d reminder due soon", "%(count)d reminders due soon", soon)
        return Summary("warn", words % {"count": soon})
    if any(one.is_handed_in for one in care):
        return Summary("warn", _("Certificate being checked"))
    if not count[Status.CURRENT]:
        return None
    # “Up to date” only when every service is on file; else all we know is that nothing is due.
    return Summary("good", _("Nothing due now") if count[Status.NOT_RECORDED] else _("All up to date"))
