"""Get Help Now: what a client can ask for, and how."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clinics.models import EmergencyClinic, OpeningHours
from clinics.tenancy import tenant
from messaging.models import RequestType
from tests.factories import create_owner, sign_in

EMERGENCY = "+441632960999"


def create_type(clinic, **fields) -> RequestType:
    defaults = {"name": "Prescription refill", "slug": "refill", "explanation": "Have the packet at hand."}
    with tenant(clinic):
        return RequestType.objects.create(clinic=clinic, **(defaults | fields))


@pytest.fixture
def owner(client, willow):
    owner = create_owner(willow, name="Nadia Brennan")
    sign_in(client, owner)
    return owner


def page(client, clinic, slug="refill"):
    return client.get(reverse("messaging:request", args=[clinic.slug, slug]))


def test_the_page_says_what_to_have_ready_and_whom_to_call(client, willow, owner):
    create_type(willow)

    response = page(client, willow)

    text = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Prescription refill</h1>" in text
    assert "Call us or write, and we’ll arrange it." in text
    assert "Have the packet at hand." in text
    assert f'href="tel:{willow.phone}"' in text
    assert f'href="mailto:{willow.email}?subject=Prescription%20refill%20for%20Nadia%20Brennan"' in text


def test_the_emergency_number_is_there_if_the_clinic_has_one(client, willow, owner):
    create_type(willow)
    without = page(client, willow).content.decode()
    with tenant(willow):
        EmergencyClinic.objects.create(clinic=willow, name="Northgate", phone="+441632960999", is_always_open=True)

    text = page(client, willow).content.decode()

    assert 'class="sos"' not in without
    assert f'class="sos" href="tel:{EMERGENCY}"' in text


@pytest.mark.parametrize(
    ("phone", "email", "words"),
    [
        ("+441632960418", "", "Call us, and we’ll arrange it."),
        ("", "hello@willow.example", "Write to us, and we’ll arrange it."),
        ("", "", "Ask us at the clinic, and we’ll arrange it."),
    ],
)
def test_only_the_ways_that_the_clinic_has_are_offered(client, willow, owner, phone, email, words):
    create_type(willow)
    willow.phone, willow.email = phone, email
    willow.save()

    text = page(client, willow).content.decode()

    assert words in text
    assert ('href="mailto:' in text) == bool(email)


def test_opening_hours_are_hinted_at(client, willow, owner):
    create_type(willow)
    with tenant(willow):
        for weekday in range(7):
            OpeningHours.objects.create(clinic=willow, weekday=weekday, opens="00:00", closes="23:59:59")

    assert "Open now, until 23:59" in page(client, willow).content.decode()


@pytest.mark.parametrize("emergency_clinics", [1, 3])
def test_the_page_costs_a_fixed_number_of_statements(client, willow, owner, statements, emergency_clinics):
    create_type(willow)
    with tenant(willow):
        for number in range(emergency_clinics):
            EmergencyClinic.objects.create(clinic=willow, name=f"Northgate {number}", phone=EMERGENCY)

    with statements(6):
        page(client, willow)


def test_what_is_not_offered_is_not_found(client, willow, harbour, owner):
    create_type(willow, slug="dental", is_active=False)
    create_type(harbour)

    assert [page(client, willow, slug).status_code for slug in ("dental", "refill", "nothing")] == [
        404,
        404,
        404,
    ]


def test_a_stranger_is_sent_to_sign_in(client, willow):
    create_type(willow)

    response = page(client, willow)

    assert response.status_code == 302
    assert response.url == "/willow/sign-in/?next=%2Fwillow%2Frequests%2Frefill%2F"


def test_words_of_the_clinic_are_inert(client, willow, owner):
    create_type(willow, name="<b>Refill</b>", explanation="<script>alert(1)</script>")

    text = page(client, willow).content.decode()

    assert "<script>alert" not in text
    assert "<b>Refill" not in text
