"""One spelling for every contact."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import contacts
from portal.kit.contacts import Contact


@pytest.mark.parametrize(
    ("typed", "country", "value"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+44 (0)7700 900-123", "US", "+447700900123"),
        ("(202) 555-0142", "US", "+12025550142"),
        ("00 1 202 555 0142", "GB", "+12025550142"),
        ("+1 202 555 0142", "", "+12025550142"),
    ],
)
def test_a_phone_is_read_as_people_write_it(typed, country, value):
    assert contacts.parse_phone(typed, country=country) == Contact("sms", value)


@given(st.text(max_size=60), st.sampled_from(["GB", "US", ""]))
def test_any_text_is_a_phone_or_a_refusal(text, country):
    found = read_or_refuse(contacts.parse_phone, text, country=country)

    if found:
        assert found.value.startswith("+")
        assert found.value[1:].isascii()
        assert found.value[1:].isdigit()
        assert contacts.parse_phone(found.value, country="") == found


@given(st.text(max_size=60))
def test_any_text_is_an_email_or_a_refusal(text):
    found = read_or_refuse(contacts.parse_email, text)

    if found:
        assert found == contacts.parse_email(found.value)


def read_or_refuse(read, text, **more):
    """What was read; None for the one expected no. Any other exception fails the test."""
    try:
        return read(text, **more)
    except ValidationError:
        return None


@pytest.mark.parametrize(
    ("contact", "masked"),
    [(Contact("sms", "+447700900123"), "+44 •••• •••123"), (Contact("email", "nadia@example.com"), "n•••@example.com")],
)
def test_a_masked_contact_is_recognised_by_its_owner_alone(contact, masked):
    assert contact.masked == masked


@pytest.mark.parametrize(
    ("phone", "country", "is_costly"),
    [
        ("+447700900123", "GB", False),
        ("+449098790000", "GB", True),
        ("+12025550142", "US", False),
        ("+19005550123", "US", True),
    ],
)
def test_a_numbers_country_and_cost(phone, country, is_costly):
    assert (contacts.country_of(phone), contacts.is_costly(phone)) == (country, is_costly)


@pytest.mark.parametrize(
    ("phone", "country", "shown"),
    [
        ("+441632960418", "GB", "01632 960418"),
        ("+441632960418", "US", "+44 1632 960418"),
        ("", "GB", ""),
        ("odd", "GB", "odd"),
    ],
)
def test_a_number_is_shown_as_its_country_writes_it(phone, country, shown):
    assert contacts.display_phone(phone, country=country) == shown


def test_digests_tell_contacts_apart_and_nothing_else():
    digests = {Contact("sms", f"+4477009001{number:02d}").digest for number in range(50)}

    assert {len(digest) for digest in digests} == {64}
    assert len(digests) == 50
