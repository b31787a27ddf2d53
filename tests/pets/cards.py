"""Cards, and whoever checks them, as the tests of cards meet them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions
from pets.id_card import statements
from pets.models import CarePlan, IdCard, Pet
from portal.kit import crypto
from tests import factories

NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)
TODAY = date(2026, 4, 11)


def create_miso(owner: Client, **fields: Any) -> Pet:
    """A cat with everything on file."""
    known: dict[str, Any] = {
        "name": "Miso",
        "breed": "Domestic shorthair",
        "sex": "female",
        "neutered": "yes",
        "born_on": date(2021, 5, 12),
        "colour": "Brown tabby",
        "microchip": "985141003276540",
    }
    return factories.create_pet(owner, **(known | fields))


def give(pet: Pet, name: str, *, days: int, **fields: Any) -> CarePlan:
    """A service that is valid for so many days more."""
    plan = factories.create_plan(pet.clinic, name=name, species=pet.species, is_vaccine=True)
    factories.create_record(
        pet, plan, valid_until=TODAY + timedelta(days=days), given_on=TODAY - timedelta(days=9), **fields
    )
    return plan


def open_card(pet: Pet, *, at: datetime = NOON) -> IdCard:
    with tenant(pet.clinic):
        return actions.open_card(pet=pet, now=at)


def withdraw(card: IdCard, *, at: datetime = NOON) -> None:
    with tenant(card.clinic):
        actions.withdraw_card(card=card, now=at)


def choose(card: IdCard, shown: list[str], expires_on: date | None = None, *, at: datetime = NOON) -> IdCard:
    with tenant(card.clinic):
        return actions.choose_parts(card=card, shown=shown, expires_on=expires_on, now=at)


def kid_of(card: IdCard) -> str:
    kid: str = read(card.statement)[0]["kid"]
    return kid


def read(statement: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, unchecked."""
    header, payload, _signature = statement.split(".")
    return json.loads(_raw(header)), json.loads(_raw(payload))


def signed_by_a_stranger(card: IdCard) -> str:
    """The same claims under the same kid, with a key that isn't the clinic's."""
    header, claims = read(card.statement)
    return statements.sign(claims, kid=header["kid"], private_key=statements.new_private_key())


def publish(clinic: Clinic) -> tuple[str, str]:
    """A key of the clinic's, made now: its kid, and its private half."""
    with tenant(clinic):
        key = actions.rotate_keys(clinic=clinic, now=NOON)
    return key.kid, crypto.unseal(key.sealed_private_key)


def _raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
