"""Home: **Upcoming Appointments** (R79), and what is booked or can be."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine

from bookings import actions
from bookings.models import Appointment, AppointmentPet, Mode, ServicePlan, ServiceWords, State
from clinics.tenancy import tenant
from portal import home
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import by_staff, links
from tests.bookings.visits import at, book

TODAY = date(2026, 4, 15)
NOW = datetime.fromisoformat("2026-04-15T09:00+01:00")


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, name="Nadia Brennan")


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def okafor(willow):
    return visits.create_person(willow, "Dr Amara Okafor")


@pytest.fixture
def check(willow, okafor):
    return visits.create_service(willow, okafor, name="Health check", most_pets=2)


@pytest.fixture
def booster(willow, miso):
    """Due in 15 days."""
    plan = factories.create_plan(willow, name="Booster", family="booster")
    factories.create_record(miso, plan, valid_until=TODAY + timedelta(days=15))
    return plan


def takes_care_of(service, plan):
    with tenant(service.clinic_id):
        ServicePlan.objects.create(clinic_id=service.clinic_id, service=service, plan=plan)


def visit_home(client, owner):
    with time_machine.travel(NOW, tick=False):
        factories.sign_in(client, owner)
        return client.get("/willow/")


def texts(response, heading):
    """The items of the list below a heading, without tags."""
    (below,) = re.findall(rf"<h2>{heading}</h2>.*?<ul[^>]*>(.*?)</ul>", response.content.decode(), re.DOTALL)
    items = re.findall(r"<li.*?</li>", below, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", item).split()) for item in items]


def test_the_next_three_visits_are_shown(client, willow, owner, miso, check):
    biscuit = factories.create_pet(owner, name="Biscuit")
    made = [
        book(owner, check, at(willow, f"2026-05-{day:02} 09:15"), miso, biscuit, now=NOW) for day in (15, 14, 13, 12)
    ]

    response = visit_home(client, owner)

    assert texts(response, "Upcoming Appointments") == [
        f"May {day} Health check {day} May, {weekday} at 09:15 · Biscuit and Miso Dr Amara Okafor"
        for day, weekday in ((12, "Tuesday"), (13, "Wednesday"), (14, "Thursday"))
    ]
    assert links(response, "May 12") == [f"/willow/bookings/{made[3].pk}/"]
    assert "/willow/bookings/" in links(response, "See all")


def test_requests_and_proposals_are_told_apart(client, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST)
    reception = factories.employ(factories.create_staff(factories.create_clinic()), willow)
    book(owner, dental, at(willow, "2026-05-12 09:15"), miso, now=NOW)
    asked = book(owner, dental, at(willow, "2026-05-13 09:15"), miso, now=NOW)
    by_staff("propose_time", asked, reception, starts_at=at(willow, "2026-05-14 10:00"), person=None)

    response = visit_home(client, owner)

    assert [item.split("Okafor ")[1] for item in texts(response, "Upcoming Appointments")] == [
        "Waiting for the clinic",
        "Proposed by the clinic",
    ]
    assert response.context["summary"] == "The clinic proposes another time: Dental for Miso."
    assert links(response, "The clinic proposes another time") == [f"/willow/bookings/{asked.pk}/"]


def test_a_proposal_is_shown_before_nearer_visits_and_in_its_place(client, willow, owner, miso, okafor, check):
    dental = visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST)
    reception = factories.employ(factories.create_staff(factories.create_clinic()), willow)
    asked = book(owner, dental, at(willow, "2026-05-13 09:15"), miso, now=NOW)
    near = [book(owner, check, at(willow, f"2026-04-{day} 09:15"), miso, now=NOW) for day in (27, 28, 29)]
    by_staff("propose_time", asked, reception, starts_at=at(willow, "2026-05-14 10:00"), person=None)

    with tenant(willow):
        found = home.read(owner, now=NOW).visits
        plain = Appointment.objects.for_client(owner).upcoming(now=NOW).order_by("-is_proposal", "starts_at", "id")[:3]
        first = sorted(plain, key=lambda visit: visit.starts_at)

    assert [one.pk for one in found] == [one.pk for one in first] == [near[0].pk, near[1].pk, asked.pk]


def test_beside_the_visits_one_more_can_be_booked(client, willow, owner, miso, check):
    book(owner, check, at(willow, "2026-05-12 09:15"), miso, now=NOW)

    before = links(visit_home(client, owner), "New booking")
    with tenant(willow):
        type(check).objects.filter(pk=check.pk).update(is_active=False)
    after = links(visit_home(client, owner), "New booking")

    # The first is the side's, on wide screens.
    assert (before, after) == (["/willow/bookings/new/"] * 2, ["/willow/bookings/new/"])


def test_a_visit_soon_is_what_home_speaks_of(client, willow, owner, miso, check):
    book(owner, check, at(willow, "2026-04-23 09:15"), miso, now=NOW)

    response = visit_home(client, owner)

    assert response.context["summary"] == "Coming up: Health check for Miso, Thursday 23 April at 09:15."
    assert [note for _pet, note, _tone in response.context["pets"]] == ["Visit 23 Apr"]


def test_a_visit_far_ahead_does_not_press(client, willow, owner, miso, check):
    book(owner, check, at(willow, "2026-04-29 09:15"), miso, now=NOW)

    assert visit_home(client, owner).context["summary"] == "Nothing needs your attention today."


def test_another_year_is_named(client, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, name="Check", horizon_days=400)
    book(owner, service, at(willow, "2027-01-14 09:00"), miso, now=NOW)

    assert texts(visit_home(client, owner), "Upcoming Appointments") == [
        "Jan 14 Check 14 Jan, Thursday 14 January 2027 at 09:00 · Miso Dr Amara Okafor"
    ]


@pytest.mark.usefixtures("check")
def test_nothing_booked_offers_the_first_step(client, owner):
    response = visit_home(client, owner)

    html = response.content.decode()
    assert ("<h3>Nothing booked</h3>" in html, links(response, "New booking")[-1]) == (True, "/willow/bookings/new/")


@pytest.mark.parametrize("fields", [{"is_active": False}, {"mode": Mode.PHONE}])
def test_where_nothing_can_be_booked_the_section_is_not_there(client, willow, owner, okafor, booster, fields):
    takes_care_of(visits.create_service(willow, okafor, **fields), booster)

    response = visit_home(client, owner)

    assert "Upcoming Appointments" not in response.content.decode()
    assert texts(response, "Service Reminders")[0].endswith("Call to book Booster for Miso")


def test_what_is_due_can_be_booked(client, willow, owner, miso, check, booster):
    takes_care_of(check, booster)

    response = visit_home(client, owner)

    assert links(response, "Book to book Booster for Miso") == [
        f"/willow/bookings/new/?pet={miso.pk}&service={check.pk}"
    ]


@pytest.mark.usefixtures("check", "booster")
def test_what_no_service_takes_care_of_opens_new_booking_for_the_pet(client, owner, miso):
    response = visit_home(client, owner)

    assert links(response, "Book to book Booster for Miso") == [f"/willow/bookings/new/?pet={miso.pk}"]


def test_what_is_booked_says_for_when_and_presses_no_more(client, willow, owner, miso, check, booster):
    takes_care_of(check, booster)
    book(owner, check, at(willow, "2026-05-12 09:15"), miso, now=NOW)

    response = visit_home(client, owner)

    assert texts(response, "Service Reminders") == ["Booster Miso · due 30 April Booked for 12 May"]
    assert response.context["summary"] == "Nothing needs your attention today."


def test_the_one_statement_says_what_the_plain_queries_say(willow, owner, miso, check, okafor):
    biscuit = factories.create_pet(owner, name="Biscuit")
    first = book(owner, check, at(willow, "2026-04-23 09:15"), miso, biscuit, now=NOW)
    book(owner, check, at(willow, "2026-04-24 09:15"), biscuit, now=NOW)
    gone = book(owner, check, at(willow, "2026-04-27 09:15"), miso, now=NOW)
    visits.create_past_visit(owner, check, NOW - timedelta(days=9), miso)
    neighbour = factories.create_owner(willow)
    book(neighbour, check, at(willow, "2026-04-28 09:15"), factories.create_pet(neighbour), now=NOW)

    with tenant(willow):
        actions.cancel_appointment(appointment=gone, by=owner, now=NOW)
        AppointmentPet.objects.filter(appointment=first, pet=biscuit).update(removed_at=NOW)
        found = home.read(owner, now=NOW)
        plain = Appointment.objects.for_client(owner).upcoming(now=NOW).select_related("service", "person")

        assert [
            (one.pk, one.service, one.person, one.starts_at, one.state, one.is_proposal) for one in found.visits
        ] == [(one.pk, one.service.name, str(one.person), one.starts_at, one.state, one.is_proposal) for one in plain]
    assert [one.pets for one in found.visits] == [["Miso"], ["Biscuit"]]
    assert found.next_visit_on == {miso.pk: date(2026, 4, 23), biscuit.pk: date(2026, 4, 24)}


def test_a_visit_under_way_is_still_there(willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso, now=NOW)

    with tenant(willow):
        during = home.read(owner, now=at(willow, "2026-04-23 09:30")).visits
        after = home.read(owner, now=at(willow, "2026-04-23 09:45")).visits

    assert ([one.pk for one in during], after, visit.state) == ([visit.pk], [], State.CONFIRMED)


def test_a_service_is_named_in_the_readers_language(willow, owner, miso, check):
    book(owner, check, at(willow, "2026-04-23 09:15"), miso, now=NOW)
    with tenant(willow):
        ServiceWords.objects.create(clinic=willow, service=check, language="en", name="Yearly check")

        own = [one.service for one in home.read(owner, now=NOW).visits]
        owner.clinic.language = "fr"
        other = [one.service for one in home.read(owner, now=NOW).visits]

    assert (own, other) == (["Health check"], ["Yearly check"])


@pytest.mark.parametrize("size", [1, 3])
def test_visits_cost_no_statement_more(client, willow, owner, check, booster, statements, size):
    takes_care_of(check, booster)
    for day in range(size):
        book(owner, check, at(willow, f"2026-04-{20 + day} 09:15"), factories.create_pet(owner), now=NOW)
    factories.sign_in(client, owner)

    with time_machine.travel(NOW, tick=False), statements(3):
        client.get("/willow/")
