"""Promises that somebody sees a pet at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bookings.models.choices import BLOCKING, ENDS, State
from bookings.models.policies import Policy, Terms
from bookings.models.resources import Resource
from bookings.models.services import Service
from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models import Pet

ONE_VISIT_PER_FORM = "bookings_appointment_form_key"


class AppointmentQuerySet(ClinicQuerySet["Appointment"]):
    def for_client(self, client: Client) -> Self:
        return self.for_clinic(client.clinic).filter(client=client)

    def blocking(self) -> Self:
        return self.filter(state__in=BLOCKING)

    def upcoming(self, *, now: datetime) -> Self:
        """Not over and not at an end, the next one first."""
        return self.blocking().filter(ends_at__gt=now).order_by("starts_at", "id")

    def past(self, *, now: datetime) -> Self:
        """The rest, the last one first; cancelled ones among them."""
        return self.exclude(state__in=BLOCKING, ends_at__gt=now).order_by("-starts_at", "-id")

    def with_names(self) -> Self:
        """With what every list of visits shows."""
        return self.select_related("service", "person").prefetch_related("pets")


class Appointment(Terms, ClinicOwned):
    """A visit: what, who, when. Never deleted as a row: history and the figures of missed visits rest on it.

    The terms (`Terms`) are those that it was booked under. Times are instants; `starts_at` and `ends_at` are what the
    client is told, without the service's buffers.
    """

    class Source(models.TextChoices):
        ONLINE = "online", gettext_lazy("Online")
        STAFF = "staff", gettext_lazy("By the clinic")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="appointments", verbose_name=gettext_lazy("client")
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="appointments", verbose_name=gettext_lazy("service")
    )
    pets = models.ManyToManyField(
        Pet, through="AppointmentPet", related_name="appointments", verbose_name=gettext_lazy("pets")
    )
    person = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("with")
    )
    room = models.ForeignKey(
        Resource, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("room")
    )
    starts_at = models.DateTimeField(gettext_lazy("starts"))
    ends_at = models.DateTimeField(gettext_lazy("ends"))
    state = models.CharField(gettext_lazy("state"), max_length=20, choices=State)
    # Requested at a time that the clinic proposed instead: the client's turn.
    is_proposal = models.BooleanField(default=False)
    source = models.CharField(gettext_lazy("booked"), max_length=6, choices=Source, default=Source.ONLINE)
    # Did the client choose who it is with? Otherwise a move may bring somebody else.
    is_person_wished = models.BooleanField(default=False)
    note = models.TextField(gettext_lazy("note of the client"), max_length=500, blank=True)
    # What was agreed: in the smallest unit of the clinic's currency, and only if it was shown.
    price = models.PositiveIntegerField(gettext_lazy("price"), null=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+")
    moves = models.PositiveSmallIntegerField(gettext_lazy("moves by the client"), default=0)
    # Of the calendar entry: the same through every change, and counted up with each.
    uid = models.UUIDField(default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    # Of the form that made it, so that the same form sent twice makes one visit.
    form_key = models.UUIDField(null=True, editable=False)
    # Why it ended: a word of ours (pet_removed …) and what was said about it.
    reason_code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(gettext_lazy("booked"))
    changed_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("visit")
        verbose_name_plural = gettext_lazy("visits")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("client"),
            SameClinic("service"),
            SameClinic("person"),
            SameClinic("room"),
            SameClinic("policy"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="bookings_appointment_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDS, ended_at__isnull=False) | (~Q(state__in=ENDS) & Q(ended_at__isnull=True)),
                name="bookings_appointment_ended",
            ),
            models.UniqueConstraint(fields=["clinic", "uid"], name="bookings_appointment_uid"),
            models.UniqueConstraint(fields=["clinic", "client", "form_key"], name=ONE_VISIT_PER_FORM),
        ]
        indexes = [
            models.Index(fields=["clinic", "client", "-starts_at"], name="bookings_appointment_client"),
            models.Index(fields=["clinic", "starts_at"], name="bookings_appointment_day"),
            models.Index(fields=["clinic", "service", "starts_at"], name="bookings_appointment_service"),
            models.Index(
                fields=["clinic", "id"], condition=Q(state=State.REQUESTED), name="bookings_appointment_requested"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service.name}, {self.starts_at.astimezone(self.clinic.zone):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("bookings:booking", args=[self.clinic.slug, self.pk])

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def is_ended(self) -> bool:
        return self.state in ENDS

    def is_upcoming(self, *, now: datetime) -> bool:
        return self.state in BLOCKING and self.ends_at > now


class AppointmentPet(ClinicOwned):
    """Whom a visit is for."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    pet = models.ForeignKey(Pet, on_delete=models.PROTECT, related_name="+")
    # The pet died or was deleted, and the visit goes on for the others.
    removed_at = models.DateTimeField(null=True)

    objects = ClinicQuerySet["AppointmentPet"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("appointment"),
            SameClinic("pet"),
            models.UniqueConstraint(fields=["appointment", "pet"], name="bookings_appointmentpet_once"),
        ]
        indexes = [models.Index(fields=["clinic", "pet"], name="bookings_appointmentpet_pet")]
