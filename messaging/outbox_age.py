"""Is anybody delivering? For /readyz."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from clinics.models import Clinic
from messaging.models import Waiting


def oldest_waiting(now: datetime) -> timedelta:
    """For how long the outbox of some live clinic has waited in vain to be looked at.

    Seconds, while workers are well.
    """
    due = Waiting.objects.filter(due_at__lte=now, clinic__in=Clinic.objects.live())
    oldest: datetime | None = due.aggregate(oldest=Min("due_at"))["oldest"]
    return now - oldest if oldest else timedelta()
