"""A weight as people write it, and as a form shows it."""

from __future__ import annotations

import re
from decimal import Decimal

from pets.weights import KILOGRAM, OUNCE, POUND

HEAVIEST = 1500  # kg, as the database has it
MOST = {"kg": "1,500 kg", "lb": "3,300 lb"}
PER_KG = {"kg": Decimal(1), "g": Decimal(1000), "lb": POUND.per_kg, "lbs": POUND.per_kg, "oz": OUNCE.per_kg}


def read_weight(typed: str, *, unit: str) -> Decimal | None:
    """“12.5”, “12,5” or “4 kg” in kilograms; None for what is no weight. `unit` is for a bare number."""
    parts = re.fullmatch(r"([0-9]{1,7}(?:[.,][0-9]{1,4})?)\s*(kg|g|lbs?|oz)?\.?", typed.strip().lower())
    if parts is None:
        return None
    kg = Decimal(parts[1].replace(",", ".")) / PER_KG[parts[2] or unit]
    return kg.quantize(Decimal("0.001"))


def weight_figure(kg: Decimal | None, *, unit: str) -> str:
    """What the box holds for a weight on file, in the clinic's unit."""
    if kg is None:
        return ""
    amount = kg if unit == KILOGRAM.unit else (kg * POUND.per_kg).quantize(Decimal("0.01"))
    return f"{amount.normalize():f}"
