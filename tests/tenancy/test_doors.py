"""Wall six: somebody knocks on every address with an id, as a stranger, a neighbour and a neighbour's staff.

The addresses come from the URL conf, so a new one that is not in the table fails.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import get_resolver
from django.utils import timezone

from clients import devices
from clinics.models import EmergencyClinic
from clinics.tenancy import tenant
from messaging.models import RequestType
from pets.models import Certificate
from tests import factories
from tests.bookings import visits
from tests.house.test_gates import addresses

# What an owner's page of each kind is called here: the parameters after the clinic's, filled from the victim's rows.
WITH_IDS = {
    "pets/<int:pet_id>/": lambda rows: f"pets/{rows['pet'].pk}/",
    "pets/<int:pet_id>/edit/": lambda rows: f"pets/{rows['pet'].pk}/edit/",
    "pets/<int:pet_id>/delete/": lambda rows: f"pets/{rows['pet'].pk}/delete/",
    "pets/<int:pet_id>/restore/": lambda rows: f"pets/{rows['pet'].pk}/restore/",
    "pets/<int:pet_id>/loss/": lambda rows: f"pets/{rows['pet'].pk}/loss/",
    "pets/<int:pet_id>/request/withdraw/": lambda rows: f"pets/{rows['pet'].pk}/request/withdraw/",
    "pets/<int:pet_id>/request/seen/": lambda rows: f"pets/{rows['pet'].pk}/request/seen/",
    "pets/<int:pet_id>/photo/": lambda rows: f"pets/{rows['pet'].pk}/photo/",
    "pets/<int:pet_id>/photo/small/": lambda rows: f"pets/{rows['pet'].pk}/photo/small/",
    "pets/<int:pet_id>/photo/progress/": lambda rows: f"pets/{rows['pet'].pk}/photo/progress/",
    "pets/<int:pet_id>/photo/remove/": lambda rows: f"pets/{rows['pet'].pk}/photo/remove/",
    "pets/<int:pet_id>/certificates/add/": lambda rows: f"pets/{rows['pet'].pk}/certificates/add/",
    "pets/<int:pet_id>/certificates/<int:certificate_id>/file/": lambda rows: certificate(rows, "file"),
    "pets/<int:pet_id>/certificates/<int:certificate_id>/withdraw/": lambda rows: certificate(rows, "withdraw"),
    "pets/<int:pet_id>/certificates/<int:certificate_id>/seen/": lambda rows: certificate(rows, "seen"),
    "pets/<int:pet_id>/card/": lambda rows: f"pets/{rows['pet'].pk}/card/",
    "pets/<int:pet_id>/card/code.png": lambda rows: f"pets/{rows['pet'].pk}/card/code.png",
    "pets/<int:pet_id>/card/choose/": lambda rows: f"pets/{rows['pet'].pk}/card/choose/",
    "pets/<int:pet_id>/card/withdraw/": lambda rows: f"pets/{rows['pet'].pk}/card/withdraw/",
    "pets/<int:pet_id>/card/new/": lambda rows: f"pets/{rows['pet'].pk}/card/new/",
    "pets/<int:pet_id>/card.pdf": lambda rows: f"pets/{rows['pet'].pk}/card.pdf",
    "pets/<int:pet_id>/wallet.pdf": lambda rows: f"pets/{rows['pet'].pk}/wallet.pdf",
    "pets/<int:pet_id>/card/making/<str:form>/": lambda rows: f"pets/{rows['pet'].pk}/card/making/sheet/",
    "bookings/<int:appointment_id>/": lambda rows: f"bookings/{rows['visit'].pk}/",
    "bookings/<int:appointment_id>/reschedule/": lambda rows: f"bookings/{rows['visit'].pk}/reschedule/",
    "bookings/<int:appointment_id>/cancel/": lambda rows: f"bookings/{rows['visit'].pk}/cancel/",
    "bookings/<int:appointment_id>/undo/": lambda rows: f"bookings/{rows['visit'].pk}/undo/",
    "bookings/<int:appointment_id>/repeat/": lambda rows: f"bookings/{rows['visit'].pk}/repeat/",
    "bookings/<int:appointment_id>/agree/": lambda rows: f"bookings/{rows['visit'].pk}/agree/",
    "bookings/<int:appointment_id>.ics": lambda rows: f"bookings/{rows['visit'].pk}.ics",
    "account/devices/<int:device_id>/end/": lambda rows: f"account/devices/{rows['device'].pk}/end/",
    "requests/<slug:slug>/": lambda rows: f"requests/{rows['request_type'].slug}/",
}


def certificate(rows, word):
    return f"pets/{rows['pet'].pk}/certificates/{rows['certificate'].pk}/{word}/"


# Public by design: they name nobody, or carry a signature of their own.
OPEN = {
    "theme.<str:colour>.css",
    "logo.<slug:version>.webp",
    "texts/<slug:kind>/",
    "webhooks/twilio/status/<str:signed>/",
    "bookings/calendar/<str:token>.ics",
    "bookings/visit/<str:token>/",
    "bookings/visit/<str:token>.ics",
}


@pytest.fixture
def victim(willow):
    owner = factories.create_owner(willow, name="Victoria Secretive")
    pet = factories.create_pet(owner, name="Hidden Treasure", photo="pets/none.webp")
    device, _token = factories.create_device(owner)
    with tenant(willow):
        request_type = RequestType.objects.create(clinic=willow, name="Only At Willow", slug="only-at-willow")
        EmergencyClinic.objects.create(clinic=willow, name="Northgate", phone="+441632960999")
        paper = Certificate.objects.create(
            clinic=willow,
            pet=pet,
            client=owner,
            plan=factories.create_plan(willow),
            file="certificates/none.webp",
            handed_in_at=timezone.now(),
        )
    now = timezone.now()
    monday = (now + timedelta(days=14 - now.weekday())).date()
    service = visits.create_service(willow, visits.create_person(willow), name="Only At Willow")
    visit = visits.book(owner, service, visits.at(willow, f"{monday} 10:00"), pet, now=now)
    rows = {"pet": pet, "certificate": paper, "device": device, "request_type": request_type, "owner": owner}
    return rows | {"visit": visit}


def below_a_clinic():
    found = (address.split("/", 1)[1] for address, _view in addresses() if address.startswith("<slug:clinic_slug>/"))
    return sorted({address for address in found if "<" in address})


def knock(browser, address):
    return [getattr(browser, method)(address) for method in ("get", "post")]


def is_shut(response):
    return response.status_code in {404, 405} or (response.status_code == 302 and "/sign-in/" in response.url)


def test_every_address_with_an_id_is_in_the_table():
    assert set(below_a_clinic()) == set(WITH_IDS) | OPEN


@pytest.mark.parametrize("address", WITH_IDS)
def test_a_stranger_is_sent_to_sign_in(victim, address):
    answers = knock(Browser(), f"/willow/{WITH_IDS[address](victim)}")

    assert [is_shut(answer) for answer in answers] == [True, True]


@pytest.mark.parametrize("address", [address for address in WITH_IDS if not address.startswith("requests/")])
def test_another_client_of_the_clinic_finds_nothing(willow, victim, address):
    neighbour = Browser()
    factories.sign_in(neighbour, factories.create_owner(willow))

    answers = knock(neighbour, f"/willow/{WITH_IDS[address](victim)}")

    assert {answer.status_code for answer in answers} <= {404, 405}


@pytest.mark.parametrize("address", WITH_IDS)
def test_a_client_of_another_clinic_finds_nothing(willow, harbour, victim, address):
    elsewhere = Browser()
    factories.sign_in(elsewhere, factories.create_owner(harbour))
    elsewhere.cookies[devices.cookie_name(willow)] = elsewhere.cookies[devices.cookie_name(harbour)].value

    at_home = knock(elsewhere, f"/harbour/{WITH_IDS[address](victim)}")
    there = knock(elsewhere, f"/willow/{WITH_IDS[address](victim)}")

    assert {answer.status_code for answer in at_home} <= {404, 405}
    assert [is_shut(answer) for answer in there] == [True, True]


@pytest.mark.parametrize("address", WITH_IDS)
def test_staff_of_another_clinic_are_strangers(harbour, victim, address):
    staff = Browser()
    staff.force_login(factories.create_staff(harbour))

    answers = knock(staff, f"/willow/{WITH_IDS[address](victim)}")

    assert [is_shut(answer) for answer in answers] == [True, True]


@pytest.mark.parametrize("address", WITH_IDS)
def test_no_answer_names_the_victim(willow, harbour, victim, address):
    elsewhere = Browser()
    factories.sign_in(elsewhere, factories.create_owner(harbour))

    answers = knock(elsewhere, f"/harbour/{WITH_IDS[address](victim)}") + knock(
        elsewhere, f"/willow/{WITH_IDS[address](victim)}"
    )

    words = " ".join(answer.content.decode() + answer.get("Location", "") for answer in answers)
    assert re.findall("Victoria|Hidden Treasure|Only At Willow", words) == []


def test_forged_fields_are_ignored(willow, harbour, victim):
    browser = Browser()
    owner = factories.create_owner(willow)
    factories.sign_in(browser, owner)

    browser.post("/willow/account/devices/end-others/", {"client": victim["owner"].pk, "clinic": harbour.pk})

    with tenant(willow):
        victim["device"].refresh_from_db()
    assert victim["device"].ended_at is None


def test_the_table_is_read_off_the_resolver():
    assert get_resolver().url_patterns
    assert "pets/<int:pet_id>/" in below_a_clinic()
