"""How much a browser may send."""

import pytest

from tests import factories


@pytest.mark.parametrize(
    ("address", "length", "status"),
    [
        ("/willow/sign-in/", 60_000_000, 413),
        ("/willow/sign-in/", 1_000_001, 413),
        ("/staff/clients/client/", 16_000_001, 413),
        ("/staff/clients/client/", 2_000_000, 413),
        ("/willow/sign-in/", 9 * 10**30, 413),
    ],
)
def test_too_much_is_refused_by_its_length(client, willow, address, length, status):
    assert client.generic("POST", address, b"", CONTENT_LENGTH=str(length)).status_code == status


@pytest.mark.parametrize(("length", "status"), [(2_000_000, 302), (16_000_001, 413)])
def test_staff_may_send_a_picture(client, willow, length, status):
    client.cookies["staff"] = "a session"

    assert client.generic("POST", "/staff/clients/client/", b"", CONTENT_LENGTH=str(length)).status_code == status


def test_a_length_that_is_none_is_refused(client, willow):
    assert client.generic("POST", "/willow/sign-in/", b"", CONTENT_LENGTH="many").status_code == 413


def test_an_ordinary_form_gets_through(client, willow):
    factories.create_owner(willow)

    assert client.post("/willow/sign-in/", {"by": "phone"}).status_code == 422
