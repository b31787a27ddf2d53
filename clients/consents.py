"""What a client agreed to, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from clients.models import Client, Consent
from clinics.models import LegalText

if TYPE_CHECKING:
    from clinics.models import Clinic


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The circumstances of an agreement; `source` is where in the portal it was given."""

    contact: str
    ip_address: str | None
    source: str
    at: datetime


def texts_for(clinic: Clinic, language: str) -> dict[str, LegalText]:
    """The texts in force by kind: in this language, else in the clinic's own."""
    in_force = LegalText.objects.for_clinic(clinic).in_force()
    texts = {text.kind: text for text in in_force if text.language == clinic.language}
    return texts | {text.kind: text for text in in_force if text.language == language}


def record(client: Client, given: Given) -> None:
    """One row for each text; agreeing again to the same version adds nothing."""
    rows = [
        Consent(
            clinic=client.clinic,
            client=client,
            text=text,
            given_at=given.at,
            contact=given.contact,
            ip_address=given.ip_address,
            source=given.source,
        )
        for text in texts_for(client.clinic, client.language).values()
    ]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)
