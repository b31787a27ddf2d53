"""What a clinic offers, to whom, and on which terms."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from bookings.models.choices import Audience, LateRule, Mode
from bookings.models.policies import UNIT_MINUTES, in_units
from bookings.models.resources import Resource
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models import CarePlan, Species

# A visit for several pets included.
LONGEST_MINUTES = 720


class ServiceQuerySet(ClinicQuerySet["Service"]):
    def active(self) -> ServiceQuerySet:
        return self.filter(is_active=True)

    def in_order(self) -> ServiceQuerySet:
        return self.order_by("position", "category", "name", "id")


class Service(ClinicOwned):
    """Something that a visit is for. Empty rules are the clinic's (`Policy`). Times are in minutes of the clock."""

    name = models.CharField(gettext_lazy("name"), max_length=80)
    category = models.CharField(
        gettext_lazy("group"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("Services of one group stand together, like “Check-ups”."),
    )
    summary = models.CharField(
        gettext_lazy("in a few words"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("Below the name, like “a vet looks at what worries you”."),
    )
    preparation = models.TextField(
        gettext_lazy("before the visit"),
        max_length=1000,
        blank=True,
        help_text=gettext_lazy("What to bring and to do. A line each."),
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)
    is_active = models.BooleanField(gettext_lazy("offered"), default=True)
    mode = models.CharField(gettext_lazy("booked"), max_length=7, choices=Mode, default=Mode.DIRECT)
    audience = models.CharField(gettext_lazy("for"), max_length=9, choices=Audience, default=Audience.EVERYBODY)
    species = ArrayField(
        models.CharField(max_length=12, choices=Species),
        verbose_name=gettext_lazy("species"),
        default=list,
        blank=True,
        help_text=gettext_lazy("None ticked: all of them."),
    )
    most_pets = models.PositiveSmallIntegerField(
        gettext_lazy("most pets in one visit"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text=gettext_lazy("Each adds the same length and price."),
    )
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("length (minutes)"),
        default=30,
        validators=[MinValueValidator(UNIT_MINUTES), MaxValueValidator(LONGEST_MINUTES), in_units],
    )
    buffer_before = models.PositiveSmallIntegerField(
        gettext_lazy("kept free before (minutes)"), default=0, validators=[MaxValueValidator(120), in_units]
    )
    buffer_after = models.PositiveSmallIntegerField(
        gettext_lazy("kept free after (minutes)"), default=0, validators=[MaxValueValidator(120), in_units]
    )
    most_per_day = models.PositiveSmallIntegerField(
        gettext_lazy("most in one day"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    # In the smallest unit of the clinic's currency.
    price = models.PositiveIntegerField(gettext_lazy("price"), null=True, blank=True)
    is_price_shown = models.BooleanField(gettext_lazy("clients see the price"), default=True)
    asks_signs = models.BooleanField(
        gettext_lazy("ask about warning signs first"),
        default=False,
        help_text=gettext_lazy("Before a visit for a sick animal. The signs are yours to word."),
    )
    is_gentle = models.BooleanField(
        gettext_lazy("a farewell"),
        default=False,
        help_text=gettext_lazy("No text messages, reminders or marketing about it."),
    )

    minimum_notice_hours = models.PositiveSmallIntegerField(
        gettext_lazy("book at least (hours ahead)"), null=True, blank=True, validators=[MaxValueValidator(720)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        gettext_lazy("book at most (days ahead)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
    )
    grid_minutes = models.PositiveSmallIntegerField(
        gettext_lazy("times start every (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(UNIT_MINUTES), MaxValueValidator(240), in_units],
    )
    cancel_hours = models.PositiveSmallIntegerField(
        gettext_lazy("free to cancel until (hours before)"), null=True, blank=True, validators=[MaxValueValidator(720)]
    )
    move_hours = models.PositiveSmallIntegerField(
        gettext_lazy("free to move until (hours before)"), null=True, blank=True, validators=[MaxValueValidator(720)]
    )
    most_moves = models.PositiveSmallIntegerField(
        gettext_lazy("most moves of one visit"), null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    late_rule = models.CharField(gettext_lazy("cancelling late"), max_length=4, choices=LateRule, blank=True)

    resources = models.ManyToManyField(Resource, through="ServiceResource", related_name="services")
    plans = models.ManyToManyField(CarePlan, through="ServicePlan", related_name="services")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("service")
        verbose_name_plural = gettext_lazy("services")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "name"],
                name="bookings_service_once",
                violation_error_message=gettext_lazy("There is a service of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=UNIT_MINUTES, minutes__lte=LONGEST_MINUTES), name="bookings_service_length"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def minutes_for(self, pets: int) -> int:
        """How long a visit of so many pets is."""
        return self.minutes * max(pets, 1)

    def treats(self, species: str) -> bool:
        return not self.species or species in self.species


class ServiceResource(ClinicOwned):
    """Who does it, and where. A visit has one of a service's people and, if it names rooms, one of those as well."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")

    objects = ClinicQuerySet["ServiceResource"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("service"),
            SameClinic("resource"),
            models.UniqueConstraint(fields=["service", "resource"], name="bookings_serviceresource_once"),
        ]


class ServicePlan(ClinicOwned):
    """A visit for the service takes care of this planned service: it is offered where that is due."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(CarePlan, on_delete=models.CASCADE, related_name="+")

    objects = ClinicQuerySet["ServicePlan"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("service"),
            SameClinic("plan"),
            models.UniqueConstraint(fields=["service", "plan"], name="bookings_serviceplan_once"),
        ]


class ServiceWords(ClinicOwned):
    """A service in another language than the clinic's own. What is empty here is said in the clinic's."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(gettext_lazy("name"), max_length=80, blank=True)
    summary = models.CharField(gettext_lazy("in a few words"), max_length=120, blank=True)
    preparation = models.TextField(gettext_lazy("before the visit"), max_length=1000, blank=True)

    objects = ClinicQuerySet["ServiceWords"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("wording in other languages")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("service"),
            models.UniqueConstraint(
                fields=["service", "language"],
                name="bookings_servicewords_once",
                violation_error_message=gettext_lazy("This language has its wording already."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_language_display()


class WarningSign(ClinicOwned):
    """A sign that can't wait for an appointment, in the clinic's words (B22). It never diagnoses."""

    species = models.CharField(
        gettext_lazy("species"), max_length=12, choices=Species, blank=True, help_text=gettext_lazy("Empty: any.")
    )
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    text = models.CharField(
        gettext_lazy("sign"), max_length=160, help_text=gettext_lazy("Like “Struggles to breathe”.")
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)

    objects = ClinicQuerySet["WarningSign"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("warning sign")
        verbose_name_plural = gettext_lazy("warning signs")
        constraints = [*ClinicOwned.Meta.constraints]

    def __str__(self) -> str:
        return self.text
