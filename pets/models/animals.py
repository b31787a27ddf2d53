"""Animals: who they are, whose, and what they weigh."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.files import ImageFieldFile
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from portal.kit.validators import not_in_the_future


class Species(models.TextChoices):
    """The species to start with; each has an icon of its name in the sprite."""

    DOG = "dog", gettext_lazy("Dog")
    CAT = "cat", gettext_lazy("Cat")
    RABBIT = "rabbit", gettext_lazy("Rabbit")
    GUINEA_PIG = "guinea_pig", gettext_lazy("Guinea pig")
    HAMSTER = "hamster", gettext_lazy("Hamster")
    GERBIL = "gerbil", gettext_lazy("Gerbil")
    RAT = "rat", gettext_lazy("Rat")
    MOUSE = "mouse", gettext_lazy("Mouse")
    CHINCHILLA = "chinchilla", gettext_lazy("Chinchilla")
    FERRET = "ferret", gettext_lazy("Ferret")
    HEDGEHOG = "hedgehog", gettext_lazy("Hedgehog")
    BIRD = "bird", gettext_lazy("Bird")
    CHICKEN = "chicken", gettext_lazy("Chicken")
    TORTOISE = "tortoise", gettext_lazy("Tortoise")
    SNAKE = "snake", gettext_lazy("Snake")
    LIZARD = "lizard", gettext_lazy("Lizard")
    FISH = "fish", gettext_lazy("Fish")
    HORSE = "horse", gettext_lazy("Horse")
    PONY = "pony", gettext_lazy("Pony")
    DONKEY = "donkey", gettext_lazy("Donkey")
    GOAT = "goat", gettext_lazy("Goat")
    SHEEP = "sheep", gettext_lazy("Sheep")
    PIG = "pig", gettext_lazy("Pig")
    OTHER = "other", gettext_lazy("Other")


def icon_of(species: str) -> str:
    """The species' symbol in the sprite."""
    return f"{species.replace('_', '-')}-duotone"


class Sex(models.TextChoices):
    UNKNOWN = "unknown", gettext_lazy("Unknown")
    FEMALE = "female", gettext_lazy("Female")
    MALE = "male", gettext_lazy("Male")


class Neutered(models.TextChoices):
    UNKNOWN = "unknown", gettext_lazy("Unknown")
    YES = "yes", gettext_lazy("Yes")
    NO = "no", gettext_lazy("No")


