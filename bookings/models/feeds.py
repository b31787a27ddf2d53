"""A client's visits for their own calendar."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic


class CalendarFeed(ClinicOwned):
    """A client's visits for a calendar to subscribe to, at an address that only its owner knows. Revocable."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="calendar_feeds")
    token_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    # Coarse: written at most once an hour.
    last_read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ClinicQuerySet["CalendarFeed"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("client"),
            models.UniqueConstraint(fields=["clinic", "token_digest"], name="bookings_calendarfeed_token"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at__isnull=True), name="bookings_calendarfeed_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"
