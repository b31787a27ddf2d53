"""New booking with whatever somebody may write into an address or post by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from bookings.models import Resource, Service
from clients.models import Client
from clinics.models import Clinic
from pets.models import Pet
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.bookings.walk import CONFIRM, HOLD, KEY, NEW, address, iso, visits_of

HOSTILE = [
    "\x00",
    "x" * 10_000,
    "\u202eabc",
    "שלום",
    "🐈‍⬛",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "-1",
    "1e9",
    "9" * 40,
    "٣",
]
NAMES = ["pet", "species", "service", "signs", "who", "day", "at", "done"]


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


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_an_address_is_survived(signed_in: Any, wishes: dict[str, Any], name: str, text: str) -> None:
    for start in (NEW, CONFIRM):
        response = signed_in.get(address(start, **(wishes | {name: text})))
        assert (response.status_code in {200, 303, 422}, "<script>alert" in response.content.decode()) == (True, False)


@pytest.mark.parametrize("name", [*NAMES, "form_key", "opened", "texts"])
def test_what_is_posted_is_survived(signed_in: Any, wishes: dict[str, Any], name: str) -> None:
    for text in HOSTILE:
        for start in (HOLD, CONFIRM):
            assert signed_in.post(start, wishes | {name: text}).status_code in {303, 422}


@pytest.mark.parametrize("note", ["\x00Bites\x00", "\u202eBites", "<b>Bites</b>", "🐈‍⬛", "שלום"])
def test_a_note_is_kept_as_it_was_written_without_what_cannot_be_seen(
    signed_in: Any, owner: Client, wishes: dict[str, Any], note: str
) -> None:
    signed_in.post(CONFIRM, wishes | {"note": note, "form_key": KEY})

    assert [visit.note for visit in visits_of(owner)] == [note.strip("\x00\u202e")]


def test_rows_of_others_are_refused_without_a_hint(
    signed_in: Any, willow: Clinic, harbour: Clinic, owner: Client, okafor: Resource, wishes: dict[str, Any]
) -> None:
    pets = [factories.create_pet(factories.create_owner(clinic)).pk for clinic in (willow, harbour)]
    services = [visits.create_service(harbour, visits.create_person(harbour)).pk, 987_654_321]
    factories.create_pet(owner)

    for changed in [*({"pet": pk} for pk in pets), *({"service": pk} for pk in services)]:
        for start in (HOLD, CONFIRM):
            response = signed_in.post(start, wishes | changed | {"form_key": KEY})
            assert (response.status_code, response["Location"].startswith(NEW)) == (303, True)
    assert visits_of(owner) == []


def test_somebody_elses_person_is_not_taken_for_the_only_one(
    signed_in: Any, harbour: Clinic, owner: Client, okafor: Resource, wishes: dict[str, Any]
) -> None:
    signed_in.post(CONFIRM, wishes | {"who": visits.create_person(harbour).pk, "form_key": KEY})

    assert [(visit.person, visit.is_person_wished) for visit in visits_of(owner)] == [(okafor, False)]


def test_forms_need_their_token(owner: Client, miso: Pet, wishes: dict[str, Any]) -> None:
    browser = Browser(enforce_csrf_checks=True)
    factories.sign_in(browser, owner)

    assert [browser.post(start, wishes).status_code for start in (HOLD, CONFIRM)] == [403, 403]
    assert visits_of(owner) == []


@pytest.mark.parametrize(("start", "status"), [(NEW, 405), (HOLD, 405), (CONFIRM, 405)])
def test_other_methods_are_refused(signed_in: Any, start: str, status: int) -> None:
    method = "get" if start == HOLD else "put"

    assert getattr(signed_in, method)(start).status_code == status
