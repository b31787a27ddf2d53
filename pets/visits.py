"""What the pages about a pet say of its visits. They are asked for through `pet.appointments`: bookings is above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists
from django.urls import reverse
from django.utils import dates
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pets import days
from pets.models import CarePlan

if TYPE_CHECKING:
    from pets.care import Reminder
    from pets.models import Pet

# How services are booked that clients can book by themselves.
ONLINE = ("direct", "request")


@dataclass(frozen=True, slots=True)
class Visit:
    """An upcoming visit of a pet. Moments are in the clinic's zone."""

    pk: int
    service_id: int
    service: str
    who: str
    starts_at: datetime
    now: datetime
    is_requested: bool
    # The other pets that it is for: it goes on for them.
    others: list[str]

    @property
    def month(self) -> str:
        """“Apr”, for the calendar tile."""
        return date_format(self.starts_at, "M")

    @property
    def day(self) -> str:
        """“23 April”; with the year when it is another one."""
        return days.short(self.starts_at.date(), today=self.now.date())

    @property
    def when(self) -> str:
        """“Thursday 23 April at 09:20”."""
        words = {"weekday": dates.WEEKDAYS[self.starts_at.weekday()], "day": self.day, "time": clock(self.starts_at)}
        return _("%(weekday)s %(day)s at %(time)s") % words


def clock(moment: datetime) -> str:
    """“09:20”; where the clock shows it twice that day, with the zone's abbreviation: “01:30 BST”."""
    comes_twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{moment:%H:%M %Z}" if comes_twice else f"{moment:%H:%M}"


def upcoming_of(pet: Pet, *, now: datetime) -> list[Visit]:
    """Its visits to come, the next one first; those that it has left aren't among them. One statement.

    Only its owner's: what somebody booked for it who had it before stays theirs.
    """
    links = pet.appointments.through.objects.for_clinic(pet.clinic).filter(removed_at=None)
    all_to_come = pet.appointments.model.objects.for_clinic(pet.clinic).upcoming(now=now).order_by()
    all_to_come = all_to_come.filter(client=pet.owner_id)
    to_come = all_to_come.filter(pk__in=links.filter(pet=pet).values("appointment")).values("pk")
    found: dict[int, list[Any]] = defaultdict(list)
    rows = links.filter(appointment__in=to_come).select_related("appointment__service", "appointment__person", "pet")
    for link in rows.order_by("appointment__starts_at", "appointment_id", "pet__name"):
        found[link.appointment_id].append(link)
    return [_visit(pet, links[0].appointment, [link.pet for link in links], now=now) for links in found.values()]


def _visit(pet: Pet, row: Any, pets: list[Pet], *, now: datetime) -> Visit:
    zone = pet.clinic.zone
    return Visit(
        pk=row.pk,
        service_id=row.service_id,
        service=row.service.name,
        who=row.person.name if row.person else "",
        starts_at=row.starts_at.astimezone(zone),
        now=now.astimezone(zone),
        is_requested=row.state == "requested",
        others=[other.name for other in pets if other.pk != pet.pk],
    )


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder with its next step: booked already, to be booked here, or neither."""

    reminder: Reminder
    # “23 April”.
    booked_for: str
    book_url: str


def next_steps(pet: Pet, reminders: Sequence[Reminder], visits: Sequence[Visit]) -> list[Due]:
    """What is due, with the visit that takes care of it, or where to book one. One statement, if anything is due.

    As on Home: what no service takes care of opens New booking for the pet, where anything can be booked online.
    """
    if not reminders:
        return []
    plans = CarePlan.objects.for_clinic(pet.clinic).filter(pk__in=[one.plan_id for one in reminders])
    able: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    services: Any = CarePlan._meta.get_field("services").related_model
    online = services.objects.for_clinic(pet.clinic).filter(is_active=True, mode__in=ONLINE)
    columns = plans.annotate(is_bookable=Exists(online)).order_by("services__position", "services__pk")
    rows = list(columns.values("pk", "is_bookable", "services__pk", "services__is_active", "services__mode"))
    for row in rows:
        if row["services__pk"] is not None:
            is_online = row["services__is_active"] and row["services__mode"] in ONLINE
            able[row["pk"]].append((row["services__pk"], is_online))
    is_bookable = any(row["is_bookable"] for row in rows)
    address = f"{reverse('bookings:book', args=[pet.clinic.slug])}?pet={pet.pk}" if is_bookable else ""
    return [_due(one, able[one.plan_id], visits, address) for one in reminders]


def _due(reminder: Reminder, services: list[tuple[int, bool]], visits: Sequence[Visit], address: str) -> Due:
    caring = {service_id for service_id, _is_online in services}
    booked = next((visit.day for visit in visits if visit.service_id in caring), "")
    to_book = next((service_id for service_id, is_online in services if is_online), None)
    if booked or reminder.is_handed_in:
        return Due(reminder, booked, "")
    return Due(reminder, "", f"{address}&service={to_book}" if to_book else address)
