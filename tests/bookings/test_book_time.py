"""New booking: choosing a time, and holding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models.functions import Now

from bookings.models import Claim, Hold, Policy, PolicyWords, Resource, Service, ServiceResource
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet, Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at
from tests.bookings.walk import CONFIRM, HOLD, NEW, address, chosen_time, holds_of, iso, step_of, trouble_of


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def signed_in(client: Any, owner: Client, miso: Pet, hourly: Policy) -> Any:
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def hourly(willow: Clinic) -> Policy:
    policy = visits.create_policy(willow, grid_minutes=60)
    with tenant(willow):
        PolicyWords.objects.create(clinic=willow, policy=policy, language="en", body="Please\ncall early.")
    return policy


@pytest.fixture
def rival(willow: Clinic) -> Pet:
    return factories.create_pet(factories.create_owner(willow))


def wishes(miso: Pet, check: Service, willow: Clinic, when: str = "2026-04-23 10:00", **more: Any) -> dict[str, Any]:
    return {"pet": miso.pk, "service": check.pk, "at": iso(willow, when), **more}


def test_the_times_of_a_day_are_plain_radio_buttons(signed_in: Any, willow: Clinic, miso: Pet, check: Service) -> None:
    response = signed_in.get(address(pet=miso.pk, service=check.pk, day="2026-04-23"))

    html = response.content.decode()
    assert (step_of(response), trouble_of(response)) == ("Time", (200, ""))
    assert html.count('<input type="radio" name="at"') == 8
    assert ('method="post"' in html, f'action="{HOLD}"' in html) == (True, True)
    assert (f'href="{NEW}?pet={miso.pk}&amp;service={check.pk}&amp;day=2026-04-24#picker"' in html) is True
    assert ("Free to move or cancel until 24 hours before." in html, "Please<br>call early." in html) == (True, True)


def test_another_day_is_a_piece(signed_in: Any, miso: Pet, check: Service) -> None:
    response = signed_in.get(
        address(pet=miso.pk, service=check.pk, day="2026-04-24"),
        headers={"HX-Request": "true", "HX-Target": "div#picker"},
    )

    html = response.content.decode().strip()
    assert (html.startswith('<div id="picker"'), "<html" in html, 'aria-current="date"' in html) == (True, False, True)


def test_a_piece_of_a_step_that_is_no_longer_open_leads_to_the_page(
    signed_in: Any, willow: Clinic, miso: Pet, check: Service
) -> None:
    with tenant(willow):
        Service.objects.for_clinic(willow).update(is_active=False)
    asked = address(pet=miso.pk, service=check.pk, day="2026-04-24")

    response = signed_in.get(asked, headers={"HX-Request": "true", "HX-Target": "div#picker"})

    assert (response.status_code, response["HX-Redirect"]) == (200, asked)


def test_the_time_in_the_address_is_chosen(signed_in: Any, willow: Clinic, miso: Pet, check: Service) -> None:
    response = signed_in.get(address(**wishes(miso, check, willow)))

    assert (chosen_time(response), trouble_of(response)[1]) == (["2026-04-23T10:00:00+01:00"], "")


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "\x00",
        "2026-04-23T10:00:00",
        "2026-04-23",
        "2026-99-23T10:00:00+01:00",
        "0001-01-01T00:00:00+00:00",
        "🐈",
    ],
)
def test_what_is_no_time_is_told(signed_in: Any, miso: Pet, check: Service, text: str) -> None:
    response = signed_in.get(address(pet=miso.pk, service=check.pk, at=text))

    assert (step_of(response), *trouble_of(response)) == ("Time", 200, "That time can’t be booked")


@pytest.mark.parametrize("when", ["2026-04-14 10:00", "2026-04-23 10:05", "2026-04-23 03:00", "2029-04-23 10:00"])
def test_a_time_that_is_not_offered_is_told(
    signed_in: Any, willow: Clinic, miso: Pet, check: Service, when: str
) -> None:
    looked = signed_in.get(address(**wishes(miso, check, willow, when)))
    sent = signed_in.post(HOLD, wishes(miso, check, willow, when))

    assert trouble_of(looked) == (200, "That time can’t be booked")
    assert trouble_of(sent) == (422, "That time can’t be booked")


def test_a_chosen_time_is_held_and_confirmed_next(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service, okafor: Resource
) -> None:
    response = signed_in.post(HOLD, wishes(miso, check, willow, day="2026-04-23"))

    (held,) = holds_of(owner)
    assert (held.starts_at, held.person_id) == (at(willow, "2026-04-23 10:00"), okafor.pk)
    expected = address(CONFIRM, pet=miso.pk, service=check.pk, at="2026-04-23T10:00:00+01:00")
    assert (response.status_code, response["Location"]) == (303, expected)


def test_ones_own_held_time_is_free_to_oneself(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service
) -> None:
    signed_in.post(HOLD, wishes(miso, check, willow))

    again = signed_in.get(address(**wishes(miso, check, willow)))
    signed_in.post(HOLD, wishes(miso, check, willow, "2026-04-23 11:00"))

    assert chosen_time(again) == ["2026-04-23T10:00:00+01:00"]
    assert [held.starts_at for held in holds_of(owner)] == [at(willow, "2026-04-23 11:00")]


def test_losing_the_race_offers_the_nearest_time_and_keeps_the_rest(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service, okafor: Resource, rival: Pet
) -> None:
    tom = visits.create_person(willow, "Dr Tom Lindqvist")
    with tenant(willow):
        ServiceResource.objects.create(clinic=willow, service=check, resource=tom)
    visits.book(rival.owner, check, at(willow, "2026-04-23 10:00"), rival, person=okafor)

    response = signed_in.post(HOLD, wishes(miso, check, willow, who=okafor.pk))

    assert trouble_of(response) == (422, "Someone just took 10:00")
    assert chosen_time(response) == ["2026-04-23T09:00:00+01:00"]
    assert response.context["onward"].kept == [
        ("pet", str(miso.pk)),
        ("service", str(check.pk)),
        ("who", str(okafor.pk)),
    ]
    assert holds_of(owner) == []


def test_a_pet_that_is_elsewhere_then_is_told(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service
) -> None:
    other = visits.create_service(willow, visits.create_person(willow))
    visits.book(owner, other, at(willow, "2026-04-23 10:00"), miso)

    response = signed_in.post(HOLD, wishes(miso, check, willow))

    assert trouble_of(response) == (422, "Miso has another appointment at 10:00")


def test_a_hold_ends_by_the_databases_clock(
    signed_in: Any, willow: Clinic, miso: Pet, check: Service, rival: Pet
) -> None:
    signed_in.post(HOLD, wishes(miso, check, willow))
    with tenant(willow):
        Hold.objects.for_clinic(willow).update(expires_at=Now() - timedelta(seconds=1))
        Claim.objects.for_clinic(willow).update(expires_at=Now() - timedelta(seconds=1))

    visits.book(rival.owner, check, at(willow, "2026-04-23 10:00"), rival)

    assert trouble_of(signed_in.post(HOLD, wishes(miso, check, willow))) == (422, "Someone just took 10:00")


def test_no_time_chosen_is_told(signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service) -> None:
    response = signed_in.post(HOLD, {"pet": miso.pk, "service": check.pk, "day": "2026-04-23"})

    assert (trouble_of(response), response.context["picker"].day_label) == ((422, "Choose a time"), "Thursday 23 April")
    assert holds_of(owner) == []


def test_what_can_no_longer_be_had_leads_back_to_its_question(
    signed_in: Any, willow: Clinic, miso: Pet, okafor: Resource
) -> None:
    bath = visits.create_service(willow, okafor, species=[Species.DOG])

    response = signed_in.post(HOLD, wishes(miso, bath, willow))

    assert (response.status_code, response["Location"]) == (303, address(pet=miso.pk, service=bath.pk))


@pytest.mark.parametrize("day", ["2026-04-23", "2026-04-30"])
def test_its_statements_are_the_same_each_week(
    signed_in: Any,
    miso: Pet,
    check: Service,
    day: str,
    statements: Callable[[int], AbstractContextManager[None]],
) -> None:
    signed_in.get(NEW)

    with statements(9):
        signed_in.get(address(pet=miso.pk, service=check.pk, day=day))
