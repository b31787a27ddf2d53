"""**Reschedule** (R49, B1): the old time stays until the new one is taken."""

import re

import pytest

from bookings.models import AppointmentChange, Claim, Mode, Resource, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, chosen, frozen, links, main_of, now_on_file, said, times
from tests.bookings.visits import at, book

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def visit(willow, owner, miso, check, okafor):
    visits.create_policy(willow, grid_minutes=60)
    return book(owner, check, at(willow, "2026-04-23 09:00"), miso, person=okafor)


@pytest.fixture
def lindqvist(willow, check):
    person = visits.create_person(willow, "Dr Tom Lindqvist")
    with tenant(willow):
        check.resources.add(person, through_defaults={"clinic": willow})
    return person


def address(visit) -> str:
    return f"{ADDRESS}{visit.pk}/reschedule/"


def move(browser, visit, when, follow=True, **fields):
    text = when if isinstance(when, str) else when.isoformat()
    return browser.post(address(visit), {"at": text} | fields, follow=follow)


def test_it_opens_on_the_visits_day_with_its_time_still_there(signed_in, visit):
    response = signed_in.get(address(visit))

    words = main_of(response)
    assert response.status_code == 200
    assert words.startswith(
        "Booking Reschedule Annual health check for Miso, with Dr Amara Okafor "
        "Now Thu 23 April, 09:00 New Choose below Pick a new time 20 – 26 April"
    )
    assert "Your current time stays yours until you confirm. Keep Thursday 23 April at 09:00" in words
    assert (len(times(response)), chosen(response)) == (8, [])
    html = response.content.decode()
    assert re.findall(r'value="([^"]+)" disabled', html) == ["2026-04-23T09:00:00+01:00"]
    # “was …” is hidden beside nothing.
    assert '<div class="bar"><div><b data-chosen="at" data-none=""></b><span>was' in html


def test_moving_is_confirmed_with_the_new_time(signed_in, willow, visit):
    new = at(willow, "2026-04-24 14:00")

    response = move(signed_in, visit, new)

    row = now_on_file(visit)
    with tenant(willow):
        claims = set(Claim.objects.filter(appointment=visit).values_list("blocked_at", flat=True))
    assert response.redirect_chain == [(ADDRESS, 303)]
    assert said(response) == [
        "Appointment moved\nAnnual health check for Miso is now on Friday 24 April at 14:00 with Dr Amara Okafor."
    ]
    assert (row.starts_at, row.moves, row.sequence, claims) == (new, 1, 1, {new})


def test_the_same_time_changes_nothing_and_says_so(signed_in, visit):
    response = move(signed_in, visit, visit.starts_at)

    assert said(response) == [
        "Nothing has changed\nAnnual health check for Miso was on Thursday 23 April at 09:00 already."
    ]
    assert (now_on_file(visit).moves, now_on_file(visit).sequence) == (0, 0)


