"""Keyed digests, for what is only compared, and sealing, for what must be readable again."""

import hashlib
import hmac
import secrets
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(ValueError):
    """A sealed text that none of our keys opens, or that is older than allowed."""


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypt with the newest of PORTAL_KEYS."""
    return _fernet(tuple(settings.PORTAL_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str, *, max_age: int | None = None) -> str:
    """Decrypt with whichever key fits. `max_age` is in seconds. Raises Unreadable."""
    try:
        return _fernet(tuple(settings.PORTAL_KEYS)).decrypt(sealed.encode(), ttl=max_age).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable from error


def reseal(sealed: str) -> str:
    """The same secret under the newest key. Raises Unreadable."""
    try:
        return _fernet(tuple(settings.PORTAL_KEYS)).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def keyed_digest(text: str, *, purpose: str) -> str:
    """HMAC-SHA256 in hex under a key of its own for each purpose: for texts that could be guessed from a bare hash."""
    return salted_hmac(f"portal.{purpose}", text, algorithm="sha256").hexdigest()


def new_token() -> str:
    """256 random bits, url-safe."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """SHA-256 in hex. A token has 256 random bits, so a bare hash can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_same(one: str, two: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), two.encode())
