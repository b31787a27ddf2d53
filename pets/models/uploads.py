"""Files on their way in: what an owner sent, until a worker has looked at it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models.animals import Pet
from pets.models.care import Certificate


class UploadQuerySet(ClinicQuerySet["Upload"]):
    def waiting(self) -> Self:
        return self.filter(state=Upload.State.WAITING)


class Upload(ClinicOwned):
    """A photo of a pet, or the picture of a certificate. The raw file goes when the worker is done with it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"

    pet = models.ForeignKey(Pet, on_delete=models.PROTECT, related_name="uploads")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    # Empty for a photo.
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, null=True, related_name="upload")
    raw = models.FileField(upload_to="incoming/", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # The class of the refusal (portal/kit/images.py), so that its words come in the reader's language.
    refusal = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            SameClinic("client"),
            SameClinic("certificate"),
        ]
        indexes = [
            models.Index(fields=["clinic", "client", "sent_at"], name="pets_upload_quota"),
            models.Index(fields=["clinic", "id"], condition=Q(state="waiting"), name="pets_upload_waiting"),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"
