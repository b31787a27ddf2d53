"""Celery's part: to look at what owners sent, and to print cards. Every task may be lost, late or run twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_init
from django.utils import timezone, translation

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions
from pets.id_card import samples
from pets.id_card.content import content_of
from pets.id_card.documents import printable
from pets.models import CardDocument, Upload
from portal.kit import pdf

log = structlog.get_logger(__name__)


@worker_init.connect
def warm_up(**_about_the_worker: Any) -> None:
    """Before a worker forks, so that its processes share what was loaded and no owner waits for it."""
    samples.warm_up()


@shared_task(name="pets.finish_upload")
def finish_upload(*, clinic_id: int, upload_id: int, **_from_newer_release: Any) -> None:
    """Look at one file that an owner sent."""
    clinic = Clinic.objects.live().filter(pk=clinic_id).first()
    if clinic is None:
        return
    with tenant(clinic):
        upload = Upload.objects.for_clinic(clinic).waiting().filter(pk=upload_id).first()
        if upload:
            upload.clinic = clinic
            actions.finish_upload(upload=upload, now=timezone.now())


@shared_task(name="pets.sweep_uploads")
def sweep_uploads(**_from_newer_release: Any) -> None:
    """At every live clinic: have those looked at whose nudge was lost, and forget the old ones."""
    for clinic in Clinic.objects.live().order_by("pk").iterator():
        try:
            with tenant(clinic):
                lost = actions.tidy_uploads(clinic=clinic, now=timezone.now())
            for upload_id in lost:
                # A task for each, so that a file that kills its worker does not stand in the way of the others.
                finish_upload.apply_async(kwargs={"clinic_id": clinic.pk, "upload_id": upload_id}, expires=600)
        except Exception:  # One clinic's trouble is not the others'.
            log.exception("pets.sweep_failed", clinic_id=clinic.pk)


@shared_task(name="pets.make_card_document")
def make_card_document(
    *, clinic_id: int, document_id: int, asked_at: str, language: str = "", **_from_newer_release: Any
) -> None:
    """Print a Pet ID card. No clinic is open and no transaction runs while it is printed."""
    clinic = Clinic.objects.live().filter(pk=clinic_id).first()
    if clinic is None:
        return
    with tenant(clinic):
        document = _claimed_document(clinic, document_id, datetime.fromisoformat(asked_at))
    if document is None:
        return
    try:
        with timezone.override(clinic.zone), translation.override(language or clinic.language):
            _print(document)
    except (pdf.Unavailable, actions.NoCard, actions.CardWithdrawn) as reason:
        log.warning("pets.card_document_not_made", document_id=document_id, reason=str(reason))
        _give_up(document)
    except Exception:  # Whoever waits for it must be told.
        log.exception("pets.card_document_failed", clinic_id=clinic_id, document_id=document_id)
        _give_up(document)


def _claimed_document(clinic: Clinic, document_id: int, asked_at: datetime) -> CardDocument | None:
    documents = CardDocument.objects.for_clinic(clinic).select_related("card__pet__owner")
    document = documents.filter(pk=document_id).first()
    if document is None:
        return None
    document.clinic = document.card.clinic = document.card.pet.clinic = clinic
    is_ours = actions.claim_document(document=document, asked_at=asked_at, now=timezone.now())
    return document if is_ours else None


def _print(document: CardDocument) -> None:
    with tenant(document.clinic):
        card = actions.open_card(pet=document.card.pet, now=timezone.now())
        ready = printable(content_of(card, today=timezone.localdate()), document.form)
    made = ready.as_pdf()
    with tenant(document.clinic):
        actions.keep_document(document=document, digest=ready.digest, pdf=made, now=timezone.now())


def _give_up(document: CardDocument) -> None:
    with tenant(document.clinic):
        actions.give_up_document(document=document)
