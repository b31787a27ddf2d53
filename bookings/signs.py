"""Signs that can't wait for an appointment, in the clinic's words (B22), and whom to call. Nothing is diagnosed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.models import WarningSign
from clinics import hours
from clinics.models import EmergencyClinic

if TYPE_CHECKING:
    from clinics.models import Clinic


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody to call."""

    name: str
    phone: str
    phone_display: str
    line: str


def signs_for(clinic: Clinic, species: Iterable[str]) -> list[str]:
    """What the clinic asks about these species: in the reader's language, and in its own where that has more."""
    asked = WarningSign.objects.for_clinic(clinic).filter(
        species__in={"", *species}, language__in={get_language() or "", clinic.language}
    )
    found = list(asked.order_by("position", "id").values_list("language", "text"))
    ours, theirs = ([text for spoken, text in found if spoken == one] for one in (clinic.language, get_language()))
    # Better twice than not at all: a list that is only partly translated must hide nothing.
    return list(dict.fromkeys(theirs if len(theirs) >= len(ours) else [*theirs, *ours]))


def question(names: list[str]) -> str:
    """What is asked above the signs, about these pets; without a name for a visitor's."""
    if len(names) > 1:
        return _("Does one of your pets have any of these?")
    return _("Does %(pet)s have any of these?") % {"pet": names[0] if names else _("your pet")}


def numbers_to_call(clinic: Clinic, *, now: datetime) -> list[Number]:
    """The clinic first while it is open, the emergency clinics first when it is not."""
    at = hours.at(clinic, now)
    places = EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk")
    others = []
    for place in places:
        place.clinic = clinic
        others.append(Number(place.name, place.phone, place.phone_display, place.hours))
    until = at.open_until
    line = _("Open now, until %(time)s") % {"time": time_format(until, "H:i")} if until else ""
    ours = [Number(clinic.name, clinic.phone, clinic.phone_display, line)] if clinic.phone else []
    return [*ours, *others] if until else [*others, *ours]


def first_emergency(clinic: Clinic) -> EmergencyClinic | None:
    """Who is named on the page before anybody books."""
    place = EmergencyClinic.objects.for_clinic(clinic).order_by("position", "pk").first()
    if place:
        place.clinic = clinic
    return place
