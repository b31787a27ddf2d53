"""New booking: whether we may text about appointments is asked where it can be answered, and never ticked before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bookings.models import Service
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import Pet
from tests import factories
from tests.bookings import visits
from tests.bookings.visits import NOON
from tests.bookings.walk import CONFIRM, KEY, address, iso, said


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


@pytest.mark.parametrize(("ticked", "accepts"), [({"texts": "on"}, True), ({}, False)])
def test_texts_come_only_to_who_ticks_them(
    signed_in: Any, owner: Client, wishes: dict[str, Any], ticked: dict[str, str], accepts: bool
) -> None:
    page = signed_in.get(address(CONFIRM, **wishes)).content.decode()
    signed_in.post(CONFIRM, {**wishes, "form_key": KEY, **ticked})

    assert ('name="texts"' in page, "Reply STOP to opt out" in page) == (True, True)
    with tenant(owner.clinic):
        assert Client.objects.for_clinic(owner.clinic).get(pk=owner.pk).accepts_texts is accepts


@pytest.mark.parametrize("fields", [{"phone": ""}, {"accepts_texts": True}])
def test_who_cannot_or_need_not_be_asked_about_texts_is_not(
    signed_in: Any, owner: Client, wishes: dict[str, Any], fields: dict[str, Any]
) -> None:
    with tenant(owner.clinic):
        Client.objects.for_clinic(owner.clinic).filter(pk=owner.pk).update(**fields)

    assert 'name="texts"' not in signed_in.get(address(CONFIRM, **wishes)).content.decode()


def test_a_farewell_never_asks_about_texts(signed_in: Any, check: Service, wishes: dict[str, Any]) -> None:
    with tenant(check.clinic):
        Service.objects.for_clinic(check.clinic).update(is_gentle=True)

    assert 'name="texts"' not in signed_in.get(address(CONFIRM, **wishes)).content.decode()


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({}, " We’ve sent you an e-mail to confirm."),
        ({"accepts_emails": False}, " We’ve sent you a text to confirm."),
        ({"email": ""}, " We’ve sent you a text to confirm."),
    ],
)
def test_the_page_says_how_the_visit_is_confirmed(
    signed_in: Any, owner: Client, wishes: dict[str, Any], fields: dict[str, Any], more: str
) -> None:
    with tenant(owner.clinic):
        Client.objects.for_clinic(owner.clinic).filter(pk=owner.pk).update(**fields)

    response = signed_in.post(CONFIRM, {**wishes, "form_key": KEY, "texts": "on"})

    (words,) = said(response)
    assert words.replace("\n", " ") == f"You’re booked in Thursday 23 April at 10:00 with Dr Amara Okafor.{more}"


def test_who_wants_no_messages_is_promised_none(signed_in: Any, owner: Client, wishes: dict[str, Any]) -> None:
    with tenant(owner.clinic):
        Client.objects.for_clinic(owner.clinic).filter(pk=owner.pk).update(accepts_emails=False)

    response = signed_in.post(CONFIRM, {**wishes, "form_key": KEY})

    assert said(response) == ["You’re booked in\nThursday 23 April at 10:00 with Dr Amara Okafor."]
