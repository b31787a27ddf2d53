"""New booking, its last page: everything once more, and the visit is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models.functions import Now

from bookings.models import Claim, Hold, Mode, Resource, Service, State
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet, Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at
from tests.bookings.walk import (
    CONFIRM,
    HOLD,
    KEY,
    NEW,
    address,
    chosen_time,
    hidden,
    holds_of,
    iso,
    said,
    step_of,
    trouble_of,
    visits_of,
)


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


@pytest.fixture
def rival(willow: Clinic) -> Pet:
    return factories.create_pet(factories.create_owner(willow))


def expire_holds(clinic: Clinic) -> None:
    with tenant(clinic):
        Hold.objects.for_clinic(clinic).update(expires_at=Now() - timedelta(seconds=1))
        Claim.objects.for_clinic(clinic).filter(hold__isnull=False).update(expires_at=Now() - timedelta(seconds=1))


def test_everything_is_shown_once_more(signed_in: Any, wishes: dict[str, Any], check: Service) -> None:
    with tenant(check.clinic):
        Service.objects.for_clinic(check.clinic).update(price=5800)
    signed_in.post(HOLD, wishes)

    response = signed_in.get(address(CONFIRM, **wishes))

    html = response.content.decode()
    assert (response.status_code, step_of(response), response.context["is_held"]) == (200, "Confirm", True)
    assert [row.text for row in response.context["picked"]] == ["Annual health check", "Dr Amara Okafor"]
    assert response.context["when"] == "Thursday 23 April at 10:00"
    assert hidden(response) == {name: str(value) for name, value in wishes.items()}
    assert ("Confirm booking" in html, "<b>£58.00</b>" in html, "data-countdown=" in html) == (True, True, True)


def test_confirming_books_the_visit_and_uses_the_hold_up(
    signed_in: Any, owner: Client, miso: Pet, okafor: Resource, wishes: dict[str, Any]
) -> None:
    signed_in.post(HOLD, wishes)

    response = signed_in.post(CONFIRM, {**wishes, "note": "Bites\r\nwhen tired", "form_key": KEY})

    (visit,) = visits_of(owner)
    assert (response.status_code, response["Location"]) == (303, "/willow/bookings/")
    assert said(response) == [
        "You’re booked in\nThursday 23 April at 10:00 with Dr Amara Okafor.\nWe’ve sent you an e-mail to confirm."
    ]
    assert (visit.starts_at, visit.state, visit.note) == (
        at(owner.clinic, "2026-04-23 10:00"),
        "confirmed",
        "Bites\nwhen tired",
    )
    assert (list(visit.pets.all()), visit.person, visit.is_person_wished, str(visit.form_key)) == (
        [miso],
        okafor,
        False,
        KEY,
    )
    assert holds_of(owner) == []


def test_without_a_hold_a_free_time_can_be_confirmed(signed_in: Any, owner: Client, wishes: dict[str, Any]) -> None:
    response = signed_in.get(address(CONFIRM, **wishes))
    signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    assert (response.status_code, response.context["held"]) == (200, None)
    assert len(visits_of(owner)) == 1


def test_a_hold_that_ended_is_told_and_the_time_still_had(
    signed_in: Any, willow: Clinic, owner: Client, wishes: dict[str, Any]
) -> None:
    signed_in.post(HOLD, wishes)
    expire_holds(willow)

    response = signed_in.get(address(CONFIRM, **wishes))
    signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    html = response.content.decode()
    assert (response.context["is_held"], "The ten minutes are over." in html, "data-countdown" in html) == (
        False,
        True,
        False,
    )
    assert [visit.state for visit in visits_of(owner)] == [State.CONFIRMED]


def test_a_time_that_has_gone_keeps_everything_and_offers_the_next(
    signed_in: Any, willow: Clinic, owner: Client, check: Service, rival: Pet, wishes: dict[str, Any]
) -> None:
    visits.book(rival.owner, check, at(willow, "2026-04-23 10:00"), rival)

    looked = signed_in.get(address(CONFIRM, **wishes))
    sent = signed_in.post(CONFIRM, {**wishes, "form_key": KEY, "note": "Bites", "texts": "on"})
    onward = sent.context["onward"]
    signed_in.post(onward.url, {**dict(onward.kept), "at": chosen_time(sent)[0]})

    assert trouble_of(looked) == (200, "Someone just took 10:00")
    assert (*trouble_of(sent), onward.label) == (422, "Someone just took 10:00", "Book this time")
    (visit,) = visits_of(owner)
    assert (visit.starts_at, visit.note) == (at(willow, "2026-04-23 09:00"), "Bites")


def test_a_request_is_asked_for(signed_in: Any, owner: Client, check: Service, wishes: dict[str, Any]) -> None:
    with tenant(check.clinic):
        Service.objects.for_clinic(check.clinic).update(mode=Mode.REQUEST)

    page = signed_in.get(address(CONFIRM, **wishes)).content.decode()
    response = signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    assert ("Ask for this time" in page, "Confirm booking" in page) == (True, False)
    assert [visit.state for visit in visits_of(owner)] == [State.REQUESTED]
    (words,) = said(response)
    assert words.splitlines() == [
        "We’ve asked for your time",
        "Thursday 23 April at 10:00 with Dr Amara Okafor.",
        "The clinic will answer; until then the time is kept for you.",
    ]


def test_a_note_that_is_too_long_is_told_and_kept(signed_in: Any, owner: Client, wishes: dict[str, Any]) -> None:
    response = signed_in.post(CONFIRM, {**wishes, "form_key": KEY, "note": "x" * 501})

    html = response.content.decode()
    assert (response.status_code, "<title>Error: New booking" in html, "x" * 501 in html) == (422, True, True)
    assert visits_of(owner) == []


@pytest.mark.parametrize("missing", ["pet", "service", "at"])
def test_what_is_missing_leads_back_to_its_question(
    signed_in: Any, owner: Client, wishes: dict[str, Any], missing: str
) -> None:
    factories.create_pet(owner, species=Species.DOG)
    del wishes[missing]

    for response in (signed_in.get(address(CONFIRM, **wishes)), signed_in.post(CONFIRM, wishes)):
        assert (response.status_code, response["Location"]) == (303, address(NEW, **wishes))


def test_a_pet_that_died_meanwhile_is_not_booked_for_nor_another_in_its_place(
    signed_in: Any, owner: Client, miso: Pet, wishes: dict[str, Any]
) -> None:
    with tenant(owner.clinic):
        Pet.objects.for_clinic(owner.clinic).filter(pk=miso.pk).update(deceased_on=date(2026, 4, 14))

    rex = factories.create_pet(owner, name="Rex")

    response = signed_in.post(CONFIRM, {**wishes, "form_key": KEY})
    page = signed_in.get(response["Location"])

    assert (response.status_code, visits_of(owner)) == (303, [])
    assert (step_of(page), *trouble_of(page)) == ("Service", 422, "This pet is no longer on your list")
    assert page.context["draft"].pets == [rex]


def test_several_pets_come_together(signed_in: Any, willow: Clinic, owner: Client, miso: Pet, okafor: Resource) -> None:
    rex = factories.create_pet(owner, name="Rex")
    nails = visits.create_service(willow, okafor, most_pets=2, minutes=30, price=1400)
    wishes = {"pet": [miso.pk, rex.pk], "service": nails.pk, "at": iso(willow, "2026-04-23 10:00")}

    signed_in.post(HOLD, wishes)
    page = signed_in.get(address(CONFIRM, **wishes))
    signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    (visit,) = visits_of(owner)
    assert (page.context["draft"].price, page.context["picked"][0].line) == ("£28.00", "For Miso and Rex · 60 minutes")
    assert (visit.length, {pet.name for pet in visit.pets.all()}) == (timedelta(hours=1), {"Miso", "Rex"})


@pytest.mark.parametrize("count", [1, 3])
def test_its_statements_do_not_grow_with_the_pets(
    signed_in: Any,
    owner: Client,
    wishes: dict[str, Any],
    count: int,
    statements: Callable[[int], AbstractContextManager[None]],
) -> None:
    for _number in range(count):
        factories.create_pet(owner)
    signed_in.get(NEW)

    with statements(9):
        signed_in.get(address(CONFIRM, **wishes))
