"""A client's visits, on the client's profile."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from bookings import diary
from bookings.admin.desk import may_act
from bookings.models import CANCELLED, Appointment, State
from clients.admin import ProfilePart, profile_parts
from clients.models import Client
from clinics.admin_scope import DESK

PAST_SHOWN = 20


def of_client(request: Any, client: Client) -> dict[str, Any]:
    """What is to come, the last of what was, and how often they stayed away; four statements."""
    now = timezone.now()
    client.clinic = request.clinic
    rows = Appointment.objects.for_client(client).select_related("service", "person")
    upcoming, past = list(rows.upcoming(now=now)), list(rows.past(now=now)[:PAST_SHOWN])
    pets = diary.pets_of(request.clinic, [*upcoming, *past])
    counts = Appointment.objects.for_client(client).aggregate(
        completed=Count("pk", filter=Q(state=State.COMPLETED)),
        missed=Count("pk", filter=Q(state=State.NO_SHOW)),
        late=Count("pk", filter=Q(state=State.LATE_CANCELLED)),
        cancelled=Count("pk", filter=Q(state__in=CANCELLED)),
    )
    return {
        "upcoming_visits": [(visit, pets[visit.pk]) for visit in upcoming],
        "past_visits": [(visit, pets[visit.pk]) for visit in past],
        "visit_counts": counts,
        "may_book": may_act(request, DESK) and client.archived_at is None,
    }


profile_parts.append(ProfilePart("admin/bookings/profile.html", of_client))
