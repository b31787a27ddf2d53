"""One owner's pets, as every screen lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import DateField, F, OuterRef, Subquery
from django.db.models.functions import Least, TruncDate

from pets.models import CareRecord, Pet, Weight

if TYPE_CHECKING:
    from clients.models import Client
    from clinics.models import Clinic


def pets_of(client: Client) -> list[Pet]:
    """The living by name, then the remembered, the last one first; one statement. Without the deleted.

    Each knows its clinic and owner already, so that its photo's address costs no query.
    """
    living_first = F("deceased_on").desc(nulls_first=True)
    pets = list(Pet.objects.for_client(client).order_by(living_first, "name", "id"))
    for pet in pets:
        pet.clinic, pet.owner = client.clinic, client
    return pets


def first_seen(clinic: Clinic) -> Least:
    """Annotates a pet with the day that the clinic has known it since, in the clinic's time zone.

    That is its first weight or service given here, or when it was put on file: a practice system that was
    imported has known it for longer than the portal has.
    """
    weights = Weight.objects.for_clinic(clinic).filter(pet=OuterRef("pk"), is_owners=False).order_by("weighed_on")
    records = CareRecord.objects.for_clinic(clinic).filter(pet=OuterRef("pk"), given_at_clinic="")
    return Least(
        TruncDate("created_at"),
        Subquery(weights.values("weighed_on")[:1]),
        Subquery(records.order_by("given_on").values("given_on")[:1]),
        output_field=DateField(),
    )


def is_living(clinic: Clinic, pet_id: int) -> bool:
    """Asked before a message about a pet goes out: none about a dead or deleted one does (B11)."""
    return Pet.objects.for_clinic(clinic).living().filter(pk=pet_id).exists()
