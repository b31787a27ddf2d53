"""When a pet leaves: deleted by mistake or choice, or dead. Nothing is erased, and for 30 days it can be taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clients.models import Client
from pets.actions.changes import note_change
from pets.actions.profiles import NotALifespan
from pets.models import Pet, PetChange
from pets.signals import pet_removed, pet_restored
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from pets.history import Author

# How long an owner may take it back; the clinic always may.
UNDO_FOR = timedelta(days=30)


class Removal(StrEnum):
    """Why the visits of a pet are cancelled."""

    REMOVED = "pet_removed"
    DECEASED = "pet_deceased"


class MembershipInPlace(Refusal):
    message = gettext_lazy(
        "This pet cannot be deleted because there is an active membership in place. "
        "Please contact the business directly."
    )


class TooLateToRestore(Refusal):
    """The 30 days are over, or it was the clinic's doing."""

    message = gettext_lazy("This can’t be taken back here any more. Please ask the clinic.")


@transaction.atomic
def delete_pet(*, pet: Pet, by: Author, now: datetime, is_deceased: bool = False) -> None:
    """Take a pet out of its owner's list; `is_deceased` remembers it there instead (R16–R19, R25).

    Raises MembershipInPlace, before anything is touched, while the pet has a membership that is active, suspended,
    frozen or pending cancellation (R20, R26). One that has not started goes to staff for review. Deleting twice changes
    nothing.
    """
    on_file = _locked(pet)
    today = timezone.localdate(now, pet.clinic.zone)
    if on_file.memberships.select_for_update().blocking_removal(today=today):
        raise MembershipInPlace
    if is_deceased:
        report_death(pet=pet, died_on=None, by=by, now=now)
        return
    if on_file.deleted_at:
        return
    pet.deleted_at = on_file.deleted_at = now
    pet.undo_until = on_file.undo_until = _undo_until(by, now)
    _save(on_file, pet, "deleted_at", "undo_until")
    on_file.memberships.not_started(today=today).ask_for_review(reason="pet_deleted", now=now)
    note_change(pet=pet, kind=PetChange.Kind.DELETED, by=by, now=now)
    pet_removed.send(Pet, pet=pet, reason=Removal.REMOVED, now=now)


@transaction.atomic
def report_death(*, pet: Pet, died_on: date | None, by: Author, now: datetime) -> None:
    """Pet-loss: visits are cancelled, no more messages about the pet go out, memberships go to staff for review, and
    records and photo stay (B11). The pet is remembered in the owner's list.

    No membership stands in its way. `died_on` is a day at the clinic; None, when nobody asked, stands for today. Raises
    NotALifespan. Reported twice, the first stands; of a pet that its owner has deleted, nothing more is said.
    """
    on_file = _locked(pet)
    if on_file.deceased_on or (on_file.deleted_at and isinstance(by, Client)):
        return
    today = timezone.localdate(now, pet.clinic.zone)
    pet.is_death_day_known = on_file.is_death_day_known = died_on is not None
    died_on = died_on or today
    if on_file.born_on and died_on < on_file.born_on:
        raise NotALifespan
    pet.deceased_on = on_file.deceased_on = died_on
    pet.undo_until = on_file.undo_until = _undo_until(by, now)
    _save(on_file, pet, "deceased_on", "is_death_day_known", "undo_until")
    after_death(pet=pet, today=today, now=now)
    note_change(pet=pet, kind=PetChange.Kind.DECEASED, by=by, now=now)


def after_death(*, pet: Pet, today: date, now: datetime) -> None:
    """What follows from a death, whoever wrote it down: the import does so in bulk."""
    bound = pet.memberships
    (bound.blocking_removal(today=today) | bound.not_started(today=today)).ask_for_review(
        reason="pet_deceased", now=now
    )
    pet_removed.send(Pet, pet=pet, reason=Removal.DECEASED, now=now)


@transaction.atomic
def restore_pet(*, pet: Pet, by: Author, now: datetime) -> None:
    """Take a deletion or the report of a death back. Cancelled visits stay cancelled.

    An owner may within 30 days, and only what was done here: raises TooLateToRestore.
    """
    on_file = _locked(pet)
    if on_file.is_living:
        return
    if isinstance(by, Client) and not on_file.can_be_restored(now=now):
        raise TooLateToRestore
    if on_file.deleted_at:
        on_file.memberships.drop_review(reason="pet_deleted")
    elif on_file.deceased_on:
        on_file.memberships.drop_review(reason="pet_deceased")
        pet.deceased_on = on_file.deceased_on = None
    pet.deleted_at = on_file.deleted_at = None
    pet.undo_until = on_file.undo_until = None
    _save(on_file, pet, "deleted_at", "deceased_on", "undo_until")
    note_change(pet=pet, kind=PetChange.Kind.RESTORED, by=by, now=now)
    pet_restored.send(Pet, pet=pet, now=now)


def _undo_until(by: Author, now: datetime) -> datetime | None:
    """Only what an owner did is an owner's to take back."""
    return now + UNDO_FOR if isinstance(by, Client) else None


def _save(on_file: Pet, pet: Pet, *fields: str) -> None:
    """A form that was opened before is told (`Pet.edition`)."""
    pet.edition = on_file.edition = on_file.edition + 1
    on_file.save(update_fields=[*fields, "edition"])


def _locked(pet: Pet) -> Pet:
    """The row as it is, held against a membership that is being taken out for the pet at this moment."""
    return Pet.objects.for_clinic(pet.clinic).select_for_update().get(pk=pet.pk)
