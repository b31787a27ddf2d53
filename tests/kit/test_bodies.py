"""How much a browser may send."""

import io

import pytest

from clinics.tenancy import WrongTenant, open_clinic_id
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


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/willow/pets/7/", 'href="/willow/pets/7/"'),
        ("https://elsewhere.example.com/", ""),
        ("http://testserver//elsewhere.example.com/", ""),
        ("", ""),
    ],
)
def test_who_sends_too_much_is_told_with_the_way_back(client, willow, referer, back):
    client.cookies["device_1"] = "a token"

    answer = client.generic("POST", "/willow/pets/7/photo/", b"", CONTENT_LENGTH="16000001", HTTP_REFERER=referer)

    html = answer.content.decode()
    assert ("larger than 15 MB" in html, "Go back</a>" in html) == (True, bool(back))
    assert back in html


def test_leading_zeros_hide_no_length(client, willow):
    assert client.generic("POST", "/willow/sign-in/", b"", CONTENT_LENGTH=f"{'0' * 12}40000000").status_code == 413


def test_a_length_that_is_none_is_refused(client, willow):
    assert client.generic("POST", "/willow/sign-in/", b"", CONTENT_LENGTH="many").status_code == 413


def test_an_ordinary_form_gets_through(client, willow):
    factories.create_owner(willow)

    assert client.post("/willow/sign-in/", {"by": "phone"}).status_code == 422


DOORS = ["/willow/pets/7/photo/", "/willow/pets/7/certificates/add/"]


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize(("length", "status"), [(2_000_000, 302), (16_000_001, 413)])
def test_a_signed_in_browser_may_send_a_file(client, willow, address, length, status):
    client.cookies["device_1"] = "a token"

    assert client.generic("POST", address, b"", CONTENT_LENGTH=str(length)).status_code == status


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize("cookie", ["", "staff", "csrf"])
def test_a_stranger_may_not(client, willow, address, cookie):
    if cookie:
        client.cookies[cookie] = "something"

    assert client.generic("POST", address, b"", CONTENT_LENGTH="2000000").status_code == 413


@pytest.mark.parametrize(
    "address", ["/willow/pets/add/", "/willow/sign-in/", "/pets/7/photo/", "/willow/x/pets/7/photo/"]
)
def test_a_signed_in_browser_sends_no_more_elsewhere(client, willow, address):
    client.cookies["device_1"] = "a token"

    assert client.generic("POST", address, b"", CONTENT_LENGTH="2000000").status_code == 413


class Phone:
    """A body on a slow line; notes whether a clinic's transaction waits while it comes in."""

    def __init__(self, body: bytes) -> None:
        self.rest = io.BytesIO(body)
        self.waited: set[bool] = set()

    def read(self, size: int = -1) -> bytes:
        try:
            open_clinic_id()
        except WrongTenant:
            self.waited.add(False)
        else:
            self.waited.add(True)
        return self.rest.read(size)

    readline = read


def test_no_transaction_waits_for_a_slow_file(client, willow):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + bytes(1_500_000) + b"\r\n--x--"
    )
    phone = Phone(body)
    client.cookies["device_1"] = "a token"

    response = client.generic(
        "POST",
        DOORS[0],
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": phone},
    )

    assert (response.status_code, phone.waited) == (302, {False})


def test_a_line_that_breaks_is_no_fault_of_ours(client, willow):
    class Broken:
        def read(self, size: int = -1) -> bytes:
            raise OSError("gone")

        readline = read

    client.cookies["device_1"] = "a token"

    response = client.generic(
        "POST",
        DOORS[0],
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH="2000000",
        **{"wsgi.input": Broken()},
    )

    assert response.status_code == 400
