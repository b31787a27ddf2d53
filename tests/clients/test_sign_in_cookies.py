"""What a browser carries on its way in: each cookie opens what it was written for, and nothing after signing out."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from clients import actions, devices
from clinics.models import Clinic
from clinics.tenancy import tenant
from tests import factories
from tests.clients import doors

NOW = timezone.now().replace(microsecond=0)
SHARED = "+447700900555"
COOKIES = ("code", "proof", "familiar")


@pytest.fixture
def couple(willow):
    return [factories.create_owner(willow, name=name, phone=SHARED) for name in ("Ann", "Bob")]


def prove(browser, clinic, phone=SHARED):
    doors.ask_by_phone(browser, clinic, phone)
    return doors.enter(browser, clinic, doors.newest_code(clinic))


def is_in(browser):
    return browser.get("/willow/account/").status_code == 200


@pytest.mark.parametrize("door", ["a clinic's", "all clinics'"])
def test_a_code_that_was_only_asked_for_proves_nothing(willow, couple, door):
    thief = Browser()
    doors.ask_by_phone(thief, willow if door == "a clinic's" else None, SHARED)
    thief.cookies["proof"] = thief.cookies["code"].value

    shown = thief.get("/willow/sign-in/who/")
    thief.post("/willow/sign-in/who/", {"who": couple[0].pk})

    assert (shown.status_code, shown["Location"]) == (302, "/willow/sign-in/")
    assert not is_in(thief)


def test_at_an_open_door_neither(willow):
    Clinic.objects.filter(pk=willow.pk).update(door="open")
    thief = Browser()
    doors.ask_by_email(thief, willow, "somebody@example.com")
    thief.cookies["proof"] = thief.cookies["code"].value

    thief.post("/willow/sign-in/name/", {"name": "Thief"})

    assert not is_in(thief)


@pytest.mark.parametrize("put", COOKIES)
@pytest.mark.parametrize("under", COOKIES)
def test_no_cookie_is_another(willow, couple, put, under):
    browser = Browser()
    prove(browser, willow)
    values = {"proof": browser.cookies["proof"].value}
    doors.ask_by_phone(browser, willow, factories.create_owner(willow).phone)
    values["code"] = browser.cookies["code"].value
    doors.enter(browser, willow, doors.newest_code(willow))
    values["familiar"] = browser.cookies["familiar"].value
    thief = Browser()
    thief.cookies[under] = values[put]

    statuses = [thief.get(f"/willow/sign-in/{page}/").status_code for page in ("code", "who", "name")]

    # The proof itself, still unused, is the one that opens its own page.
    opened = {"code": [200, 302, 302], "proof": [302, 200, 302]}
    assert statuses == (opened.get(under, [302] * 3) if put == under else [302] * 3)


def test_a_proof_is_used_once(willow, couple):
    browser = Browser()
    prove(browser, willow)
    copy = Browser()
    copy.cookies["proof"] = browser.cookies["proof"].value

    browser.post("/willow/sign-in/who/", {"who": couple[0].pk})
    copy.post("/willow/sign-in/who/", {"who": couple[1].pk})

    assert (is_in(browser), is_in(copy)) == (True, False)


def test_a_proof_lives_ten_minutes(willow, couple):
    browser = Browser()
    with time_machine.travel(NOW, tick=False) as clock:
        prove(browser, willow)
        clock.shift(timedelta(minutes=10, seconds=1))

        assert browser.get("/willow/sign-in/who/").status_code == 302


@pytest.mark.parametrize("by", ["the client", "the staff"])
def test_signing_out_ends_a_proof_under_way(willow, couple, by):
    browser = Browser()
    prove(browser, willow)
    copy = browser.cookies["proof"].value
    factories.sign_in(browser, couple[0])
    if by == "the client":
        browser.post("/willow/sign-out/")
    else:
        with tenant(willow):
            actions.end_devices(client=couple[0], now=timezone.now())
    browser.cookies["proof"] = copy

    browser.post("/willow/sign-in/who/", {"who": couple[0].pk})

    assert not is_in(browser)


@pytest.mark.parametrize("door", ["/sign-out/", "/harbour/sign-out/", "/willow/sign-out/"])
@pytest.mark.parametrize("cookie", ["code", "proof"])
def test_signing_out_anywhere_ends_what_is_under_way(willow, harbour, couple, door, cookie):
    browser = Browser()
    doors.ask_by_phone(browser, willow, SHARED)
    code = doors.newest_code(willow)
    if cookie == "proof":
        doors.enter(browser, willow, code)
    copy = Browser()
    copy.cookies[cookie] = browser.cookies[cookie].value
    for clinic in (willow, harbour):
        factories.sign_in(browser, factories.create_owner(clinic))
    browser.post(door)

    doors.enter(copy, willow, code)
    copy.post("/willow/sign-in/who/", {"who": couple[0].pk})

    assert not is_in(copy)


def test_one_clinic_ends_no_code_of_another(willow, harbour):
    owner = factories.create_owner(willow)
    elsewhere = factories.create_owner(harbour, phone=owner.phone, email=owner.email)
    browser = Browser()
    doors.ask_by_phone(browser, willow, owner.phone)
    with tenant(harbour):
        actions.end_devices(client=elsewhere, now=timezone.now())

    doors.enter(browser, willow, doors.newest_code(willow))

    assert is_in(browser)


def test_no_proof_is_left_behind_where_nobody_shares_the_contact(willow):
    owner = factories.create_owner(willow)
    browser = Browser()
    doors.ask_by_email(browser, None, owner.email)

    doors.enter(browser, None, doors.newest_code(willow))

    assert "proof" not in browser.cookies


def test_signing_in_at_all_clinics_ends_the_browsers_old_devices(willow):
    owner = factories.create_owner(willow)
    browser = Browser()
    old = factories.sign_in(browser, owner)
    doors.ask_by_email(browser, None, owner.email)

    doors.enter(browser, None, doors.newest_code(willow))

    with tenant(willow):
        old.refresh_from_db()
    assert old.ended_at is not None


def test_texts_that_were_replaced_meanwhile_are_not_agreed_to(willow):
    owner = factories.create_owner(willow)
    browser = Browser()

    response = doors.ask_by_phone(browser, willow, owner.phone, data={"revision": "0"})

    assert response.status_code == 422
    assert "texts have changed meanwhile" in response.content.decode()
    assert doors.messages(willow) == []


def test_a_clinic_without_texts_is_not_entered_by_the_door_of_all(willow, harbour):
    owner = factories.create_owner(willow)
    Clinic.objects.filter(pk=willow.pk).update(legal_revision=0)

    doors.ask_by_email(Browser(), None, owner.email)

    assert doors.messages(willow) == []


def test_nothing_stays_in_the_browsers_cache(willow):
    browser = Browser()
    factories.sign_in(browser, factories.create_owner(willow))

    assert browser.post("/willow/sign-out/")["Clear-Site-Data"] == '"cache"'


def test_an_odd_cookie_name_is_no_fault(willow):
    browser = Browser()
    browser.cookies["device_0" + str(willow.pk)] = "x"

    assert browser.get("/")["Location"] == "/sign-in/"
    assert devices.cookie_name(willow) not in browser.cookies
