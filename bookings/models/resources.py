"""People and rooms, and when they can be had."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models import StaffMember
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic


class ResourceQuerySet(ClinicQuerySet["Resource"]):
    def active(self) -> ResourceQuerySet:
        return self.filter(is_active=True)

    def people(self) -> ResourceQuerySet:
        return self.filter(kind=Resource.Kind.PERSON)

    def in_order(self) -> ResourceQuerySet:
        """People before rooms, then as the clinic sorts them."""
        return self.order_by("kind", "position", "name", "id")


class Resource(ClinicOwned):
    """Somebody or something that one visit at a time can have."""

    class Kind(models.TextChoices):
        PERSON = "person", gettext_lazy("Person")
        ROOM = "room", gettext_lazy("Room")

    kind = models.CharField(gettext_lazy("kind"), max_length=6, choices=Kind, default=Kind.PERSON)
    name = models.CharField(
        gettext_lazy("name"), max_length=80, help_text=gettext_lazy("As clients read it, like “Dr Amara Okafor”.")
    )
    job = models.CharField(
        gettext_lazy("job"), max_length=40, blank=True, help_text=gettext_lazy("Shown below the name, like “Vet”.")
    )
    # Whose diary it is, so that a vet's own day opens first.
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resources",
        verbose_name=gettext_lazy("staff member"),
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)
    is_active = models.BooleanField(
        gettext_lazy("can be booked"), default=True, help_text=gettext_lazy("Off: visits stay, no new ones come.")
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("person or room")
        verbose_name_plural = gettext_lazy("people and rooms")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("staff"),
            models.UniqueConstraint(
                fields=["clinic", "name"],
                name="bookings_resource_once",
                violation_error_message=gettext_lazy("There is one of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalpha() and word.rstrip(".").lower() not in _TITLES]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "sir"})


class WorkingHours(ClinicOwned):
    """One span of one weekday of a person or a room, in the clinic's time; a lunch break makes two. 0 is Monday.

    An end that is not after the start belongs to the next day: 22:00 to 06:00 is a night, 08:00 to 08:00 a day and a
    night. A room without any is free whenever a person is; a person without any is never.
    """

    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="hours", verbose_name=gettext_lazy("person or room")
    )
    weekday = models.PositiveSmallIntegerField(gettext_lazy("day"), choices=list(dates.WEEKDAYS.items()))
    starts = models.TimeField(gettext_lazy("from"))
    ends = models.TimeField(
        gettext_lazy("until"), help_text=gettext_lazy("Not after the start: it ends on the next day.")
    )
    first_on = models.DateField(gettext_lazy("first day"), null=True, blank=True)
    last_on = models.DateField(gettext_lazy("last day"), null=True, blank=True)

    objects = ClinicQuerySet["WorkingHours"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("working hours")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("resource"),
            models.CheckConstraint(
                condition=Q(first_on__isnull=True) | Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")),
                name="bookings_workinghours_validity",
                violation_error_message=gettext_lazy("The last day is before the first."),
            ),
            models.UniqueConstraint(
                fields=["resource", "weekday", "starts", "first_on"],
                nulls_distinct=False,
                name="bookings_workinghours_one_start",
                violation_error_message=gettext_lazy("This day starts at that time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{dates.WEEKDAYS[self.weekday]} {self.starts:%H:%M}–{self.ends:%H:%M}"


class WorkingException(ClinicOwned):
    """One date of a person or a room with other hours, or none. It replaces that date's weekday, and the clinic's own
    exception for the date as well: who works on a holiday, works."""

    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="exceptions", verbose_name=gettext_lazy("person or room")
    )
    on = models.DateField(gettext_lazy("date"))
    starts = models.TimeField(gettext_lazy("from"), null=True, blank=True)
    ends = models.TimeField(gettext_lazy("until"), null=True, blank=True)
    note = models.CharField(gettext_lazy("note"), max_length=80, blank=True)

    objects = ClinicQuerySet["WorkingException"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("exception to the working hours")
        verbose_name_plural = gettext_lazy("exceptions to the working hours")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("resource"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(starts__isnull=False, ends__isnull=False),
                name="bookings_workingexception_both_times",
                violation_error_message=gettext_lazy("Give both times, or neither for a day off."),
            ),
            models.UniqueConstraint(
                fields=["resource", "on", "starts"],
                nulls_distinct=False,
                name="bookings_workingexception_one_start",
                violation_error_message=gettext_lazy("That date has this exception already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class ClosureQuerySet(ClinicQuerySet["Closure"]):
    def touching(self, resource_ids: list[int]) -> ClosureQuerySet:
        """Those of these people and rooms, and of the whole clinic."""
        return self.filter(Q(resource__isnull=True) | Q(resource__in=resource_ids))


class Closure(ClinicOwned):
    """From one moment to another, nobody can be booked: a person, a room or, without one, the whole clinic."""

    resource = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=gettext_lazy("person or room"),
        help_text=gettext_lazy("Empty: the whole clinic."),
    )
    starts_at = models.DateTimeField(gettext_lazy("from"))
    ends_at = models.DateTimeField(gettext_lazy("until"))
    reason = models.CharField(
        gettext_lazy("reason"), max_length=120, blank=True, help_text=gettext_lazy("For your staff, like “training”.")
    )
    created_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("closure")
        verbose_name_plural = gettext_lazy("closures")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("resource"),
            SameClinic("created_by"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="bookings_closure_ends_after_start",
                violation_error_message=gettext_lazy("It must end after it starts."),
            ),
        ]
        indexes = [models.Index(fields=["clinic", "ends_at"], name="bookings_closure_ends")]

    def __str__(self) -> str:
        return self.reason or str(_("Closed"))
