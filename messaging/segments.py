"""How long a text is, as phone networks count: 160 characters of their own alphabet, or 70 of any other."""

from __future__ import annotations

# GSM 03.38: one character outside of it, and the whole text is counted in UTF-16.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take two places.
EXTENDED = frozenset("^{}\\[~]|€\f")
# One segment, and each of several, which carry a header.
GSM, GSM_OF_SEVERAL = 160, 153
UTF_16, UTF_16_OF_SEVERAL = 70, 67
# What typography writes, in the characters that every phone has.
PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "−": "-"}
)


def plain(text: str) -> str:
    """The same words without the typography that would make a text more than twice as long."""
    return text.translate(PLAIN)


def count(text: str) -> int:
    """How many segments a text is sent and paid as. Nothing is none."""
    if all(character in BASIC or character in EXTENDED for character in text):
        length = sum(2 if character in EXTENDED else 1 for character in text)
        return _segments(length, GSM, GSM_OF_SEVERAL)
    return _segments(len(text.encode("utf-16-le")) // 2, UTF_16, UTF_16_OF_SEVERAL)


def _segments(length: int, one: int, of_several: int) -> int:
    return min(length, 1) if length <= one else -(-length // of_several)