def test_a_request_is_asked_for_anew(signed_in, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    asked = book(owner, dental, at(willow, "2026-04-23 09:00"), miso)

    response = move(signed_in, asked, at(willow, "2026-04-24 14:00"))

    assert said(response) == [
        "You’ve asked for another time\nFriday 24 April at 14:00, for Miso. The clinic answers you."
    ]
    assert now_on_file(asked).state == State.REQUESTED


def test_another_day_and_week_are_links(signed_in, visit, okafor):
    response = signed_in.get(address(visit) + "?day=2026-04-24")

    assert links(response, "Fri 24") == [f"{address(visit)}?who={okafor.pk}&day=2026-04-24#picker"]
    assert times(response)[0] == "2026-04-24T09:00:00+01:00"


def test_htmx_gets_the_picker_alone(signed_in, visit):
    response = signed_in.get(address(visit), headers={"HX-Request": "true"})

    html = response.content.decode()
    assert (html.lstrip().startswith('<div id="picker"'), "<html" in html, "HX-Request" in response["Vary"]) == (
        True,
        False,
        True,
    )


def test_whoever_was_wished_for_stays_unless_anyone_will_do(signed_in, willow, visit, okafor, lindqvist):
    other = factories.create_owner(willow)
    book(other, visit.service, at(willow, "2026-04-24 09:00"), factories.create_pet(other), person=okafor)

    same = signed_in.get(address(visit) + "?day=2026-04-24")
    anyone = signed_in.get(address(visit) + "?day=2026-04-24&who=any")

    nine = "2026-04-24T09:00:00+01:00"
    assert [nine in times(response) for response in (same, anyone)] == [False, True]
    assert links(same, "Anyone") == [f"{address(visit)}?who=any&day=2026-04-24"]
    assert links(anyone, "Dr Amara Okafor") == [f"{address(visit)}?who={okafor.pk}&day=2026-04-24"]


def test_anyone_may_be_somebody_else(signed_in, willow, visit, okafor, lindqvist):
    other = factories.create_owner(willow)
    book(other, visit.service, at(willow, "2026-04-24 09:00"), factories.create_pet(other), person=okafor)

    response = move(signed_in, visit, at(willow, "2026-04-24 09:00"), who="any")

    assert now_on_file(visit).person_id == lindqvist.pk
    assert said(response)[0].endswith("is now on Friday 24 April at 09:00 with Dr Tom Lindqvist.")


def test_without_a_choice_of_people_none_is_offered(signed_in, visit):
    assert links(signed_in.get(address(visit)), "Anyone") == []


def test_somebody_who_has_stopped_can_be_left(signed_in, willow, visit, okafor, lindqvist):
    with tenant(willow):
        Resource.objects.filter(pk=okafor.pk).update(is_active=False)

    response = move(signed_in, visit, at(willow, "2026-04-24 14:00"))

    assert (len(said(response)), now_on_file(visit).starts_at) == (1, at(willow, "2026-04-24 14:00"))


def test_a_proposal_can_be_answered_by_another_wish(signed_in, willow, owner, miso, okafor, reception):
    dental = visits.create_service(willow, okafor, mode=Mode.REQUEST)
    asked = book(owner, dental, at(willow, "2026-04-23 09:00"), miso)
    by_staff("propose_time", asked, reception, starts_at=at(willow, "2026-04-24 10:00"), person=None)

    move(signed_in, asked, at(willow, "2026-04-27 10:00"))

    row = now_on_file(asked)
    assert (row.state, row.is_proposal, row.starts_at) == (State.REQUESTED, False, at(willow, "2026-04-27 10:00"))


def test_a_double_tap_moves_once(signed_in, willow, visit):
    answers = [move(signed_in, visit, at(willow, "2026-04-24 14:00"), follow=False) for _ in range(2)]

    with tenant(willow):
        kinds = list(AppointmentChange.objects.filter(appointment=visit).order_by("id").values_list("kind", flat=True))
    assert ([answer.status_code for answer in answers], kinds) == ([303, 303], ["booked", "moved"])


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_pets_and_people_costs_the_same(signed_in, willow, owner, statements, count):
    people = [visits.create_person(willow) for _ in range(count)]
    service = visits.create_service(willow, *people, most_pets=3)
    pets = [factories.create_pet(owner) for _ in range(count)]
    visit = book(owner, service, at(willow, "2026-04-23 09:00"), *pets)

    # Clinic, device, visit, people, names of the pets, the pets, the rules, the times.
    with statements(8):
        signed_in.get(address(visit))


def test_a_stranger_and_a_neighbour_move_nothing(client, willow, visit):
    new = at(willow, "2026-04-24 14:00")
    stranger = move(client, visit, new, follow=False)
    factories.sign_in(client, factories.create_owner(willow))
    neighbour = move(client, visit, new, follow=False)

    assert (stranger.url, neighbour.status_code) == ("/willow/sign-in/", 404)
    assert now_on_file(visit).starts_at == visit.starts_at
