"""A clinic's booking rules, version by version."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models.choices import LateRule
from clinics.models import StaffMember
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic

# Every length, buffer and grid is a multiple of it: times are found in steps of five minutes.
UNIT_MINUTES = 5


def in_units(minutes: int) -> None:
    if minutes % UNIT_MINUTES:
        raise ValidationError(_("Use a multiple of 5 minutes."))


class Terms(models.Model):
    """What a clinic lets clients do with their visits, and when. As columns, because a visit keeps those it came by."""

    cancel_hours = models.PositiveSmallIntegerField(
        gettext_lazy("free to cancel until (hours before)"), validators=[MaxValueValidator(720)], default=24
    )
    move_hours = models.PositiveSmallIntegerField(
        gettext_lazy("free to move until (hours before)"), validators=[MaxValueValidator(720)], default=24
    )
    most_moves = models.PositiveSmallIntegerField(
        gettext_lazy("most moves of one visit"), validators=[MaxValueValidator(50)], default=3
    )
    late_rule = models.CharField(gettext_lazy("cancelling late"), max_length=4, choices=LateRule, default=LateRule.MARK)

    class Meta:
        abstract = True


class Policy(Terms, ClinicOwned):
    """A version of a clinic's booking rules. The newest is in force; visits keep the one they were booked under."""

    number = models.PositiveIntegerField(gettext_lazy("version"), editable=False)
    minimum_notice_hours = models.PositiveSmallIntegerField(
        gettext_lazy("book at least (hours ahead)"), validators=[MaxValueValidator(720)], default=2
    )
    horizon_days = models.PositiveSmallIntegerField(
        gettext_lazy("book at most (days ahead)"),
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        default=90,
    )
    grid_minutes = models.PositiveSmallIntegerField(
        gettext_lazy("times start every (minutes)"),
        validators=[MinValueValidator(UNIT_MINUTES), MaxValueValidator(240), in_units],
        default=15,
        help_text=gettext_lazy(
            "Counted from midnight: 15 means on the hour and at quarter past, half past, quarter to."
        ),
    )
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    made_at = models.DateTimeField(gettext_lazy("in force since"), null=True, editable=False)

    objects = ClinicQuerySet["Policy"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("booking rules")
        verbose_name_plural = gettext_lazy("booking rules")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("made_by"),
            models.UniqueConstraint(fields=["clinic", "number"], name="bookings_policy_number"),
        ]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.number}


class PolicyWords(ClinicOwned):
    """What a clinic wants to have said about a version of its rules, besides what the portal says by itself."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES)
    body = models.TextField(gettext_lazy("in your words"), max_length=1000)

    objects = ClinicQuerySet["PolicyWords"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("wording of the rules")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("policy"),
            models.UniqueConstraint(
                fields=["policy", "language"],
                name="bookings_policywords_once",
                violation_error_message=gettext_lazy("This language has its wording already."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_language_display()
