"""Promises that somebody sees a pet at a time."""

from bookings.models.appointments import ONE_VISIT_PER_FORM, Appointment, AppointmentPet, AppointmentQuerySet
from bookings.models.changes import AppointmentChange
from bookings.models.choices import BLOCKING, CANCELLED, ENDS, Audience, LateRule, Mode, State
from bookings.models.claims import LONGEST_CLAIM, ONE_VISIT_PER_PET, ONE_VISIT_PER_RESOURCE, Claim, Hold
from bookings.models.feeds import CalendarFeed
from bookings.models.policies import UNIT_MINUTES, Policy, PolicyWords, Terms
from bookings.models.resources import Closure, Resource, WorkingException, WorkingHours
from bookings.models.services import (
    LONGEST_MINUTES,
    Service,
    ServicePlan,
    ServiceResource,
    ServiceWords,
    WarningSign,
)

__all__ = [
    "BLOCKING",
    "CANCELLED",
    "ENDS",
    "LONGEST_CLAIM",
    "LONGEST_MINUTES",
    "ONE_VISIT_PER_FORM",
    "ONE_VISIT_PER_PET",
    "ONE_VISIT_PER_RESOURCE",
    "UNIT_MINUTES",
    "Appointment",
    "AppointmentChange",
    "AppointmentPet",
    "AppointmentQuerySet",
    "Audience",
    "CalendarFeed",
    "Claim",
    "Closure",
    "Hold",
    "LateRule",
    "Mode",
    "Policy",
    "PolicyWords",
    "Resource",
    "Service",
    "ServicePlan",
    "ServiceResource",
    "ServiceWords",
    "State",
    "Terms",
    "WarningSign",
    "WorkingException",
    "WorkingHours",
]
