"""What bookings hears from the apps below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bookings import notices
from bookings.actions import purge_feeds, purge_holds, set_policy, take_pet_from_others, take_pet_out
from clinics.signals import clinic_opened, purge_due
from messaging import truths
from pets.signals import pet_handed_over, pet_removed

if TYPE_CHECKING:
    from datetime import datetime

    from clinics.models import Clinic
    from pets.models import Pet


def listen() -> None:
    """Called once, when the app is ready."""
    truths.register("appointment_change", notices.still_so)
    pet_removed.connect(cancel_its_visits)
    pet_handed_over.connect(end_the_former_owners_visits)
    purge_due.connect(forget_what_is_old)
    clinic_opened.connect(start_with_the_usual_rules)


def cancel_its_visits(sender: object, *, pet: Pet, reason: str, now: datetime, **_of_newer_release: Any) -> None:
    take_pet_out(pet=pet, reason_code=reason, now=now)


def end_the_former_owners_visits(sender: object, *, pet: Pet, now: datetime, **_of_newer_release: Any) -> None:
    take_pet_from_others(pet=pet, now=now)


def forget_what_is_old(sender: object, *, clinic: Clinic, now: datetime, **_of_newer_release: Any) -> int:
    return purge_holds(clinic=clinic) + purge_feeds(clinic=clinic, now=now)


def start_with_the_usual_rules(sender: object, *, clinic: Clinic, now: datetime, **_of_newer_release: Any) -> None:
    """Version 1, so that the first visits have one to be held to."""
    set_policy(clinic=clinic, by=None, now=now)
