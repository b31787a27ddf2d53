"""What backs a promise: the claims on a person's, a room's and a pet's time."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from bookings.models.appointments import Appointment
from bookings.models.resources import Resource
from bookings.models.services import Service
from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models import Pet

ONE_VISIT_PER_RESOURCE = "bookings_claim_one_visit_per_resource"
ONE_VISIT_PER_PET = "bookings_claim_one_visit_per_pet"
# No claim is longer, so that those which reach into a day are found by their start.
LONGEST_CLAIM = timedelta(days=1)


class HoldQuerySet(ClinicQuerySet["Hold"]):
    def for_client(self, client: Client) -> Self:
        return self.for_clinic(client.clinic).filter(client=client)

    def live(self) -> Self:
        """By the database's clock, like everything about holds."""
        return self.filter(expires_at__gt=Now())


class Hold(ClinicOwned):
    """A time that is kept for a client who is about to confirm. It ends by the database's clock; nothing need run."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Resource, on_delete=models.CASCADE, null=True, related_name="+")
    room = models.ForeignKey(Resource, on_delete=models.CASCADE, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("client"),
            SameClinic("service"),
            SameClinic("person"),
            SameClinic("room"),
        ]
        indexes = [
            models.Index(fields=["clinic", "client"], name="bookings_hold_client"),
            models.Index(fields=["clinic", "expires_at"], name="bookings_hold_expires"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class TsTzRange(Func):
    """tstzrange(a, b): from a up to but without b."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Claim(ClinicOwned):
    """A person, a room or a pet is taken from one moment to another, buffers included. It goes with its promise.

    Only `bookings.actions.taking` writes these rows. PostgreSQL refuses two that overlap, whoever tries; expired holds
    count until they are deleted, which that function does first.
    """

    # Without indexes of their own: those of the constraints below begin with them.
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    pet = models.ForeignKey(Pet, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="claims")
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, null=True, related_name="claims")
    blocked_at = models.DateTimeField()
    blocked_until = models.DateTimeField()
    # Of a hold; an appointment's claim stays.
    expires_at = models.DateTimeField(null=True)

    objects = ClinicQuerySet["Claim"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("resource"),
            SameClinic("pet"),
            SameClinic("appointment"),
            SameClinic("hold"),
            ExclusionConstraint(
                name=ONE_VISIT_PER_RESOURCE,
                condition=Q(resource__isnull=False),
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    (TsTzRange("blocked_at", "blocked_until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name=ONE_VISIT_PER_PET,
                condition=Q(pet__isnull=False),
                expressions=[
                    ("pet", RangeOperators.EQUAL),
                    (TsTzRange("blocked_at", "blocked_until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(resource__isnull=False, pet__isnull=True) | Q(resource__isnull=True, pet__isnull=False),
                name="bookings_claim_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, hold__isnull=True, expires_at__isnull=True)
                | Q(appointment__isnull=True, hold__isnull=False, expires_at__isnull=False),
                name="bookings_claim_of_one_promise",
            ),
            models.CheckConstraint(
                condition=Q(blocked_until__gt=F("blocked_at"), blocked_until__lte=F("blocked_at") + LONGEST_CLAIM),
                name="bookings_claim_length",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "resource", "blocked_at"],
                include=["blocked_until", "expires_at", "appointment", "hold"],
                condition=Q(resource__isnull=False),
                name="bookings_claim_resource",
            ),
            models.Index(
                fields=["clinic", "pet", "blocked_at"], condition=Q(pet__isnull=False), name="bookings_claim_pet"
            ),
        ]
