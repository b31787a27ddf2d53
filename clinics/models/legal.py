"""What a clinic asks its clients to agree to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from clinics.models.people import User
from clinics.tenancy import ClinicOwned, ClinicQuerySet


class LegalTexts(ClinicQuerySet["LegalText"]):
    def in_force(self) -> Self:
        """The newest published version of each kind and language."""
        return (
            self.filter(published_at__isnull=False)
            .order_by("kind", "language", "-version")
            .distinct("kind", "language")
        )


class LegalText(ClinicOwned):
    """One version of one text in one language. Published texts never change: a new version is a new row."""

    class Kind(models.TextChoices):
        DATA_PROCESSING = "data_processing", gettext_lazy("Consent to data processing")
        PRIVACY_POLICY = "privacy_policy", gettext_lazy("Privacy Policy")
        USER_AGREEMENT = "user_agreement", gettext_lazy("User Agreement")

    kind = models.CharField(gettext_lazy("text"), max_length=20, choices=Kind)
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    version = models.PositiveIntegerField(gettext_lazy("version"), editable=False)
    body = models.TextField(
        gettext_lazy("wording"),
        max_length=50_000,
        help_text=gettext_lazy("Plain text; an empty line starts a paragraph."),
    )
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, editable=False)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    objects = LegalTexts.as_manager()

    class Meta:
        verbose_name = gettext_lazy("legal text")
        verbose_name_plural = gettext_lazy("legal texts")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "kind", "language", "version"], name="clinics_legaltext_one_of_each_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version} ({self.language})"
