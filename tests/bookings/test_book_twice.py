"""New booking: the same form sent twice, by a double tap or after a lost connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bookings.models import Service
from clients.models import Client
from clinics.models import Clinic
from pets.models import Pet
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.bookings.walk import CONFIRM, KEY, iso, visits_of


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def signed_in(client: Any, owner: Client, miso: Pet) -> Any:
    visits.create_policy(owner.clinic, grid_minutes=60)
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def wishes(willow: Clinic, miso: Pet, check: Service) -> dict[str, Any]:
    return {"pet": miso.pk, "service": check.pk, "at": iso(willow, "2026-04-23 10:00")}


def test_the_same_form_sent_twice_makes_one_visit(signed_in: Any, owner: Client, wishes: dict[str, Any]) -> None:
    first = signed_in.post(CONFIRM, {**wishes, "form_key": KEY})
    second = signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    assert (first.status_code, second.status_code, len(visits_of(owner))) == (303, 303, 1)


def test_the_same_form_with_something_else_in_it_is_refused_and_starts_anew(
    signed_in: Any, willow: Clinic, owner: Client, wishes: dict[str, Any]
) -> None:
    signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    other = {**wishes, "at": iso(willow, "2026-04-23 12:00"), "form_key": KEY, "note": "kept"}
    response = signed_in.post(CONFIRM, other)
    form = response.context["form"]

    assert (response.status_code, form["note"].value(), len(visits_of(owner))) == (422, "kept", 1)
    assert form.non_field_errors() == ["This form has been used for another booking. Please start a new one."]
    assert form["form_key"].value() != KEY
