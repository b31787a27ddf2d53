"""What a clinic says about its services and rules, in the reader's language, else in its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

from bookings.models import PolicyWords, ServiceWords

if TYPE_CHECKING:
    from bookings.models import Appointment
    from clinics.models import Clinic


def preparation(clinic: Clinic, row: Appointment) -> list[str]:
    """What to bring and to do before a visit, a line each."""
    language, own = get_language() or "", ""
    if language != clinic.language:
        words = ServiceWords.objects.for_clinic(clinic).filter(service=row.service_id, language=language)
        own = words.values_list("preparation", flat=True).first() or ""
    return [line.strip() for line in (own or row.service.preparation).splitlines() if line.strip()]


def rules_of(clinic: Clinic, row: Appointment) -> str:
    """What the clinic adds about the rules that a visit was booked under; "" when it adds nothing."""
    if row.policy_id is None:
        return ""
    words = PolicyWords.objects.for_clinic(clinic).filter(policy=row.policy_id)
    said = dict(words.values_list("language", "body"))
    return (said.get(get_language() or "") or said.get(clinic.language, "")).strip()
