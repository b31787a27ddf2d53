"""The link in a message: it shows the visit to whoever has it, without a code, and nothing of its client."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings import actions, links
from bookings.models import Appointment, Mode, ServiceWords
from clients.actions import archive_client, restore_client
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import ical, visits
from tests.bookings.mine import main_of
from tests.bookings.said import do, last
from tests.bookings.visits import NOON, at, book

CODE = "To make sure that it’s you, we send you a code first."


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def link(visit):
    return f"/{visit.clinic.slug}/bookings/visit/{links.token_of(visit)}/"


def test_the_link_of_the_message_shows_the_visit(client, willow, owner, check, visit):
    check.preparation = "Bring her in a carrier.\nShe can eat."
    with tenant(willow):
        check.save()
    (address,) = re.findall(r"http://testserver(/willow/bookings/visit/\S+)", last(willow).body)

    response = client.get(address)

    page = main_of(response)
    assert (address, response.status_code) == (link(visit), 200)
    for words in ("Annual health check", "Thursday 23 April 2026", "09:15 to 09:45", "Confirmed", "Miso"):
        assert words in page
    for words in ("Dr Amara Okafor", "Bring her in a carrier.", "She can eat.", CODE):
        assert words in page
    assert response["X-Robots-Tag"] == "noindex"
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "same-origin")


def test_it_says_nothing_of_the_client(client, owner, visit):
    page = client.get(link(visit)).content.decode()

    assert [words in page for words in ("Nadia", "Brennan", owner.email, owner.phone, owner.phone[-6:])] == [False] * 5


def test_changes_take_a_code_and_come_back(client, visit):
    page = client.get(link(visit)).content.decode()

    for name in ("reschedule", "cancel"):
        address = reverse(f"bookings:{name}", args=["willow", visit.pk])
        assert f'href="{address}"' in page
        assert client.get(address).url.startswith("/willow/sign-in/?next=")


def test_who_is_signed_in_goes_on_to_the_visits_own_page(client, owner, visit):
    factories.sign_in(client, owner)

    response = client.get(link(visit))

    assert (response.status_code, response.url) == (302, f"/willow/bookings/{visit.pk}/")


def test_another_client_sees_what_anybody_sees(client, willow, visit):
    factories.sign_in(client, factories.create_owner(willow))

    assert CODE in main_of(client.get(link(visit)))


def test_its_calendar_file_is_the_same_entry(client, visit):
    response = client.get(f"{link(visit).removesuffix('/')}.ics")

    (event,) = ical.parse(response.content).all("VEVENT")
    assert (event["UID"], event.text("SUMMARY")) == (str(visit.uid), "Annual health check for Miso")
    assert response["X-Robots-Tag"] == "noindex"


def test_what_was_cancelled_is_shown_as_such_and_offers_no_change(client, owner, visit):
    do(actions.cancel_appointment, visit, by=owner)

    page = main_of(client.get(link(visit)))

    assert ("Cancelled" in page, CODE in page, "Add to calendar" in page) == (True, False, False)


def test_a_proposal_asks_for_an_answer(client, willow, owner, miso, okafor, reception):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    visit = book(owner, dental, at(willow, "2026-04-23 09:15"), miso)
    do(actions.propose_time, visit, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=reception)

    page = client.get(link(visit)).content.decode()

    assert f'href="/willow/bookings/{visit.pk}/">Answer</a>' in page


def test_it_is_in_the_clients_language(client, willow, owner, check, visit):
    with tenant(willow):
        owner.language = "fr"
        owner.save()
        ServiceWords.objects.create(clinic=willow, service=check, language="fr", name="Bilan", preparation="À jeun.")

    page = main_of(client.get(link(visit)))

    assert ("Bilan" in page, "À jeun." in page) == (True, True)


def test_it_lasts_until_30_days_after_the_visit_also_when_that_moves(client, willow, owner, visit, noon):
    address, statuses = link(visit), []
    do(actions.reschedule_appointment, visit, starts_at=at(willow, "2026-04-24 10:00"), person=None, by=owner)

    for moment in ("2026-05-24 10:29", "2026-05-24 10:30"):
        noon.move_to(at(willow, moment))
        statuses.append(client.get(address).status_code)

    assert statuses == [200, 404]


def test_it_is_void_while_its_client_is_archived(client, willow, owner, visit):
    statuses = []
    with tenant(willow):
        archive_client(client=owner, now=NOON)
    statuses.append(client.get(link(visit)).status_code)
    with tenant(willow):
        restore_client(client=owner)
    statuses.append(client.get(link(visit)).status_code)

    assert statuses == [404, 200]


def test_it_is_void_once_the_visit_is_somebody_elses(client, willow, visit):
    address, other = link(visit), factories.create_owner(willow)
    with tenant(willow):
        Appointment.objects.filter(pk=visit.pk).update(client=other)

    assert client.get(address).status_code == 404


def test_it_opens_no_other_visit(client, willow, owner, miso, check, visit):
    second = book(owner, check, at(willow, "2026-04-24 09:15"), miso)
    number, _dot, signature = links.token_of(visit).partition(".")

    forged = [
        f"{second.pk}.{signature}",
        f"{number}.{signature[:-1]}",
        f"{number}.{signature}x",
        f"{number}.{signature.swapcase()}",
        f"0{number}.{signature}",
        f"{number}.",
        number,
        "." + signature,
        "9" * 40 + "." + signature,
        f"²{number}.{signature}",
        "%00.x",
        "a" * 3000,
    ]

    assert {client.get(f"/willow/bookings/visit/{token}/").status_code for token in forged} == {404}
    assert {client.get(f"/willow/bookings/visit/{token}.ics").status_code for token in forged} == {404}


def test_another_clinics_token_is_worth_nothing_here(client, willow, harbour, visit):
    """Not even where both have a visit of that number."""
    assert client.get(link(visit).replace("/willow/", "/harbour/")).status_code == 404
    with tenant(willow):
        row = Appointment.objects.get(pk=visit.pk)
        mine = links.token_of(row)
        row.clinic_id = harbour.pk
        theirs = links.token_of(row)
    assert mine != theirs


def test_the_old_secret_key_is_good_while_it_is_kept(client, settings, visit):
    address = link(visit)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret-key-that-is-long-enough"
    kept = client.get(address).status_code
    settings.SECRET_KEY_FALLBACKS = []

    assert (kept, client.get(address).status_code) == (200, 404)


@pytest.mark.parametrize("pets", [1, 3])
def test_it_takes_the_same_statements_for_any_number_of_pets(client, willow, owner, okafor, statements, pets):
    service = visits.create_service(willow, okafor, most_pets=3)
    visit = book(owner, service, at(willow, "2026-04-23 09:15"), *[factories.create_pet(owner) for _pet in range(pets)])
    address = link(visit)

    # Clinic, the visit, its pets, opening hours and their exceptions, emergency clinic.
    with statements(6):
        client.get(address)


def test_addresses_in_messages_are_addresses_of_pages(willow, visit):
    assert links.visit_url(willow, visit) == f"http://testserver{link(visit)}"
    assert links.booking_url(willow, visit) == f"http://testserver{visit.get_absolute_url()}"
    feed = reverse("bookings:calendar_feed", args=["willow", "x" * 43])
    assert links.feed_url(willow, "x" * 43) == f"http://testserver{feed}"


def test_it_is_only_read(client, visit):
    assert client.post(link(visit)).status_code == 405
    assert visit.ends_at + links.GOOD_FOR == visit.ends_at + timedelta(days=30)
