"""Celery's part: to say “look”. Every task may be lost, late or run twice."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from clinics.models import Clinic
from messaging import delivery

log = structlog.get_logger(__name__)


@shared_task(name="messaging.deliver_clinic")
def deliver_clinic(*, clinic_id: int, **_from_newer_release: Any) -> None:
    """Send what is due at one clinic."""
    delivery.deliver_clinic(clinic_id)


@shared_task(name="messaging.deliver_due")
def deliver_due(**_from_newer_release: Any) -> None:
    """Have every clinic looked at that something waits for.

    The rings stay until they are answered, so none is lost.
    """
    for clinic_id in delivery.waiting_clinics(timezone.now()):
        # Expires, so that a queue that is behind does not fill up with the same words.
        deliver_clinic.apply_async(kwargs={"clinic_id": clinic_id}, expires=60)


@shared_task(name="messaging.sweep_outboxes")
def sweep_outboxes(**_from_newer_release: Any) -> None:
    """Look at every live clinic, rung for or not."""
    for clinic in Clinic.objects.live().order_by("pk").iterator():
        try:
            delivery.sweep(clinic, timezone.now())
        except Exception:  # One clinic's trouble is not the others'.
            log.exception("messaging.sweep_failed", clinic_id=clinic.pk)