class Breed(ClinicOwned):
    """A breed that a clinic adds to the list that its clients choose from (pets/breeds.py)."""

    species = models.CharField(gettext_lazy("species"), max_length=12, choices=Species)
    name = models.CharField(gettext_lazy("name"), max_length=80)

    objects = ClinicQuerySet["Breed"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("breed")
        verbose_name_plural = gettext_lazy("breeds")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "species", "name"],
                name="pets_breed_once",
                violation_error_message=gettext_lazy("This breed is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


validate_microchip = RegexValidator(
    r"^([0-9]{15}|[0-9A-Z]{9,10})\Z", gettext_lazy("15 digits; older chips have 9 or 10 characters.")
)


class PetQuerySet(ClinicQuerySet["Pet"]):
    def for_client(self, client: Client) -> Self:
        """Pets that the owner sees: living ones and the remembered. Deleted ones are the clinic's to see."""
        return self.for_clinic(client.clinic).filter(owner=client, deleted_at__isnull=True)

    def living(self) -> Self:
        return self.filter(deleted_at__isnull=True, deceased_on__isnull=True)

    def removed_by(self, client: Client, *, now: datetime) -> Self:
        """What the owner deleted, or reported dead, and may still take back."""
        return self.for_clinic(client.clinic).filter(owner=client, undo_until__gt=now)

    def in_staff_order(self) -> Self:
        """Living, then deleted, then deceased; by name within each (R23)."""
        return self.order_by(
            models.Case(
                models.When(deceased_on__isnull=False, then=2),
                models.When(deleted_at__isnull=False, then=1),
                default=0,
            ),
            "name",
            "id",
        )


class Pet(ClinicOwned):
    """An animal on a clinic's file. Never deleted as a row: its history stays."""

    owner = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pets", verbose_name=gettext_lazy("owner"))
    name = models.CharField(gettext_lazy("name"), max_length=80)
    species = models.CharField(gettext_lazy("species"), max_length=12, choices=Species)
    breed = models.CharField(gettext_lazy("breed"), max_length=80, blank=True)
    sex = models.CharField(gettext_lazy("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    neutered = models.CharField(gettext_lazy("neutered"), max_length=8, choices=Neutered, default=Neutered.UNKNOWN)
    born_on = models.DateField(gettext_lazy("date of birth"), null=True, blank=True, validators=[not_in_the_future])
    is_birth_estimated = models.BooleanField(gettext_lazy("date of birth is an estimate"), default=False)
    colour = models.CharField(gettext_lazy("colour"), max_length=60, blank=True)
    microchip = models.CharField(
        gettext_lazy("microchip"),
        max_length=15,
        blank=True,
        validators=[validate_microchip],
    )
    insurance_company = models.CharField(gettext_lazy("insurance company"), max_length=80, blank=True, db_default="")
    insurance_policy = models.CharField(gettext_lazy("policy number"), max_length=40, blank=True, db_default="")
    notes = models.TextField(
        gettext_lazy("notes for the clinic"),
        max_length=1000,
        blank=True,
        db_default="",
        help_text=gettext_lazy("Written by the owner: what helps you to handle this animal."),
    )
    healthy_from_kg = models.DecimalField(
        gettext_lazy("healthy from (kg)"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    healthy_to_kg = models.DecimalField(
        gettext_lazy("healthy up to (kg)"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    photo = models.ImageField(gettext_lazy("photo"), upload_to="pets/", blank=True)
    external_id = models.CharField(gettext_lazy("number in your practice system"), max_length=64, blank=True)
    deceased_on = models.DateField(gettext_lazy("died on"), null=True, blank=True, validators=[not_in_the_future])
    # The owner needn't say which day it was; then it is the day on which we were told.
    is_death_day_known = models.BooleanField(default=True, db_default=True, editable=False)
    # How long the owner may take back that it was deleted or has died; empty where that was the clinic's doing.
    undo_until = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(gettext_lazy("deleted"), null=True, editable=False)
    # The clinic has seen the animal that species and chip belong to. Until then they are the owner's word.
    is_identity_checked = models.BooleanField(
        gettext_lazy("species and microchip were checked"), default=True, db_default=True
    )
    # Counts the changes, so that a form that was opened before somebody else's change is told.
    edition = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(gettext_lazy("on file since"), auto_now_add=True)

    objects = PetQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("pet")
        verbose_name_plural = gettext_lazy("pets")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("owner"),
            models.CheckConstraint(
                condition=Q(deceased_on__isnull=True) | Q(born_on__isnull=True) | Q(deceased_on__gte=F("born_on")),
                name="pets_pet_dies_after_birth",
                violation_error_message=gettext_lazy("The date of death is before the date of birth."),
            ),
            models.CheckConstraint(
                condition=Q(healthy_from_kg__isnull=True, healthy_to_kg__isnull=True)
                | Q(
                    healthy_from_kg__isnull=False,
                    healthy_to_kg__isnull=False,
                    healthy_from_kg__gt=0,
                    healthy_to_kg__gt=F("healthy_from_kg"),
                ),
                name="pets_pet_healthy_range",
                violation_error_message=gettext_lazy("A healthy range needs two weights, the lighter one first."),
            ),
            models.UniqueConstraint(
                fields=["clinic", "external_id"],
                condition=~Q(external_id=""),
                name="pets_pet_one_external_id",
                violation_error_message=gettext_lazy("Another pet has this number."),
            ),
        ]
        indexes = [models.Index(fields=["clinic", "owner"], name="pets_pet_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def icon(self) -> str:
        """The species' symbol in the sprite."""
        return icon_of(self.species)

    @property
    def tint(self) -> int:
        """1 to 6: a pet keeps its colour for life."""
        return self.pk % 6 + 1

    @property
    def photo_url(self) -> str:
        """The photo's own address, which changes with the picture; "" without one."""
        if not self.photo:
            return ""
        version = str(self.photo.name).rsplit("/", 1)[-1].split(".")[0]
        return f"{reverse('pets:photo', args=[self.clinic.slug, self.pk])}?v={version[:8]}"

    @property
    def thumbnail_name(self) -> str:
        """Where the storage has the small one: beside the photo."""
        return str(self.photo.name).replace(".webp", "-small.webp")

    @property
    def thumbnail(self) -> ImageFieldFile:
        """The small one, as the storage has it; empty without a photo, and gone where the photo is from before."""
        return type(self.photo)(self, self.photo.field, self.thumbnail_name if self.photo else "")

    @property
    def thumbnail_url(self) -> str:
        """The same picture for lists, a fifth of the size; "" without one."""
        address, _version, version = self.photo_url.partition("?v=")
        return f"{address}small/?v={version}" if address else ""

    @property
    def is_living(self) -> bool:
        return self.deceased_on is None and self.deleted_at is None

    def can_be_restored(self, *, now: datetime) -> bool:
        """May the owner still take its deletion, or the report of its death, back?"""
        return self.undo_until is not None and now < self.undo_until

    @property
    def kind(self) -> str:
        """Species and breed in one line, like “Cat · Domestic shorthair”."""
        return self.kind_with(self.breed)

    def kind_with(self, breed: str) -> str:
        """The same with a breed that may be left out."""
        return f"{self.get_species_display()} · {breed}" if breed else self.get_species_display()


class WeightQuerySet(ClinicQuerySet["Weight"]):
    def until(self, day: date) -> Self:
        """Weighed on this day or before, the newest first."""
        return self.filter(weighed_on__lte=day).order_by("-weighed_on")


class Weight(ClinicOwned):
    """What a pet weighed on a day, in kilograms; shown in the clinic's unit."""

    pet = models.ForeignKey(Pet, on_delete=models.CASCADE, related_name="weights")
    kg = models.DecimalField(
        gettext_lazy("weight in kg"),
        max_digits=7,
        decimal_places=3,
        validators=[MinValueValidator(0.001), MaxValueValidator(1500)],
    )
    weighed_on = models.DateField(gettext_lazy("weighed on"), validators=[not_in_the_future])
    is_owners = models.BooleanField(gettext_lazy("told by the owner"), default=False, db_default=False, editable=False)

    objects = WeightQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("weight")
        verbose_name_plural = gettext_lazy("weights")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("pet"),
            models.CheckConstraint(condition=Q(kg__gt=0, kg__lte=1500), name="pets_weight_possible"),
            models.UniqueConstraint(
                fields=["pet", "weighed_on"],
                name="pets_weight_one_a_day",
                violation_error_message=gettext_lazy("There is a weight for this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kg.normalize():f} kg"
