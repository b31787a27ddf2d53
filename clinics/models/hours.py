"""When a clinic is open, and who helps when it is not."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.models.clinic import map_address, validate_phone
from clinics.tenancy import ClinicOwned, ClinicQuerySet
from portal.kit import contacts


class OpeningHours(ClinicOwned):
    """One span of one weekday, in the clinic's time; a lunch break makes two. 0 is Monday."""

    weekday = models.PositiveSmallIntegerField(gettext_lazy("day"), choices=list(dates.WEEKDAYS.items()))
    opens = models.TimeField(gettext_lazy("opens"))
    closes = models.TimeField(gettext_lazy("closes"))

    objects = ClinicQuerySet["OpeningHours"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("opening hours")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="clinics_openinghours_closes_after_opening",
                violation_error_message=gettext_lazy("Closing must be after opening."),
            ),
            models.UniqueConstraint(
                fields=["clinic", "weekday", "opens"],
                name="clinics_openinghours_one_start",
                violation_error_message=gettext_lazy("That day opens at this time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{dates.WEEKDAYS[self.weekday]} {self.opens:%H:%M}–{self.closes:%H:%M}"


class HoursException(ClinicOwned):
    """One date with other hours, or none. It replaces that date's weekday."""

    on = models.DateField(gettext_lazy("date"))
    opens = models.TimeField(gettext_lazy("opens"), null=True, blank=True)
    closes = models.TimeField(gettext_lazy("closes"), null=True, blank=True)
    note = models.CharField(
        gettext_lazy("reason"),
        max_length=80,
        blank=True,
        help_text=gettext_lazy("Shown to clients, like “bank holiday”."),
    )

    objects = ClinicQuerySet["HoursException"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("exception to the hours")
        verbose_name_plural = gettext_lazy("exceptions to the hours")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "on", "opens"],
                nulls_distinct=False,
                name="clinics_hoursexception_one_start",
                violation_error_message=gettext_lazy("That date has this exception already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"

    def clean(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValidationError(_("Give both times, or neither for a closed day."))
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValidationError({"closes": _("Closing must be after opening.")})


class EmergencyClinic(ClinicOwned):
    """Someone whom the clinic recommends for help out of hours."""

    name = models.CharField(gettext_lazy("name"), max_length=120)
    phone = models.CharField(gettext_lazy("phone"), max_length=16, validators=[validate_phone])
    address = models.CharField(gettext_lazy("address"), max_length=200, blank=True)
    hours = models.CharField(
        gettext_lazy("hours"), max_length=60, blank=True, help_text=gettext_lazy("In words, like “Open 24 hours”.")
    )
    is_always_open = models.BooleanField(gettext_lazy("open day and night"), default=False)
    position = models.PositiveSmallIntegerField(
        gettext_lazy("order"), default=0, help_text=gettext_lazy("The first one's number is shown on every page.")
    )

    objects = ClinicQuerySet["EmergencyClinic"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("emergency clinic")
        verbose_name_plural = gettext_lazy("emergency clinics")
        constraints = [*ClinicOwned.Meta.constraints]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_display(self) -> str:
        return contacts.display_phone(self.phone, country=self.clinic.country)

    @property
    def map_url(self) -> str:
        return map_address(self.name, self.address) if self.address else ""
