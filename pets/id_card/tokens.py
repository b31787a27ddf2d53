"""The code on a card: which clinic, and 80 random bits. Printed in groups, and read as people type it.

“C-7K4R2XD0ABCD1234” is the clinic's id and 16 random characters, both in Crockford's base32, which has no letter that
looks like a digit. So a check finds its clinic without asking every clinic.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM = 16  # characters of 5 bits
# The longest that is looked at: a clinic's id of 8 characters is 40 bits, and people may group as they like.
MOST_TYPED = 64
MEANT = str.maketrans("OIL", "011", "- \u00a0\u2010\u2011\u2013")
READABLE = re.compile(rf"[{ALPHABET}]{{{RANDOM + 1},{RANDOM + 8}}}\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept, and the clinic that it names."""

    text: str
    clinic_id: int


def new_token(clinic_id: int) -> str:
    """A token that nobody guesses, as it is kept."""
    return f"{_in_base32(clinic_id)}-{''.join(secrets.choice(ALPHABET) for _place in range(RANDOM))}"


def read(typed: str) -> Token | None:
    """What somebody typed or scanned: small letters, hyphens, spaces, and O, I or L for 0 and 1 are forgiven."""
    if len(typed) > MOST_TYPED:
        return None
    text = typed.upper().translate(MEANT)
    if not READABLE.match(text):
        return None
    clinic, rest = text[:-RANDOM], text[-RANDOM:]
    clinic_id = 0
    for character in clinic:
        clinic_id = clinic_id * 32 + ALPHABET.index(character)
    return Token(f"{_in_base32(clinic_id)}-{rest}", clinic_id)


def grouped(token: str) -> str:
    """As it is printed, in fours: “C-7K4R-2XD0-ABCD-1234”."""
    clinic, rest = token.split("-", 1)
    return "-".join([clinic, *(rest[start : start + 4] for start in range(0, len(rest), 4))])


def _in_base32(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
        if not number:
            return digits
