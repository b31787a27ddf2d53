"""Addresses of a visit for messages: one that needs no code and shows it, and one that needs a code and changes it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer

from bookings.models import Appointment

if TYPE_CHECKING:
    from clinics.models import Clinic

# How long after a visit its link still shows it.
GOOD_FOR = timedelta(days=30)
# 96 bits in url-safe letters: nobody guesses them at a server, and a text has room for them.
SIGNATURE_LENGTH = 16


class ShortSigner(Signer):
    """Django's signature, cut short: the link has to fit into one text."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:SIGNATURE_LENGTH]


def token_of(appointment: Appointment) -> str:
    """The last part of the address that shows this visit to whoever has it."""
    return _signer(appointment).sign(str(appointment.pk))


def find(clinic: Clinic, token: str, *, now: datetime) -> Appointment | None:
    """The visit of a token, with its client, service and person; None when it is not ours, too old, or its client has
    left the clinic."""
    number = re.match(r"[0-9]{1,18}(?=\.)", token, re.ASCII)
    if number is None:
        return None
    rows = Appointment.objects.for_clinic(clinic).select_related("client", "service", "person")
    row = rows.filter(pk=int(number[0]), client__archived_at=None, ends_at__gt=now - GOOD_FOR).first()
    if row is None or not _is_ours(row, token):
        return None
    row.clinic = row.client.clinic = clinic
    return row


def visit_url(clinic: Clinic, appointment: Appointment) -> str:
    """Shows the visit without a code. Built from the stored address, never from a request."""
    return f"{clinic.public_url}/bookings/visit/{token_of(appointment)}/"


def booking_url(clinic: Clinic, appointment: Appointment) -> str:
    """The visit's own page: signed in, it can be changed. Says nothing to anybody else, so calendars may have it."""
    return f"{clinic.public_url}/bookings/{appointment.pk}/"


def feed_url(clinic: Clinic, token: str) -> str:
    return f"{clinic.public_url}/bookings/calendar/{token}.ics"


def _is_ours(row: Appointment, token: str) -> bool:
    try:
        return _signer(row).unsign(token) == str(row.pk)
    except BadSignature:
        return False


def _signer(row: Appointment) -> Signer:
    # Clinic and client are in the salt: the address is worth nothing at another clinic, nor with the visit another's.
    return ShortSigner(salt=f"bookings.visit.{row.clinic_id}.{row.client_id}", sep=".")
