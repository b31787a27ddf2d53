"""Group A of the attack cases: how often is too often, and what a limit must not tell."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from clients import devices, limits
from clients.models import Tally
from clinics.models import Clinic
from tests import factories
from tests.clients import doors

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow, phone="+447700900123", email="nadia@example.com")


def is_in(browser, clinic):
    return devices.cookie_name(clinic) in browser.cookies


def test_a_fourth_code_within_ten_minutes_is_not_sent(client, willow, owner):
    with time_machine.travel(NOW, tick=False) as clock:
        answers = []
        for _time in range(4):
            answers.append(doors.ask_by_phone(client, willow, owner.phone))
            clock.shift(timedelta(seconds=61))

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/willow/sign-in/code/")}
    assert len(doors.messages(willow)) == 3


def test_another_clinic_still_sends(client, willow, harbour, owner):
    Clinic.objects.filter(pk=harbour.pk).update(sms_countries="GB")
    factories.create_owner(harbour, phone=owner.phone)
    with time_machine.travel(NOW, tick=False) as clock:
        for _time in range(4):
            doors.ask_by_phone(client, willow, owner.phone)
            clock.shift(timedelta(seconds=61))

        doors.ask_by_phone(client, harbour, owner.phone)

    assert len(doors.messages(harbour)) == 1


def test_a_browser_known_to_the_owner_has_sends_of_its_own(client, willow, owner):
    """A stranger who asks for codes to the owner's number can't lock the owner out."""
    with time_machine.travel(NOW, tick=False) as clock:
        doors.ask_by_phone(client, willow, owner.phone)
        doors.enter(client, willow, doors.newest_code(willow))
        client.post("/willow/sign-out/")
        for _time in range(4):
            doors.ask_by_phone(Browser(), willow, owner.phone)
            clock.shift(timedelta(seconds=61))
        sent_before = len(doors.messages(willow))

        doors.ask_by_phone(client, willow, owner.phone)

    assert len(doors.messages(willow)) == sent_before + 1


def test_one_address_asks_twenty_times_an_hour(client, willow):
    with time_machine.travel(NOW.replace(minute=5), tick=False):
        answers = [
            doors.ask_by_email(
                Browser(), willow, f"somebody{number}@example.com", headers={"X-Forwarded-For": f"192.0.2.{number}"}
            )
            for number in range(21)
        ]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]


def test_numbers_of_one_range_are_not_pumped(willow):
    Clinic.objects.filter(pk=willow.pk).update(door="open")
    with time_machine.travel(NOW.replace(minute=5), tick=False):
        answers = [
            doors.ask_by_phone(Browser(), willow, f"+44770090{number:04d}", REMOTE_ADDR=f"192.0.2.{number % 250}")
            for number in range(31)
        ]

    assert {answer.status_code for answer in answers} == {302}
    assert len(doors.messages(willow)) == 30


def test_the_clinics_cap_stops_texts_and_leaves_email(client, willow, owner):
    Clinic.objects.filter(pk=willow.pk).update(sms_codes_per_day=1)
    other = factories.create_owner(willow, phone="+447700910001")
    doors.ask_by_phone(Browser(), willow, other.phone)

    capped = doors.ask_by_phone(client, willow, owner.phone)
    doors.ask_by_email(client, willow, owner.email)

    assert capped.url == "/willow/sign-in/code/"
    assert [message.to for message in doors.messages(willow)] == [other.phone, owner.email]


def test_a_cap_does_not_tell_who_is_on_file(willow, owner):
    Clinic.objects.filter(pk=willow.pk).update(sms_codes_per_day=1)
    doors.ask_by_phone(Browser(), willow, factories.create_owner(willow, phone="+447700910001").phone)
    said = []
    for phone in (owner.phone, "+447700920001"):
        browser = Browser()
        doors.ask_by_phone(browser, willow, phone)
        said.append(doors.enter(browser, willow, "000000").context["form"].errors)

    assert said[0] == said[1]


def test_what_sends_nothing_uses_no_cap_up(willow, owner):
    Clinic.objects.filter(pk=willow.pk).update(sms_codes_per_day=3)
    with time_machine.travel(NOW, tick=False):
        for _time in range(10):
            doors.ask_by_phone(Browser(), willow, owner.phone)

        doors.ask_by_phone(Browser(), willow, factories.create_owner(willow, phone="+447700910001").phone)

    assert len(doors.messages(willow)) == 2


def test_a_stranger_who_asks_does_not_end_the_owners_code(client, willow, owner):
    with time_machine.travel(NOW, tick=False) as clock:
        doors.ask_by_phone(client, willow, owner.phone)
        code = doors.newest_code(willow)
        clock.shift(timedelta(seconds=61))
        doors.ask_by_phone(Browser(), willow, owner.phone)

        doors.enter(client, willow, code)

    assert is_in(client, willow)


def test_what_an_open_door_refuses_uses_no_cap_up(willow, harbour, owner, monkeypatch, settings):
    """Newcomers that are not sent to leave both the clinic's and the portal's texts to those on file."""
    monkeypatch.setattr(limits, "CODES_TO_NEWCOMERS", limits.Rule("codes-newcomers", 2, limits.DAY))
    settings.SMS_CODES_PER_DAY = 6
    Clinic.objects.filter(pk=willow.pk).update(door="open", sms_codes_per_day=4)
    Clinic.objects.filter(pk=harbour.pk).update(sms_countries="GB")
    for number in range(12):
        doors.ask_by_phone(Browser(REMOTE_ADDR=f"192.0.2.{number}"), willow, f"+4477{number:02d}910001")

    doors.ask_by_phone(Browser(), willow, owner.phone)
    doors.ask_by_phone(Browser(), harbour, factories.create_owner(harbour, phone="+447700930001").phone)

    assert [message.to for message in doors.messages(willow)][2:] == [owner.phone]
    assert len(doors.messages(harbour)) == 1


def test_strangers_at_an_open_door_stop_nobody_on_file(willow, harbour, owner):
    Clinic.objects.filter(pk=harbour.pk).update(door="open", sms_countries="GB")
    for number in range(limits.CODES_PER_PREFIX.most + 1):
        browser = Browser(REMOTE_ADDR=f"192.0.2.{number}")
        doors.ask_by_phone(browser, harbour, f"{owner.phone[:-4]}{number:04d}")

    doors.ask_by_phone(Browser(), willow, owner.phone)

    assert [message.to for message in doors.messages(willow)] == [owner.phone]


def test_an_open_door_is_no_mail_cannon(willow, monkeypatch):
    monkeypatch.setattr(limits, "CODES_TO_NEWCOMERS", limits.Rule("codes-newcomers", 5, limits.DAY))
    Clinic.objects.filter(pk=willow.pk).update(door="open")
    for number in range(limits.CODES_TO_NEWCOMERS.most + 1):
        doors.ask_by_email(Browser(REMOTE_ADDR=f"192.0.2.{number % 250}"), willow, f"new{number}@example.com")

    assert len(doors.messages(willow)) == limits.CODES_TO_NEWCOMERS.most


def test_a_refused_address_leaves_no_more_rows(willow):
    with time_machine.travel(NOW.replace(minute=5), tick=False):
        for number in range(25):
            doors.ask_by_email(Browser(), willow, f"somebody{number}@example.com")
        before = Tally.objects.count()

        for number in range(25, 35):
            doors.ask_by_email(Browser(), willow, f"somebody{number}@example.com")

    assert Tally.objects.count() == before
