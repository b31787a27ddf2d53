"""What a clinic chooses between."""

from django.db import models
from django.utils.translation import gettext_lazy


class ClinicState(models.TextChoices):
    ACTIVE = "active", gettext_lazy("Active")
    SUSPENDED = "suspended", gettext_lazy("Suspended")


class Door(models.TextChoices):
    ON_FILE = "on_file", gettext_lazy("Only contacts on file may sign in")
    OPEN = "open", gettext_lazy("New clients may sign themselves up")


class WeightUnit(models.TextChoices):
    KG = "kg", gettext_lazy("Kilograms")
    LB = "lb", gettext_lazy("Pounds")


class Editing(models.TextChoices):
    """What clients may do with a group of details that they find wrong."""

    EDIT = "edit", gettext_lazy("Clients change it themselves")
    REQUEST = "request", gettext_lazy("Clients propose a change, staff decide")
    READ_ONLY = "read_only", gettext_lazy("Clients see it only")
