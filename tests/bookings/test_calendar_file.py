"""A visit as a calendar file, read by a reader of its own (tests/bookings/ical.py)."""

import pytest
import time_machine

from bookings import actions
from bookings.models import Mode, ServiceWords, State
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import ical, visits
from tests.bookings.visits import NOON, at, book

HOSTILE = 'Miso, "<b>"; \\n \\ \u202eevil\u2066 مِيسُو 🐈‍⬛ ' + "x" * 20


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def read(client, owner, visit):
    factories.sign_in(client, owner)
    response = client.get(f"/{visit.clinic.slug}/bookings/{visit.pk}.ics")
    assert response.status_code == 200
    found = ical.parse(response.content)
    (event,) = found.all("VEVENT")
    return found, event


def test_it_says_what_when_where_and_how_to_change_it(client, willow, owner, visit):
    Clinic.objects.filter(pk=willow.pk).update(street="14 Mill Lane", city="Hartwell", postcode="HW4 7QR")

    found, event = read(client, owner, visit)

    assert (found["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", "0")
    assert event["UID"] == str(visit.uid)
    assert event.text("SUMMARY") == "Annual health check for Miso"
    assert event.text("LOCATION") == "Willow & Pine Veterinary, 14 Mill Lane, Hartwell, HW4 7QR"
    address = f"http://testserver/willow/bookings/{visit.pk}/"
    assert event.text("DESCRIPTION") == f"With Dr Amara Okafor\n01632 960418\n{address}"
    assert event["URL"] == address
    assert ical.moment(found, event, "DTSTART") == visit.starts_at
    assert ical.moment(found, event, "DTEND") == visit.ends_at
    assert (event["DTSTAMP"], event["LAST-MODIFIED"]) == ("20260415T110000Z", "20260415T110000Z")


def test_it_is_a_file_for_calendars(client, owner, visit):
    factories.sign_in(client, owner)

    response = client.get(f"/willow/bookings/{visit.pk}.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert response["Cache-Control"] == "no-store"


def test_a_move_is_the_same_entry_with_the_next_number(client, willow, owner, visit):
    with tenant(willow):
        actions.reschedule_appointment(
            appointment=visit, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=owner, now=NOON
        )

    found, event = read(client, owner, visit)

    assert (event["UID"], event["SEQUENCE"]) == (str(visit.uid), "1")
    assert ical.moment(found, event, "DTSTART") == at(willow, "2026-04-24 10:00")


def test_a_cancellation_is_the_same_entry_and_says_so_in_its_title_too(client, willow, owner, visit):
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    _found, event = read(client, owner, visit)

    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (str(visit.uid), "1", "CANCELLED")
    assert (event.text("SUMMARY"), event["TRANSP"]) == ("Cancelled: Annual health check for Miso", "TRANSPARENT")


def test_a_request_is_tentative(client, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, name="Dental cleaning", mode=Mode.REQUEST)
    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)

    _found, event = read(client, owner, visit)

    assert event["STATUS"] == "TENTATIVE"
    assert event.text("DESCRIPTION").splitlines()[0] == "Waiting for the clinic’s answer"


@pytest.mark.parametrize("state", [State.COMPLETED, State.NO_SHOW])
def test_what_is_over_stays_where_it_was(client, willow, owner, miso, check, state):
    visit = visits.create_past_visit(owner, check, at(willow, "2026-03-10 09:15"), miso, state=state)

    _found, event = read(client, owner, visit)

    assert event["STATUS"] == "CONFIRMED"


def test_names_cannot_break_or_turn_it(client, willow, owner, okafor):
    pet = factories.create_pet(owner, name=HOSTILE)
    service = visits.create_service(willow, okafor, name="A, B; C\\ \r\nBEGIN:VEVENT \x07" + "é" * 40)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), pet)

    found, event = read(client, owner, visit)

    name = 'Miso, "<b>"; \\n \\ evil مِيسُو 🐈‍⬛ ' + "x" * 20
    assert event.text("SUMMARY") == f"A, B; C\\ BEGIN:VEVENT {'é' * 40} for {name}"
    assert len(found.all("VEVENT")) == 1


def test_it_is_in_the_clients_language(client, willow, miso, owner, visit):
    owner.language = "fr"
    with tenant(willow):
        owner.save()
        ServiceWords.objects.create(clinic=willow, service=visit.service, language="fr", name="Bilan de santé")

    _found, event = read(client, owner, visit)

    assert event.text("SUMMARY") == "Bilan de santé for Miso"


def test_it_takes_a_sign_in_and_is_nobody_elses(client, willow, harbour, visit):
    address = f"/willow/bookings/{visit.pk}.ics"

    assert client.get(address).url.startswith("/willow/sign-in/?next=")
    factories.sign_in(client, factories.create_owner(willow))
    assert client.get(address).status_code == 404
    assert client.get(f"/willow/bookings/{'9' * 30}.ics").status_code == 404
