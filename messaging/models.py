"""What leaves the portal: the outbox, which is itself the queue, and who sends it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from clinics.models import Clinic
from clinics.tenancy import ClinicOwned, ClinicQuerySet, SameClinic
from portal.kit import crypto


class Sender(ClinicOwned):
    """A clinic's own accounts with its providers. What is left empty falls back to the platform's."""

    twilio_account_sid = models.CharField(gettext_lazy("Twilio account SID"), max_length=40, blank=True)
    sealed_twilio_auth_token = models.TextField(blank=True, editable=False)
    sms_from = models.CharField(
        gettext_lazy("texts come from"),
        max_length=40,
        blank=True,
        help_text=gettext_lazy("A number like +441632960418, or a messaging service SID (MG…)."),
    )
    email_from = models.EmailField(gettext_lazy("e-mails come from"), blank=True)
    email_backend = models.CharField(
        gettext_lazy("e-mail provider"),
        max_length=80,
        blank=True,
        choices=[
            ("anymail.backends.postmark.EmailBackend", "Postmark"),
            ("anymail.backends.mailgun.EmailBackend", "Mailgun"),
            ("anymail.backends.sendgrid.EmailBackend", "SendGrid"),
            ("anymail.backends.brevo.EmailBackend", "Brevo"),
        ],
    )
    sealed_email_options = models.TextField(blank=True, editable=False)

    objects = ClinicQuerySet["Sender"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("message sender")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(fields=["clinic"], name="messaging_sender_one_per_clinic"),
        ]

    def __str__(self) -> str:
        return self.sms_from or self.email_from or "–"

    @property
    def twilio_auth_token(self) -> str:
        """The token in clear, or "". Raises crypto.Unreadable when no key of ours opens it."""
        return crypto.unseal(self.sealed_twilio_auth_token) if self.sealed_twilio_auth_token else ""


class Channel(models.TextChoices):
    SMS = "sms", gettext_lazy("Text message")
    EMAIL = "email", gettext_lazy("E-mail")


class State(models.TextChoices):
    QUEUED = "queued", gettext_lazy("Queued")
    SENDING = "sending", gettext_lazy("Sending")
    CHECKING = "checking", gettext_lazy("Checking with the provider")
    SENT = "sent", gettext_lazy("Sent")
    DELIVERED = "delivered", gettext_lazy("Delivered")
    UNDELIVERED = "undelivered", gettext_lazy("Not delivered")
    FAILED = "failed", gettext_lazy("Refused by the provider")
    DEAD = "dead", gettext_lazy("Given up")


ONE_PROVIDER_ID = "messaging_outgoing_one_provider_id"
OPEN_STATES = (State.QUEUED, State.SENDING, State.CHECKING)


class OutgoingQuerySet(ClinicQuerySet["Outgoing"]):
    def real(self) -> Self:
        """Without the decoys that make an unknown contact cost the same time as a known one."""
        return self.filter(is_decoy=False)

    def clinics_own(self) -> Self:
        """What the clinic itself said: neither decoys nor the platform's mail, which may be about anybody's account."""
        return self.real().filter(is_platforms=False)

    def due(self, now: datetime) -> Self:
        return self.filter(state=State.QUEUED, due_at__lte=now).order_by("due_at", "id")

    def abandoned(self, now: datetime) -> Self:
        """Taken by a worker whose lease ran out: it may or may not have sent them."""
        return self.filter(state__in=(State.SENDING, State.CHECKING), leased_until__lte=now).order_by(
            "leased_until", "id"
        )


class Outgoing(ClinicOwned):
    """One text or e-mail. The row is written in the transaction that decides to say it, so neither exists
    without the other.

    queued → sending → sent → delivered | undelivered; a doubt goes to checking and is settled with the
    provider before anything is sent again; failed is the provider's refusal, dead is ours to give up.
    """

    channel = models.CharField(gettext_lazy("channel"), max_length=5, choices=Channel)
    to = models.CharField(gettext_lazy("to"), max_length=254)
    subject = models.CharField(gettext_lazy("subject"), max_length=200, blank=True)
    # Sealed while is_sensitive; emptied once it has served.
    body = models.TextField(gettext_lazy("text"), blank=True)
    kind = models.CharField(gettext_lazy("kind"), max_length=40)
    key = models.CharField(max_length=120)
    # What it speaks of, like “pet:42”: asked about again when it is sent, see messaging/truths.py.
    about = models.CharField(max_length=40, blank=True, db_default="")
    # One file of text that an e-mail carries, like a calendar entry.
    attachment_name = models.CharField(max_length=80, blank=True, db_default="")
    attachment_type = models.CharField(max_length=80, blank=True, db_default="")
    attachment_text = models.TextField(blank=True, db_default="")
    is_sensitive = models.BooleanField(default=False)
    is_decoy = models.BooleanField(default=False)
    # Mail about a staff account. It lies in a clinic's outbox, but never takes that clinic's provider.
    is_platforms = models.BooleanField(default=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="resent_as")

    state = models.CharField(gettext_lazy("state"), max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(gettext_lazy("attempts"), default=0)
    # How often an attempt ended without our knowing whether it was sent.
    doubts = models.PositiveSmallIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(gettext_lazy("due"))
    expires_at = models.DateTimeField(gettext_lazy("useless after"), null=True)
    leased_until = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=100, blank=True)
    error = models.CharField(gettext_lazy("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(gettext_lazy("written"), auto_now_add=True)
    sent_at = models.DateTimeField(gettext_lazy("sent"), null=True)
    delivered_at = models.DateTimeField(gettext_lazy("delivered"), null=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("outgoing message")
        verbose_name_plural = gettext_lazy("outgoing messages")
        constraints = [
            *ClinicOwned.Meta.constraints,
            SameClinic("parent"),
            models.UniqueConstraint(fields=["clinic", "key"], name="messaging_outgoing_said_once"),
            models.UniqueConstraint(
                fields=["clinic", "provider_id"], condition=~Q(provider_id=""), name=ONE_PROVIDER_ID
            ),
        ]
        indexes = [
            # Looking for work beside any number of sent rows.
            models.Index(fields=["clinic", "due_at"], condition=Q(state="queued"), name="messaging_outgoing_queued"),
            models.Index(
                fields=["clinic", "leased_until"],
                condition=Q(state__in=["sending", "checking"]),
                name="messaging_outgoing_leased",
            ),
            models.Index(fields=["clinic", "-created_at"], name="messaging_outgoing_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def text(self) -> str:
        """The body in clear. Raises crypto.Unreadable."""
        return crypto.unseal(self.body) if self.is_sensitive and self.body else self.body


class Waiting(models.Model):
    """“This clinic's outbox has something to do from then on”: all that a scheduler may know before it opens
    a clinic.

    Only ever inserted by those who write messages, so it never makes two of them wait for each other.
    """

    # Not clinic_id: it must be readable with no clinic open. It says nothing about people.
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+", db_column="waiting_id")
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="messaging_waiting_due")]

    def __str__(self) -> str:
        return f"{self.clinic_id} at {self.due_at:%H:%M:%S}"


class RequestType(ClinicOwned):
    """What a client can ask for under Get Help Now; each clinic has its own."""

    class Icon(models.TextChoices):
        APPOINTMENT = "calendar-plus-duotone", gettext_lazy("Calendar")
        REFILL = "pill-duotone", gettext_lazy("Pill")
        QUESTION = "chat-circle-text-duotone", gettext_lazy("Speech bubble")
        TRAVEL = "airplane-tilt-duotone", gettext_lazy("Aeroplane")
        VACCINE = "syringe-duotone", gettext_lazy("Syringe")
        DENTAL = "tooth-duotone", gettext_lazy("Tooth")

    name = models.CharField(gettext_lazy("name"), max_length=60)
    slug = models.SlugField(gettext_lazy("address"), max_length=60)
    icon = models.CharField(gettext_lazy("icon"), max_length=40, choices=Icon, default=Icon.QUESTION)
    explanation = models.TextField(
        gettext_lazy("what to have ready"),
        max_length=600,
        blank=True,
        help_text=gettext_lazy("Shown to the client on the request's page."),
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("order"), default=0)
    is_active = models.BooleanField(gettext_lazy("offered"), default=True)

    objects = ClinicQuerySet["RequestType"].as_manager()

    class Meta:
        verbose_name = gettext_lazy("request type")
        verbose_name_plural = gettext_lazy("request types")
        constraints = [
            *ClinicOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "slug"],
                name="messaging_requesttype_slug",
                violation_error_message=gettext_lazy("Another request type has this address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
