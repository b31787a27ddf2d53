"""Wall one: which address opens which clinic."""

import pytest
from django.core.exceptions import ValidationError

from clinics.models import Clinic, ClinicState
from tests import factories


def test_an_unknown_clinic_is_not_found_and_nobody_is_named(client, willow):
    response = client.get("/no-such-clinic/")

    assert response.status_code == 404
    assert "Willow" not in response.content.decode()


def test_a_suspended_clinic_answers_as_if_it_were_not_there(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(state=ClinicState.SUSPENDED)

    assert client.get("/willow/info/").status_code == 404


def test_a_suspended_clinics_devices_are_worth_nothing(client, willow, harbour):
    factories.sign_in(client, factories.create_owner(willow))
    Clinic.objects.filter(pk=willow.pk).update(state=ClinicState.SUSPENDED)

    assert client.get("/").url == "/sign-in/"


def test_a_clinics_own_host_serves_that_clinic_alone(client, willow, harbour, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Clinic.objects.filter(pk=willow.pk).update(host="pets.willow.example.com")

    statuses = [
        client.get(address, headers={"host": "pets.willow.example.com"}).status_code
        for address in ("/willow/info/", "/harbour/info/")
    ]

    assert statuses == [200, 404]


@pytest.mark.parametrize(
    "spelling", ["Pets.Willow.Example.COM", "pets.willow.example.com.", "pets.willow.example.com:80"]
)
def test_a_hosts_spelling_opens_no_other_clinic(client, willow, harbour, settings, spelling):
    settings.ALLOWED_HOSTS = ["*"]
    Clinic.objects.filter(pk=willow.pk).update(host="pets.willow.example.com")

    assert client.get("/harbour/info/", headers={"host": spelling}).status_code == 404


def test_capitals_in_an_address_are_forgiven(client, willow):
    assert client.get("/Willow/info/?a=1").url == "/willow/info/?a=1"


@pytest.mark.parametrize("address", ["/%C3%84bc/", "/%5CEvil.com/x", "/A%0Ab/"])
def test_other_capitals_are_not_found(client, willow, address):
    assert client.get(address).status_code == 404


def test_the_root_of_a_clinics_own_host_leads_to_it(client, willow, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Clinic.objects.filter(pk=willow.pk).update(host="pets.willow.example.com")

    assert client.get("/", headers={"host": "pets.willow.example.com"}).url == "/willow/"


@pytest.mark.parametrize(
    "slug", ["staff", "demo", "healthz", "Has-Capitals", "two--hyphens", "ümlaut", "a b", "-x", "x\n"]
)
def test_a_slug_that_could_not_be_an_address_is_refused(slug):
    with pytest.raises(ValidationError) as refused:
        Clinic(name="X", slug=slug).full_clean(validate_unique=False, validate_constraints=False)

    assert list(refused.value.message_dict) == ["slug"]


def test_links_in_messages_start_with_the_stored_address(willow, settings):
    settings.PORTAL_URL = "https://portal.example.com"
    with_host = Clinic(slug="willow", host="pets.willow.example.com")

    assert willow.public_url == "https://portal.example.com/willow"
    assert with_host.public_url == "https://pets.willow.example.com/willow"
