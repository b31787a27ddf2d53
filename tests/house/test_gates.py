"""Wall two: every address says who may enter."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from clinics.models import RESERVED_SLUGS

# Django's admin and allauth bring their own gates: the staff site's has_permission, and its sign-in pages.
THEIR_OWN = ("staff/",)
GATES = {"public", "client_required", "staff_required"}


def addresses(patterns: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def test_every_view_has_a_gate():
    gateless = [
        address
        for address, view in addresses()
        if not address.startswith(THEIR_OWN) and getattr(view, "gate", None) not in GATES
    ]

    assert gateless == []


def test_a_view_without_a_gate_is_noticed():
    assert getattr(lambda request: None, "gate", None) not in GATES


def test_the_first_words_of_our_own_addresses_are_reserved():
    words = {str(address).split("/")[0] for address, _view in addresses() if not str(address).startswith("<")}

    assert words - {""} <= RESERVED_SLUGS


def test_everything_else_lies_below_a_clinic():
    outside = [address for address, _view in addresses() if "<" in address.split("/")[0]]

    assert {address.split("/")[0] for address in outside} == {"<slug:clinic_slug>"}
