"""The private address of a client's visits: made, read by a calendar, replaced, switched off."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from bookings import actions
from bookings.models import CalendarFeed
from clients.actions import archive_client
from clinics.models import Clinic, ClinicState
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import ical, visits
from tests.bookings.visits import NOON, at, book

ADDRESS = re.compile(r'value="http://testserver(/willow/bookings/calendar/([\w-]{43})\.ics)"')


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def open_feed(owner):
    with tenant(owner.clinic):
        return f"/{owner.clinic.slug}/bookings/calendar/{actions.open_feed(client=owner, now=NOON)}.ics"


def address_in(response):
    """The address that the page shows, and the secret in it."""
    found = ADDRESS.search(response.content.decode())
    assert found is not None
    return found.groups()


def titles(response):
    assert response.status_code == 200
    return [event.text("SUMMARY") for event in ical.parse(response.content).all("VEVENT")]


def make(client, **data):
    return client.post("/willow/bookings/calendar/", {"do": "make"} | data)


def test_a_calendar_reads_the_clients_visits_without_a_cookie(client, owner, visit):
    response = client.get(open_feed(owner))

    found = ical.parse(response.content)
    (event,) = found.all("VEVENT")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert (found.text("X-WR-CALNAME"), found["X-WR-TIMEZONE"]) == ("Willow & Pine Veterinary", "Europe/London")
    assert (found["REFRESH-INTERVAL"], found["X-PUBLISHED-TTL"]) == ("PT4H", "PT4H")
    assert (event["UID"], ical.moment(found, event, "DTSTART")) == (str(visit.uid), visit.starts_at)
    # Calendars are shared: its links take a sign-in.
    assert "/visit/" not in response.content.decode()


def test_it_goes_back_90_days_and_keeps_what_was_cancelled(client, willow, owner, miso, check, visit):
    for days, hour in ((89, 11), (91, 11)):
        visits.create_past_visit(owner, check, NOON - timedelta(days=days, hours=-hour + 11), miso)
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)

    response = client.get(open_feed(owner))

    assert titles(response) == ["Annual health check for Miso", "Cancelled: Annual health check for Miso"]


def test_without_any_visit_it_is_an_empty_calendar(client, owner):
    assert titles(client.get(open_feed(owner))) == []


def test_it_shows_nobody_elses_visits(client, willow, harbour, owner, check, visit):
    neighbour = factories.create_owner(willow)
    book(neighbour, check, at(willow, "2026-04-24 10:00"), factories.create_pet(neighbour, name="Rex"))
    elsewhere = factories.create_owner(harbour)
    service = visits.create_service(harbour, visits.create_person(harbour), name="Booster")
    book(elsewhere, service, at(harbour, "2026-04-24 10:00"), factories.create_pet(elsewhere, name="Fido"))

    assert titles(client.get(open_feed(owner))) == ["Annual health check for Miso"]
    assert titles(client.get(open_feed(neighbour))) == ["Annual health check for Rex"]
    assert titles(client.get(open_feed(elsewhere))) == ["Booster for Fido"]


@pytest.mark.parametrize("ending", ["closed", "replaced", "archived", "suspended", "at another clinic", "guessed"])
def test_an_address_that_is_not_in_use_is_not_found(client, willow, harbour, owner, visit, ending):
    address = open_feed(owner)
    with tenant(willow):
        if ending == "closed":
            actions.close_feed(client=owner, now=NOON)
        elif ending == "replaced":
            actions.open_feed(client=owner, now=NOON)
        elif ending == "archived":
            archive_client(client=owner, now=NOON)
    if ending == "suspended":
        Clinic.objects.filter(pk=willow.pk).update(state=ClinicState.SUSPENDED)
    if ending == "at another clinic":
        address = address.replace("/willow/", "/harbour/")
    if ending == "guessed":
        address = "/willow/bookings/calendar/%00%ff.ics"

    assert client.get(address).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client, willow, owner, visit):
    address = open_feed(owner)
    first = client.get(address)

    same = client.get(address, headers={"If-None-Match": first["ETag"]})
    with tenant(willow):
        actions.cancel_appointment(appointment=visit, by=owner, now=NOON)
    other = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, same["Cache-Control"]) == (304, b"", "private, no-cache")
    assert (other.status_code, other["ETag"] == first["ETag"]) == (200, False)


def test_reading_writes_at_most_once_an_hour(client, willow, owner, noon):
    address, read = open_feed(owner), []

    for minutes in (0, 59, 1):
        noon.shift(timedelta(minutes=minutes))
        client.get(address)
        with tenant(willow):
            read.append(CalendarFeed.objects.get().last_read_at)

    assert read == [NOON, NOON, NOON + timedelta(minutes=60)]


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_statements_for_any_number_of_visits(client, willow, owner, check, statements, count):
    for number in range(count):
        book(owner, check, at(willow, f"2026-04-23 1{number}:00"), factories.create_pet(owner))
    address = open_feed(owner)
    client.get(address)

    # Clinic, feed with client, visits, their pets.
    with statements(4):
        client.get(address)


def test_the_address_is_shown_once_and_not_kept(client, willow, owner, visit):
    factories.sign_in(client, owner)

    before, made, after = (
        client.get("/willow/bookings/calendar/"),
        make(client),
        client.get("/willow/bookings/calendar/"),
    )

    address, token = address_in(made)
    assert titles(Browser().get(address)) == ["Annual health check for Miso"]
    assert f'href="webcal://testserver{address}"' in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    assert ["Make a private address" in page.content.decode() for page in (before, after)] == [True, False]
    assert token not in after.content.decode()
    with tenant(willow):
        assert token not in str(CalendarFeed.objects.values().get())


def test_a_new_address_ends_the_old_one(client, owner):
    factories.sign_in(client, owner)
    old, new = [address_in(make(client))[0] for _again in range(2)]

    assert [Browser().get(address).status_code for address in (old, new)] == [404, 200]


def test_it_is_switched_off_and_says_when_it_was_read(client, owner):
    factories.sign_in(client, owner)
    address = address_in(make(client))[0]
    unread = client.get("/willow/bookings/calendar/").content.decode()
    Browser().get(address)
    read = client.get("/willow/bookings/calendar/").content.decode()

    ended = make(client, do="end")

    assert ("Not yet" in unread, "15 April 2026, 12:00" in read) == (True, True)
    assert (ended.status_code, ended.url) == (302, "/willow/bookings/calendar/")
    assert Browser().get(address).status_code == 404


def test_a_stranger_signs_in_first(client, willow):
    assert client.get("/willow/bookings/calendar/").url == "/willow/sign-in/?next=%2Fwillow%2Fbookings%2Fcalendar%2F"
    assert make(client).url == "/willow/sign-in/"
    with tenant(willow):
        assert CalendarFeed.objects.count() == 0
