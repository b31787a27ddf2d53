"""The Pet ID card: what its owner shows, the keys that sign it, who checked it, and its printed forms."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from pets.models.animals import Pet


class CardKeyQuerySet(ClinicQuerySet["CardKey"]):
    def published(self) -> Self:
        """Those that cards may be checked with: retired ones too, revoked ones not."""
        return self.filter(revoked_at__isnull=True)


class CardKey(ClinicOwned):
    """An Ed25519 key that a clinic signs its cards with. One signs at a time; older ones still prove old cards."""

    kid = models.CharField(max_length=16)
    # base64url without padding, as in a JSON Web Key.
    public_key = models.CharField(max_length=44)
    # Emptied when the key retires: nothing is signed with it again.
    sealed_private_key = models.TextField(blank=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    # Stolen or lost: cards that it signed are worth nothing offline.
    revoked_at = models.DateTimeField(null=True)

    objects = CardKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(fields=["clinic", "kid"], name="pets_cardkey_kid"),
            models.UniqueConstraint(
                fields=["clinic"], condition=Q(retired_at__isnull=True), name="pets_cardkey_one_signs"
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class IdCardQuerySet(ClinicQuerySet["IdCard"]):
    def for_client(self, client: Client) -> Self:
        return self.for_clinic(client.clinic).filter(pet__owner=client, pet__deleted_at__isnull=True)

    def valid(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class IdCard(ClinicOwned):
    """A pet's card, under an address that nobody guesses. Withdrawn ones stay, to say so to whoever scans them."""

    class Part(models.TextChoices):
        """What the owner may leave out. Name, species and services are always on it: that is what it is for."""

        PHOTO = "photo", gettext_lazy("Photo")
        BREED = "breed", gettext_lazy("Breed")
        BORN = "born", gettext_lazy("Date of birth")
        SEX = "sex", gettext_lazy("Sex")
        COLOUR = "colour", gettext_lazy("Colour")
        WEIGHT = "weight", gettext_lazy("Weight")
        MICROCHIP = "microchip", gettext_lazy("Microchip")
        OWNER = "owner", gettext_lazy("Your name")

    pet = models.ForeignKey(Pet, on_delete=models.PROTECT, related_name="cards")
    token = models.CharField(max_length=40)
    hidden_parts = models.JSONField(default=list)
    expires_on = models.DateField(gettext_lazy("valid until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    # What is on it now, by digest; with another one it is signed and dated anew. See pets/id_card/content.py.
    digest = models.CharField(max_length=64, blank=True)
    statement = models.TextField(blank=True)
    issued_at = models.DateTimeField()
    made_at = models.DateTimeField()

    objects = IdCardQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("Pet ID card")
        verbose_name_plural = gettext_lazy("Pet ID cards")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            models.UniqueConstraint(fields=["clinic", "token"], name="pets_idcard_token"),
            models.UniqueConstraint(
                fields=["pet"], condition=Q(withdrawn_at__isnull=True), name="pets_idcard_one_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"

    def shows(self, part: str) -> bool:
        return part not in self.hidden_parts

    def has_expired(self, *, today: date) -> bool:
        """`today` is the clinic's. A card is good on its last day."""
        return self.expires_on is not None and self.expires_on < today


class CardCheck(ClinicOwned):
    """Somebody looked at a card's public page. When and what they were told; nothing about who it was."""

    class Answer(models.TextChoices):
        CURRENT = "current", gettext_lazy("Current")
        EXPIRED = "expired", gettext_lazy("Expired")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")

    card = models.ForeignKey(IdCard, on_delete=models.PROTECT, related_name="checks")
    answer = models.CharField(max_length=10, choices=Answer)
    checked_at = models.DateTimeField()

    objects = ClinicQuerySet["CardCheck"].as_manager()

    class Meta:
        constraints = [*ClinicOwned.Meta.constraints, SameClinic("card")]
        indexes = [models.Index(fields=["clinic", "card", "-id"], name="pets_cardcheck_card")]

    def __str__(self) -> str:
        return f"{self.answer} {self.checked_at:%Y-%m-%d}"


class CardDocument(ClinicOwned):
    """A card as a PDF, made by a worker and kept for as long as what is on it stays the same."""

    class Form(models.TextChoices):
        WALLET = "wallet", gettext_lazy("Wallet card")
        SHEET = "sheet", gettext_lazy("A4 sheet")

    class State(models.TextChoices):
        MAKING = "making", gettext_lazy("Being made")
        READY = "ready", gettext_lazy("Ready")
        FAILED = "failed", gettext_lazy("Failed")

    card = models.ForeignKey(IdCard, on_delete=models.PROTECT, related_name="documents")
    form = models.CharField(max_length=6, choices=Form)
    # Of all that is printed, and of how: see pets/id_card/documents.py.
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="cards/", blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.MAKING)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    objects = ClinicQuerySet["CardDocument"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("card"),
            models.UniqueConstraint(fields=["card", "form"], name="pets_carddocument_one_each"),
        ]
        indexes = [models.Index(fields=["clinic", "id"], condition=Q(state="making"), name="pets_carddocument_making")]

    def __str__(self) -> str:
        return f"{self.form} {self.digest[:8]}"
