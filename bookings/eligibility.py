"""Whom a service is for: species, how many pets at once, new clients or those who have been here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import BLOCKING, Appointment, Audience, Mode, Service, State
from bookings.models.services import LONGEST_MINUTES
from pets.models import CareRecord
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.models import Client
    from pets.models import Pet


class NotOffered(Refusal):
    message = gettext_lazy("The clinic doesn’t offer this any more.")


class PhoneOnly(Refusal):
    message = gettext_lazy("This is booked by phone. Please call the clinic.")


class OtherSpecies(Refusal):
    message = gettext_lazy("This isn’t for that species.")

    def __init__(self, pet: Pet | None = None) -> None:
        super().__init__()
        self.pet = pet

    def __str__(self) -> str:
        return _("This isn’t for %(pet)s’s species.") % {"pet": self.pet.name} if self.pet else str(self.message)


class NewClientsOnly(Refusal):
    message = gettext_lazy("This is for a first visit to the clinic.")


class KnownClientsOnly(Refusal):
    message = gettext_lazy("This is for clients who have been here. Please book a first visit.")


class TooManyPets(Refusal):
    message = gettext_lazy("That’s more pets than fit into one visit.")


class NoPet(Refusal):
    message = gettext_lazy("Choose who the visit is for.")


class TooManyVisits(Refusal):
    """Nobody fills a diary, or somebody's phone with confirmations, from one account."""

    message = gettext_lazy("You have a lot of visits booked already. Please call the clinic for another one.")


class PetGone(Refusal):
    """Deleted or dead, or never theirs."""

    message = gettext_lazy("This pet is no longer on your list.")


# Of one client, by themselves: visits that lie ahead, and bookings in a day, cancelled ones included.
MOST_AHEAD = MOST_IN_A_DAY = 20


def is_known(client: Client) -> bool:
    """Has the clinic met them? By a visit here, a record of care, or a number in its practice system."""
    if client.external_id:
        return True
    done = Appointment.objects.for_client(client).filter(state=State.COMPLETED)
    return done.exists() or CareRecord.objects.for_clinic(client.clinic).filter(pet__owner=client).exists()


def why_not(service: Service, *, species: Sequence[str], is_known: bool | None) -> Refusal | None:
    """What keeps a service from being offered for pets of these species; None when nothing does.

    `is_known` is None for a visitor who has not signed in: then nothing is held against them yet.
    """
    if not service.is_active:
        return NotOffered()
    if any(not service.treats(one) for one in species):
        return OtherSpecies()
    if len(species) > service.most_pets or service.minutes_for(len(species)) > LONGEST_MINUTES:
        return TooManyPets()
    if service.audience == Audience.NEW and is_known:
        return NewClientsOnly()
    if service.audience == Audience.EXISTING and is_known is False:
        return KnownClientsOnly()
    return None


def check(service: Service, *, pets: Sequence[Pet], client: Client, by_staff: bool, now: datetime) -> None:
    """Raises the Refusal that stands in the way of a visit. Staff may book anything for any living pet."""
    if not pets:
        raise NoPet
    if any(pet.owner_id != client.pk or not pet.is_living for pet in pets):
        raise PetGone
    if service.minutes_for(len(pets)) > LONGEST_MINUTES:
        raise TooManyPets
    if by_staff:
        return
    if service.mode == Mode.PHONE:
        raise PhoneOnly
    odd = next((pet for pet in pets if not service.treats(pet.species)), None)
    if odd is not None:
        raise OtherSpecies(odd)
    known = None if service.audience == Audience.EVERYBODY else is_known(client)
    if refusal := why_not(service, species=[pet.species for pet in pets], is_known=known):
        raise refusal
    _check_how_many(client, now=now)


def _check_how_many(client: Client, *, now: datetime) -> None:
    ahead = Count("pk", filter=Q(state__in=BLOCKING, starts_at__gt=now))
    booked = Count("pk", filter=Q(source=Appointment.Source.ONLINE, booked_at__gt=now - timedelta(days=1)))
    counted = Appointment.objects.for_client(client).aggregate(ahead=ahead, booked=booked)
    if counted["ahead"] >= MOST_AHEAD or counted["booked"] >= MOST_IN_A_DAY:
        raise TooManyVisits
