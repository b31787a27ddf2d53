"""People as one clinic knows them, and how they get in. A person at two clinics is two clients."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from clinics.models import Clinic, LegalText
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from portal.kit import contacts
from portal.kit.contacts import Contact

IDLE_LIMIT = timedelta(days=90)
ABSOLUTE_LIMIT = timedelta(days=365)


class ClientQuerySet(ClinicQuerySet["Client"]):
    def current(self) -> Self:
        """Without those whom the clinic archived."""
        return self.filter(archived_at__isnull=True)

    def reached_by(self, contact: Contact) -> Self:
        """Everybody who has this contact on file: a household may share a number."""
        field = "email" if contact.channel == contacts.EMAIL else "phone"
        return self.current().filter(**{field: contact.value})


class Client(ClinicOwned):
    """A pet's owner on one clinic's file."""

    name = models.CharField(gettext_lazy("name"), max_length=120)
    # E.164 and lower case, so that look-ups compare with `=`; LIKE can't use an index under row-level security.
    phone = models.CharField(gettext_lazy("phone"), max_length=16, blank=True)
    email = models.CharField(gettext_lazy("e-mail"), max_length=254, blank=True)
    address = models.CharField(gettext_lazy("address"), max_length=300, blank=True)
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    # How to say what is not a sign-in code. Texts need the client's word; an address on file is one for e-mail.
    accepts_emails = models.BooleanField(gettext_lazy("messages by e-mail"), default=True, db_default=True)
    accepts_texts = models.BooleanField(gettext_lazy("messages by text"), default=False, db_default=False)
    external_id = models.CharField(gettext_lazy("number in your practice system"), max_length=64, blank=True)
    # The clinic's legal_revision that this client agreed to; behind it, the client is asked again.
    agreed_revision = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(gettext_lazy("archived"), null=True, editable=False)
    created_at = models.DateTimeField(gettext_lazy("on file since"), auto_now_add=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("client")
        verbose_name_plural = gettext_lazy("clients")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "external_id"],
                condition=~Q(external_id=""),
                name="clients_client_one_external_id",
                violation_error_message=gettext_lazy("Another client has this number."),
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "phone"], condition=~Q(phone=""), name="clients_client_phone"),
            models.Index(fields=["clinic", "email"], condition=~Q(email=""), name="clients_client_email"),
            models.Index(fields=["clinic", "name"], name="clients_client_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def phone_display(self) -> str:
        return contacts.display_phone(self.phone)

    @property
    def contacts(self) -> list[Contact]:
        found = [Contact(contacts.SMS, self.phone)] if self.phone else []
        return [*found, Contact(contacts.EMAIL, self.email)] if self.email else found

    def has(self, contact: str) -> bool:
        """Is this contact still the client's? A device is only as good as the contact that it came in by."""
        return bool(contact) and contact in {self.phone, self.email}


class DeviceQuerySet(ClinicQuerySet["Device"]):
    def for_client(self, client: Client) -> Self:
        return self.for_clinic(client.clinic).filter(client=client)

    def live(self, *, now: datetime) -> Self:
        return self.filter(
            ended_at__isnull=True, last_seen_at__gt=now - IDLE_LIMIT, signed_in_at__gt=now - ABSOLUTE_LIMIT
        )


class Device(ClinicOwned):
    """A browser that proved a contact with a code. Signed in for 90 days without a visit, 365 days at most."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="devices")
    token_digest = models.CharField(max_length=64)
    contact = models.CharField(max_length=254)
    label = models.CharField(max_length=80, blank=True)
    signed_in_at = models.DateTimeField()
    # Coarse: written at most once an hour, so that reading pages does not write.
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("client"),
            models.UniqueConstraint(fields=["clinic", "token_digest"], name="clients_device_token"),
        ]

    def __str__(self) -> str:
        return self.label or f"device {self.pk}"

    def is_live(self, *, now: datetime) -> bool:
        """Neither ended nor idle nor too old, and its contact still belongs to a client whom the clinic keeps."""
        return (
            self.ended_at is None
            and now - self.last_seen_at < IDLE_LIMIT
            and now - self.signed_in_at < ABSOLUTE_LIMIT
            and self.client.archived_at is None
            and self.client.has(self.contact)
        )


class Consent(ClinicOwned):
    """Proof that a client agreed: to which text, when, from where. Never changed, only withdrawn."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    contact = models.CharField(max_length=254)
    ip_address = models.GenericIPAddressField(null=True)
    source = models.CharField(max_length=20, help_text="Where it was given: sign_in or agree.")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ClinicQuerySet["Consent"].as_manager()

    class Meta:
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("client"),
            SameClinic("text"),
            models.UniqueConstraint(
                fields=["client", "text"], condition=Q(withdrawn_at__isnull=True), name="clients_consent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class KnownContact(models.Model):
    """Which clinics know a contact, for the sign-in that names no clinic. Holds a keyed hash, never the contact."""

    digest = models.CharField(max_length=64)
    # Not clinic_id: it must be readable with no clinic open.
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+", db_column="known_at_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "clinic"], name="clients_knowncontact_once")]

    def __str__(self) -> str:
        return self.digest[:8]


class SignInCode(models.Model):
    """One code on its way. Global, because `/` signs in without a clinic; so it holds keyed hashes only.

    Unknown contacts get a row too, which nothing matches: known and unknown run the same statements.
    """

    challenge_digest = models.CharField(
        max_length=64, unique=True, help_text="Of the token in the asking browser's cookie."
    )
    contact_digest = models.CharField(max_length=64)
    # Whose sends are counted: the contact's, or the contact's on a browser that has been signed in by it before.
    quota_digest = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    # The clinic's own door, or none for `/`. Not clinic_id: see the class.
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, null=True, related_name="+", db_column="door_id")
    agreed_revision = models.PositiveIntegerField(default=0)
    ip_address = models.GenericIPAddressField(null=True)
    was_familiar = models.BooleanField(
        default=False, help_text="Asked by a browser that this contact signed in before."
    )
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # Replaced by a newer code of the same browser, or its proof was used up.
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["quota_digest", "-asked_at"], name="clients_signincode_quota"),
            models.Index(fields=["contact_digest"], name="clients_signincode_contact"),
            models.Index(fields=["expires_at"], name="clients_signincode_expires"),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class Tally(models.Model):
    """How often something was done in a window of time. The subject is a keyed hash; one statement moves the count."""

    rule = models.CharField(max_length=40)
    subject_digest = models.CharField(max_length=64)
    window_starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject_digest", "window_starts_at"], name="clients_tally_window")
        ]
        indexes = [models.Index(fields=["window_starts_at"], name="clients_tally_starts")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.count}"
