"""**Cancel** (R50): the consequences first, then one button (B9)."""

import pytest
import time_machine

from bookings.models import AppointmentChange, Claim, LateRule, Mode, PolicyWords, State
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories
from tests.bookings import visits
from tests.bookings.mine import ADDRESS, by_staff, dialog_of, frozen, links, now_on_file, said
from tests.bookings.visits import at, book

clock = pytest.fixture(autouse=True)(frozen)


@pytest.fixture
def signed_in(client, owner):
    factories.sign_in(client, owner)
    return client


@pytest.fixture
def visit(willow, owner, miso, check, okafor):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso, person=okafor)


def address(visit) -> str:
    return f"{ADDRESS}{visit.pk}/cancel/"


def claims(visit) -> int:
    with tenant(visit.clinic_id):
        return Claim.objects.filter(appointment=visit).count()


def test_the_dialog_says_what_it_comes_to_and_offers_to_move(signed_in, visit):
    response = signed_in.get(address(visit))

    assert (response.status_code, 'class="app" inert' in response.content.decode()) == (200, True)
    assert dialog_of(response) == (
        "Cancel this appointment? Apr 23 Annual health check for Miso Thursday 23 April at 09:15 · Dr Amara Okafor "
        "There’s no charge. The next free time with Dr Amara Okafor is Friday 24 April. "
        "You can move it instead . "
        "Why? (optional) One line that the clinic reads. Cancel appointment Keep it"
    )
    assert links(response, "move it instead") == [f"{ADDRESS}{visit.pk}/reschedule/"]
    assert now_on_file(visit).state == State.CONFIRMED


def test_cancelling_frees_the_time_and_can_be_undone(signed_in, visit):
    response = signed_in.post(address(visit), {"reason": "  We are\n away. "}, follow=True)

    (message,) = response.context["messages"]
    row = now_on_file(visit)
    assert response.redirect_chain == [(ADDRESS, 303)]
    assert str(message) == "Annual health check cancelled\nThursday 23 April at 09:15."
    assert message.extra_tags == f"{ADDRESS}{visit.pk}/undo/"
    assert ">Undo</button>" in response.content.decode()
    assert (row.state, row.reason, claims(visit)) == (State.CANCELLED_BY_CLIENT, "We are away.", 0)


def test_a_late_cancellation_is_announced_and_marked(signed_in, willow, owner, miso, okafor):
    policy = visits.create_policy(willow)
    with tenant(willow):
        PolicyWords.objects.create(clinic=willow, policy=policy, language="en", body="We charge half.")
    service = visits.create_service(willow, okafor, name="Check", cancel_hours=48)
    late = book(owner, service, at(willow, "2026-04-16 09:15"), miso)

    asked = dialog_of(signed_in.get(address(late)))
    response = signed_in.post(address(late), follow=True)

    assert (
        "Cancelling was free of charge until Tuesday 14 April at 09:15. If you cancel now, it is marked as late. "
        "Can’t come? Call 01632 960418 . Why?"
    ) in asked
    assert ("no charge" in asked, "We charge half." in asked) == (False, False)
    assert said(response) == ["Check cancelled\nThursday 16 April at 09:15. It is marked as cancelled late."]
    assert now_on_file(late).state == State.LATE_CANCELLED


def test_without_a_later_time_the_dialog_names_none(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, horizon_days=8)
    last = book(owner, service, at(willow, "2026-04-23 09:15"), miso, person=okafor)

    dialog = dialog_of(signed_in.get(address(last)))

    assert "There’s no charge. You can move it instead . Why?" in dialog


def test_where_it_is_too_late_there_is_a_phone_and_no_button(signed_in, willow, owner, miso, okafor):
    service = visits.create_service(willow, okafor, cancel_hours=48, late_rule=LateRule.CALL)
    late = book(owner, service, at(willow, "2026-04-16 09:15"), miso)

    asked, refused = signed_in.get(address(late)), signed_in.post(address(late))

    words = "It is too late to cancel this visit here. Please call the clinic. That was possible until"
    assert (asked.status_code, refused.status_code) == (200, 422)
    assert [words in dialog_of(response) for response in (asked, refused)] == [True, True]
    assert [links(response, "Call the clinic") for response in (asked, refused)] == [["tel:+441632960418"]] * 2
    assert ["btn-bad" in response.content.decode() for response in (asked, refused)] == [False, False]
    assert ("<title>Error: Cancel" in refused.content.decode(), now_on_file(late).state) == (True, State.CONFIRMED)


