"""Amounts of money: integers of the smallest unit, shown as the reader's language writes them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies
from django.utils.translation import get_language


def is_currency(code: str) -> bool:
    """Is it a currency's three-letter code (ISO 4217)?"""
    return code in list_currencies()


def places_of(currency: str) -> int:
    """Digits after the point: 2 for GBP, 0 for JPY."""
    return get_currency_precision(currency)


def shown(amount: int, currency: str) -> str:
    """“£58.00” for 5800 GBP, in the active language; whole amounts keep their zeros."""
    return format_currency(in_major(amount, currency), currency, locale=_locale())


def in_major(amount: int, currency: str) -> Decimal:
    """5800 → 58.00 for GBP."""
    return Decimal(amount).scaleb(-places_of(currency))


def in_minor(amount: Decimal, currency: str) -> int:
    """58.00 → 5800 for GBP. Raises ValueError for more digits than the currency has, and for what is no number."""
    try:
        minor = amount.scaleb(places_of(currency))
        if minor != minor.to_integral_value():
            raise ValueError("more digits than the currency has")
        return int(minor)
    except (InvalidOperation, OverflowError) as error:
        raise ValueError("not an amount") from error


def _locale() -> Locale:
    return Locale.parse((get_language() or "en").replace("-", "_"))
