"""The door of all clinics: one code, then the clinics that know the contact (R59)."""

import pytest

from clients import devices, directory
from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories
from tests.clients import doors

SHARED = "+447700900123"


@pytest.fixture
def both(willow, harbour):
    Clinic.objects.filter(pk=harbour.pk).update(sms_countries="GB")
    return [factories.create_owner(clinic, phone=SHARED, email="demo@example.com") for clinic in (willow, harbour)]


def sent(*clinics):
    return [message for clinic in clinics for message in doors.messages(clinic)]


def test_one_clinic_on_file_opens_its_home(client, willow, harbour):
    owner = factories.create_owner(willow, email="one@example.com")
    doors.ask_by_email(client, None, "one@example.com")

    entered = doors.enter(client, None, doors.newest_code(willow), follow=True)

    assert entered.redirect_chain[-1][0] == "/willow/"
    assert client.get("/willow/").context["request"].client == owner


def test_several_clinics_are_chosen_from(client, willow, harbour, both):
    doors.ask_by_phone(client, None, SHARED)

    entered = doors.enter(client, None, doors.code_in(sent(willow, harbour)[0]), follow=True)

    assert [device.clinic for device in entered.context["open_doors"]] == [harbour, willow]
    assert "Choose your clinic" in entered.content.decode()
    assert [client.get(f"/{slug}/").status_code for slug in ("willow", "harbour")] == [200, 200]


def test_one_code_is_sent_whatever_the_number_of_clinics(client, willow, harbour, both):
    doors.ask_by_phone(client, None, SHARED)

    assert [message.to for message in sent(willow, harbour)] == [SHARED]


def test_a_number_without_its_country_is_asked_to_start_with_one(client, willow):
    response = doors.ask_by_phone(client, None, "07700 900123")

    assert response.status_code == 422
    assert response.context["form"].errors == {"phone": ["Start with a country code, like +44 7700 900123."]}
    assert response.context["form"]["phone"].value() == "07700 900123"


def test_an_unknown_contact_gets_the_same_answer_and_no_message(client, willow, harbour, both):
    known = doors.ask_by_email(client, None, "demo@example.com")
    unknown = doors.ask_by_email(client, None, "nobody@example.com")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(sent(willow, harbour)) == 1
    assert [row.to for clinic in (willow, harbour) for row in doors.messages(clinic, decoys=True)] == [""]


def test_a_contact_that_two_people_share_is_asked_about_at_the_clinic(client, willow, harbour, both):
    other = factories.create_owner(willow, name="Bob", phone=SHARED)
    doors.ask_by_phone(client, None, SHARED)
    chooser = doors.enter(client, None, doors.code_in(sent(willow, harbour)[0]), follow=True)

    chosen = client.post("/willow/sign-in/who/", {"who": other.pk})

    assert chooser.context["undecided"] == [willow]
    assert chosen.url == "/willow/"
    assert client.get("/willow/").context["request"].client == other


def test_nobody_signed_in_is_sent_to_the_door(client, db):
    assert client.get("/").url == "/sign-in/"


def test_signing_out_everywhere_ends_every_device(client, willow, harbour):
    for clinic in (willow, harbour):
        factories.sign_in(client, factories.create_owner(clinic))

    client.post("/sign-out/")

    assert [client.get(f"/{slug}/").status_code for slug in ("willow", "harbour")] == [302, 302]


def test_a_clinic_asks_for_its_own_consents_after_the_door_of_all(client, willow):
    owner = factories.create_owner(willow, agreed_revision=0)
    doors.ask_by_email(client, None, owner.email)
    doors.enter(client, None, doors.newest_code(willow))

    assert client.get("/willow/").url == "/willow/agree/"


def test_a_portal_without_clinics_says_that_it_is_not_ready(client, db):
    assert doors.ask_by_email(client, None, "demo@example.com").status_code == 503


def test_invented_cookies_open_nothing(client, willow):
    client.cookies[devices.cookie_name(willow)] = "invented"
    client.cookies["device_99999999999999999999"] = "x"
    client.cookies["device_x"] = "x"

    assert client.get("/").url == "/sign-in/"


def test_the_directory_follows_the_clients(willow):
    owner = factories.create_owner(willow, email="old@example.com", phone="")
    old = owner.contacts

    with tenant(willow):
        Client.objects.for_clinic(willow).filter(pk=owner.pk).update(email="new@example.com")
        owner.email = "new@example.com"
        directory.refresh(willow, [*old, *owner.contacts])

    assert directory.clinics_knowing(old[0]) == []
    assert directory.clinics_knowing(owner.contacts[0]) == [willow]
