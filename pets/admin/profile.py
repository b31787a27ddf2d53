"""What happened to pets and what waits for an answer: on the profile of their owner, and on their own pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from clients.admin import ProfilePart, profile_parts
from clients.models import Client
from clinics.models import Clinic
from pets import history
from pets.models import Certificate, ChangeRequest, Pet, PetChange

CHANGES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Change:
    """One line of “Recent changes”."""

    pet: Pet
    what: str
    who: str
    done_at: datetime
    differences: list[history.Difference]


def changes_among(changes: Iterable[PetChange]) -> list[Change]:
    """In words. The rows need `pet`, `client` and `staff__user` at hand."""
    return [
        Change(
            pet=change.pet,
            # A weight is its own heading.
            what="" if change.kind == PetChange.Kind.WEIGHED else change.get_kind_display(),
            who=history.author_of(change),
            done_at=change.done_at,
            differences=list(history.readable(change.details)),
        )
        for change in changes
    ]


def goings_on(clinic: Clinic, *, of: Q) -> dict[str, Any]:
    """The newest changes and all that waits, for the pets that `of` names by way of `pet`; three statements."""
    changes = PetChange.objects.for_clinic(clinic).filter(of).select_related("pet", "client", "staff__user")
    requests = ChangeRequest.objects.for_clinic(clinic).filter(of).waiting().select_related("pet")
    certificates = Certificate.objects.for_clinic(clinic).filter(of).waiting().select_related("pet", "plan")
    return {
        "changes": changes_among(changes.order_by("-done_at", "-pk")[:CHANGES_SHOWN]),
        "open_requests": list(requests.order_by("asked_at", "pk")),
        "open_certificates": list(certificates.order_by("handed_in_at", "pk")),
    }


def of_client(request: Any, client: Client) -> dict[str, Any]:
    """A client's pets in the staff's order (R23), what happened to them, and what waits."""
    pets = list(client.pets.for_clinic(request.clinic).in_staff_order())
    return {"pets": pets} | goings_on(request.clinic, of=Q(pet__owner=client))


profile_parts.append(ProfilePart("admin/pets/profile.html", of_client))
