"""What must not pile up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models.functions import Now

from bookings.models import CalendarFeed, Hold

if TYPE_CHECKING:
    from clinics.models import Clinic


# How long it stays known that a calendar's address was there.
FEEDS_KEPT_FOR = timedelta(days=30)


def purge_feeds(*, clinic: Clinic, now: datetime) -> int:
    """Forget the ended calendar addresses of a clinic; returns how many."""
    ended = CalendarFeed.objects.for_clinic(clinic).filter(ended_at__lt=now - FEEDS_KEPT_FOR)
    count, _by_model = ended.delete()
    return count


def purge_holds(*, clinic: Clinic) -> int:
    """Forget the holds of a clinic that have expired; returns how many. Nothing waits for it: they bind nobody."""
    expired = Hold.objects.for_clinic(clinic).filter(expires_at__lte=Now())
    count = expired.count()
    expired.delete()
    return count
