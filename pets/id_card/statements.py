"""The signed statement in a card's QR code: what it claims, and the keys of a clinic that sign it.

A compact JWS (RFC 7515) with Ed25519 (RFC 8037), so that anybody's library can check it without asking us. The format
is promised in docs/pet-id-card.md, with vectors that a test computes again.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.api_jws import PyJWS

from pets.id_card import qr
from pets.id_card.content import verify_url
from portal.kit import crypto

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from pets.id_card.content import CardService, Face
    from pets.models import CardKey

# Characters of a pet's name, and of a service's: the longest that leave a code which a camera reads (qr.py).
MOST_OF_A_NAME = 40
MOST_OF_A_SERVICE = (40, 24, 16, 12)
KID_LENGTH = 6


def new_private_key() -> str:
    """An Ed25519 key in base64url, as `d` of a JSON Web Key. Seal it before it is kept."""
    return _base64url(Ed25519PrivateKey.generate().private_bytes_raw())


def public_of(private_key: str) -> str:
    """The public half of it, as `x` of a JSON Web Key."""
    return _base64url(_opened(private_key).public_key().public_bytes_raw())


def kid_of(public_key: str) -> str:
    """A key's short name: the beginning of its thumbprint (RFC 7638)."""
    members = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": public_key}, separators=(",", ":"))
    return _base64url(hashlib.sha256(members.encode()).digest())[:KID_LENGTH]


def jwk(key: CardKey) -> dict[str, str]:
    """A key as it is published (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.kid, "x": key.public_key}


def signed(face: Face, *, key: CardKey, now: datetime, zone: ZoneInfo) -> str:
    """The statement that a card carries from now on. Raises crypto.Unreadable when the key was sealed with one that
    is no longer among PORTAL_KEYS.

    What is too long is cut so that a camera reads the code: first services' names, which leave it comfortable; then the
    services at the end, of which vaccines stand first. `more` says how many those are.
    """
    taken = len(f"{verify_url(face.token)}#")
    private_key = crypto.unseal(key.sealed_private_key)
    every = len(face.services)
    attempts = [(every, most, qr.COMFORTABLE_BYTES) for most in MOST_OF_A_SERVICE]
    attempts += [(count, MOST_OF_A_SERVICE[-1], qr.MOST_BYTES) for count in range(every, -1, -1)]
    for count, most, room in attempts:
        claims = _claims(face, face.services[:count], most, now=now, zone=zone)
        statement = sign(claims, kid=key.kid, private_key=private_key)
        if taken + len(statement) <= room:
            break
    return statement


def sign(claims: dict[str, Any], *, kid: str, private_key: str) -> str:
    """A compact JWS of these claims in this order."""
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    return PyJWS().encode(payload, _opened(private_key), algorithm="EdDSA", headers={"typ": None, "kid": kid})


def beginning_of(kid: str) -> str:
    """What every statement that this key signed begins with."""
    header = json.dumps({"alg": "EdDSA", "kid": kid}, separators=(",", ":"))
    return f"{_base64url(header.encode())}."


def _claims(
    face: Face, services: tuple[CardService, ...], most: int, *, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Never the owner. Microchip and species are claimed only where the clinic has checked them: an unchecked chip is
    left out, an unchecked species is marked. What the card doesn't show isn't claimed."""
    has_chip = face.microchip and face.is_identity_checked
    claims: dict[str, Any] = {
        "iss": face.issuer,
        "sub": face.token,
        "iat": int(now.timestamp()),
        "exp": _end_of(face, zone),
        "name": _cut(face.name, MOST_OF_A_NAME),
        "species": face.species,
        "unchecked": not face.is_identity_checked,
        "chip": face.microchip if has_chip else "",
        "born": _born(face),
        "services": [[_cut(one.name, most), one.valid_until.isoformat()] for one in services],
        "more": len(face.services) - len(services),
    }
    return {name: value for name, value in claims.items() if value or name == "services"}


def _born(face: Face) -> str:
    """The day, or the year alone where the day is an estimate."""
    if face.born_on is None:
        return ""
    return str(face.born_on.year) if face.is_birth_estimated else face.born_on.isoformat()


def _end_of(face: Face, zone: ZoneInfo) -> int:
    """The first second after the card's last day at the clinic; 0 for a card without one."""
    if face.expires_on is None:
        return 0
    return int(datetime.combine(face.expires_on + timedelta(days=1), time(), zone).timestamp())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _opened(private_key: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(f"{private_key}="))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
