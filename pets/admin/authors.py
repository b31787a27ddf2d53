"""Who did it, as a pet’s history keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clinics.models import StaffMember


def author(request: Any) -> StaffMember | None:
    """Who is at the desk, as a pet's history keeps them. A platform administrator has no job here to be named by."""
    job: StaffMember = request.staff
    return job if job.pk else None
