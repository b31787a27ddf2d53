"""What a demo clinic is told about booking: what it offers, with whom, where, and by which rules.

Prices are in the smallest unit of the clinic's currency, days are counted from today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from pets.models import Species

COMMON = [Species.DOG, Species.CAT, Species.RABBIT, Species.FERRET]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """So many weekdays with the same spans. `since` and `until` are days from today."""

    days: tuple[int, ...]
    spans: tuple[tuple[time, time], ...]
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResource:
    name: str
    job: str = ""
    is_room: bool = False
    account: str = ""  # whose diary it is
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoService:
    """`by` names people and rooms, `plans` families of care."""

    name: str
    category: str
    by: tuple[str, ...]
    plans: tuple[str, ...] = ()
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBooking:
    rules: dict[str, Any]
    wording: str
    resources: tuple[DemoResource, ...]
    services: tuple[DemoService, ...]
    signs: tuple[tuple[str, str], ...]  # species or "" for any, sign
