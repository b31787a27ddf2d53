"""What is on a Pet ID card today: what the owner shows of the pet's file, and what the pet is current on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pets import care, days, facts, weights
from pets.id_card import tokens
from pets.models import CardCheck, IdCard, Weight

if TYPE_CHECKING:
    from clinics.models import Clinic
    from pets.models import Pet

Part = IdCard.Part
ON_A_CARD = {care.Status.CURRENT, care.Status.DUE_SOON}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardService:
    """A service that the pet is current on. `valid_until` is as recorded, never computed."""

    name: str
    given_on: date
    valid_until: date
    vet_name: str  # "" when not on file
    source: str  # the other clinic that gave it; "" when given here
    status: care.Status

    @property
    def tone(self) -> str:
        return care.TONES[self.status]

    @property
    def status_text(self) -> str:
        return _("Current") if self.status == care.Status.CURRENT else _("Due soon")

    @property
    def given(self) -> str:
        return days.full(self.given_on)

    @property
    def until(self) -> str:
        return days.full(self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What the card says, in no language: what its digest and its statement are made of. Hidden parts are empty."""

    issuer: str  # the clinic's public address, which its keys are published below
    token: str
    name: str
    species: str
    breed: str
    born_on: date | None
    is_birth_estimated: bool
    sex: str
    neutered: str
    colour: str
    kg: Decimal | None
    weighed_on: date | None
    weight_unit: str
    microchip: str
    owner: str
    photo: str
    is_identity_checked: bool
    is_rabies_certificate: bool
    services: tuple[CardService, ...]
    expires_on: date | None

    @property
    def digest(self) -> str:
        """SHA-256 in hex. With another one the card is signed and dated anew. How soon a service is due is no part."""
        said = asdict(self)
        for service in said["services"]:
            del service["status"]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """All that is on a card today, in the active language; "" (or None) where the owner hides it or nothing is on
    file."""

    card: IdCard
    pet: Pet
    clinic: Clinic
    name: str
    species: str
    breed: str
    kind: str
    born: str
    sex: str
    colour: str
    weight: str
    microchip: str
    owner: str
    has_photo: bool
    is_identity_checked: bool  # False: species and chip are the owner's word, and the card says so
    is_rabies_certificate: bool  # False: “Not a rabies certificate” stands on it
    services: tuple[CardService, ...]
    issued_at: datetime
    expires_on: date | None
    token: str  # as printed, in groups
    verify_url: str
    qr_text: str  # verify_url, "#", and the signed statement; the address alone while no key can be opened

    @property
    def issued(self) -> str:
        return days.full(timezone.localdate(self.issued_at, self.clinic.zone))

    @property
    def expires(self) -> str:
        return days.full(self.expires_on) if self.expires_on else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What whoever checks a card is shown of it, in the active language: enough to know the animal, nobody's name."""

    name: str
    line: str  # “Cat · Domestic shorthair · Brown tabby · born 2021”
    icon: str
    tint: int
    chip_end: str  # the last four characters
    is_identity_checked: bool
    is_rabies_certificate: bool
    services: tuple[CardService, ...]


def current_services(pet: Pet, *, today: date) -> tuple[CardService, ...]:
    """What the pet is current on, vaccines first, by name; two statements. `today` is the clinic's."""
    return tuple(
        CardService(
            name=one.plan.name,
            given_on=one.record.given_on,
            valid_until=one.record.valid_until,
            vet_name=one.record.vet_name,
            source=one.record.given_at_clinic,
            status=one.status,
        )
        for one in care.care_of([pet], clinic=pet.clinic, today=today).get(pet.pk, [])
        if one.record is not None and one.status in ON_A_CARD
    )


