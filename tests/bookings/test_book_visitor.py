"""New booking without being signed in: as far as the time, and on after signing in, with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from bookings.models import Policy, Resource, Service
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.forms.choices import COMMON
from pets.models import Pet, Species
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON, at
from tests.bookings.walk import CONFIRM, HOLD, KEY, NEW, address, holds_of, iso, step_of, trouble_of, visits_of


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def hourly(willow: Clinic) -> Policy:
    return visits.create_policy(willow, grid_minutes=60)


@pytest.fixture
def wishes(willow: Clinic, check: Service) -> dict[str, Any]:
    return {"species": "cat", "service": check.pk, "at": iso(willow, "2026-04-23 10:00")}


def pets_of(owner: Client) -> list[tuple[str, str]]:
    with tenant(owner.clinic):
        return list(Pet.objects.for_client(owner).order_by("id").values_list("name", "species"))


def next_of(response: Any) -> str:
    """Where they come back to after signing in."""
    path, query = urlsplit(response["Location"])[2:4]
    assert path == "/willow/sign-in/"
    return str(parse_qs(query)["next"][0])


def test_a_visitor_says_which_animal(client: Any, willow: Clinic, okafor: Resource) -> None:
    visits.create_service(willow, okafor)

    response = client.get(NEW)

    html = response.content.decode()
    assert (response.status_code, step_of(response)) == (200, "Service")
    assert [value for value, *_rest in response.context["animals"]] == [species.value for species in COMMON]
    assert ("My bookings</a>" in html, html.count('name="species"')) == (False, len(COMMON))


def test_only_animals_that_something_is_for_are_there(client: Any, willow: Clinic, okafor: Resource) -> None:
    visits.create_service(willow, okafor, species=[Species.CAT, Species.GERBIL])

    assert [value for value, *_rest in client.get(NEW).context["animals"]] == ["cat", "gerbil"]


def test_the_times_are_shown_and_going_on_leads_to_signing_in(client: Any, wishes: dict[str, Any]) -> None:
    times = client.get(address(species="cat", service=wishes["service"]))
    onward = client.get(address(**wishes, done="time"))
    gate = client.get(onward["Location"])

    assert (step_of(times), times.context["onward"].is_post, 'method="get"' in times.content.decode()) == (
        "Time",
        False,
        True,
    )
    assert (onward.status_code, onward["Location"]) == (303, address(CONFIRM, **wishes))
    assert (gate.status_code, next_of(gate)) == (302, address(CONFIRM, **wishes))


def test_going_on_without_a_time_is_told(client: Any, wishes: dict[str, Any]) -> None:
    del wishes["at"]

    assert trouble_of(client.get(address(**wishes, done="time"))) == (422, "Choose a time")


def test_after_signing_in_the_only_cat_is_the_one(
    client: Any, owner: Client, miso: Pet, wishes: dict[str, Any]
) -> None:
    factories.create_pet(owner, name="Rex", species=Species.DOG)
    factories.sign_in(client, owner)

    page = client.get(address(CONFIRM, **wishes))
    client.post(CONFIRM, {**dict(page.context["kept"]), "form_key": KEY})

    assert page.context["draft"].pets == [miso]
    assert [list(visit.pets.all()) for visit in visits_of(owner)] == [[miso]]


def test_of_two_cats_one_must_be_chosen(client: Any, owner: Client, miso: Pet, wishes: dict[str, Any]) -> None:
    tango = factories.create_pet(owner, name="Tango")
    factories.sign_in(client, owner)

    page = client.get(address(CONFIRM, **wishes))
    unsaid = client.post(CONFIRM, {**wishes, "form_key": KEY})
    client.post(CONFIRM, {**wishes, "pet": tango.pk, "form_key": KEY})

    assert [pet.name for pet in page.context["alike"]] == ["Miso", "Tango"]
    assert unsaid.context["form"].non_field_errors() == ["Choose who the visit is for."]
    assert [list(visit.pets.all()) for visit in visits_of(owner)] == [[tango]]


def test_a_new_animal_is_named_and_filed_with_the_visit(client: Any, owner: Client, wishes: dict[str, Any]) -> None:
    factories.sign_in(client, owner)

    page = client.get(address(CONFIRM, **wishes))
    unsaid = client.post(CONFIRM, {**wishes, "form_key": KEY})
    for _twice in range(2):
        opened = page.context["form"]["opened"].value()
        client.post(CONFIRM, {**wishes, "pet_name": "  Clover\x00 ", "form_key": KEY, "opened": opened})

    assert unsaid.context["form"].errors["pet_name"] == ["Enter your pet’s name."]
    assert pets_of(owner) == [("Clover", "cat")]
    (visit,) = visits_of(owner)
    assert [pet.name for pet in visit.pets.all()] == ["Clover"]


def test_a_time_that_has_gone_files_no_animal_yet(
    client: Any, willow: Clinic, owner: Client, check: Service, wishes: dict[str, Any]
) -> None:
    rival = factories.create_pet(factories.create_owner(willow))
    visits.book(rival.owner, check, at(willow, "2026-04-23 10:00"), rival)
    factories.sign_in(client, owner)

    response = client.post(CONFIRM, {**wishes, "pet_name": "Clover", "form_key": KEY})

    assert trouble_of(response) == (422, "Someone just took 10:00")
    assert (pets_of(owner), dict(response.context["onward"].kept)["pet_name"]) == ([], "Clover")


def test_where_clients_do_not_manage_pets_a_new_animal_is_booked_by_phone(
    client: Any, willow: Clinic, owner: Client, wishes: dict[str, Any]
) -> None:
    Clinic.objects.filter(pk=willow.pk).update(has_pet_management=False)
    factories.sign_in(client, owner)

    page = client.get(address(CONFIRM, **wishes)).content.decode()
    sent = client.post(CONFIRM, {**wishes, "pet_name": "Clover", "form_key": KEY})

    assert ("has no such pet of yours" in page, "Confirm booking" in page) == (True, False)
    assert (sent.status_code, pets_of(owner), visits_of(owner)) == (422, [], [])


def test_who_has_many_animals_is_told(
    client: Any, owner: Client, wishes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pets.actions.profiles.MOST_PETS", 0)
    factories.sign_in(client, owner)

    response = client.post(CONFIRM, {**wishes, "pet_name": "Clover", "form_key": KEY})

    assert response.context["form"].errors["pet_name"] == ["You have 100 pets here. Please ask the clinic to add more."]


def test_a_sign_in_that_ended_meanwhile_loses_nothing(client: Any, miso: Pet, wishes: dict[str, Any]) -> None:
    del wishes["species"]
    wishes = {"pet": miso.pk, **wishes}

    looked = client.get(address(**wishes))
    held = client.post(HOLD, wishes)

    assert next_of(looked) == address(**wishes)
    assert (held.status_code, held["Location"]) == (303, address(CONFIRM, **wishes))


def test_who_has_yet_to_agree_to_a_new_text_agrees_first(
    client: Any, willow: Clinic, owner: Client, wishes: dict[str, Any]
) -> None:
    factories.sign_in(client, owner)
    Clinic.objects.filter(pk=willow.pk).update(legal_revision=2)

    looked, held = client.get(NEW), client.post(HOLD, wishes)

    assert looked["Location"].startswith("/willow/agree/?next=") is True
    assert (held["Location"], holds_of(owner)) == (address(CONFIRM, **wishes), [])


def test_strangers_confirm_nothing(client: Any, owner: Client, wishes: dict[str, Any]) -> None:
    response = client.post(CONFIRM, {**wishes, "form_key": KEY})

    assert (response.status_code, response["Location"], visits_of(owner)) == (302, "/willow/sign-in/", [])
