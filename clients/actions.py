"""Everything that can happen to a client and to the browsers they sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from clients import consents, devices, directory
from clients.models import Client, Device, SignInCode
from portal.kit import crypto
from portal.kit.contacts import Contact
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clinics.models import Clinic


class NotReachable(Refusal):
    message = gettext_lazy("Give a phone number or an e-mail address, so that the client can sign in.")


class NotTheirs(Refusal):
    """The contact that was proved is no longer this client's."""

    message = gettext_lazy("We couldn’t sign you in with that. Please ask for a new code.")


@transaction.atomic
def file_client(*, clinic: Clinic, name: str, phone: str = "", email: str = "", **details: Any) -> Client:
    """Put a client on the clinic's file. Contacts are normalised already. Raises NotReachable."""
    if not phone and not email:
        raise NotReachable
    client = Client.objects.create(clinic=clinic, name=name, phone=phone, email=email, **details)
    directory.learn(clinic, client.contacts)
    return client


@transaction.atomic
def update_client(*, client: Client, now: datetime, **details: Any) -> Client:
    """Change what is on file. A changed phone or e-mail ends the devices that came in by the old one, for good.

    Contacts are normalised already. Raises NotReachable when none is left.
    """
    before = Client.objects.for_clinic(client.clinic).select_for_update(no_key=True).get(pk=client.pk)
    old_contacts = before.contacts
    for field, value in details.items():
        setattr(client, field, value)
    if not client.phone and not client.email:
        raise NotReachable
    client.save(update_fields=list(details))
    kept = [contact.value for contact in client.contacts]
    Device.objects.for_client(client).filter(ended_at__isnull=True).exclude(contact__in=kept).update(ended_at=now)
    directory.refresh(client.clinic, [*old_contacts, *client.contacts])
    return client


@transaction.atomic
def choose_channels(
    *, client: Client, now: datetime, accepts_emails: bool | None = None, accepts_texts: bool | None = None
) -> Client:
    """Keep how the client wants to hear from the clinic; what is None stays as it is. The caller's row says it too.

    Sign-in codes, and what the client must hear (a visit that the clinic cancelled), are sent whatever is chosen.
    """
    chosen = {"accepts_emails": accepts_emails, "accepts_texts": accepts_texts}
    given = {field: value for field, value in chosen.items() if value is not None}
    if given:
        Client.objects.for_clinic(client.clinic).filter(pk=client.pk).update(**given)
    for field, value in given.items():
        setattr(client, field, value)
    return client


@transaction.atomic
def archive_client(*, client: Client, now: datetime) -> None:
    """Take a client off the current file: sign-in and devices end, history stays."""
    client.archived_at = now
    client.save(update_fields=["archived_at"])
    end_devices(client=client, now=now)
    directory.refresh(client.clinic, client.contacts)


@transaction.atomic
def restore_client(*, client: Client) -> None:
    """Undo archive_client. The client signs in anew."""
    client.archived_at = None
    client.save(update_fields=["archived_at"])
    directory.refresh(client.clinic, client.contacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a browser brings along when it proves a contact."""

    contact: Contact
    user_agent: str
    ip_address: str | None
    # The clinic's legal revision whose texts were ticked on the way in; 0 for none.
    agreed_revision: int = 0


@transaction.atomic
def sign_in_device(*, client: Client, visit: Visit, now: datetime) -> str:
    """Let this browser in as the client, and keep the consents given on the way. Returns the token for its cookie.

    Raises NotTheirs when the client was archived, or the contact changed, since the code was sent.
    """
    client = Client.objects.for_clinic(client.clinic).select_for_update(no_key=True).get(pk=client.pk)
    if client.archived_at is not None or not client.has(visit.contact.value):
        raise NotTheirs
    token = crypto.new_token()
    Device.objects.create(
        clinic=client.clinic,
        client=client,
        token_digest=crypto.token_digest(token),
        contact=visit.contact.value,
        label=devices.label(visit.user_agent),
        signed_in_at=now,
        last_seen_at=now,
    )
    if visit.agreed_revision == client.clinic.legal_revision:
        agree(client=client, visit=visit, source="sign_in", now=now)
    return token


@transaction.atomic
def agree(*, client: Client, visit: Visit, source: str, now: datetime) -> None:
    """Record that the client agreed to the clinic's texts now in force, in the client's language."""
    given = consents.Given(contact=visit.contact.value, ip_address=visit.ip_address, source=source, at=now)
    consents.record(client, given)
    client.agreed_revision = client.clinic.legal_revision
    client.save(update_fields=["agreed_revision"])


@transaction.atomic
def sign_up(*, clinic: Clinic, name: str, visit: Visit, now: datetime) -> tuple[Client, str]:
    """A new client of a clinic whose door is open, by the contact they have just proved. Returns them and the token."""
    field = "phone" if visit.contact.channel == "sms" else "email"
    client = file_client(clinic=clinic, name=name, **{field: visit.contact.value})
    return client, sign_in_device(client=client, visit=visit, now=now)


def end_device(*, device: Device, now: datetime) -> None:
    """Sign one browser out. Its cookie is worth nothing from now on."""
    Device.objects.for_clinic(device.clinic).filter(pk=device.pk, ended_at__isnull=True).update(ended_at=now)


def end_devices(*, client: Client, now: datetime, but: Device | None = None) -> int:
    """Sign the client out everywhere, or everywhere but on one device. Returns how many.

    What is under way at this clinic's own door ends too; the contact's codes at other clinics are not its business.
    """
    digests = [contact.digest for contact in client.contacts]
    own = SignInCode.objects.filter(clinic=client.clinic, voided_at__isnull=True)
    own.filter(contact_digest__in=digests).update(voided_at=now)
    live = Device.objects.for_client(client).filter(ended_at__isnull=True)
    return (live.exclude(pk=but.pk) if but else live).update(ended_at=now)
