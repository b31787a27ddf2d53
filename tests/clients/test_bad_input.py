"""What people type, and what attackers type: an answer beside the field, what was typed kept, never a 500."""

import pytest

from clinics.models import Clinic
from tests import factories
from tests.clients import doors


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a phone number, like +44 7700 900123."),
        ("call me", "A phone number has digits only, like +44 7700 900123."),
        ("0770", "That number has too few digits."),
        ("+44 7700 900123 456 789", "That number has too many digits."),
        ("7" * 10_000, "That number has too many digits."),
        ("+999 123 456", "Start with a country code, like +44 7700 900123."),
        ("09098 790000", "We can’t send texts to this number. Use your email instead."),
        ("+1 202 555 0142", "We can’t send texts to this number. Use your email instead."),
        ("+44\x007700900123", "Null characters are not allowed."),
        ("+", "Enter a phone number, like +44 7700 900123."),
    ],
)
def test_a_phone_that_can_not_be_used(client, willow, typed, said):
    response = doors.ask_by_phone(client, willow, typed)

    assert response.status_code == 422
    assert response.context["form"].errors == {"phone": [said]}
    assert response.context["form"]["phone"].value() == typed
    assert said in response.content.decode().replace("&#x27;", "’")


@pytest.mark.parametrize(
    "typed", ["", "nadia", "nadia@@example.com", "nadia @example.com", "a@b", "nadia@example.com\x00", "x" * 10_000]
)
def test_an_email_that_can_not_be_used(client, willow, typed):
    response = doors.ask_by_email(client, willow, typed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["email"]
    assert response.context["form"]["email"].value() == typed
    assert doors.messages(willow) == []


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "١٢٣٤٥٦", "１２３４５６", "12 34 5x", "\x00" * 6, "9" * 10_000]
)
def test_a_code_that_is_none(client, willow, code):
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone)

    response = doors.enter(client, willow, code)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]


def test_a_code_with_spaces_and_dashes_is_read(client, willow):
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone)
    code = doors.newest_code(willow)

    assert doors.enter(client, willow, f" {code[:3]}-{code[3:]} ").url == "/willow/"


@pytest.mark.parametrize("missing", ["consent_data", "consent_terms"])
def test_no_code_without_both_consents(client, willow, missing):
    owner = factories.create_owner(willow)

    response = doors.ask_by_phone(client, willow, owner.phone, data={missing: ""})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]
    assert doors.messages(willow) == []


def test_with_htmx_the_form_alone_comes_back(client, willow):
    response = doors.ask_by_phone(client, willow, "x", headers={"HX-Request": "true"})

    assert response.status_code == 422
    assert response.content.decode().lstrip().startswith("<form")
    assert response["Vary"] == "HX-Request, Cookie" or "HX-Request" in response["Vary"]


def test_with_htmx_the_next_page_is_named_in_a_header(client, willow):
    owner = factories.create_owner(willow)

    response = doors.ask_by_phone(client, willow, owner.phone, headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == "/willow/sign-in/code/"


@pytest.mark.parametrize("cookie", ["", "x", "gAAAAA==", "%00", "ü"])
def test_a_forged_code_cookie_leads_back_to_the_door(client, willow, cookie):
    client.cookies["code"] = cookie

    assert client.get("/willow/sign-in/code/").url == "/willow/sign-in/"


def test_a_clinic_that_can_not_text_offers_email_alone(client, willow, settings):
    settings.DEMO = False

    page = client.get("/willow/sign-in/").content.decode()

    assert "can’t send text messages yet" in page
    assert 'name="phone"' not in page


@pytest.mark.parametrize(
    "destination",
    [
        "https://evil.example.com/",
        "//evil.example.com/",
        "/\\evil.example.com",
        "\\\\evil.example.com",
        "javascript:alert(1)",
        "/harbour/",
        "/willow/../harbour/",
        "/willow/%2e%2e/harbour/",
        "/willow//../harbour/",
        "/%09/evil.example.com",
        "/willowy/",
        "/willow/no/such/page/",
        "http:///willow/",
        "/staff/",
        "/willow/account/\nSet-Cookie: x=y",
        " /willow/account/",
        "willow/account/",
        "?next=//evil.example.com",
        "/willow",
        "",
    ],
)
def test_next_never_leaves_the_clinic(client, willow, harbour, destination):
    owner = factories.create_owner(willow)
    doors.ask_by_phone(client, willow, owner.phone, query=f"?next={destination}")

    assert doors.enter(client, willow, doors.newest_code(willow)).url == "/willow/"


def test_next_leads_back_to_where_the_client_was_going(client, willow):
    owner = factories.create_owner(willow)
    sent_to = client.get("/willow/account/?a=1")
    doors.ask_by_phone(client, willow, owner.phone, query=sent_to.url.removeprefix("/willow/sign-in/"))

    assert doors.enter(client, willow, doors.newest_code(willow)).url == "/willow/account/?a=1"


def test_a_country_that_the_clinic_allows_gets_its_text(client, willow):
    Clinic.objects.filter(pk=willow.pk).update(sms_countries="IE, US")
    owner = factories.create_owner(willow, phone="+12025550142")

    doors.ask_by_phone(client, willow, owner.phone)

    assert [message.to for message in doors.messages(willow)] == ["+12025550142"]
