"""Group A of the attack cases: guesses, replays, other browsers."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from clients import actions, devices
from clients.models import SignInCode
from clinics.tenancy import tenant
from tests import factories
from tests.clients import doors

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, phone="+447700900123", email="nadia@example.com")


def is_in(browser, clinic):
    return devices.cookie_name(clinic) in browser.cookies


def test_a_code_works_once(client, willow, owner):
    doors.ask_by_phone(client, willow, owner.phone)
    code = doors.newest_code(willow)
    copy = Browser()
    copy.cookies["code"] = client.cookies["code"].value
    doors.enter(client, willow, code)

    again = doors.enter(copy, willow, code)

    assert again.status_code == 422
    assert not is_in(copy, willow)


def test_five_wrong_codes_make_the_right_one_useless(client, willow, owner):
    doors.ask_by_phone(client, willow, owner.phone)
    code = doors.newest_code(willow)
    answers = [doors.enter(client, willow, doors.wrong(code)) for _try in range(5)]

    right = doors.enter(client, willow, code)

    assert [answer.status_code for answer in answers] == [422] * 5
    assert right.context["form"].errors == answers[-1].context["form"].errors
    assert not is_in(client, willow)
    assert SignInCode.objects.get().tries == 5


def test_a_wrong_code_says_how_many_tries_are_left(client, willow, owner):
    doors.ask_by_phone(client, willow, owner.phone)

    response = doors.enter(client, willow, doors.wrong(doors.newest_code(willow)))

    assert response.context["form"].errors == {
        "code": ["That code didn’t match. Check the newest message. You have 4 tries left."]
    }


@pytest.mark.parametrize(
    ("age", "gets_in"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10, seconds=1), False)]
)
def test_a_code_lives_ten_minutes(client, willow, owner, age, gets_in):
    with time_machine.travel(NOW, tick=False) as clock:
        doors.ask_by_phone(client, willow, owner.phone)
        clock.shift(age)

        doors.enter(client, willow, doors.newest_code(willow))

    assert is_in(client, willow) == gets_in


def test_a_new_code_voids_the_old(client, willow, owner):
    with time_machine.travel(NOW, tick=False) as clock:
        doors.ask_by_phone(client, willow, owner.phone)
        old = doors.newest_code(willow)
        clock.shift(timedelta(seconds=61))
        client.post("/willow/sign-in/again/")
        new = doors.newest_code(willow)

        refused = doors.enter(client, willow, old) if old != new else None
        doors.enter(client, willow, new)

    assert refused is None or refused.status_code == 422
    assert is_in(client, willow)


def test_asking_again_within_a_minute_sends_nothing_and_keeps_the_code(client, willow, owner):
    with time_machine.travel(NOW, tick=False) as clock:
        first = doors.ask_by_phone(client, willow, owner.phone)
        clock.shift(timedelta(seconds=30))
        second = doors.ask_by_phone(client, willow, owner.phone)
        doors.enter(client, willow, doors.newest_code(willow))

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert len(doors.messages(willow)) == 1
    assert is_in(client, willow)


def test_a_code_is_bound_to_the_browser_that_asked(client, willow, owner):
    doors.ask_by_phone(client, willow, owner.phone)
    code = doors.newest_code(willow)
    thief = Browser()
    doors.ask_by_phone(thief, willow, owner.phone)

    response = doors.enter(thief, willow, code)

    assert response.status_code == 422
    assert not is_in(thief, willow)


def test_a_code_of_one_clinic_opens_no_other(client, willow, harbour, owner):
    factories.create_owner(harbour, phone=owner.phone)
    doors.ask_by_phone(client, willow, owner.phone)

    response = doors.enter(client, harbour, doors.newest_code(willow))

    assert response.url == "/harbour/sign-in/"
    assert not is_in(client, harbour)


def test_a_contact_known_elsewhere_is_unknown_here(client, willow, harbour):
    factories.create_owner(harbour, phone="+447700900777")

    response = doors.ask_by_phone(client, willow, "+447700900777")

    assert response.url == "/willow/sign-in/code/"
    assert doors.messages(willow) == []
    assert [decoy.to for decoy in doors.messages(willow, decoys=True)] == [""]


def test_a_client_archived_before_the_code_is_entered_stays_out(client, willow, owner):
    doors.ask_by_phone(client, willow, owner.phone)
    with tenant(willow):
        actions.archive_client(client=owner, now=timezone.now())

    response = doors.enter(client, willow, doors.newest_code(willow))

    assert response.status_code == 422
    assert not is_in(client, willow)


def test_the_first_of_two_phones_is_neither_looked_up_nor_sent_to(client, willow, owner):
    other = factories.create_owner(willow)

    doors.ask_by_phone(client, willow, [other.phone, owner.phone])

    assert [message.to for message in doors.messages(willow)] == [owner.phone]
