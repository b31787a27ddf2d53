"""New booking: warning signs, and whom to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import time
from typing import Any

import pytest
import time_machine

from bookings.models import Resource, Service, ServiceResource
from clients.models import Client
from clinics.models import Clinic, EmergencyClinic, OpeningHours
from clinics.tenancy import tenant
from pets.models import Pet, Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at
from tests.bookings.walk import address, step_of, trouble_of


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def signed_in(client: Any, owner: Client, miso: Pet) -> Any:
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def sick(willow: Clinic, okafor: Resource) -> Service:
    return visits.create_service(willow, okafor, name="Something’s not right", asks_signs=True)


@pytest.fixture
def lindqvist(willow: Clinic, check: Service) -> Resource:
    person = visits.create_person(willow, "Dr Tom Lindqvist", hours="15:00-17:00")
    with tenant(willow):
        ServiceResource.objects.create(clinic=willow, service=check, resource=person)
    return person


def people(response: Any) -> list[tuple[str, list[str]]]:
    return [(person.name, person.lines) for person in response.context["people"]]


def test_the_clinics_signs_are_asked_before_a_sick_visit(
    signed_in: Any, willow: Clinic, miso: Pet, sick: Service
) -> None:
    visits.create_sign(willow, "Has collapsed")
    visits.create_sign(willow, "Strains and passes no urine", species=Species.CAT, position=1)
    visits.create_sign(willow, "Swollen belly", species=Species.DOG)

    response = signed_in.get(address(pet=miso.pk, service=sick.pk))

    html = response.content.decode()
    assert (step_of(response), response.context["draft"].signs) == (
        "Service",
        ["Has collapsed", "Strains and passes no urine"],
    )
    assert f'href="/willow/bookings/new/?pet={miso.pk}&amp;service={sick.pk}&amp;signs=no"' in html
    words = ["Does Miso have any of these?", "If you aren’t sure, answer yes.", "Yes – call now", "No, none of these"]
    assert sorted(words, key=html.index) == words


def test_no_sign_goes_on_to_the_times(signed_in: Any, willow: Clinic, miso: Pet, sick: Service) -> None:
    visits.create_sign(willow, "Has collapsed")

    assert step_of(signed_in.get(address(pet=miso.pk, service=sick.pk, signs="no"))) == "Time"


def test_without_signs_for_the_species_nothing_is_asked(
    signed_in: Any, willow: Clinic, miso: Pet, sick: Service
) -> None:
    visits.create_sign(willow, "Swollen belly", species=Species.DOG)

    assert step_of(signed_in.get(address(pet=miso.pk, service=sick.pk))) == "Time"


@pytest.mark.parametrize(
    ("opens", "order"),
    [(time(9), ["Willow & Pine Veterinary", "Northgate"]), (time(13), ["Northgate", "Willow & Pine Veterinary"])],
)
def test_a_sign_leads_to_whom_to_call(
    signed_in: Any, willow: Clinic, miso: Pet, sick: Service, opens: time, order: list[str]
) -> None:
    visits.create_sign(willow, "Has collapsed")
    with tenant(willow):
        EmergencyClinic.objects.create(clinic=willow, name="Northgate", phone="+441632960999")
        OpeningHours.objects.create(clinic=willow, weekday=NOON.weekday(), opens=opens, closes=time(18))

    response = signed_in.get(address(pet=miso.pk, service=sick.pk, signs="yes"))

    html = response.content.decode()
    assert ("<title>Call now" in html, [place.name for place in response.context["numbers"]]) == (True, order)
    assert html.count("btn-bad") == 1


def test_everybody_who_does_it_is_there_with_their_first_free_time(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service, okafor: Resource, lindqvist: Resource
) -> None:
    never = visits.create_person(willow, "Zoe Unavailable", hours="", job="")
    with tenant(willow):
        ServiceResource.objects.create(clinic=willow, service=check, resource=never)
    visits.create_past_visit(owner, check, at(willow, "2026-01-12 10:00"), miso, person=okafor)
    visits.create_past_visit(owner, check, at(willow, "2025-01-12 10:00"), miso, person=lindqvist)

    response = signed_in.get(address(pet=miso.pk, service=check.pk))

    assert step_of(response) == "Staff"
    assert people(response) == [
        ("No preference", ["Whoever is free soonest", "First free: today at 14:00"]),
        ("Dr Amara Okafor", ["Vet · saw Miso last time", "First free: today at 14:00"]),
        ("Dr Tom Lindqvist", ["Vet", "First free: today at 15:00"]),
        ("Zoe Unavailable", ["No free time to book online at the moment"]),
    ]
    assert response.context["chosen"] == "any"


@pytest.mark.parametrize(
    ("now", "line"),
    [
        ("2026-04-15T18:00:00+01:00", "First free: tomorrow at 09:00"),
        ("2026-04-17T18:00:00+01:00", "First free: Monday 20 April at 09:00"),
    ],
)
def test_a_first_free_day_is_named(
    signed_in: Any, miso: Pet, check: Service, lindqvist: Resource, now: str, line: str
) -> None:
    with time_machine.travel(now, tick=False):
        response = signed_in.get(address(pet=miso.pk, service=check.pk))

    assert people(response)[0][1][1] == line


def test_where_there_is_no_choice_nobody_is_asked(signed_in: Any, miso: Pet, check: Service) -> None:
    response = signed_in.get(address(pet=miso.pk, service=check.pk))

    assert [label for label, _place in response.context["steps"]] == ["Service", "Time", "Confirm"]
    assert [(row.label, row.text, bool(row.change_url)) for row in response.context["picked"]] == [
        ("Service", "Annual health check", True),
        ("Staff", "Dr Amara Okafor", False),
    ]


def test_somebody_who_does_not_do_it_is_asked_about_again(
    signed_in: Any, willow: Clinic, harbour: Clinic, miso: Pet, check: Service, lindqvist: Resource
) -> None:
    other, elsewhere = visits.create_person(willow), visits.create_person(harbour)
    room = visits.create_room(willow)

    for who in [other.pk, elsewhere.pk, room.pk, "0", "-1", "anybody", "9" * 30, "\x00"]:
        assert step_of(signed_in.get(address(pet=miso.pk, service=check.pk, who=who))) == "Staff"


def test_pressing_on_without_an_answer_is_told(signed_in: Any, miso: Pet, check: Service, lindqvist: Resource) -> None:
    response = signed_in.get(address(pet=miso.pk, service=check.pk, done="staff"))

    assert trouble_of(response) == (422, "Choose who you would like to see")


@pytest.mark.parametrize("count", [2, 4])
def test_its_statements_do_not_grow_with_the_people(
    signed_in: Any,
    willow: Clinic,
    miso: Pet,
    statements: Callable[[int], AbstractContextManager[None]],
    count: int,
) -> None:
    service = visits.create_service(willow, *(visits.create_person(willow) for _number in range(count)))
    signed_in.get(address(pet=miso.pk, service=service.pk))

    with statements(9):
        signed_in.get(address(pet=miso.pk, service=service.pk))
