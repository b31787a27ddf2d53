"""Setting up booking at a demo clinic: what is offered, who does it, where, when and by which rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from bookings import actions
from bookings.models import (
    Resource,
    Service,
    ServicePlan,
    ServiceResource,
    WarningSign,
    WorkingException,
    WorkingHours,
)
from clinics.models import Clinic, HoursException, StaffMember
from demo.harbour_offers import HARBOUR, ORTEGA
from demo.offers import DemoBooking, DemoResource, DemoService
from demo.willow_offers import LINDQVIST, SHAH, WILLOW
from pets.models import CarePlan

BOOKING = {"willow": WILLOW, "harbour": HARBOUR}
# Before the first visit of the demo, so that all of them are younger than the rules.
RULES_SINCE = timedelta(days=800)


def set_up_booking(clinic: Clinic, *, now: datetime) -> None:
    """Inside `tenant(clinic)`, whose staff, holidays and care plans are there already."""
    facts, today = BOOKING[clinic.slug], timezone.localdate(now, clinic.zone)
    _rules(clinic, facts, now)
    resources = {row.name: _resource(clinic, row, place, today) for place, row in enumerate(facts.resources)}
    for place, service in enumerate(facts.services):
        _service(clinic, service, place, resources)
    WarningSign.objects.bulk_create(
        WarningSign(clinic=clinic, species=species, text=text, language=clinic.language, position=place)
        for place, (species, text) in enumerate(facts.signs)
    )
    _odd_days(clinic, resources, today)
    _closures(clinic, resources, today)


def _rules(clinic: Clinic, facts: DemoBooking, now: datetime) -> None:
    """The second version: the first allowed a move less."""
    then, words = now - RULES_SINCE, {clinic.language: facts.wording}
    first = facts.rules | {"most_moves": facts.rules["most_moves"] - 1}
    actions.set_policy(clinic=clinic, by=None, now=then, words=words, **first)
    actions.set_policy(clinic=clinic, by=None, now=then + timedelta(days=30), **facts.rules)


def _resource(clinic: Clinic, facts: DemoResource, place: int, today: date) -> Resource:
    staff = StaffMember.objects.for_clinic(clinic).filter(user__email=facts.account).first() if facts.account else None
    kind = Resource.Kind.ROOM if facts.is_room else Resource.Kind.PERSON
    row = Resource.objects.create(clinic=clinic, kind=kind, name=facts.name, job=facts.job, staff=staff, position=place)
    WorkingHours.objects.bulk_create(_hours(row, facts, today))
    return row


def _hours(row: Resource, facts: DemoResource, today: date) -> Iterator[WorkingHours]:
    for hours in facts.hours:
        first = None if hours.since is None else today + timedelta(days=hours.since)
        last = None if hours.until is None else today + timedelta(days=hours.until)
        for weekday in hours.days:
            for starts, ends in hours.spans:
                yield WorkingHours(
                    clinic=row.clinic,
                    resource=row,
                    weekday=weekday,
                    starts=starts,
                    ends=ends,
                    first_on=first,
                    last_on=last,
                )


def _service(clinic: Clinic, facts: DemoService, place: int, resources: dict[str, Resource]) -> None:
    row = Service.objects.create(clinic=clinic, name=facts.name, category=facts.category, position=place, **facts.facts)
    ServiceResource.objects.bulk_create(
        ServiceResource(clinic=clinic, service=row, resource=resources[name]) for name in facts.by
    )
    plans = CarePlan.objects.for_clinic(clinic).filter(family__in=facts.plans)
    ServicePlan.objects.bulk_create(ServicePlan(clinic=clinic, service=row, plan=plan) for plan in plans)


def _odd_days(clinic: Clinic, resources: dict[str, Resource], today: date) -> None:
    """Days unlike the others: a course, a holiday on which the nurse comes, and duty where nobody would be there."""

    def on(name: str, day: date, note: str, span: tuple[time, time] | None = None) -> None:
        starts, ends = span or (None, None)
        WorkingException.objects.create(
            clinic=clinic, resource=resources[name], on=day, starts=starts, ends=ends, note=note
        )

    holiday = HoursException.objects.for_clinic(clinic).order_by("on").values_list("on", flat=True)[0]
    away, helper = (LINDQVIST, SHAH) if clinic.slug == "willow" else (ORTEGA, ORTEGA)
    on(away, weekday_from(today + timedelta(days=9)), "away on a course")
    on(helper, holiday, "here in spite of the holiday", (time(10), time(12)))
    if today.weekday() == 6:
        for name, row in resources.items():
            if row.kind == Resource.Kind.PERSON and row.job.startswith("Vet"):
                on(name, today, "Sunday duty", (time(9), time(17)))


def _closures(clinic: Clinic, resources: dict[str, Resource], today: date) -> None:
    """The whole clinic meets over lunch; at Willow a room is painted for two days."""
    day = weekday_from(today + timedelta(days=5))
    actions.close_time(
        clinic=clinic,
        resource=None,
        starts_at=_moment(clinic, day, time(13)),
        ends_at=_moment(clinic, day, time(14)),
        by=None,
        reason="team meeting",
    )
    if clinic.slug == "willow":
        first = weekday_from(today + timedelta(days=18))
        actions.close_time(
            clinic=clinic,
            resource=resources["Consulting room 2"],
            starts_at=_moment(clinic, first, time(7)),
            ends_at=_moment(clinic, first + timedelta(days=1), time(19)),
            by=None,
            reason="painting",
        )


def weekday_from(day: date) -> date:
    """That day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _moment(clinic: Clinic, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, clinic.zone)
