"""The checker that docs/pet-id-card.md gives to strangers, and its vectors: what the tests check cards with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/pet-id-card.md").read_text()


def vector(name: str) -> str:
    found = re.search(rf"^```\w+ vector={name}\n(.+)\n```$", DOCUMENT, re.MULTILINE)
    assert found
    return found.group(1)


def check(qr_text: str, key_sets: dict[str, Any], now: float) -> dict[str, Any]:
    code = re.search(r"^```python\n(.+?)\n```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert code
    words: dict[str, Any] = {}
    exec(code.group(1), words)  # noqa: S102  our own document
    claims: dict[str, Any] = words["check"](qr_text, key_sets, now)
    return claims
