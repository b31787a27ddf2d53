"""A pet's ID card: opened, chosen, withdrawn, checked; and the keys that a clinic signs its cards with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinics.models import Clinic
from pets.actions.card_documents import forget_documents
from pets.id_card import statements, tokens
from pets.id_card.content import face_of
from pets.models import CardCheck, CardKey, IdCard, Pet
from portal.kit import crypto
from portal.kit.refusals import Refusal

log = structlog.get_logger(__name__)

# An expiry is a day ahead at least, or the card would be over already, and three years at most.
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=3 * 365 + 1)
# A page that is reloaded is one check.
ONE_CHECK = timedelta(minutes=1)


class NoCard(Refusal):
    """The clinic has switched cards off, or the pet isn't living."""

    message = gettext_lazy("There is no Pet ID card for this pet.")


class CardWithdrawn(Refusal):
    """The owner withdrew the pet's card and made no new one. `card` is the withdrawn one."""

    message = gettext_lazy("This card has been withdrawn. Make a new one.")

    def __init__(self, card: IdCard) -> None:
        super().__init__()
        self.card = card


class NotAnExpiry(Refusal):
    message = gettext_lazy("Choose a day between tomorrow and three years from now.")


class UnknownKey(Refusal):
    message = gettext_lazy("The clinic has no such key in use.")


@transaction.atomic
def open_card(*, pet: Pet, now: datetime) -> IdCard:
    """The pet's card, made if it never had one, and signed and dated anew if what is on it has changed.

    However often and by however many at once: one card. Raises NoCard, and CardWithdrawn when the owner has taken the
    last one back: a new one is made by `make_new_card` only.
    """
    _refuse_without(pet)
    newest_first = IdCard.objects.for_clinic(pet.clinic).filter(pet=pet)
    card = newest_first.order_by(F("withdrawn_at").desc(nulls_first=True), "-id").first()
    if card is None:
        return make_new_card(pet=pet, now=now)
    card.pet, card.clinic = pet, pet.clinic
    if card.withdrawn_at:
        raise CardWithdrawn(card)
    return _signed(card, now=now)


@transaction.atomic
def make_new_card(*, pet: Pet, now: datetime) -> IdCard:
    """A card with a code of its own, showing what the last one showed. The one in force, if there is one, stays.

    Raises NoCard.
    """
    _refuse_without(pet)
    before = IdCard.objects.for_clinic(pet.clinic).filter(pet=pet).order_by("-id").first()
    fresh = {
        "token": tokens.new_token(pet.clinic_id),
        "hidden_parts": before.hidden_parts if before else [],
        "issued_at": now,
        "made_at": now,
    }
    card, _is_new = IdCard.objects.get_or_create(clinic=pet.clinic, pet=pet, withdrawn_at=None, defaults=fresh)
    card.pet, card.clinic = pet, pet.clinic
    return _signed(card, now=now)


@transaction.atomic
def choose_parts(*, card: IdCard, shown: Collection[str], expires_on: date | None, now: datetime) -> IdCard:
    """The owner chooses what is on the card and how long it is good for; None is for as long as it isn't withdrawn.

    Signs it anew if that changes it. Raises NotAnExpiry unless the day is 1 day to 3 years after the clinic's today (or
    the one it has already), and CardWithdrawn.
    """
    today = timezone.localdate(now, card.clinic.zone)
    is_chosen_now = expires_on is not None and expires_on != card.expires_on
    if is_chosen_now and not today + SHORTEST <= (expires_on or today) <= today + LONGEST:
        raise NotAnExpiry
    _signing_key(card.clinic, now=now)
    on_file = _locked(card)
    if on_file.withdrawn_at:
        raise CardWithdrawn(on_file)
    on_file.hidden_parts = [part for part in IdCard.Part.values if part not in shown]
    on_file.expires_on = expires_on
    on_file.save(update_fields=["hidden_parts", "expires_on"])
    return _signed(on_file, now=now)


@transaction.atomic
def withdraw_card(*, card: IdCard, now: datetime) -> None:
    """From now on whoever checks the card is told that it isn't confirmed, and what was printed of it is gone here.

    Withdrawn twice, the first stands.
    """
    IdCard.objects.for_clinic(card.clinic).filter(pk=card.pk).valid().update(withdrawn_at=now)
    forget_documents(card=card)
    card.refresh_from_db(fields=["withdrawn_at"])


