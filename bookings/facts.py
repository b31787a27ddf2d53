"""A visit in the words of its pages: when, how soon, who, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import dates
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from bookings import picker, policy
from bookings.models import CANCELLED, Appointment, AppointmentPet, ServiceWords, State
from pets import days

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from clinics.models import Clinic
    from pets.models import Pet
    from portal.kit.refusals import Refusal

# A visit as near as this stands out in its list; further ahead, weeks say more than days.
NEAR, IN_WEEKS, IN_MONTHS = 14, 14, 84  # days
# Why Reschedule isn't there, in a few words; a visit that has begun says so by its chip.
NOT_MOVED: dict[type[Refusal], Promise] = {
    policy.TooLateToMove: gettext_lazy("Too late to move here"),
    policy.ArrangedByClinic: gettext_lazy("Moved by phone only"),
    policy.MovedTooOften: gettext_lazy("Can’t be moved again here"),
}
TITLES = {"dr", "mr", "mrs", "ms", "mx", "prof", "vet"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in a word or three, with its colour and icon. `tone` is "" for what is over."""

    tone: str
    icon: str
    text: str


CHIPS = {
    State.REQUESTED: ("warn", "clock"),
    State.CONFIRMED: ("good", "check-circle-fill"),
    State.ARRIVED: ("info", "check-circle-fill"),
    State.IN_PROGRESS: ("info", "stethoscope"),
    State.COMPLETED: ("", "check"),
    State.NO_SHOW: ("", "prohibit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit as the lists and its own page show it. Moments are in the clinic's zone."""

    row: Appointment
    service: str
    # Those that it is for; of a visit that ended because they left, those that it was for.
    pets: list[Pet]
    starts_at: datetime
    ends_at: datetime
    now: datetime
    why_not_move: Refusal | None
    cancellation: policy.Cancellation

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def day(self) -> date:
        return self.starts_at.date()

    @property
    def month(self) -> str:
        """“Apr”, for the calendar tile."""
        return month_short(self.day)

    @property
    def pet_names(self) -> str:
        return listed([pet.name for pet in self.pets])

    @property
    def who(self) -> str:
        return self.row.person.name if self.row.person else ""

    @property
    def initials(self) -> str:
        return initials_of(self.who)

    @property
    def weekday(self) -> str:
        return str(dates.WEEKDAYS[self.day.weekday()])

    @property
    def short_date(self) -> str:
        """“23 April”; with the year when it is another one."""
        return days.short(self.day, today=self.now.date())

    @property
    def is_other_year(self) -> bool:
        return self.day.year != self.now.year

    @property
    def clock(self) -> str:
        return picker.clock(self.starts_at)

    @property
    def end_clock(self) -> str:
        return picker.clock(self.ends_at)

    @property
    def full_day(self) -> str:
        """“Thursday 23 April 2026”."""
        return _("%(weekday)s %(day)s") % {"weekday": self.weekday, "day": days.full(self.day)}

    @property
    def when(self) -> str:
        """“Thursday 23 April at 09:20”."""
        return picker.day_and_time(self.starts_at, today=self.now.date())

    @property
    def short_when(self) -> str:
        """“Thu 23 April, 09:20”."""
        return f"{picker.short_day(self.day)}, {self.clock}"

    @property
    def how_soon(self) -> str:
        return how_soon(self.starts_at, self.now)

    @property
    def is_near(self) -> bool:
        return (self.day - self.now.date()).days <= NEAR

    @property
    def is_upcoming(self) -> bool:
        return self.row.is_upcoming(now=self.now)

    @property
    def is_unconfirmed(self) -> bool:
        """Asked for, and not answered yet."""
        return self.row.state == State.REQUESTED and not self.row.is_proposal

    @property
    def is_proposed(self) -> bool:
        """The clinic offers this time: the client's turn."""
        return self.row.state == State.REQUESTED and self.row.is_proposal

    @property
    def chip(self) -> Chip:
        return chip_of(self.row)

    @property
    def end_chip(self) -> Chip | None:
        """Of a visit that didn't take place; None for one that did."""
        return self.chip if self.row.state in {*CANCELLED, State.NO_SHOW} else None

    @property
    def can_move(self) -> bool:
        return self.why_not_move is None

    @property
    def not_moved(self) -> str:
        """“Too late to move here”, where Reschedule would stand; "" where it does, or where it says nothing new."""
        refusal = self.why_not_move
        return str(NOT_MOVED.get(type(refusal), "")) if refusal else ""

    @property
    def hindrances(self) -> list[str]:
        """Why it can't be moved or cancelled here, of a visit that is still to come."""
        refusals = [self.why_not_move, self.cancellation.refusal] if self.is_upcoming else []
        return list(dict.fromkeys(str(refusal) for refusal in refusals if refusal))

    @property
    def can_cancel(self) -> bool:
        return self.cancellation.refusal is None

    @property
    def still_theirs(self) -> list[Pet]:
        """Those of its pets that are alive and on the client's list."""
        return [pet for pet in self.pets if pet.is_living and pet.owner_id == self.row.client_id]

    @property
    def can_repeat(self) -> bool:
        """Is there somebody to book again for? A farewell is not repeated."""
        return not self.row.service.is_gentle and bool(self.still_theirs)


def read(clinic: Clinic, rows: Sequence[Appointment], *, now: datetime) -> list[Visit]:
    """These visits with their pets and in the reader's language. They come with service and person.

    One statement for the pets of all of them, and one more where the reader's language isn't the clinic's.
    """
    pets, names = _pets_of(clinic, rows), names_of(clinic, rows)
    return [_visit(clinic, row, pets[row.pk], names.get(row.service_id, ""), now=now) for row in rows]


def _visit(clinic: Clinic, row: Appointment, pets: list[Pet], name: str, *, now: datetime) -> Visit:
    row.clinic = row.service.clinic = clinic
    return Visit(
        row=row,
        service=name or row.service.name,
        pets=pets,
        starts_at=row.starts_at.astimezone(clinic.zone),
        ends_at=row.ends_at.astimezone(clinic.zone),
        now=now.astimezone(clinic.zone),
        why_not_move=policy.why_not_move(row, by_staff=False, now=now),
        cancellation=policy.cancellation(row, by_staff=False, now=now),
    )


def _pets_of(clinic: Clinic, rows: Sequence[Appointment]) -> dict[int, list[Pet]]:
    """By visit, by name. Who left is left out, unless all did: then it says whom it was for."""
    there: dict[int, list[Pet]] = defaultdict(list)
    left: dict[int, list[Pet]] = defaultdict(list)
    if not rows:
        return there
    links = AppointmentPet.objects.for_clinic(clinic).filter(appointment__in=[row.pk for row in rows])
    for link in links.select_related("pet").order_by("pet__name", "pet_id"):
        link.pet.clinic = clinic
        (left if link.removed_at else there)[link.appointment_id].append(link.pet)
    for pk, pets in left.items():
        there[pk] = there[pk] or pets
    return there


def names_of(clinic: Clinic, rows: Sequence[Appointment]) -> dict[int, str]:
    """The services' names in the reader's language, by id; without those that are said in the clinic's own."""
    language = get_language() or ""
    if language == clinic.language or not rows:
        return {}
    words = ServiceWords.objects.for_clinic(clinic).filter(service__in={row.service_id for row in rows})
    return dict(words.filter(language=language).exclude(name="").values_list("service_id", "name"))


def chip_of(row: Appointment) -> Chip:
    tone, icon = CHIPS.get(State(row.state), ("", "calendar-x"))
    if row.state != State.REQUESTED:
        return Chip(tone, icon, str(State(row.state).label))
    if row.is_proposal:
        return Chip("info", "clock-counter-clockwise", _("The clinic proposes this time"))
    return Chip(tone, icon, _("Waiting for the clinic’s answer"))


def how_soon(moment: datetime, now: datetime) -> str:
    """“Tomorrow”, “In 8 days”, “In 4 weeks”: an aid beside the date, never alone. Both in the clinic's zone."""
    left = (moment.date() - now.date()).days
    if moment <= now:
        return _("Now")
    if left == 0:
        return _("Today")
    if left == 1:
        return _("Tomorrow")
    if left < IN_WEEKS:
        return ngettext("In %(count)d day", "In %(count)d days", left) % {"count": left}
    if left < IN_MONTHS:
        weeks = round(left / 7)
        return ngettext("In %(count)d week", "In %(count)d weeks", weeks) % {"count": weeks}
    months = max(days.whole_months(now.date(), moment.date() + timedelta(days=15)), 1)
    return ngettext("In %(count)d month", "In %(count)d months", months) % {"count": months}


def listed(names: Sequence[str]) -> str:
    """“Miso”, “Miso and Biscuit”, “Miso, Biscuit and Clover”."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def initials_of(name: str) -> str:
    """“AO” of “Dr Amara Okafor”: titles aren't names."""
    words = [word for word in name.split() if word[0].isalnum() and word.rstrip(".").lower() not in TITLES]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def month_short(day: date) -> str:
    """“Apr”."""
    return date_format(day, "M")
