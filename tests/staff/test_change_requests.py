"""Change requests as staff decide them: old beside new, one click, and a second decision that is told."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from clinics.models import Role, StaffAction
from clinics.tenancy import tenant
from pets import actions
from pets.models import ChangeRequest, Pet, PetChange
from tests import factories
from tests.staff.rows import create_platform_admin, create_request, listing, page, reread, staff, typed_pet


@pytest.fixture
def pet(client, willow):
    staff(client, willow, Role.RECEPTION)
    return factories.create_pet(factories.create_owner(willow), name="Miso", colour="Brown")


@pytest.fixture
def asked(pet):
    return create_request(pet, colour=["Brown", "Brown tabby"], microchip=["", "985112003456789"])


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def log(clinic) -> list[tuple[str, str]]:
    with tenant(clinic):
        return list(StaffAction.objects.for_clinic(clinic).order_by("pk").values_list("model", "summary"))


def test_old_and_new_stand_side_by_side(client, pet, asked):
    with tenant(pet.clinic):
        Pet.objects.for_clinic(pet.clinic).filter(pk=pet.pk).update(colour="Grey")

    shown = client.get(page(asked)).context["proposed"]

    assert [(one.label, one.on_file, one.before, one.after, one.has_moved) for one in shown] == [
        ("Colour", "Grey", "Brown", "Brown tabby", True),
        ("Microchip", "–", "–", "985112003456789", False),
    ]


def test_one_click_accepts_and_vouches_for_the_chip(client, willow, pet, asked):
    response = client.post(page(asked), {"_accept": ""})

    kept, decided = reread(pet), reread(asked)
    assert response.headers["Location"] == listing(ChangeRequest)
    assert (kept.colour, kept.microchip, kept.is_identity_checked) == ("Brown tabby", "985112003456789", True)
    assert (decided.state, decided.decided_by_id is not None) == ("accepted", True)
    assert log(willow) == [("pets.changerequest", "Accepted")]


def test_a_decline_needs_a_reason_beside_its_field(client, asked):
    response = client.post(page(asked), {"_decline": "", "answer": "  "})

    assert errors(response) == {"answer": ["Tell the owner why."]}
    assert reread(asked).state == "waiting"


def test_a_decline_keeps_the_answer_and_leaves_the_pet(client, willow, pet, asked):
    client.post(page(asked), {"_decline": "", "answer": "It is brown."})

    decided = reread(asked)
    assert (decided.state, decided.answer, reread(pet).colour) == ("declined", "It is brown.", "Brown")
    assert log(willow) == [("pets.changerequest", "Declined")]
    shown = client.get(page(asked)).content.decode()
    assert ("It is brown." in shown, "_accept" in shown) == (True, False)


@pytest.mark.parametrize("answer", ["x" * 301, "a\0b"])
def test_a_bad_answer_is_told(client, asked, answer):
    assert list(errors(client.post(page(asked), {"_decline": "", "answer": answer}))) == ["answer"]


@pytest.mark.parametrize("pressed", [{"_accept": ""}, {"_decline": "", "answer": "No."}, {"_decline": ""}])
def test_the_second_decision_is_told(client, asked, pressed):
    client.post(page(asked), {"_accept": ""})

    response = client.post(page(asked), pressed)

    assert errors(response) == {"__all__": ["This has been decided already."]}
    assert "This has been decided already." in response.content.decode()
    assert reread(asked).state == "accepted"


def test_neither_button_decides_nothing(client, asked):
    assert errors(client.post(page(asked), {"_save": ""})) == {"__all__": ["Choose “Accept” or “Decline”."]}
    assert reread(asked).state == "waiting"


def test_a_lifespan_that_cannot_be_is_told_above_the_form(client, willow, asked):
    dead = factories.create_pet(asked.client, born_on=date(2020, 1, 1), deceased_on=date(2021, 1, 1))
    impossible = create_request(dead, born_on=["2020-01-01", "2022-01-01"])

    response = client.post(page(impossible), {"_accept": ""})

    assert errors(response) == {"__all__": ["The date of death is before the date of birth."]}
    assert reread(impossible).state == "waiting"


def test_what_the_owner_asked_for_meanwhile_is_looked_at_first(client, pet, asked):
    seen = client.get(page(asked)).content.decode()
    as_seen = seen.split('name="asked_at" value="')[1].split('"')[0]
    with tenant(pet.clinic):
        actions.propose_changes(pet=pet, client=pet.owner, values={"species": "dog"}, now=timezone.now())

    response = client.post(page(asked), {"_accept": "", "asked_at": as_seen})

    assert errors(response) == {"__all__": ["The owner has asked for something else since. Look at it again."]}
    assert (reread(asked).state, reread(pet).species) == ("waiting", "cat")


def test_what_waits_stands_first_in_the_list(client, pet, asked):
    later = create_request(factories.create_pet(pet.owner, name="Alma"), colour=["", "Black"])
    client.post(page(later), {"_accept": ""})

    shown = client.get(listing(ChangeRequest)).context["cl"].result_list

    assert [row.pet.name for row in shown] == ["Miso", "Alma"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(client, pet, statements, count):
    for _number in range(count):
        create_request(factories.create_pet(pet.owner), colour=["", "Black"])

    with statements(7):
        client.get(listing(ChangeRequest))


def test_a_platform_administrator_looks_on(client, willow, pet, asked):
    create_platform_admin(client)
    client.post("/staff/choose/", {"clinic": willow.pk})

    shown = client.get(page(asked))
    pressed = client.post(page(asked), {"_accept": ""})

    assert (shown.status_code, "_accept" in shown.content.decode(), pressed.status_code) == (200, False, 403)
    assert reread(asked).state == "waiting"


def test_a_platform_administrator_changes_a_pet_without_a_job_to_be_named_by(client, willow, pet):
    create_platform_admin(client)
    client.post("/staff/choose/", {"clinic": willow.pk})

    client.post(page(pet), typed_pet(pet, name="Miso II"))

    assert reread(pet).name == "Miso II"
    with tenant(willow):
        assert PetChange.objects.for_clinic(willow).filter(kind="edited").get().staff is None
