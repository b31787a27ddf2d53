"""New booking, its first page: whose pet, and what for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import time_machine

from bookings.models import Audience, Mode, Resource, Service
from clients.models import Client
from clinics.models import Clinic, EmergencyClinic
from clinics.tenancy import tenant
from pets.models import Pet, Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.bookings.walk import NEW, address, step_of, trouble_of


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def biscuit(owner: Client) -> Pet:
    return factories.create_pet(owner, name="Biscuit", species=Species.DOG)


@pytest.fixture
def signed_in(client: Any, owner: Client, miso: Pet) -> Any:
    factories.sign_in(client, owner)
    return client


def offered(response: Any) -> dict[str, list[tuple[str, str, str, str]]]:
    return {
        group.label: [(one.name, one.line, one.price, one.refusal) for one in group.offers]
        for group in response.context["groups"]
    }


def test_the_page_asks_for_whom_and_what(signed_in: Any, willow: Clinic, okafor: Resource, biscuit: Pet) -> None:
    visits.create_service(willow, okafor, name="Check", category="Check-ups", price=5800, summary="nose to tail")
    visits.create_service(willow, okafor, name="Day", category="Surgery", minutes=150, price=100, is_price_shown=False)
    visits.create_service(willow, okafor, name="Scales", category="Check-ups", price=0, minutes=60)
    visits.create_service(willow, okafor, name="Old", is_active=False)
    visits.create_service(willow, okafor, name="Loose", position=9, minutes=15)

    response = signed_in.get(NEW)

    html = response.content.decode()
    assert (response.status_code, step_of(response)) == (200, "Service")
    assert "<title>New booking: Service – Willow &amp; Pine Veterinary</title>" in html
    assert offered(response) == {
        "Check-ups": [("Check", "30 minutes · nose to tail", "£58.00", ""), ("Scales", "60 minutes", "Free", "")],
        "Surgery": [("Day", "2 hours 30 minutes", "", "")],
        "More": [("Loose", "15 minutes", "", "")],
    }
    assert (html.count('name="pet"'), html.count("checked"), html.count('name="service"')) == (2, 0, 4)


def test_one_living_pet_is_chosen_already(signed_in: Any, owner: Client, miso: Pet, check: Service) -> None:
    factories.create_pet(owner, name="Pepper", deceased_on=date(2025, 1, 1))

    response = signed_in.get(NEW)

    assert response.context["draft"].pets == [miso]
    assert response.content.decode().count(" checked") == 1


def test_what_is_due_stands_on_top(signed_in: Any, willow: Clinic, miso: Pet, check: Service, okafor: Resource) -> None:
    plan = factories.create_plan(willow, name="Health check")
    factories.create_record(miso, plan, valid_until=date(2026, 4, 30))
    with tenant(willow):
        check.plans.add(plan, through_defaults={"clinic": willow})
    visits.create_service(willow, okafor, name="Nail trim", minutes=15)

    response = signed_in.get(NEW)

    assert offered(response) == {
        "Due for Miso": [("Annual health check", "30 minutes · due 30 April", "", "")],
        "More": [("Nail trim", "15 minutes", "", "")],
    }


def test_overdue_is_said_too(signed_in: Any, willow: Clinic, miso: Pet, check: Service) -> None:
    plan = factories.create_plan(willow)
    factories.create_record(miso, plan, valid_until=date(2026, 4, 1))
    with tenant(willow):
        check.plans.add(plan, through_defaults={"clinic": willow})

    response = signed_in.get(NEW)

    assert offered(response)["Due for Miso"][0][1] == "30 minutes · was due 1 April"


def test_what_does_not_fit_is_there_with_the_reason(
    signed_in: Any, willow: Clinic, miso: Pet, okafor: Resource
) -> None:
    visits.create_service(willow, okafor, name="1 Bath", species=[Species.DOG])
    visits.create_service(willow, okafor, name="2 Recheck", audience=Audience.EXISTING)
    visits.create_service(willow, okafor, name="3 First visit", audience=Audience.NEW)
    visits.create_service(willow, okafor, name="4 Goodbye", mode=Mode.PHONE)

    response = signed_in.get(NEW)

    html = response.content.decode()
    assert [(name, reason) for name, _line, _price, reason in offered(response)["More"]] == [
        ("1 Bath", "This isn’t for Miso’s species."),
        ("2 Recheck", "This is for clients who have been here. Please book a first visit."),
        ("3 First visit", ""),
        ("4 Goodbye", "This is booked by phone. Please call the clinic."),
    ]
    assert (html.count('name="service"'), html.count('href="tel:+441632960418"')) == (1, 2)


def test_a_service_that_does_not_fit_is_explained_and_cleared(
    signed_in: Any, willow: Clinic, miso: Pet, okafor: Resource
) -> None:
    bath = visits.create_service(willow, okafor, name="Bath", species=[Species.DOG])

    response = signed_in.get(address(pet=miso.pk, service=bath.pk))

    assert (step_of(response), *trouble_of(response)) == ("Service", 422, "Bath can’t be booked here")
    assert response.context["trouble"].advice == "This isn’t for Miso’s species. Choose something else below."
    assert response.content.decode().count('name="service"') == 0


def test_what_is_booked_by_phone_is_no_fault(signed_in: Any, willow: Clinic, miso: Pet, okafor: Resource) -> None:
    goodbye = visits.create_service(willow, okafor, name="Saying goodbye", mode=Mode.PHONE)

    response = signed_in.get(address(pet=miso.pk, service=goodbye.pk))

    html = response.content.decode()
    assert (step_of(response), *trouble_of(response)) == ("Service", 200, "Saying goodbye is booked by phone")
    assert ("<title>New booking" in html, "can’t be booked" in html, "something else" in html) == (True, False, False)
    assert '<a class="btn" href="tel:+441632960418">' in html


def test_several_pets_make_a_longer_and_dearer_visit(
    signed_in: Any, willow: Clinic, miso: Pet, biscuit: Pet, okafor: Resource
) -> None:
    visits.create_service(willow, okafor, name="1 Alone")
    visits.create_service(willow, okafor, name="2 Nails", minutes=15, price=1400, most_pets=3)

    response = signed_in.get(address(pet=[miso.pk, biscuit.pk]))

    assert offered(response)["More"] == [
        ("1 Alone", "30 minutes", "", "For one pet at a time."),
        ("2 Nails", "30 minutes", "£28.00", ""),
    ]
    html = response.content.decode()
    assert (html.count('type="checkbox" name="pet"'), "One or more" in html) == (2, True)
    assert "Take a pet off to see more." in html


def test_another_pet_asks_for_its_services_alone(signed_in: Any, miso: Pet, biscuit: Pet, check: Service) -> None:
    response = signed_in.get(address(pet=biscuit.pk), headers={"HX-Request": "true", "HX-Target": "fieldset#services"})

    html = response.content.decode().strip()
    assert (html.startswith('<fieldset class="sec" id="services">'), html.endswith("</fieldset>")) == (True, True)


@pytest.mark.parametrize(
    ("chosen", "headline"),
    [
        ({}, "Choose who it is for and what you need"),
        ({"service": "check"}, "Choose who it is for"),
        ({"pet": "miso"}, "Choose what you need"),
    ],
)
def test_pressing_on_without_an_answer_says_what_is_missing(
    signed_in: Any, miso: Pet, biscuit: Pet, check: Service, chosen: dict[str, str], headline: str
) -> None:
    rows: dict[str, Any] = {"pet": miso.pk, "service": check.pk}
    given = {name: rows[name] for name in chosen}

    response = signed_in.get(address(done="service", **given))

    assert trouble_of(response) == (422, headline)
    assert "<title>Error: New booking" in response.content.decode()


def test_other_peoples_pets_and_services_are_as_none(
    signed_in: Any, willow: Clinic, harbour: Clinic, miso: Pet, biscuit: Pet, check: Service
) -> None:
    neighbours = factories.create_pet(factories.create_owner(willow))
    withdrawn = visits.create_service(willow, is_active=False)
    elsewhere = visits.create_service(harbour)

    for service in [withdrawn.pk, elsewhere.pk, 987_654]:
        response = signed_in.get(address(pet=miso.pk, service=service))
        assert (step_of(response), *trouble_of(response)) == ("Service", 200, "")
    for pet in [neighbours.pk, 987_654]:
        response = signed_in.get(address(pet=[pet, miso.pk], service=check.pk))
        assert (step_of(response), *trouble_of(response)) == ("Service", 422, "This pet is no longer on your list")
        assert response.context["draft"].pets == [miso]


def test_an_emergency_is_not_booked(signed_in: Any, willow: Clinic, check: Service) -> None:
    ours = signed_in.get(NEW).content.decode()
    with tenant(willow):
        EmergencyClinic.objects.create(clinic=willow, name="Northgate", phone="+441632960999")
    theirs = signed_in.get(NEW).content.decode()

    assert ("Don’t book. Call" in ours, 'href="tel:+441632960418"' in ours) == (True, True)
    assert 'href="tel:+441632960999"' in theirs


def test_where_nothing_is_offered_the_page_says_to_call(signed_in: Any) -> None:
    html = signed_in.get(NEW).content.decode()

    assert ("Visits are booked by phone here" in html, '<form class="cols' in html) == (True, False)
    assert 'href="tel:+441632960418"' in html


@pytest.mark.parametrize("count", [1, 3])
def test_its_statements_do_not_grow_with_the_services(
    signed_in: Any,
    willow: Clinic,
    okafor: Resource,
    statements: Callable[[int], AbstractContextManager[None]],
    count: int,
) -> None:
    for _number in range(count):
        visits.create_service(willow, okafor)
    signed_in.get(NEW)

    with statements(7):
        signed_in.get(NEW)
