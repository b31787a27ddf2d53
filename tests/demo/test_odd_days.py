"""On whatever day somebody tries the demo, it has the same to show, and its rows agree with one another."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest
from django.utils import timezone

from bookings.models import BLOCKING, Appointment, AppointmentChange, Claim, State
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests.demo.conftest import run_seed

ODD_DAYS = {
    "a Sunday": "2026-04-19T11:15:00+01:00",
    "a Saturday night": "2026-04-18T23:50:00+01:00",
    "before the clocks go forward": "2026-03-21T08:45:00+00:00",
    "before they go back": "2026-10-23T16:00:00+01:00",
    "the end of the year": "2026-12-31T23:59:30+00:00",
    "a leap day": "2028-02-29T00:00:30+00:00",
}


def check_that_it_is_whole(clinic: Clinic, now: datetime) -> None:
    """What PostgreSQL doesn't hold by itself: claims, history and states agree."""
    visits = Appointment.objects.for_clinic(clinic)
    claimed = set(Claim.objects.for_clinic(clinic).values_list("appointment", flat=True))
    told = set(AppointmentChange.objects.for_clinic(clinic).values_list("appointment", flat=True))
    assert claimed == set(visits.blocking().values_list("pk", flat=True))
    assert told == set(visits.values_list("pk", flat=True))
    assert visits.filter(state=State.COMPLETED, starts_at__gt=now).count() == 0
    assert visits.filter(state=State.CONFIRMED, ends_at__lt=now).count() == 0
    assert visits.filter(booked_at__gt=now).count() == 0


@pytest.mark.parametrize("moment", ODD_DAYS.values(), ids=ODD_DAYS.keys())
def test_on_any_day_there_is_the_same_to_see(moment, db, tmp_path):
    now = datetime.fromisoformat(moment)

    run_seed(tmp_path, now)

    for clinic in Clinic.objects.all():
        today = timezone.localdate(now, clinic.zone)
        with tenant(clinic):
            check_that_it_is_whole(clinic, now)
            upcoming = Appointment.objects.for_clinic(clinic).upcoming(now=now).filter(client__name="Nadia Brennan")
            states = Counter(upcoming.values_list("state", flat=True))
            todays = [visit for visit in Appointment.objects.for_clinic(clinic) if _day(visit) == today]
        assert states == ({"confirmed": 3, "requested": 2} if clinic.slug == "willow" else {"confirmed": 2})
        assert len(todays) > 3
        assert {visit.state for visit in todays if visit.ends_at > now} <= set(BLOCKING)


def _day(visit: Appointment) -> date:
    return timezone.localdate(visit.starts_at, visit.clinic.zone)
