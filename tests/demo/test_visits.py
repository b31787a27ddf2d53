"""The demo's visits, on whatever day somebody tries it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.utils import timezone

from bookings import availability, policy
from bookings.availability import Wanted
from bookings.models import Appointment, Service, State
from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging.models import Outgoing
from tests.demo.conftest import WEDNESDAY


def nadias(clinic: Clinic) -> list[tuple[str, str, bool]]:
    with tenant(clinic):
        visits = Appointment.objects.for_clinic(clinic).filter(client__name="Nadia Brennan").with_names()
        return [(visit.service.name, visit.state, visit.is_proposal) for visit in visits.order_by("starts_at", "id")]


def test_nadia_has_visits_in_every_state_that_a_client_may_see(wednesday):
    willow = wednesday["willow"]

    found = nadias(willow)

    ended = ("completed", "no_show", "late_cancelled", "cancelled_by_client", "cancelled_by_clinic", "declined")
    assert {state for _name, state, _is_proposal in found} == {"confirmed", "requested", *ended}
    assert [(name, is_proposal) for name, state, is_proposal in found if state == "requested"] == [
        ("Neutering", True),
        ("Dental scale and polish", False),
    ]


def test_the_health_check_is_in_eight_days_at_twenty_past_nine(wednesday):
    willow = wednesday["willow"]

    with tenant(willow):
        visit = Appointment.objects.for_clinic(willow).get(
            service__name="Annual health check", client__name="Nadia Brennan", state=State.CONFIRMED
        )
        pets = [pet.name for pet in visit.pets.all()]
        assert visit.person

    assert visit.starts_at == datetime.fromisoformat("2026-04-23T09:20:00+01:00")
    assert (pets, visit.person.name) == (["Miso"], "Dr Amara Okafor")


def test_the_dental_check_was_moved_once_and_keeps_its_history(wednesday):
    willow = wednesday["willow"]

    with tenant(willow):
        visit = Appointment.objects.for_clinic(willow).get(
            service__name="Dental check", client__name="Nadia Brennan", state=State.CONFIRMED
        )
        kinds = list(visit.changes.for_clinic(willow).order_by("id").values_list("kind", flat=True))

    assert (visit.moves, visit.sequence, kinds) == (1, 1, ["booked", "moved"])


def test_one_visit_at_harbour_is_too_soon_to_be_cancelled_here(wednesday):
    harbour = wednesday["harbour"]
    now = WEDNESDAY

    with tenant(harbour):
        visit = Appointment.objects.for_clinic(harbour).get(
            service__name="Wellness exam", client__name="Nadia Brennan", state=State.CONFIRMED
        )
        verdict = policy.cancellation(visit, by_staff=False, now=now)

    assert isinstance(verdict.refusal, policy.TooLateToCancel)


def test_days_are_free_nearly_full_full_and_closed(wednesday):
    willow = wednesday["willow"]
    now = WEDNESDAY
    today = timezone.localdate(now, willow.zone)

    with tenant(willow):
        check = Service.objects.for_clinic(willow).get(name="Annual health check")
        wanted = Wanted(service=check, rules=policy.rules_for(check, policy.in_force(willow)))
        openings = availability.read(willow, wanted, first=today, last=today + timedelta(days=20), now=now)

    assert {str(day.fullness) for day in openings.days} == {"free", "few", "full", "closed"}


def test_staff_find_a_day_with_everything_that_a_day_has(wednesday):
    willow = wednesday["willow"]
    start = datetime.fromisoformat("2026-04-15T00:00:00+01:00")

    with tenant(willow):
        visits = Appointment.objects.for_clinic(willow).filter(
            starts_at__gte=start, starts_at__lt=start + timedelta(days=1)
        )
        states = Counter(visits.values_list("state", flat=True))

    assert {"completed", "in_progress", "arrived", "confirmed"} <= set(states)
    assert states.total() > 20


def test_the_outbox_is_not_flooded(wednesday):
    for clinic in wednesday.values():
        with tenant(clinic):
            assert Outgoing.objects.for_clinic(clinic).filter(to__contains="example.com").count() < 20
            others = Outgoing.objects.for_clinic(clinic).exclude(to__in=["+447700900123", "demo@example.com"])
            assert list(others) == []
