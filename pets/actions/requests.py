"""An owner's edit of a pet on file: what is written at once, and what is proposed for the clinic to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.models import Editing, StaffMember
from pets import editing, history, notices
from pets.actions.changes import note_change
from pets.actions.profiles import ChangedMeanwhile, held, record_weight, update_pet
from pets.models import ChangeRequest, Pet, PetChange
from portal.kit.refusals import Refusal


class AlreadyDecided(Refusal):
    message = gettext_lazy("This has been decided already.")


class AskedAnew(Refusal):
    message = gettext_lazy("The owner has asked for something else since. Look at it again.")


class NoReason(Refusal):
    message = gettext_lazy("Tell the owner why.")


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of an owner's edit: fields written, fields that wait for the clinic."""

    edited: frozenset[str]
    asked: frozenset[str]


@transaction.atomic
def change_pet(
    *,
    pet: Pet,
    client: Client,
    edition: int,
    details: Mapping[str, Any],
    now: datetime,
    kg: Decimal | None = None,
) -> Changed:
    """An owner's edit: each field is written, proposed or left alone, as the clinic has it (pets/editing.py), and
    today's weight is noted. What the owner may only see is ignored, wherever it came from.

    `edition` is the one that the form was opened with. Where the pet has another one by now, and something would be
    overwritten, raises ChangedMeanwhile. Raises NotALifespan, NotAWeight and WeighedAtClinic.
    """
    on_file = held(pet=pet)
    rules = editing.rules_for(on_file)
    to_edit = {field: value for field, value in details.items() if rules.get(field) == Editing.EDIT}
    to_ask = {field: value for field, value in details.items() if rules.get(field) == Editing.REQUEST}
    edited = history.differences(on_file, to_edit)
    if edited and edition != on_file.edition:
        raise ChangedMeanwhile(on_file)
    asked = propose_changes(pet=pet, client=client, values=to_ask, now=now) if to_ask else frozenset()
    update_pet(pet=pet, by=client, now=now, **to_edit)
    if kg and rules[editing.WEIGHT] == Editing.EDIT:
        record_weight(pet=pet, kg=kg, weighed_on=timezone.localdate(now, pet.clinic.zone), by=client, now=now)
    return Changed(edited=frozenset(edited), asked=asked)


@transaction.atomic
def propose_changes(*, pet: Pet, client: Client, values: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """Ask the clinic to change what it vouches for. Returns the fields that now wait for an answer.

    A pet has one open request: a second proposal is put into it, and what is proposed back to what is on file drops
    out of it; an empty one is withdrawn.
    """
    on_file = held(pet=pet)
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
    """Write what was asked for, and tell the owner. Raises AlreadyDecided, or AskedAnew when it is not as it was read.

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
    """Leave the file as it is, and tell the owner why.

    Raises AlreadyDecided, AskedAnew, or NoReason without an answer.
    """
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
    """Of two who decide at once the second is told, and so is who decides what the owner has changed since."""
    held(pet=request.pet)
    values = {"state": state, "decided_by": by, "decided_at": now, "answer": answer}
    waiting = ChangeRequest.objects.for_clinic(request.clinic).filter(pk=request.pk).waiting()
    if not waiting.filter(asked_at=request.asked_at).update(**values):
        raise AskedAnew if waiting.exists() else AlreadyDecided
    for field, value in values.items():
        setattr(request, field, value)
