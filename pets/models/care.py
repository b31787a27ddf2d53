"""The care that pets are given, here and elsewhere."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.models import StaffMember
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models.animals import Pet, Species
from portal.kit.validators import not_in_the_future


class CarePlan(ClinicOwned):
    """A recurring service for a species at a clinic: a vaccine family, an exam, a test."""

    species = models.CharField(gettext_lazy("species"), max_length=12, choices=Species)
    family = models.SlugField(
        gettext_lazy("family"),
        max_length=60,
        help_text=gettext_lazy("Records of one family replace one another, like rabies."),
    )
    name = models.CharField(gettext_lazy("name"), max_length=80)
    every_months = models.PositiveSmallIntegerField(
        gettext_lazy("repeated after (months)"), validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    is_vaccine = models.BooleanField(gettext_lazy("is a vaccine"), default=False)
    is_active = models.BooleanField(gettext_lazy("in use"), default=True)

    objects = ClinicQuerySet["CarePlan"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("care plan")
        verbose_name_plural = gettext_lazy("care plans")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "species", "family"],
                name="pets_careplan_one_family",
                violation_error_message=gettext_lazy("This species has a plan of that family already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_species_display()}: {self.name}"


class CareRecord(ClinicOwned):
    """A service that was given. `valid_until` is printed as recorded, never computed."""

    pet = models.ForeignKey(
        Pet, on_delete=models.PROTECT, related_name="care_records", verbose_name=gettext_lazy("pet")
    )
    plan = models.ForeignKey(
        CarePlan, on_delete=models.PROTECT, related_name="records", verbose_name=gettext_lazy("care plan")
    )
    given_on = models.DateField(gettext_lazy("given on"), validators=[not_in_the_future])
    valid_until = models.DateField(gettext_lazy("valid until"))
    product = models.CharField(gettext_lazy("product"), max_length=80, blank=True)
    maker = models.CharField(gettext_lazy("maker"), max_length=80, blank=True)
    lot = models.CharField(gettext_lazy("lot"), max_length=40, blank=True)
    vet_name = models.CharField(gettext_lazy("vet"), max_length=80, blank=True)
    vet_licence = models.CharField(gettext_lazy("vet's licence number"), max_length=40, blank=True)
    tag_number = models.CharField(gettext_lazy("tag number"), max_length=40, blank=True)
    given_at_clinic = models.CharField(
        gettext_lazy("given at"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("Only when another clinic gave it."),
    )
    external_id = models.CharField(gettext_lazy("number in your practice system"), max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ClinicQuerySet["CareRecord"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("care record")
        verbose_name_plural = gettext_lazy("care records")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            SameClinic("plan"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("given_on")),
                name="pets_carerecord_valid_after_given",
                violation_error_message=gettext_lazy("“Valid until” is before “given on”."),
            ),
            models.UniqueConstraint(
                fields=["clinic", "external_id"],
                condition=~Q(external_id=""),
                name="pets_carerecord_one_external_id",
                violation_error_message=gettext_lazy("Another record has this number."),
            ),
        ]
        indexes = [models.Index(fields=["clinic", "pet"], name="pets_carerecord_pet")]

    def __str__(self) -> str:
        return f"{self.plan.name}, {self.given_on:%Y-%m-%d}"


class CertificateQuerySet(ClinicQuerySet["Certificate"]):
    def for_client(self, client: Client) -> Self:
        return self.for_clinic(client.clinic).filter(client=client, pet__owner=client, pet__deleted_at__isnull=True)

    def waiting(self) -> Self:
        return self.filter(state=Certificate.State.WAITING)


class Certificate(ClinicOwned):
    """“Done elsewhere”: another clinic's paper that an owner hands in. Staff read it and make a record of it."""

    class State(models.TextChoices):
        PREPARING = "preparing", gettext_lazy("Being prepared")
        UNREADABLE = "unreadable", gettext_lazy("Could not be read")
        WAITING = "waiting", gettext_lazy("Waiting for you")
        ACCEPTED = "accepted", gettext_lazy("Accepted")
        DECLINED = "declined", gettext_lazy("Declined")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn by the owner")

    # Not yet decided.
    OPEN = (State.PREPARING, State.WAITING)

    pet = models.ForeignKey(
        Pet, on_delete=models.PROTECT, related_name="certificates", verbose_name=gettext_lazy("pet")
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=gettext_lazy("from"))
    plan = models.ForeignKey(
        CarePlan, on_delete=models.PROTECT, related_name="+", verbose_name=gettext_lazy("care plan")
    )
    # What the owner says of it; the record is what staff read off the paper.
    given_at_clinic = models.CharField(gettext_lazy("given at"), max_length=120, blank=True)
    given_on = models.DateField(gettext_lazy("given on"), null=True, blank=True, validators=[not_in_the_future])
    # A PDF as it came, offered for download only; or a picture that was painted anew. Under a random name of ours.
    file = models.FileField(gettext_lazy("file"), upload_to="certificates/", blank=True, editable=False)
    is_pdf = models.BooleanField(default=False, editable=False)
    state = models.CharField(gettext_lazy("state"), max_length=10, choices=State, default=State.PREPARING)
    record = models.OneToOneField(
        CareRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="certificate", editable=False
    )
    answer = models.CharField(gettext_lazy("answer to the owner"), max_length=300, blank=True)
    handed_in_at = models.DateTimeField(gettext_lazy("handed in"))
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    # The owner has read the answer.
    seen_at = models.DateTimeField(null=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("certificate")
        verbose_name_plural = gettext_lazy("certificates")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            SameClinic("client"),
            SameClinic("plan"),
            SameClinic("record"),
            SameClinic("decided_by"),
        ]
        indexes = [
            models.Index(fields=["clinic", "pet"], name="pets_certificate_pet"),
            models.Index(fields=["clinic", "id"], condition=Q(state="waiting"), name="pets_certificate_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.plan.name}, {self.handed_in_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Not yet decided, so the owner may take it back."""
        return self.state in self.OPEN
