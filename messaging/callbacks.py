"""The address where a provider tells what became of a message: it names the outbox row, signed, so none can
be guessed.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from clinics.models import Clinic


def status_url(clinic: Clinic, outbox_id: int) -> str:
    """Where Twilio reports on this row. Built from the stored address, never from a request."""
    return url(clinic, _signer(clinic).sign(str(outbox_id)))


def url(clinic: Clinic, signed: str) -> str:
    return f"{clinic.public_url}/webhooks/twilio/status/{signed}/"


def read(clinic: Clinic, signed: str) -> int | None:
    """The outbox row that the last part of such an address names; None when we didn't sign it for this
    clinic.
    """
    try:
        return int(_signer(clinic).unsign(signed))
    except BadSignature:
        return None


def _signer(clinic: Clinic) -> Signer:
    # The clinic is in the salt, so that one clinic's address is worth nothing at another's.
    return Signer(salt=f"messaging.status.{clinic.pk}", sep=".")
