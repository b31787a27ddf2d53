"""A clinic's own door: what gets in, and what it gets."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clients import devices
from clients.models import Consent, Device
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories
from tests.clients import doors

NOW = timezone.now().replace(microsecond=0)


def test_a_text_with_a_code_leads_to_home(client, willow):
    owner = factories.create_owner(willow, phone="+447700900123")

    asked = doors.ask_by_phone(client, willow, "+44 7700 900123")
    entered = doors.enter(client, willow, doors.newest_code(willow))

    assert (asked.status_code, asked.url) == (302, "/willow/sign-in/code/")
    assert (entered.status_code, entered.url) == (302, "/willow/")
    assert client.get("/willow/").context["request"].client == owner


def test_an_email_with_a_code_leads_to_home(client, willow):
    factories.create_owner(willow, email="nadia@example.com")

    doors.ask_by_email(client, willow, "  Nadia@Example.COM \n")
    entered = doors.enter(client, willow, doors.newest_code(willow))

    assert entered.url == "/willow/"
    assert doors.messages(willow)[0].to == "nadia@example.com"


@pytest.mark.parametrize(
    "spelling",
    ["+44 7700 900123", "07700 900123", "(07700) 900-123", "0044 7700 900123", "+44 (0)7700 900123", "\t07700900123 "],
)
def test_any_usual_spelling_of_the_phone_finds_the_client(client, willow, spelling):
    factories.create_owner(willow, phone="+447700900123")

    doors.ask_by_phone(client, willow, spelling)

    assert [message.to for message in doors.messages(willow)] == ["+447700900123"]


def test_the_cookie_is_for_http_only_and_lasts_a_year(client, willow):
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone)

    response = doors.enter(client, willow, doors.newest_code(willow))

    cookie = response.cookies[devices.cookie_name(willow)]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 365 * 24 * 60 * 60


def test_only_the_hash_of_the_token_is_kept(client, willow):
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone)
    doors.enter(client, willow, doors.newest_code(willow))

    token = client.cookies[devices.cookie_name(willow)].value

    with tenant(willow):
        digest = Device.objects.for_clinic(willow).get().token_digest
    assert token not in digest
    assert len(digest) == 64


def test_signing_in_anew_ends_the_old_token_of_the_browser(client, willow):
    owner = factories.create_owner(willow)
    old = factories.sign_in(client, owner)
    doors.ask_by_phone(client, willow, owner.phone)

    doors.enter(client, willow, doors.newest_code(willow))

    with tenant(willow):
        old.refresh_from_db()
        assert old.ended_at is not None
        assert Device.objects.for_client(owner).filter(ended_at__isnull=True).count() == 1


def test_consents_are_kept_with_text_contact_and_source(client, willow):
    owner = factories.create_owner(willow, agreed_revision=0)
    doors.ask_by_phone(client, willow, owner.phone)

    doors.enter(client, willow, doors.newest_code(willow), REMOTE_ADDR="192.0.2.7")

    with tenant(willow):
        kept = Consent.objects.for_clinic(willow).filter(client=owner).order_by("text__kind")
        facts = [(row.text.kind, row.text.version, row.contact, row.ip_address, row.source) for row in kept]
    assert facts == [
        (kind, 1, owner.phone, "192.0.2.7", "sign_in")
        for kind in ("data_processing", "privacy_policy", "user_agreement")
    ]


def test_the_same_consent_is_kept_once(client, willow):
    owner = factories.create_owner(willow)
    for _visit in range(2):
        with time_machine.travel(NOW + timedelta(minutes=2 * _visit), tick=False):
            doors.ask_by_phone(client, willow, owner.phone)
            doors.enter(client, willow, doors.newest_code(willow))

    with tenant(willow):
        assert Consent.objects.for_clinic(willow).filter(client=owner).count() == 3


def test_several_people_with_one_number_say_who_they_are_after_the_code(client, willow):
    ann = factories.create_owner(willow, name="Ann Shared", phone="+447700900555")
    bob = factories.create_owner(willow, name="Bob Shared", phone="+447700900555")
    asked = doors.ask_by_phone(client, willow, "+447700900555", follow=True)
    entered = doors.enter(client, willow, doors.newest_code(willow), follow=True)

    chosen = client.post("/willow/sign-in/who/", {"who": bob.pk})

    assert "Ann Shared" not in asked.content.decode()
    assert all(name in entered.content.decode() for name in ("Ann Shared", "Bob Shared"))
    assert chosen.url == "/willow/"
    assert client.get("/willow/").context["request"].client == bob
    assert ann != bob


def test_who_refuses_somebody_else(client, willow):
    factories.create_owner(willow, phone="+447700900555")
    factories.create_owner(willow, phone="+447700900555")
    stranger = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, "+447700900555")
    doors.enter(client, willow, doors.newest_code(willow))

    response = client.post("/willow/sign-in/who/", {"who": stranger.pk})

    assert response.status_code == 422
    assert devices.cookie_name(willow) not in client.cookies


@pytest.mark.parametrize("page", ["who", "name", "code"])
def test_later_pages_send_a_browser_without_their_cookie_back(client, willow, page):
    response = client.get(f"/willow/sign-in/{page}/")

    assert (response.status_code, response.url) == (302, "/willow/sign-in/")


def test_an_open_door_lets_a_new_client_in_after_a_name(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(door="open")
    doors.ask_by_email(client, willow, "new@example.com")

    proved = doors.enter(client, willow, doors.newest_code(willow))
    signed_up = client.post("/willow/sign-in/name/", {"name": "Newt Newcomer"})

    assert (proved.url, signed_up.url) == ("/willow/sign-in/name/", "/willow/")
    newcomer = client.get("/willow/").context["request"].client
    assert (newcomer.name, newcomer.email) == ("Newt Newcomer", "new@example.com")


def test_a_name_is_required_at_an_open_door(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(door="open")
    doors.ask_by_email(client, willow, "new@example.com")
    doors.enter(client, willow, doors.newest_code(willow))

    response = client.post("/willow/sign-in/name/", {"name": "x" * 10_000})

    assert response.status_code == 422
    assert response.context["form"].errors == {"name": ["That’s longer than we can keep. Use up to 120 letters."]}


def test_a_signed_in_browser_is_not_asked_again(client, willow):
    factories.sign_in(client, factories.create_owner(willow))

    assert client.get("/willow/sign-in/").url == "/willow/"


def test_a_clinic_without_published_texts_sends_no_code(client, willow):
    owner = factories.create_owner(willow)
    Clinic.objects.filter(pk=willow.pk).update(legal_revision=0)

    response = doors.ask_by_phone(client, willow, owner.phone)

    assert "still setting its portal up" in response.content.decode()
    assert doors.messages(willow) == []


def test_the_door_takes_four_statements(client, willow, statements):
    """The clinic, the hours with their exceptions, who helps in an emergency; in the demo no sender is asked for."""
    with statements(4):
        client.get("/willow/sign-in/")
