"""What the pets app hears from the apps below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinics.signals import purge_due, reseal_due
from messaging import truths
from pets.actions import upkeep
from pets.household import is_living

if TYPE_CHECKING:
    from datetime import datetime

    from clinics.models import Clinic


def listen() -> None:
    """Called once, when the app is ready."""
    truths.register("pet", is_living)
    purge_due.connect(forget_what_is_old)
    reseal_due.connect(reseal_card_keys)


def forget_what_is_old(sender: object, *, clinic: Clinic, now: datetime, **_of_newer_release: Any) -> int:
    return upkeep.purge_clinic(clinic=clinic, now=now)


def reseal_card_keys(sender: object, *, clinic: Clinic, dry_run: bool, **_of_newer_release: Any) -> int:
    return upkeep.reseal_card_keys(clinic=clinic, dry_run=dry_run)
