"""Which clinics know a contact. Kept for the sign-in that names no clinic; holds keyed hashes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from clients.models import Client, KnownContact
from clinics.models import ClinicState
from portal.kit.contacts import Contact

if TYPE_CHECKING:
    from clinics.models import Clinic


def refresh(clinic: Clinic, contacts: Iterable[Contact]) -> None:
    """Make the directory true for these contacts at the open clinic. Call it for old and new ones after any change."""
    known = {contact for contact in set(contacts) if Client.objects.for_clinic(clinic).reached_by(contact).exists()}
    gone = set(contacts) - known
    learn(clinic, known)
    KnownContact.objects.filter(clinic=clinic, digest__in=[contact.digest for contact in gone]).delete()


def learn(clinic: Clinic, contacts: Iterable[Contact]) -> None:
    """Note contacts that are surely on file, many at once (an import)."""
    rows = [KnownContact(clinic=clinic, digest=contact.digest) for contact in contacts]
    KnownContact.objects.bulk_create(rows, ignore_conflicts=True)


def clinics_knowing(contact: Contact) -> list[Clinic]:
    """The live clinics that have this contact on file and texts to agree to, by name. Needs no clinic open."""
    known = KnownContact.objects.filter(
        digest=contact.digest, clinic__state=ClinicState.ACTIVE, clinic__legal_revision__gt=0
    )
    return [row.clinic for row in known.select_related("clinic").order_by("clinic__name")]
