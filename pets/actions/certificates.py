"""“Done elsewhere” (B12): an owner hands in another clinic's certificate, staff read it and make a record of it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.models import StaffMember
from pets import notices
from pets.actions.care import OtherSpecies, record_care
from pets.actions.changes import note_change
from pets.actions.requests import AlreadyDecided, NoReason
from pets.models import CarePlan, CareRecord, Certificate, Pet, PetChange, Upload
from portal.kit.refusals import Refusal


class NoClinicNamed(Refusal):
    message = gettext_lazy("Name the clinic that gave it: the card shows where it comes from.")


@transaction.atomic
def hand_in_certificate(
    *, pet: Pet, client: Client, plan: CarePlan, now: datetime, given_at_clinic: str = "", given_on: date | None = None
) -> Certificate:
    """Open a certificate for the file that `pets.actions.uploads` puts to it. Raises OtherSpecies.

    It waits for staff once the file has been looked at.
    """
    if plan.species != pet.species:
        raise OtherSpecies
    certificate = Certificate.objects.create(
        clinic=pet.clinic,
        pet=pet,
        client=client,
        plan=plan,
        given_at_clinic=given_at_clinic,
        given_on=given_on,
        handed_in_at=now,
    )
    note_change(pet=pet, kind=PetChange.Kind.CERTIFICATE, by=client, now=now)
    return certificate


@transaction.atomic
def accept_certificate(
    *,
    certificate: Certificate,
    by: StaffMember,
    now: datetime,
    given_on: date,
    valid_until: date,
    given_at_clinic: str,
    **details: Any,
) -> CareRecord:
    """Make a care record of what staff read off the paper: the reminder stops, and the card names the source.

    Raises AlreadyDecided, NoClinicNamed, OtherSpecies or NotAPeriod. The owner is told.
    """
    if not given_at_clinic.strip():
        raise NoClinicNamed
    _decide(certificate, Certificate.State.ACCEPTED, by=by, now=now)
    record = record_care(
        pet=certificate.pet,
        plan=certificate.plan,
        given_on=given_on,
        valid_until=valid_until,
        by=by,
        now=now,
        given_at_clinic=given_at_clinic.strip(),
        **details,
    )
    Certificate.objects.for_clinic(certificate.clinic).filter(pk=certificate.pk).update(record=record)
    certificate.record = record
    note_change(pet=certificate.pet, kind=PetChange.Kind.CERTIFICATE_ACCEPTED, by=by, now=now)
    notices.certificate_answered(certificate, now=now)
    return record


@transaction.atomic
def decline_certificate(*, certificate: Certificate, by: StaffMember, answer: str, now: datetime) -> None:
    """Not taken over: the owner is told why. Raises AlreadyDecided, or NoReason without an answer."""
    if not answer.strip():
        raise NoReason
    _decide(certificate, Certificate.State.DECLINED, by=by, now=now, answer=answer.strip())
    note_change(pet=certificate.pet, kind=PetChange.Kind.CERTIFICATE_DECLINED, by=by, now=now)
    notices.certificate_answered(certificate, now=now)


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, now: datetime) -> None:
    """The owner takes it back before anybody decided, and the file with it. Raises AlreadyDecided."""
    _decide(certificate, Certificate.State.WITHDRAWN, by=None, now=now)
    kind = PetChange.Kind.CERTIFICATE_WITHDRAWN
    note_change(pet=certificate.pet, kind=kind, by=certificate.client, now=now)
    for upload in Upload.objects.for_clinic(certificate.clinic).waiting().filter(certificate=certificate):
        upload.state, upload.done_at = Upload.State.REFUSED, now
        upload.save(update_fields=["state", "done_at"])
        transaction.on_commit(partial(upload.raw.storage.delete, str(upload.raw.name)), robust=True)
    certificate.refresh_from_db(fields=["file"])  # A worker may have put it there since.
    if certificate.file:
        transaction.on_commit(partial(certificate.file.storage.delete, str(certificate.file.name)), robust=True)
        Certificate.objects.for_clinic(certificate.clinic).filter(pk=certificate.pk).update(file="")
        certificate.file = ""


def note_certificate_seen(*, certificate: Certificate, now: datetime) -> None:
    """The owner has read the answer: it needn't be shown again."""
    decided = Certificate.objects.for_clinic(certificate.clinic).filter(pk=certificate.pk)
    decided.exclude(state__in=Certificate.OPEN).update(seen_at=now)


def _decide(
    certificate: Certificate, state: Certificate.State, *, by: StaffMember | None, now: datetime, answer: str = ""
) -> None:
    """One statement: of two who decide at once, the second is told. Staff decide what waits, owners also earlier."""
    before = (Certificate.State.WAITING,) if by else Certificate.OPEN
    values = {"state": state, "decided_by": by, "decided_at": now, "answer": answer}
    row = Certificate.objects.for_clinic(certificate.clinic).filter(pk=certificate.pk, state__in=before)
    if not row.update(**values):
        raise AlreadyDecided
    for field, value in values.items():
        setattr(certificate, field, value)
