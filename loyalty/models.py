"""Memberships: what a client has signed up for, for one pet or for all of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic


class MembershipPlan(ClinicOwned):
    """What a clinic offers, like “Wellness Club”."""

    name = models.CharField(gettext_lazy("name"), max_length=80)
    is_active = models.BooleanField(gettext_lazy("offered"), default=True)

    objects = ClinicQuerySet["MembershipPlan"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("membership plan")
        verbose_name_plural = gettext_lazy("membership plans")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "name"],
                name="loyalty_membershipplan_once",
                violation_error_message=gettext_lazy("There is a plan of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    PENDING = "pending", gettext_lazy("Starts later")
    ACTIVE = "active", gettext_lazy("Active")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    FROZEN = "frozen", gettext_lazy("Frozen")
    PENDING_CANCELLATION = "pending_cancellation", gettext_lazy("Ending")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    EXPIRED = "expired", gettext_lazy("Expired")


class MembershipQuerySet(ClinicQuerySet["Membership"]):
    def blocking_removal(self, *, today: date) -> Self:
        """Active, suspended, frozen or pending cancellation on that day of the clinic (R20); no other blocks (R22)."""
        ended = Q(cancel_on__lte=today) | Q(ends_on__lt=today)
        return self.filter(starts_on__lte=today).exclude(ended)

    def not_started(self, *, today: date) -> Self:
        """Paid for, perhaps, and still to begin."""
        return self.filter(starts_on__gt=today).exclude(cancel_on__lte=today)

    def under_review(self) -> Self:
        return self.filter(review_asked_at__isnull=False)

    def ask_for_review(self, *, reason: str, now: datetime) -> int:
        """Hand these to staff: what they were taken out for has changed. Returns how many were not there already."""
        return self.filter(review_asked_at__isnull=True).update(review_asked_at=now, review_reason=reason)

    def drop_review(self, *, reason: str) -> int:
        """The change was taken back before staff looked."""
        return self.under_review().filter(review_reason=reason).update(review_asked_at=None, review_reason="")


class Membership(ClinicOwned):
    """A client's membership, for one pet or, without one, for the household.

    The status is read off the dates on the day that somebody asks, never kept: a job that did not run can't make it
    wrong. Days are the clinic's.
    """

    class Review(models.TextChoices):
        PET_DELETED = "pet_deleted", gettext_lazy("Its pet was deleted")
        PET_DECEASED = "pet_deceased", gettext_lazy("Its pet died")

    plan = models.ForeignKey(
        MembershipPlan, on_delete=models.PROTECT, related_name="memberships", verbose_name=gettext_lazy("plan")
    )
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="memberships", verbose_name=gettext_lazy("client")
    )
    pet = models.ForeignKey(
        "pets.Pet",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=gettext_lazy("pet"),
        help_text=gettext_lazy("Empty: it is for all pets of the client."),
    )
    starts_on = models.DateField(gettext_lazy("starts on"))
    ends_on = models.DateField(gettext_lazy("last day"), null=True, blank=True)
    suspended_on = models.DateField(
        gettext_lazy("suspended on"), null=True, blank=True, help_text=gettext_lazy("A charge failed.")
    )
    frozen_on = models.DateField(gettext_lazy("frozen on"), null=True, blank=True)
    frozen_until = models.DateField(gettext_lazy("frozen until"), null=True, blank=True)
    cancel_on = models.DateField(gettext_lazy("cancelled as of"), null=True, blank=True)
    review_asked_at = models.DateTimeField(gettext_lazy("to be reviewed since"), null=True, editable=False)
    review_reason = models.CharField(
        gettext_lazy("reason for the review"), max_length=12, choices=Review, blank=True, editable=False
    )
    created_at = models.DateTimeField(gettext_lazy("on file since"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("membership")
        verbose_name_plural = gettext_lazy("memberships")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("plan"),
            SameClinic("client"),
            SameClinic("pet"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="loyalty_membership_ends_after_start",
                violation_error_message=gettext_lazy("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(frozen_on__isnull=True, frozen_until__isnull=True)
                | Q(frozen_on__isnull=False, frozen_until__isnull=False, frozen_until__gt=F("frozen_on")),
                name="loyalty_membership_frozen_period",
                violation_error_message=gettext_lazy("A freeze needs its first day and a later one on which it ends."),
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "client"], name="loyalty_membership_client"),
            models.Index(fields=["clinic", "pet"], name="loyalty_membership_pet"),
            models.Index(
                fields=["clinic", "review_asked_at"],
                condition=Q(review_asked_at__isnull=False),
                name="loyalty_membership_review",
            ),
        ]

    def __str__(self) -> str:
        return self.plan.name

    def status(self, *, today: date) -> Status:
        """How it stands on a day of the clinic. The end comes first, then what pauses it."""
        if self.cancel_on and self.cancel_on <= today:
            return Status.CANCELLED
        if self.ends_on and self.ends_on < today:
            return Status.EXPIRED
        if self.starts_on > today:
            return Status.PENDING
        if self.suspended_on and self.suspended_on <= today:
            return Status.SUSPENDED
        if self.frozen_on and self.frozen_until and self.frozen_on <= today < self.frozen_until:
            return Status.FROZEN
        return Status.PENDING_CANCELLATION if self.cancel_on else Status.ACTIVE
