"""Sealing and digests."""

import pytest
import time_machine
from cryptography.fernet import Fernet

from portal.kit import crypto


def test_what_is_sealed_is_read_again():
    assert crypto.unseal(crypto.seal("grüß dich 🐈")) == "grüß dich 🐈"


@pytest.mark.parametrize("text", ["", "x", "gAAAAA==", "ü"])
def test_what_we_did_not_seal_is_unreadable(text):
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(text)


def test_what_is_too_old_is_unreadable():
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False) as clock:
        sealed = crypto.seal("x")
        clock.shift(61)

        with pytest.raises(crypto.Unreadable):
            crypto.unseal(sealed, max_age=60)


def test_keys_are_rotated_without_losing_what_they_sealed(settings):
    old = settings.PORTAL_KEYS
    sealed = crypto.seal("token")
    settings.PORTAL_KEYS = [Fernet.generate_key().decode(), *old]
    resealed = crypto.reseal(sealed)
    settings.PORTAL_KEYS = settings.PORTAL_KEYS[:1]

    assert crypto.unseal(resealed) == "token"
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(sealed)
    with pytest.raises(crypto.Unreadable):
        crypto.reseal(sealed)


def test_each_purpose_has_a_key_of_its_own():
    assert crypto.keyed_digest("x", purpose="one") != crypto.keyed_digest("x", purpose="two")


def test_tokens_are_long_and_never_the_same():
    tokens = {crypto.new_token() for _token in range(100)}

    assert len(tokens) == 100
    assert min(len(token) for token in tokens) >= 43
