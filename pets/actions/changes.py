"""Writing down what happened to a pet's file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from clients.models import Client
from clinics.models import StaffMember
from pets.models import Pet, PetChange

if TYPE_CHECKING:
    from pets.history import Author, Details


def note_change(
    *, pet: Pet, kind: PetChange.Kind, by: Author, now: datetime, details: Details | None = None
) -> PetChange:
    """Keep who did what and when. Called by the actions, in the transaction of what they did."""
    return PetChange.objects.create(
        clinic=pet.clinic,
        pet=pet,
        kind=kind,
        details=details or {},
        client=by if isinstance(by, Client) else None,
        staff=by if isinstance(by, StaffMember) else None,
        done_at=now,
    )
