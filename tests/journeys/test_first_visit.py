"""From the door to Home and out again, in a real browser: with and without JavaScript, and by keyboard alone."""

import pytest

from clients import devices, limits
from tests import factories
from tests.clients import doors

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clinic(transactional_db):
    return factories.create_clinic("willow", name="Willow & Pine Veterinary")


@pytest.fixture
def owner(clinic):
    owner = factories.create_owner(clinic, name="Nadia Brennan", phone="+447700900123", email="nadia@example.com")
    factories.create_pet(owner, name="Miso")
    return owner


def ask(visitor, phone="07700 900123"):
    visitor.open("/willow/")
    visitor.page.get_by_label("Phone number").fill(phone)
    for box in visitor.page.get_by_role("checkbox").all():
        box.check()
    visitor.page.get_by_role("button", name="Get code").click()


def test_sign_in_with_script(visitor_of, clinic, owner):
    visitor = visitor_of()
    ask(visitor)
    visitor.page.wait_for_url("**/sign-in/code/")
    visitor.page.get_by_label("6-digit code").press_sequentially(doors.newest_code(clinic))
    visitor.page.wait_for_url("**/willow/")

    assert "Nadia" in visitor.page.get_by_role("heading", level=1).inner_text()
    assert visitor.page.get_by_role("link", name="Miso").count() == 1


def test_sign_in_without_script(visitor_of, clinic, owner):
    visitor = visitor_of(java_script_enabled=False)
    ask(visitor)
    visitor.page.get_by_label("6-digit code").fill(doors.newest_code(clinic))
    visitor.page.get_by_role("button", name="Sign in").click()

    assert visitor.path == "/willow/"
    visitor.page.locator("summary").first.click()
    visitor.page.get_by_role("button", name="Sign out").first.click()
    assert visitor.path == "/willow/sign-in/"


def test_sign_in_by_keyboard_alone(visitor_of, clinic, owner):
    visitor = visitor_of("desktop")
    visitor.open("/willow/sign-in/")
    keys = visitor.page.keyboard
    reach(visitor, "phone")
    keys.type("+44 7700 900123")
    reach(visitor, "consent_data")
    keys.press("Space")
    reach(visitor, "consent_terms")
    keys.press("Space")
    keys.press("Enter")
    visitor.page.wait_for_url("**/sign-in/code/")
    keys.type(doors.newest_code(clinic))
    visitor.page.wait_for_url("**/willow/")

    keys.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent") == "Skip to content"


def reach(visitor, name):
    for _key in range(30):
        if visitor.page.evaluate("document.activeElement.name") == name:
            return
        visitor.page.keyboard.press("Tab")
    pytest.fail(f"{name} can't be reached by keyboard")


def test_a_wrong_phone_is_answered_beside_the_field(visitor_of, clinic, owner):
    visitor = visitor_of()
    ask(visitor, phone="0770")
    error = visitor.page.get_by_text("That number has too few digits.")
    error.wait_for()

    field = visitor.page.get_by_label("Phone number")
    assert (field.input_value(), field.get_attribute("aria-invalid")) == ("0770", "true")
    assert visitor.path == "/willow/sign-in/"
    assert visitor.violations() == []


def test_a_wrong_code_can_be_corrected(visitor_of, clinic, owner):
    visitor = visitor_of()
    ask(visitor)
    visitor.page.wait_for_url("**/sign-in/code/")
    code = doors.newest_code(clinic)
    visitor.page.get_by_label("6-digit code").press_sequentially(doors.wrong(code))
    visitor.page.get_by_text("You have 4 tries left.").wait_for()
    visitor.page.get_by_label("6-digit code").fill("")
    visitor.page.get_by_label("6-digit code").press_sequentially(code)
    visitor.page.wait_for_url("**/willow/")

    assert devices.cookie_name(clinic) in {cookie["name"] for cookie in visitor.page.context.cookies()}


def test_nothing_is_found_again_with_the_back_button(visitor_of, clinic, owner):
    visitor = visitor_of()
    _device, token = factories.create_device(owner)
    visitor.page.context.add_cookies([{"name": devices.cookie_name(clinic), "value": token, "url": visitor.address}])
    visitor.open("/willow/account/")
    visitor.page.get_by_role("button", name="Sign out").last.click()
    visitor.page.wait_for_url("**/sign-in/")
    visitor.page.go_back()

    assert "nadia@example.com" not in visitor.page.content()


def test_one_entry_of_a_code_is_one_try(visitor_of, clinic, owner):
    visitor = visitor_of()
    ask(visitor)
    visitor.page.wait_for_url("**/sign-in/code/")
    visitor.page.get_by_label("6-digit code").press_sequentially(doors.wrong(doors.newest_code(clinic)))
    visitor.page.keyboard.press("Enter")

    visitor.page.get_by_text("You have 4 tries left.").wait_for()


def test_digits_of_other_scripts_are_answered_and_kept(visitor_of, clinic, owner):
    visitor = visitor_of()
    ask(visitor)
    visitor.page.wait_for_url("**/sign-in/code/")
    visitor.page.get_by_label("6-digit code").fill("１２３４５６")
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.get_by_text("A code is six digits, 0 to 9.").wait_for()

    assert visitor.page.get_by_label("6-digit code").input_value() == "１２３４５６"


def test_too_many_tries_are_told_on_a_page_of_their_own(visitor_of, clinic, owner, monkeypatch):
    monkeypatch.setattr(limits, "CODES_PER_ADDRESS", limits.Rule("codes-address", 0, limits.HOUR))
    visitor = visitor_of()
    ask(visitor)
    visitor.page.get_by_role("heading", name="Let’s slow down").wait_for()
    visitor.troubles = [trouble for trouble in visitor.troubles if "status of 429" not in trouble]

    assert visitor.page.locator("main").count() == 1
    assert visitor.page.get_by_label("Phone number").count() == 0
