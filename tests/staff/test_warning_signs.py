"""The signs that can't wait: read by all, worded by vets and owners, and taken over from a draft one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from bookings.models import WarningSign
from bookings.setting_up.starters import USUAL_SIGNS
from clinics.models import Clinic, Role
from clinics.tenancy import tenant
from tests.bookings import visits
from tests.staff.rows import listing, page, reread, staff

SIGN: dict[str, Any] = {"species": "", "text": "Struggles to breathe", "position": 1}
HOSTILE = "<script>alert(1)</script> \u202eÜnïcode 🐈 '\"; drop table --"
# What would conclude something about the animal, or tell its owner what to do.
DIAGNOSING = ("disease", "infection", "syndrome", "diagnos", "blocked", "torsion", "toxic", "treat", "dose")


def texts(clinic: Clinic) -> list[tuple[str, str]]:
    with tenant(clinic):
        return list(WarningSign.objects.for_clinic(clinic).order_by("pk").values_list("species", "text"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, {"text": ["This field is required."]}),
        ({"text": " \n "}, {"text": ["This field is required."]}),
        ({"text": "x" * 10_000}, {"text": ["Ensure this value has at most 160 characters (it has 10000)."]}),
        ({"text": "a\0b"}, {"text": ["Null characters are not allowed."]}),
        ({"species": "dragon"}, {"species": ["Select a valid choice. dragon is not one of the available choices."]}),
        ({"position": -1}, {"position": ["Ensure this value is greater than or equal to 0."]}),
        ({"position": 10**30}, {"position": ["Ensure this value is less than or equal to 32767."]}),
    ],
)
def test_what_is_no_sign_is_told_beside_its_field(
    client: Browser, willow: Clinic, fields: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    staff(client, willow, Role.VET)

    response = client.post(listing(WarningSign, "add"), SIGN | fields)

    assert {name: list(found) for name, found in response.context["adminform"].form.errors.items()} == wrong
    assert texts(willow) == []


def test_markup_and_odd_letters_stay_text(client: Browser, willow: Clinic) -> None:
    staff(client, willow, Role.VET)

    client.post(listing(WarningSign, "add"), SIGN | {"text": HOSTILE})

    assert texts(willow) == [("", HOSTILE)]
    assert client.get(listing(WarningSign)).content.decode().count("<script>alert") == 0


def test_a_new_clinic_has_none_and_is_offered_a_list(client: Browser, willow: Clinic) -> None:
    staff(client, willow)

    response = client.get(listing(WarningSign))

    assert response.context["cl"].result_count == 0
    assert (response.context["usual_address"], str(response.context["usual_title"])) == (
        "/staff/bookings/warningsign/usual/",
        "Choose from a list of signs",
    )


def test_the_desk_reads_the_signs(client: Browser, willow: Clinic) -> None:
    staff(client, willow, Role.RECEPTION)
    sign = visits.create_sign(willow, "Has collapsed", species="dog")

    shown = client.get(listing(WarningSign))
    refused = [client.post(page(sign), SIGN), client.post(page(sign, "delete"), {"post": "yes"})]

    assert shown.context["cl"].result_count == 1
    assert "Choose from a list of signs" not in shown.content.decode()
    assert [response.status_code for response in refused] == [403, 403]
    assert texts(willow) == [("dog", "Has collapsed")]


def test_a_neighbours_signs_are_neither_shown_nor_changed(client: Browser, willow: Clinic, harbour: Clinic) -> None:
    staff(client, willow, Role.VET)
    theirs = visits.create_sign(harbour, "Harbourmark")

    shown = client.get(listing(WarningSign)).content.decode()
    answers = [client.post(page(theirs), SIGN), client.post(page(theirs, "delete"), {"post": "yes"})]

    assert "Harbourmark" not in shown
    assert [response.status_code for response in answers] == [404, 404]
    assert reread(theirs).text == "Harbourmark"


@pytest.mark.parametrize("keys", [[], ["made up"], ["\0"], ["breathing", "made up"]])
def test_nothing_ticked_or_something_made_up_is_refused(client: Browser, willow: Clinic, keys: list[str]) -> None:
    staff(client, willow, Role.VET)

    response = client.post(listing(WarningSign, "usual"), {"keys": keys})

    assert (response.status_code, list(response.context["form"].errors), texts(willow)) == (422, ["keys"], [])


def test_what_was_ticked_stays_ticked_beside_the_refusal(client: Browser, willow: Clinic) -> None:
    staff(client, willow, Role.VET)

    response = client.post(listing(WarningSign, "usual"), {"keys": ["bloat", "made up"]})

    assert response.content.decode().count("checked") == 1


def test_a_sign_that_was_reworded_is_not_written_over(client: Browser, willow: Clinic) -> None:
    staff(client, willow, Role.VET)
    address = listing(WarningSign, "usual")
    client.post(address, {"keys": ["bloat"]})
    with tenant(willow):
        sign = WarningSign.objects.for_clinic(willow).get()

    client.post(page(sign), {"species": "dog", "text": "Swollen belly and retching", "position": 5})
    client.post(address, {"keys": ["breathing"]})

    assert texts(willow) == [
        ("dog", "Swollen belly and retching"),
        ("", "Struggles to breathe, or breathes with an open mouth at rest"),
    ]


def test_the_draft_says_what_is_seen_and_never_what_it_may_be() -> None:
    said = {sign.key: [word for word in DIAGNOSING if word in str(sign.text).lower()] for sign in USUAL_SIGNS}

    assert {key: words for key, words in said.items() if words} == {}


def test_the_draft_names_what_no_source_lets_wait() -> None:
    by_species = {(sign.species, sign.key) for sign in USUAL_SIGNS}

    assert by_species >= {
        *(("", key) for key in ("breathing", "collapse", "seizure", "bleeding", "poison", "accident")),
        ("dog", "bloat"),
        ("cat", "urine"),
        ("rabbit", "rabbit_eating"),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(client: Browser, willow: Clinic, statements: Any, count: int) -> None:
    staff(client, willow)
    for number in range(count):
        visits.create_sign(willow, f"Sign {number}")
    client.get(listing(WarningSign))

    with statements(8):
        response = client.get(listing(WarningSign))

    assert response.context["cl"].result_count == count
