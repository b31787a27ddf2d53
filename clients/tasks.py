"""Celery's part: what happens to clients' rows by the clock."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone

from clients import retention
from clinics.models import Clinic
from clinics.tenancy import tenant

log = structlog.get_logger(__name__)


@shared_task(name="clients.purge_expired")
def purge_expired(**_from_newer_release: Any) -> None:
    """Forget what must not be kept, at every clinic: a suspended one's clients have the same rights."""
    now = timezone.now()
    retention.purge_sign_ins(now=now)
    for clinic in Clinic.objects.order_by("pk").iterator():
        try:
            with tenant(clinic):
                retention.purge_clinic(clinic=clinic, now=now)
        except Exception:  # One clinic's trouble is not the others'.
            log.exception("clients.purge_failed", clinic_id=clinic.pk)
