"""An owner books, moves, cancels and repeats visits: without JavaScript too, by keyboard, and before signing in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bookings.models import Appointment, Claim, Hold, State, WorkingHours
from clients import devices
from clinics.tenancy import tenant
from messaging.models import Outgoing
from tests import factories
from tests.bookings import visits
from tests.clients import doors

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clinic(transactional_db):
    return factories.create_clinic("willow", name="Willow & Pine Veterinary", brand_colour="#1d6b4f")


@pytest.fixture
def owner(clinic):
    return factories.create_owner(clinic, name="Nadia Brennan")


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


@pytest.fixture
def people(clinic):
    """Two who work every day, whatever day these tests run on."""
    both = [visits.create_person(clinic, name, hours="") for name in ("Dr Amara Okafor", "Dr Tom Lindqvist")]
    for person in both:
        for weekday in range(7):
            visits.create_hours(person, weekday, "08:00-18:00")
    return both


@pytest.fixture
def check(clinic, people):
    return visits.create_service(clinic, *people, name="Annual health check", category="Check-ups", price=5800)


@pytest.fixture
def walk(visitor_of, clinic, owner, miso, check):
    """A function that opens a signed-in browser at My bookings."""

    def signed_in(*how: Any, **more: Any) -> Any:
        visitor = visitor_of(*how, **more)
        _device, token = factories.create_device(owner)
        cookie = {"name": devices.cookie_name(clinic), "value": token, "url": visitor.address}
        visitor.page.context.add_cookies([cookie])
        visitor.open("/willow/bookings/")
        return visitor

    return signed_in


def flash(visitor) -> str:
    return str(visitor.page.locator(".flash").inner_text())


def only_visit(clinic) -> Appointment:
    with tenant(clinic):
        return Appointment.objects.for_clinic(clinic).select_related("person", "service").get()


def go_on(visitor) -> None:
    visitor.page.locator(".bar").get_by_role("button").click()


def to_the_times(visitor) -> None:
    visitor.page.get_by_text("Annual health check").first.click()
    go_on(visitor)
    visitor.page.get_by_text("Dr Tom Lindqvist").first.click()
    go_on(visitor)
    visitor.page.get_by_role("heading", name="When suits you?").wait_for()


def test_booked_on_a_phone(walk, clinic, owner, miso, people):
    visitor = walk("phone")
    visitor.page.locator("main").get_by_role("link", name="New booking").first.click()
    found = visitor.violations()
    assert visitor.page.get_by_role("radio", name="Miso").is_checked()
    to_the_times(visitor)
    found += visitor.violations()
    visitor.page.get_by_role("link", name="Later week").click()
    visitor.page.wait_for_url("**day=**")
    visitor.page.locator(".slot").nth(4).click()
    go_on(visitor)
    visitor.page.get_by_role("button", name="Confirm booking").wait_for()
    found += visitor.violations()
    assert "more minutes" in visitor.page.locator("[data-countdown]").inner_text()
    with tenant(clinic):
        held = Hold.objects.for_clinic(clinic).get()
        assert Claim.objects.for_clinic(clinic).filter(hold=held).count() == 2
    visitor.page.get_by_label("Anything we should know?").fill("She limps a little")
    visitor.page.get_by_role("button", name="Confirm booking").click()
    visitor.page.wait_for_url("**/willow/bookings/")

    visit = only_visit(clinic)
    assert "You’re booked in" in flash(visitor)
    assert (visit.state, visit.person_id, visit.note) == (State.CONFIRMED, people[1].pk, "She limps a little")
    assert visit.starts_at == held.starts_at
    with tenant(clinic):
        assert Hold.objects.for_clinic(clinic).count() == 0
        assert Outgoing.objects.for_clinic(clinic).get().to == owner.email
    visitor.open("/willow/")
    assert visitor.page.get_by_role("heading", name="Upcoming Appointments").count() == 1
    visitor.open(f"/willow/pets/{miso.pk}/")
    assert visitor.page.get_by_text("Annual health check").count() >= 1
    assert found + visitor.violations() == []


def test_booked_moved_cancelled_and_taken_back_without_script(walk, clinic):
    visitor = walk(java_script_enabled=False)
    visitor.page.locator("main").get_by_role("link", name="New booking").first.click()
    to_the_times(visitor)
    visitor.page.get_by_role("link", name="Later week").click()
    visitor.page.locator(".slot input").first.check(force=True)
    go_on(visitor)
    visitor.page.get_by_role("button", name="Confirm booking").click()
    first = only_visit(clinic).starts_at

    visitor.page.get_by_role("link", name="Reschedule").first.click()
    visitor.page.locator(".slot input").last.check(force=True)
    visitor.page.get_by_role("button", name="Reschedule").click()
    assert "Appointment moved" in flash(visitor)
    moved = only_visit(clinic)
    assert (moved.starts_at > first, moved.sequence) == (True, 1)

    visitor.page.get_by_role("link", name="Cancel").first.click()
    visitor.page.get_by_role("button", name="Cancel appointment").click()
    assert only_visit(clinic).state == State.CANCELLED_BY_CLIENT
    visitor.page.get_by_role("button", name="Undo").first.click()
    assert only_visit(clinic).state == State.CONFIRMED


def test_a_visitor_books_and_signs_in_last(visitor_of, clinic, owner, miso, check, people):
    visitor = visitor_of("phone")
    visitor.open("/willow/bookings/new/")
    visitor.page.get_by_text("Cat", exact=True).click()
    to_the_times(visitor)
    assert visitor.violations() == []
    visitor.page.get_by_role("link", name="Later week").click()
    visitor.page.wait_for_url("**day=**")
    visitor.page.locator(".slot").first.click()
    wished = visitor.page.locator(".slot input:checked").get_attribute("value")
    go_on(visitor)
    visitor.page.get_by_role("button", name="Get code").wait_for()

    visitor.page.get_by_label("Phone number").fill(owner.phone)
    for box in visitor.page.get_by_role("checkbox").all():
        box.check()
    visitor.page.get_by_role("button", name="Get code").click()
    visitor.page.wait_for_url("**/sign-in/code/**")
    visitor.page.get_by_label("6-digit code").press_sequentially(doors.newest_code(clinic))
    visitor.page.get_by_role("button", name="Confirm booking").wait_for()
    assert visitor.violations() == []
    visitor.page.get_by_role("button", name="Confirm booking").click()
    visitor.page.wait_for_url("**/willow/bookings/")

    visit = only_visit(clinic)
    with tenant(clinic):
        assert (visit.client_id, [pet.pk for pet in visit.pets.all()]) == (owner.pk, [miso.pk])
    assert visit.starts_at.isoformat() == datetime.fromisoformat(wished).astimezone(visit.starts_at.tzinfo).isoformat()


def test_somebody_was_faster(walk, clinic, people, check):
    visitor = walk("phone")
    visitor.page.locator("main").get_by_role("link", name="New booking").first.click()
    to_the_times(visitor)
    visitor.page.get_by_role("link", name="Later week").click()
    visitor.page.wait_for_url("**day=**")
    visitor.page.locator(".slot").first.click()
    wished = datetime.fromisoformat(visitor.page.locator(".slot input:checked").get_attribute("value"))
    other = factories.create_owner(clinic)
    visits.book(other, check, wished, factories.create_pet(other), person=people[1], now=timezone.now())
    go_on(visitor)
    visitor.page.locator(".flash-bad").wait_for()

    assert "Someone just took" in flash(visitor)
    assert visitor.violations() == []
    assert visitor.page.locator(".slot").count() > 0


def test_a_service_chosen_while_another_pets_are_on_their_way_stays_chosen(walk, owner):
    factories.create_pet(owner, name="Rex")
    page = walk("phone").page
    page.locator("main").get_by_role("link", name="New booking").first.click()
    answers = []
    page.route("**/new/?*", lambda route: answers.append(route))  # noqa: PLW0108  a method of C can't be hooked
    with page.expect_request("**/new/?*"):
        page.get_by_text("Rex", exact=True).click()
    page.get_by_role("radio", name="Annual health check").check()
    page.evaluate("document.querySelector('#services').dataset.old = 1; 0")
    answers.pop().continue_()

    page.locator("#services:not([data-old]) input:checked:focus").wait_for()
    page.locator(".bar [data-chosen=service]").get_by_text("Annual health check").wait_for()


def test_by_keyboard_alone(walk, clinic):
    visitor = walk("desktop")
    page = visitor.page
    page.locator("main").get_by_role("link", name="New booking").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Annual health check").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Who would you like to see?").first.wait_for()
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Later week").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**day=**")
    page.locator(".slot input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Confirm booking").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/willow/bookings/")

    assert only_visit(clinic).state == State.CONFIRMED


def test_a_past_visit_is_booked_again(walk, clinic, owner, miso, check, people):
    past = timezone.now() - timedelta(days=40)
    visits.create_past_visit(owner, check, past, miso, person=people[0])
    visitor = walk("phone")
    visitor.page.get_by_role("link", name="Past").click()
    assert visitor.violations() == []
    visitor.page.get_by_role("link", name="Book again").first.click()

    visitor.page.get_by_role("heading", name="When suits you?").wait_for()
    assert visitor.page.locator(".picked").count() == 2
    with tenant(clinic):
        WorkingHours.objects.for_clinic(clinic).all().delete()
    visitor.page.reload()
    assert visitor.page.get_by_text("There is no free time to book online at the moment.").count() == 1