@transaction.atomic
def note_check(*, card: IdCard, answer: CardCheck.Answer, now: datetime) -> None:
    """Remember that somebody checked the card and what they were told; the same answer within a minute is one check."""
    _locked(card)
    recent = CardCheck.objects.for_clinic(card.clinic).filter(card=card, answer=answer, checked_at__gt=now - ONE_CHECK)
    if not recent.exists():
        CardCheck.objects.create(clinic=card.clinic, card=card, answer=answer, checked_at=now)


@transaction.atomic
def rotate_keys(*, clinic: Clinic, now: datetime) -> CardKey:
    """Sign with a new key from now on. The old one's private half is gone, its public half stays published, so that
    cards on paper stay good."""
    _lock_keys_of(clinic)
    CardKey.objects.for_clinic(clinic).filter(retired_at=None).update(retired_at=now, sealed_private_key="")
    return _make_key(clinic, now=now)


@transaction.atomic
def revoke_key(*, clinic: Clinic, kid: str, now: datetime) -> int:
    """Publish a key no longer: it was stolen or lost, and what it signed is worth nothing offline.

    Cards that it signed are signed anew when they are next opened; returns how many those are. Their public pages go on
    confirming them: those ask the database, not a key. Raises UnknownKey.
    """
    _lock_keys_of(clinic)
    key = CardKey.objects.for_clinic(clinic).published().filter(kid=kid).first()
    if key is None:
        raise UnknownKey
    key.retired_at, key.revoked_at, key.sealed_private_key = key.retired_at or now, now, ""
    key.save(update_fields=["retired_at", "revoked_at", "sealed_private_key"])
    its_cards = IdCard.objects.for_clinic(clinic).valid().filter(statement__startswith=statements.beginning_of(kid))
    return its_cards.update(digest="", statement="")


def _refuse_without(pet: Pet) -> None:
    if not (pet.clinic.has_pet_cards and pet.is_living):
        raise NoCard


def _signed(card: IdCard, *, now: datetime) -> IdCard:
    """Read what is on the card; where that isn't what it was signed for, sign and date it anew."""
    clinic = card.pet.clinic
    face = face_of(card, today=timezone.localdate(now, clinic.zone))
    vars(card)["face"] = face
    if card.digest == face.digest:
        return card
    key = _signing_key(clinic, now=now)
    try:
        signed = {"statement": statements.signed(face, key=key, now=now, zone=clinic.zone), "digest": face.digest}
    except crypto.Unreadable:
        # Until an operator rotates the key, the code holds the address alone, and the public page goes on answering.
        log.warning("pets.card_key_unreadable", clinic_id=clinic.pk, kid=key.kid)
        signed = {"statement": "", "digest": ""}
    as_read = IdCard.objects.for_clinic(clinic).filter(pk=card.pk, digest=card.digest)
    as_read.update(**signed, issued_at=now)
    # Of several who sign at once the first is right: theirs may be what the owner has just chosen.
    card.refresh_from_db(fields=["statement", "digest", "issued_at"])
    return card


def _signing_key(clinic: Clinic, *, now: datetime) -> CardKey:
    """The clinic's key; made when its first card is signed, by one of those who come at once.

    Held until what it signs is written, so that a revoked key has signed nothing that its revocation overlooks. Held
    before the card, always.
    """
    signing = CardKey.objects.for_clinic(clinic).filter(retired_at=None).select_for_update()
    if key := signing.first():
        return key
    _lock_keys_of(clinic)
    return signing.first() or _make_key(clinic, now=now)


def _make_key(clinic: Clinic, *, now: datetime) -> CardKey:
    private_key = statements.new_private_key()
    public_key = statements.public_of(private_key)
    return CardKey.objects.create(
        clinic=clinic,
        kid=statements.kid_of(public_key),
        public_key=public_key,
        sealed_private_key=crypto.seal(private_key),
        made_at=now,
    )


def _lock_keys_of(clinic: Clinic) -> None:
    """A clinic's keys change one after another. Nothing that only points to the clinic waits for this."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)


def _locked(card: IdCard) -> IdCard:
    """The row as it is, held until the end of the transaction; with the pet and clinic that are loaded already."""
    on_file = IdCard.objects.for_clinic(card.clinic).select_for_update(no_key=True).get(pk=card.pk)
    on_file.pet, on_file.clinic = card.pet, card.clinic
    return on_file
