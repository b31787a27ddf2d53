"""What happened to a visit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from bookings.models.appointments import Appointment
from bookings.models.choices import State
from bookings.models.resources import Resource
from clients.models import Client
from clinics.models import StaffMember
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic


class AppointmentChange(ClinicOwned):
    """One thing that happened to a visit: who, when, from, to, why. Written once, never changed."""

    class Kind(models.TextChoices):
        BOOKED = "booked", gettext_lazy("Booked")
        REQUESTED = "requested", gettext_lazy("Requested")
        ACCEPTED = "accepted", gettext_lazy("Request accepted")
        PROPOSED = "proposed", gettext_lazy("Another time proposed")
        AGREED = "agreed", gettext_lazy("Proposed time accepted")
        DECLINED = "declined", gettext_lazy("Request declined")
        MOVED = "moved", gettext_lazy("Moved")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")
        RESTORED = "restored", gettext_lazy("Cancellation taken back")
        PET_LEFT = "pet_left", gettext_lazy("A pet left the visit")
        ARRIVED = "arrived", gettext_lazy("Arrived")
        STARTED = "started", gettext_lazy("Started")
        COMPLETED = "completed", gettext_lazy("Completed")
        NO_SHOW = "no_show", gettext_lazy("Missed")
        CORRECTED = "corrected", gettext_lazy("Corrected")

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(gettext_lazy("what"), max_length=10, choices=Kind)
    # One of the two; neither for what the portal did by itself.
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(gettext_lazy("when"))
    old_state = models.CharField(max_length=20, choices=State, blank=True)
    new_state = models.CharField(max_length=20, choices=State)
    old_starts_at = models.DateTimeField(null=True)
    new_starts_at = models.DateTimeField()
    old_person = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, related_name="+")
    new_person = models.ForeignKey(Resource, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(gettext_lazy("why"), max_length=300, blank=True)

    objects = ClinicQuerySet["AppointmentChange"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("change of a visit")
        verbose_name_plural = gettext_lazy("changes of visits")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("appointment"),
            SameClinic("client"),
            SameClinic("staff"),
            SameClinic("old_person"),
            SameClinic("new_person"),
        ]
        indexes = [models.Index(fields=["clinic", "appointment", "-id"], name="bookings_change_of")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done_at:%Y-%m-%d}"