def face_of(card: IdCard, *, today: date) -> Face:
    """What the card says on the clinic's day; two statements for its services, and one for a weight that it shows."""
    pet, clinic = card.pet, card.pet.clinic
    weight = None
    if card.shows(Part.WEIGHT):
        weight = Weight.objects.for_clinic(clinic).filter(pet=pet).until(today).first()
    return Face(
        issuer=clinic.public_url,
        token=card.token,
        name=pet.name,
        species=pet.species,
        breed=pet.breed if card.shows(Part.BREED) else "",
        born_on=pet.born_on if card.shows(Part.BORN) else None,
        is_birth_estimated=pet.is_birth_estimated and card.shows(Part.BORN),
        sex=pet.sex if card.shows(Part.SEX) else "",
        neutered=pet.neutered if card.shows(Part.SEX) else "",
        colour=pet.colour if card.shows(Part.COLOUR) else "",
        kg=weight.kg if weight else None,
        weighed_on=weight.weighed_on if weight else None,
        weight_unit=clinic.weight_unit if weight else "",
        microchip=pet.microchip if card.shows(Part.MICROCHIP) else "",
        owner=pet.owner.name if card.shows(Part.OWNER) else "",
        photo=str(pet.photo.name or "") if card.shows(Part.PHOTO) else "",
        is_identity_checked=pet.is_identity_checked,
        is_rabies_certificate=clinic.issues_rabies_certificates,
        services=current_services(pet, today=today),
        expires_on=card.expires_on,
    )


def content_of(card: IdCard, *, today: date) -> CardContent:
    """What is printed on a card that `actions.open_card` has just opened, in the active language.

    Costs no statement then: `open_card` leaves the face that it read with the row. Else what `face_of` costs.
    """
    face: Face = vars(card).get("face") or face_of(card, today=today)
    pet = card.pet
    address = verify_url(card.token)
    return CardContent(
        card=card,
        pet=pet,
        clinic=pet.clinic,
        name=face.name,
        species=pet.get_species_display(),
        breed=face.breed,
        kind=pet.kind_with(face.breed),
        born=facts.birth_text(face.born_on, is_estimated=face.is_birth_estimated),
        sex=facts.sex_text(pet) if face.sex else "",
        colour=face.colour,
        weight=_weight(face),
        microchip=facts.grouped(face.microchip),
        owner=face.owner,
        has_photo=bool(face.photo),
        is_identity_checked=face.is_identity_checked,
        is_rabies_certificate=face.is_rabies_certificate,
        services=face.services,
        issued_at=card.issued_at,
        expires_on=card.expires_on,
        token=tokens.grouped(card.token),
        verify_url=address,
        qr_text=f"{address}#{card.statement}" if card.statement else address,
    )


def seen_by_a_stranger(card: IdCard, *, today: date) -> Seen:
    """What the public page shows of a card in force, as things are now; two statements. `today` is the clinic's."""
    pet = card.pet
    born = _("born %(year)s") % {"year": pet.born_on.year} if pet.born_on and card.shows(Part.BORN) else ""
    breed = pet.breed if card.shows(Part.BREED) else ""
    colour = pet.colour if card.shows(Part.COLOUR) else ""
    chip = pet.microchip if card.shows(Part.MICROCHIP) else ""
    return Seen(
        name=pet.name,
        line=" · ".join(part for part in (pet.get_species_display(), breed, colour, born) if part),
        icon=pet.icon,
        tint=pet.tint,
        chip_end=chip[-4:],
        is_identity_checked=pet.is_identity_checked,
        is_rabies_certificate=pet.clinic.issues_rabies_certificates,
        services=current_services(pet, today=today),
    )


def verify_url(token: str) -> str:
    """The public page of a card, absolute and the portal's own: it must not change with a clinic's address."""
    return f"{settings.PORTAL_URL}{reverse('verify_card', args=[token])}"


def answer_of(card: IdCard, *, today: date) -> CardCheck.Answer:
    """What whoever checks the card is told. Why it is no longer confirmed is nobody's business."""
    pet = card.pet
    if card.withdrawn_at or not pet.is_living or not pet.clinic.has_pet_cards:
        return CardCheck.Answer.WITHDRAWN
    return CardCheck.Answer.EXPIRED if card.has_expired(today=today) else CardCheck.Answer.CURRENT


def _weight(face: Face) -> str:
    if face.kg is None or face.weighed_on is None:
        return ""
    weight = weights.scale_for(face.kg, face.weight_unit).text(face.kg)
    # Translators: a weight and its day, like “4.6 kg on 11 April 2026”.
    return _("%(weight)s on %(day)s") % {"weight": weight, "day": days.full(face.weighed_on)}
