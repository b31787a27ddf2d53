"""New booking when the time is taken by a visit of one's own: the very one that is asked for, or another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bookings import actions
from bookings.models import Mode, Resource, Service, ServiceResource
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at
from tests.bookings.walk import CONFIRM, HOLD, KEY, address, iso, said, trouble_of, visits_of

OTHER_KEY = KEY.replace("6", "7")
ALREADY = "You’re booked in already\nThursday 23 April at 10:00."


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


def come_back(client: Any, wishes: dict[str, Any]) -> list[Any]:
    """Back to the page or a reload; a second tab's button; the time once more."""
    return [
        client.get(address(CONFIRM, **wishes)),
        client.post(CONFIRM, {**wishes, "form_key": OTHER_KEY}),
        client.post(HOLD, wishes),
    ]


def test_what_is_booked_already_is_shown(signed_in: Any, owner: Client, wishes: dict[str, Any]) -> None:
    signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    responses = come_back(signed_in, wishes)

    (visit,) = visits_of(owner)
    page = f"/willow/bookings/{visit.pk}/"
    assert [(one.status_code, one["Location"]) for one in responses] == [(303, page)] * 3
    assert said(responses[-1])[-1] == ALREADY


def test_what_is_asked_for_already_is_shown(
    signed_in: Any, owner: Client, miso: Pet, okafor: Resource, wishes: dict[str, Any]
) -> None:
    dental = visits.create_service(owner.clinic, okafor, mode=Mode.REQUEST)
    signed_in.post(CONFIRM, {**wishes, "service": dental.pk, "form_key": KEY})

    response = signed_in.get(address(CONFIRM, **{**wishes, "service": dental.pk}))

    assert (response.status_code, said(response)[-1]) == (
        303,
        "You’ve asked for this time already\nThursday 23 April at 10:00.",
    )


def test_a_visitor_who_named_a_new_animal_comes_back_to_its_visit(
    client: Any, willow: Clinic, owner: Client, check: Service
) -> None:
    visits.create_policy(willow, grid_minutes=60)
    factories.sign_in(client, owner)
    asked = {"species": "cat", "service": check.pk, "at": iso(willow, "2026-04-23 10:00")}
    client.post(CONFIRM, {**asked, "pet_name": "Clover", "form_key": KEY})

    response = client.get(address(CONFIRM, **asked))

    assert (response.status_code, said(response)[-1]) == (303, ALREADY)


def test_of_two_cats_the_one_that_was_chosen_counts(
    signed_in: Any, willow: Clinic, owner: Client, check: Service
) -> None:
    tango = factories.create_pet(owner, name="Tango")
    visits.book(owner, check, at(willow, "2026-04-23 10:00"), tango)

    asked = {"species": "cat", "service": check.pk, "at": iso(willow, "2026-04-23 10:00")}

    assert said(signed_in.get(address(CONFIRM, **asked))) == [ALREADY]


def test_another_visit_of_the_pet_is_named_and_linked(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, wishes: dict[str, Any]
) -> None:
    nurse = visits.create_service(willow, visits.create_person(willow), minutes=90)
    visit = visits.book(owner, nurse, at(willow, "2026-04-23 09:00"), miso)

    responses = come_back(signed_in, wishes)

    assert [trouble_of(one) for one in responses] == [
        (status, "Miso has another appointment at 09:00") for status in (200, 422, 422)
    ]
    for html in (one.content.decode() for one in responses):
        assert (f'href="/willow/bookings/{visit.pk}/">See that appointment' in html) is True
        assert "Nothing is booked yet" not in html


def test_another_pet_of_ones_own_is_not_called_somebody(
    signed_in: Any, willow: Clinic, owner: Client, check: Service, wishes: dict[str, Any]
) -> None:
    visits.book(owner, check, at(willow, "2026-04-23 10:00"), factories.create_pet(owner, name="Rex"))

    assert trouble_of(come_back(signed_in, wishes)[0]) == (200, "Rex has another appointment at 10:00")


def test_a_visit_that_ended_is_not_in_the_way_of_what_others_took(
    signed_in: Any, willow: Clinic, owner: Client, miso: Pet, check: Service, wishes: dict[str, Any]
) -> None:
    visit = visits.book(owner, check, at(willow, "2026-04-23 10:00"), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)
    rival = factories.create_pet(factories.create_owner(willow))
    visits.book(rival.owner, check, at(willow, "2026-04-23 10:00"), rival)

    assert trouble_of(come_back(signed_in, wishes)[0]) == (200, "Someone just took 10:00")


def test_who_is_kept_is_named_without_a_preference_too(
    signed_in: Any, willow: Clinic, check: Service, okafor: Resource, wishes: dict[str, Any]
) -> None:
    with tenant(willow):
        tom = visits.create_person(willow, "Dr Tom Lindqvist")
        ServiceResource.objects.create(clinic=willow, service=check, resource=tom)
        Service.objects.for_clinic(willow).update(preparation="Bring a sample\n\nNo food after 22:00")
    before = signed_in.get(address(CONFIRM, **wishes, who="any")).context["picked"][1].text

    signed_in.post(HOLD, {**wishes, "who": "any"})
    response = signed_in.get(address(CONFIRM, **wishes, who="any"))

    html = response.content.decode()
    assert (before, response.context["picked"][1].text) == (
        "No preference",
        "Dr Amara Okafor · you had no preference",
    )
    assert response.context["preparation"] == ["Bring a sample", "No food after 22:00"]
    assert ("Before you come" in html, "<li>No food after 22:00</li>" in html) == (True, True)
