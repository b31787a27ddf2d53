"""What changed on a pet's file, and what an owner asks to have changed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.models import StaffMember
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models.animals import Pet


class PetChange(ClinicOwned):
    """One thing that happened to a pet's file, with who and when (R27). Written once, never changed."""

    class Kind(models.TextChoices):
        ADDED = "added", gettext_lazy("Added")
        EDITED = "edited", gettext_lazy("Edited")
        WEIGHED = "weighed", gettext_lazy("Weight")
        PHOTO = "photo", gettext_lazy("New photo")
        PHOTO_REMOVED = "photo_removed", gettext_lazy("Photo removed")
        ASKED = "asked", gettext_lazy("Asked for a change")
        WITHDRAWN = "withdrawn", gettext_lazy("Took the request back")
        ACCEPTED = "accepted", gettext_lazy("Change accepted")
        DECLINED = "declined", gettext_lazy("Change declined")
        CERTIFICATE = "certificate", gettext_lazy("Certificate handed in")
        CERTIFICATE_WITHDRAWN = "cert_withdrawn", gettext_lazy("Certificate taken back")
        CERTIFICATE_ACCEPTED = "cert_accepted", gettext_lazy("Certificate accepted")
        CERTIFICATE_DECLINED = "cert_declined", gettext_lazy("Certificate declined")
        DELETED = "deleted", gettext_lazy("Deleted")
        DECEASED = "deceased", gettext_lazy("Reported dead")
        RESTORED = "restored", gettext_lazy("Restored")

    pet = models.ForeignKey(Pet, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(gettext_lazy("what"), max_length=16, choices=Kind)
    # Field → [before, after], as text; see pets/history.py.
    details = models.JSONField(default=dict)
    # One of the two; neither for what the import or a command did.
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(gettext_lazy("when"))

    objects = ClinicQuerySet["PetChange"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("change")
        verbose_name_plural = gettext_lazy("changes")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            SameClinic("client"),
            SameClinic("staff"),
        ]
        indexes = [
            models.Index(fields=["clinic", "pet", "-id"], name="pets_petchange_pet"),
            models.Index(fields=["clinic", "-done_at"], name="pets_petchange_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.done_at:%Y-%m-%d}"


class ChangeRequestQuerySet(ClinicQuerySet["ChangeRequest"]):
    def for_client(self, client: Client) -> Self:
        return self.for_clinic(client.clinic).filter(client=client, pet__owner=client, pet__deleted_at__isnull=True)

    def waiting(self) -> Self:
        return self.filter(state=ChangeRequest.State.WAITING)


class ChangeRequest(ClinicOwned):
    """What the clinic vouches for isn't edited by the owner but proposed. One waits for each pet at most."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting for you")
        ACCEPTED = "accepted", gettext_lazy("Accepted")
        DECLINED = "declined", gettext_lazy("Declined")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn by the owner")

    pet = models.ForeignKey(
        Pet, on_delete=models.PROTECT, related_name="change_requests", verbose_name=gettext_lazy("pet")
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=gettext_lazy("from"))
    # Field → [on file when it was asked, asked for], as text that the field's to_python reads.
    details = models.JSONField()
    state = models.CharField(gettext_lazy("state"), max_length=10, choices=State, default=State.WAITING)
    answer = models.CharField(gettext_lazy("answer to the owner"), max_length=300, blank=True)
    asked_at = models.DateTimeField(gettext_lazy("asked"))
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    # The owner has read the answer.
    seen_at = models.DateTimeField(null=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("change request")
        verbose_name_plural = gettext_lazy("change requests")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            SameClinic("client"),
            SameClinic("decided_by"),
            models.UniqueConstraint(fields=["pet"], condition=Q(state="waiting"), name="pets_changerequest_one_waits"),
        ]
        indexes = [
            models.Index(fields=["clinic", "pet", "-id"], name="pets_changerequest_pet"),
            models.Index(fields=["clinic", "id"], condition=Q(state="waiting"), name="pets_changerequest_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.pet.name}, {self.asked_at:%Y-%m-%d}"