def test_without_a_phone_no_call_is_offered(signed_in, willow, owner, miso, okafor):
    Clinic.objects.filter(pk=willow.pk).update(phone="")
    service = visits.create_service(willow, okafor, cancel_hours=48, late_rule=LateRule.CALL)
    late = book(owner, service, at(willow, "2026-04-16 09:15"), miso)

    assert links(signed_in.get(address(late)), "Call") == []


def test_a_visit_that_has_begun_cannot_be_cancelled_here(signed_in, willow, visit, reception):
    begun = at(willow, "2026-04-23 09:20")
    by_staff("mark_visit", visit, reception, state=State.ARRIVED, now=begun)

    with time_machine.travel(begun, tick=False):
        response = signed_in.post(address(visit))

    assert (response.status_code, now_on_file(visit).state) == (422, State.ARRIVED)
    assert "This visit has begun. Please talk to the team at the clinic." in dialog_of(response)


def test_a_request_is_taken_back_freely(signed_in, willow, owner, miso, okafor):
    dental = visits.create_service(willow, okafor, name="Dental", mode=Mode.REQUEST, cancel_hours=720)
    asked = book(owner, dental, at(willow, "2026-04-16 09:15"), miso)

    dialog = dialog_of(signed_in.get(address(asked)))
    signed_in.post(address(asked))

    assert dialog.startswith("Cancel this request? Apr 16 Dental for Miso")
    assert "There’s no charge." in dialog
    assert now_on_file(asked).state == State.CANCELLED_BY_CLIENT


def test_a_double_tap_is_confirmed_twice_and_done_once(signed_in, visit):
    answers = [signed_in.post(address(visit)) for _ in range(2)]

    with tenant(visit.clinic_id):
        kinds = list(AppointmentChange.objects.filter(appointment=visit).order_by("id").values_list("kind", flat=True))
    assert ([answer.status_code for answer in answers], kinds) == ([303, 303], ["booked", "cancelled"])


def test_what_is_over_is_shown_instead(signed_in, willow, owner, miso, check):
    over = visits.create_past_visit(owner, check, at(willow, "2026-02-09 10:00"), miso)

    answers = signed_in.get(address(over)), signed_in.post(address(over))

    assert [(answer.status_code, answer.url) for answer in answers] == [(303, f"{ADDRESS}{over.pk}/")] * 2
    assert now_on_file(over).state == State.COMPLETED


@pytest.mark.parametrize("reason", ["x" * 301, "x" * 10_000, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_refused_beside_the_field(signed_in, visit, reason):
    response = signed_in.post(address(visit), {"reason": reason})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert now_on_file(visit).state == State.CONFIRMED


def test_an_odd_reason_is_kept_as_it_is(signed_in, visit):
    signed_in.post(address(visit), {"reason": "<b>مشمش</b> 🐈"})

    assert now_on_file(visit).reason == "<b>مشمش</b> 🐈"


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_list_and_the_next_free_time(signed_in, willow, owner, check, okafor, statements, count):
    rows = [
        book(owner, check, at(willow, f"2026-04-{20 + day} 09:15"), factories.create_pet(owner), person=okafor)
        for day in range(count)
    ]

    # Clinic, device, visit, its pets, the list, its pets, the rules, the times.
    with statements(8):
        signed_in.get(address(rows[0]))


def test_a_stranger_and_a_neighbour_change_nothing(client, willow, visit):
    stranger = client.post(address(visit))
    factories.sign_in(client, factories.create_owner(willow))
    neighbour = client.post(address(visit))

    assert (stranger.url, neighbour.status_code) == ("/willow/sign-in/", 404)
    assert now_on_file(visit).state == State.CONFIRMED
