"""An owner's edit of a pet on file: what is written at once, and what is proposed for the clinic to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.models import Editing, StaffMember
from pets import editing, history, notices
from pets.actions.history import note_change
from pets.actions.profiles import update_pet
from pets.models import ChangeRequest, Pet, PetChange
from portal.kit.refusals import Refusal


class AlreadyDecided(Refusal):
    message = gettext_lazy("This has been decided already.")


class NoReason(Refusal):
    message = gettext_lazy("Tell the owner why.")


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of an owner's edit: fields written, fields that wait for the clinic."""

    edited: frozenset[str]
    asked: frozenset[str]


@transaction.atomic
def change_pet(*, pet: Pet, client: Client, edition: int, details: Mapping[str, Any], now: datetime) -> Changed:
    """An owner's edit: each field is written, proposed or left alone, as the clinic has it (pets/editing.py).

    Raises ChangedMeanwhile and NotALifespan. What the owner may only see is ignored, wherever it came from.
    """
    rules = editing.rules_for(pet)
    differing = history.differences(pet, details)
    to_edit = {field: value for field, value in details.items() if rules.get(field) == Editing.EDIT}
    to_ask = {field: value for field, value in details.items() if rules.get(field) == Editing.REQUEST}
    asked = propose_changes(pet=pet, client=client, values=to_ask, now=now) if to_ask else frozenset()
    update_pet(pet=pet, by=client, now=now, edition=edition, **to_edit)
    return Changed(edited=frozenset(to_edit) & frozenset(differing), asked=asked)


@transaction.atomic
def propose_changes(*, pet: Pet, client: Client, values: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """Ask the clinic to change what it vouches for. Returns the fields that now wait for an answer.

    A pet has one open request: a second proposal is put into it, and what is proposed back to what is on file drops
    out of it; an empty one is withdrawn.
    """
    on_file = Pet.objects.for_clinic(pet.clinic).select_for_update(no_key=True).get(pk=pet.pk)
    waiting = ChangeRequest.objects.for_clinic(pet.clinic).filter(pet=pet).waiting().first()
    before = dict(waiting.details) if waiting else {}
    wanted = {field: pair for field, pair in before.items() if field not in values}
    wanted |= history.differences(on_file, values)
    if wanted == before:
        return frozenset(before)
    if not wanted:
        if waiting:
            withdraw_request(request=waiting, now=now)
        return frozenset()
    if waiting:
        waiting.details, waiting.asked_at = wanted, now
        waiting.save(update_fields=["details", "asked_at"])
    else:
        ChangeRequest.objects.create(clinic=pet.clinic, pet=pet, client=client, details=wanted, asked_at=now)
    note_change(pet=pet, kind=PetChange.Kind.ASKED, by=client, now=now, details=wanted)
    return frozenset(wanted)


@transaction.atomic
def accept_request(*, request: ChangeRequest, by: StaffMember, now: datetime) -> Pet:
    """Write what was asked for, and tell the owner. Raises AlreadyDecided.

    Whoever accepts a species or chip vouches for it.
    """
    _decide(request, ChangeRequest.State.ACCEPTED, by=by, now=now)
    values = {field: history.as_value(field, after) for field, (_before, after) in request.details.items()}
    if set(values) & set(editing.IDENTITY):
        values["is_identity_checked"] = True
    pet = update_pet(pet=request.pet, by=by, now=now, **values)
    note_change(pet=pet, kind=PetChange.Kind.ACCEPTED, by=by, now=now, details=request.details)
    notices.request_answered(request, now=now)
    return pet


@transaction.atomic
def decline_request(*, request: ChangeRequest, by: StaffMember, answer: str, now: datetime) -> None:
    """Leave the file as it is, and tell the owner why. Raises AlreadyDecided, or NoReason without an answer."""
    if not answer.strip():
        raise NoReason
    _decide(request, ChangeRequest.State.DECLINED, by=by, now=now, answer=answer.strip())
    note_change(pet=request.pet, kind=PetChange.Kind.DECLINED, by=by, now=now, details=request.details)
    notices.request_answered(request, now=now)


@transaction.atomic
def withdraw_request(*, request: ChangeRequest, now: datetime) -> None:
    """The owner takes a request back before anybody answered. Raises AlreadyDecided."""
    _decide(request, ChangeRequest.State.WITHDRAWN, by=None, now=now)
    note_change(pet=request.pet, kind=PetChange.Kind.WITHDRAWN, by=request.client, now=now)


def note_answer_seen(*, request: ChangeRequest, now: datetime) -> None:
    """The owner has read the answer: it needn't be shown again."""
    ChangeRequest.objects.for_clinic(request.clinic).filter(pk=request.pk, decided_at__isnull=False).update(seen_at=now)


def _decide(
    request: ChangeRequest, state: ChangeRequest.State, *, by: StaffMember | None, now: datetime, answer: str = ""
) -> None:
    """One statement: of two who decide at once, the second is told."""
    values = {"state": state, "decided_by": by, "decided_at": now, "answer": answer}
    if not ChangeRequest.objects.for_clinic(request.clinic).filter(pk=request.pk).waiting().update(**values):
        raise AlreadyDecided
    for field, value in values.items():
        setattr(request, field, value)
