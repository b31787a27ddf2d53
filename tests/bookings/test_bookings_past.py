"""**My bookings**: **Past** (R51)."""

from datetime import timedelta

import pytest

from bookings.models import State
from bookings.views.bookings import PAST_PER_PAGE
from clinics.tenancy import tenant
from pets import actions as pet_actions
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, frozen, links, main_of
from tests.bookings.visits import NOON, at, book

PAST = f"{ADDRESS}past/"
clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


def test_past_visits_stand_by_year_the_last_one_first(signed_in, willow, owner, miso, check, okafor):
    older = visits.create_past_visit(owner, check, at(willow, "2025-11-03 10:00"), miso)
    newer = visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso, person=okafor)

    response = signed_in.get(PAST)

    assert main_of(response) == (
        "My bookings New booking Upcoming appointments Past "
        "2026 Feb 9 Annual health check , Monday 9 February at 10:00 Miso Dr Amara Okafor "
        "Book again : Annual health check "
        "2025 Nov 3 Annual health check , Monday 3 November 2025 at 10:00 Miso Book again : Annual health check"
    )
    assert links(response, "Book again") == [f"{ADDRESS}{newer.pk}/repeat/", f"{ADDRESS}{older.pk}/repeat/"]


@pytest.mark.parametrize(
    ("state", "chip"),
    [
        (State.COMPLETED, None),
        (State.NO_SHOW, "Missed"),
        (State.CANCELLED_BY_CLIENT, "Cancelled"),
        (State.LATE_CANCELLED, "Cancelled late"),
        (State.CANCELLED_BY_CLINIC, "Cancelled by the clinic"),
        (State.DECLINED, "Declined"),
    ],
)
def test_what_did_not_take_place_is_labelled(signed_in, willow, owner, miso, check, state, chip):
    visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso, state=state)

    ((_year, [visit]),) = signed_in.get(PAST).context["years"]

    assert (visit.end_chip.text if visit.end_chip else None) == chip


def test_a_cancelled_visit_of_a_day_to_come_is_past(signed_in, willow, owner, miso, check, reception):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    by_staff("cancel_appointment", visit, reception, reason="The vet is ill.")

    ((year, [shown]),) = signed_in.get(PAST).context["years"]

    assert (year, shown.pk) == (2026, visit.pk)


def test_a_visit_that_is_over_and_unmarked_is_past_without_a_label(signed_in, willow, owner, miso, check):
    visits.create_past_visit(owner, check, at(willow, "2026-04-15 09:00"), miso, state=State.COMPLETED)

    ((_year, [shown]),) = signed_in.get(PAST).context["years"]

    assert shown.end_chip is None


@pytest.mark.parametrize("kind", ["farewell", "pet is gone"])
def test_what_cannot_be_wished_for_again_is_not_offered_again(signed_in, willow, owner, miso, okafor, kind):
    service = visits.create_service(willow, okafor, is_gentle=kind == "farewell")
    visits.create_past_visit(owner, service, at(willow, "2026-02-09 10:00"), miso)
    if kind == "pet is gone":
        with tenant(willow):
            pet_actions.report_death(pet=miso, died_on=None, by=owner, now=NOON)

    response = signed_in.get(PAST)

    assert (len(response.context["years"]), links(response, "Book again")) == (1, [])


def test_older_visits_are_a_page_further(signed_in, willow, owner, miso, check):
    first = at(willow, "2026-04-01 10:00")
    made = [
        visits.create_past_visit(owner, check, first - timedelta(days=day // 2), miso)
        for day in range(PAST_PER_PAGE + 3)
    ]
    newest_first = [one.pk for one in sorted(made, key=lambda one: (one.starts_at, one.pk), reverse=True)]

    page = signed_in.get(PAST)
    (more,) = links(page, "Show older bookings")
    older = signed_in.get(more)

    def shown(response):
        return [visit.pk for _year, rows in response.context["years"] for visit in rows]

    assert shown(page) + shown(older) == newest_first
    assert (links(older, "Show older bookings"), links(older, "Back to the latest")) == ([], [PAST])


@pytest.mark.parametrize("before", ["", "x", "0", "-1", "٣", "9" * 5000, "9" * 18, "1%00", "1e3"])
def test_an_odd_page_is_the_first(signed_in, willow, owner, miso, check, before):
    visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso)

    response = signed_in.get(f"{PAST}?before={before}")

    assert (response.status_code, len(response.context["years"])) == (200, 1)


def test_a_neighbours_visit_is_no_page_to_begin_after(signed_in, willow, owner, miso, check):
    visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso)
    theirs = visits.create_past_visit(factories.create_owner(willow), check, at(willow, "2020-02-09 10:00"))

    response = signed_in.get(f"{PAST}?before={theirs.pk}")

    assert [len(rows) for _year, rows in response.context["years"]] == [1]


def test_nothing_yet_is_said_with_the_first_step(signed_in):
    response = signed_in.get(PAST)

    assert "No visits yet After your first visit, you find it here and can book it again. New booking" in main_of(
        response
    )


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_visits_costs_the_same(signed_in, willow, owner, check, okafor, statements, count):
    for day in range(count):
        pets = [factories.create_pet(owner) for _pet in range(count)]
        visits.create_past_visit(owner, check, at(willow, f"2026-02-0{day + 1} 10:00"), *pets, person=okafor)

    # Clinic, device, visits, their pets, how many are to come.
    with statements(5):
        signed_in.get(PAST)


def test_a_stranger_is_sent_to_sign_in(client, willow):
    assert client.get(PAST).url == "/willow/sign-in/?next=%2Fwillow%2Fbookings%2Fpast%2F"
