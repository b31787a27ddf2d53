"""The client's own page, its devices, consents and the way out."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from clients import actions, devices
from clients.models import Client, Consent, Device
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, name="Nadia Brennan", phone="+447700900123", email="nadia@example.com")


def test_the_page_shows_what_is_on_file(client, willow, owner):
    factories.sign_in(client, owner)

    page = client.get("/willow/account/").content.decode()

    assert all(words in page for words in ("Nadia Brennan", "+44 7700 900123", "nadia@example.com", "This device"))


def test_a_stranger_is_sent_to_sign_in_and_back(client, willow):
    assert client.get("/willow/account/").url == "/willow/sign-in/?next=%2Fwillow%2Faccount%2F"


def test_the_living_pets_stand_there_with_the_way_to_edit_them(client, owner):
    factories.sign_in(client, owner)
    miso = factories.create_pet(owner, name="Miso")
    factories.create_pet(owner, name="Pepper", deceased_on=date(2026, 1, 1))

    page = client.get("/willow/account/").content.decode()

    assert ("Miso" in page, "Pepper" in page, "Add Pet" in page) == (True, False, True)
    assert f'href="/willow/pets/{miso.pk}/edit/"' in page


def test_where_clients_do_not_manage_pets_they_only_see_them(client, willow, owner):
    Clinic.objects.filter(pk=willow.pk).update(has_pet_management=False)
    factories.sign_in(client, owner)
    factories.create_pet(owner, name="Miso")

    page = client.get("/willow/account/").content.decode()

    assert ("Miso" in page, "/edit/" in page, "Add Pet" in page) == (True, False, False)


@pytest.mark.parametrize("others", [0, 2])
def test_the_page_takes_the_same_statements_for_any_number_of_rows(client, willow, owner, statements, others):
    factories.sign_in(client, owner)
    for _other in range(others):
        factories.create_device(owner)
        factories.create_pet(owner)

    # Clinic, device, devices, consents, pets.
    with statements(5):
        client.get("/willow/account/")


def test_one_device_is_signed_out(client, willow, owner):
    factories.sign_in(client, owner)
    other, token = factories.create_device(owner)
    elsewhere = Browser()
    elsewhere.cookies[devices.cookie_name(willow)] = token

    response = client.post(f"/willow/account/devices/{other.pk}/end/", follow=True)

    assert "is signed out." in response.content.decode()
    assert elsewhere.get("/willow/account/").status_code == 302
    assert client.get("/willow/account/").status_code == 200


def test_all_other_devices_are_signed_out(client, willow, owner):
    mine = factories.sign_in(client, owner)
    for _other in range(3):
        factories.create_device(owner)

    response = client.post("/willow/account/devices/end-others/", follow=True)

    assert "3 other devices are signed out." in response.content.decode()
    with tenant(willow):
        assert list(Device.objects.for_client(owner).filter(ended_at__isnull=True)) == [mine]


def test_a_neighbours_device_is_not_found(client, willow, owner):
    factories.sign_in(client, owner)
    theirs, _token = factories.create_device(factories.create_owner(willow))

    assert client.post(f"/willow/account/devices/{theirs.pk}/end/").status_code == 404
    with tenant(willow):
        theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_signing_out_makes_the_old_cookie_worthless(client, willow, owner):
    factories.sign_in(client, owner)
    copy = Browser()
    copy.cookies[devices.cookie_name(willow)] = client.cookies[devices.cookie_name(willow)].value

    response = client.post("/willow/sign-out/")

    assert response.url == "/willow/sign-in/"
    assert response.cookies[devices.cookie_name(willow)].value == ""
    assert copy.get("/willow/account/").status_code == 302


def test_signing_out_is_not_done_by_a_link(client, willow, owner):
    factories.sign_in(client, owner)

    assert client.get("/willow/sign-out/").status_code == 405


@pytest.mark.parametrize(
    ("days", "step", "is_in"), [(89, 89, True), (91, 91, False), (364, 30, True), (366, 30, False)]
)
def test_a_device_ends_after_90_idle_days_and_after_365_in_all(client, willow, owner, days, step, is_in):
    with time_machine.travel(NOW, tick=False) as clock:
        factories.sign_in(client, owner)
        gone = 0
        while gone < days:
            gone = min(gone + step, days)
            clock.move_to(NOW + timedelta(days=gone))
            status = client.get("/willow/account/").status_code

    assert (status == 200) == is_in


def test_reading_pages_writes_at_most_once_an_hour(client, willow, owner):
    with time_machine.travel(NOW, tick=False) as clock:
        device = factories.sign_in(client, owner)
        seen = []
        for minutes in (0, 59, 2):
            clock.shift(timedelta(minutes=minutes))
            client.get("/willow/account/")
            with tenant(willow):
                device.refresh_from_db()
            seen.append(device.last_seen_at)

    assert seen == [NOW, NOW, NOW + timedelta(minutes=61)]


@pytest.mark.parametrize("change", ["contact", "archive"])
def test_a_client_who_lost_the_contact_or_the_file_is_out_at_once(client, willow, owner, change):
    factories.sign_in(client, owner)

    with tenant(willow):
        if change == "contact":
            actions.update_client(client=owner, phone="+447700900999", now=NOW)
        else:
            actions.archive_client(client=owner, now=NOW)

    assert client.get("/willow/account/").status_code == 302


def test_a_device_is_worth_no_more_than_its_contact_however_that_was_changed(client, willow, owner):
    """An import writes many clients at once, past the action that ends their devices."""
    factories.sign_in(client, owner)

    with tenant(willow):
        Client.objects.for_clinic(willow).filter(pk=owner.pk).update(phone="+447700900999")

    assert client.get("/willow/account/").status_code == 302


def test_an_archived_client_may_be_taken_back(willow, owner):
    with tenant(willow):
        actions.archive_client(client=owner, now=NOW)
        actions.restore_client(client=owner)

        assert owner.archived_at is None


def test_a_client_keeps_one_contact_at_least(willow, owner):
    with tenant(willow):
        with pytest.raises(actions.NotReachable):
            actions.update_client(client=owner, phone="", email="", now=NOW)
        with pytest.raises(actions.NotReachable):
            actions.file_client(clinic=willow, name="Nobody")


def test_a_cookie_of_one_clinic_is_worth_nothing_at_another(client, willow, harbour, owner):
    factories.sign_in(client, owner)
    client.cookies[devices.cookie_name(harbour)] = client.cookies[devices.cookie_name(willow)].value

    assert client.get("/harbour/account/").status_code == 302


def test_changed_texts_are_agreed_to_before_anything_else(client, willow, owner):
    factories.sign_in(client, owner)
    Clinic.objects.filter(pk=willow.pk).update(legal_revision=2)

    asked = client.get("/willow/account/")
    refused = client.post(asked.url, {"consent_data": "on", "revision": "2"})
    agreed = client.post(asked.url, {"consent_data": "on", "consent_terms": "on", "revision": "2"})

    assert asked.url == "/willow/agree/?next=%2Fwillow%2Faccount%2F"
    assert (refused.status_code, agreed.url) == (422, "/willow/account/")
    with tenant(willow):
        assert [row.source for row in Consent.objects.for_clinic(willow).filter(client=owner)] == ["agree"] * 3
    assert client.get("/willow/account/").status_code == 200


def test_somebody_who_will_not_agree_can_still_sign_out(client, willow, owner):
    factories.sign_in(client, owner)
    Clinic.objects.filter(pk=willow.pk).update(legal_revision=2)

    assert client.post("/willow/sign-out/").url == "/willow/sign-in/"


def test_who_has_agreed_is_not_asked_again(client, willow, owner):
    factories.sign_in(client, owner)

    assert client.get("/willow/agree/").url == "/willow/"
