"""Downloading the card (R87): the file, the page that waits for it, and what is said when it can't be made."""

import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client as Browser

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets import actions
from tests import factories
from tests.pets.cards import NOON, TODAY, create_miso, give, open_card, withdraw
from tests.pets.documents import documents_of, work

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_noon(time_machine) -> None:
    """The worker has a clock of its own."""
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def miso(owner, client):
    miso = create_miso(owner)
    give(miso, "Rabies", days=300)
    factories.sign_in(client, owner)
    return miso


def address(miso, rest: str) -> str:
    return f"/willow/pets/{miso.pk}/{rest}"


def download(browser: Browser, miso) -> Any:
    """Ask for the sheet, and take all of it."""
    response = browser.get(address(miso, "card.pdf"))
    response.getvalue()
    return response


def make_all(clinic) -> None:
    for document in documents_of(clinic):
        work(document)


@pytest.mark.parametrize(("file", "form"), [("card.pdf", "sheet"), ("wallet.pdf", "wallet")])
def test_not_made_yet_it_leads_to_a_page_that_waits(client, miso, file, form):
    asked = client.get(address(miso, file))

    page = client.get(asked.url)
    assert (asked.status_code, asked.url, page.status_code) == (302, address(miso, f"card/making/{form}/"), 202)
    words = page.content.decode()
    assert words.count("data-htmx=") == 1
    assert re.findall(r"<h2>(.+?)</h2>|hx-trigger=\"(.+?)\"|(<meta http-equiv=.+?>)", words) == [
        ("", "", '<meta http-equiv="refresh" content="3">'),
        ("", "every 1s", ""),
        ("Preparing your PDF", "", ""),
    ]


def test_made_the_page_ends_with_the_download(client, miso):
    client.get(address(miso, "card.pdf"))
    make_all(miso.clinic)

    page, piece = (client.get(address(miso, "card/making/sheet/"), headers=headers) for headers in ({}, HTMX))

    link = f'<a class="btn" href="{address(miso, "card.pdf")}">'
    assert [(answer.status_code, answer.content.decode().count(link)) for answer in (page, piece)] == [(200, 1)] * 2
    assert [answer.content.decode().count(word) for answer in (page, piece) for word in ("<html", "hx-get")] == [
        1,
        0,
        0,
        0,
    ]


@pytest.mark.parametrize("file", ["card.pdf", "wallet.pdf"])
def test_made_it_is_handed_over(client, miso, file):
    client.get(address(miso, file))
    make_all(miso.clinic)

    response = client.get(address(miso, file))

    assert (response.status_code, response.getvalue()[:5]) == (200, b"%PDF-")
    assert {name: response.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    assert (
        response.headers["Content-Disposition"] == "attachment; filename*=utf-8''Miso%20%E2%80%93%20Pet%20ID%20card.pdf"
    )


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "etc%20passwd"),
        ('a"b\\c:d', "a%20b%20c%20d"),
        ("Mi\r\nSet-Cookie: x=1", "Mi%20Set-Cookie%20x%3D1"),
        ("\u202efdp.exe", "fdp.exe"),
        ("Żółć", "%C5%BB%C3%B3%C5%82%C4%87"),
        ("//", "Pet%20ID%20card"),
    ],
)
def test_a_name_does_no_harm_as_the_name_of_a_file(client, owner, miso, name, file):
    odd = factories.create_pet(owner, name=name)
    client.get(address(odd, "card.pdf"))
    make_all(odd.clinic)

    disposition = download(client, odd).headers["Content-Disposition"]

    ending = "" if name == "//" else "%20%E2%80%93%20Pet%20ID%20card"
    assert (
        disposition.replace('filename="', "filename*=utf-8''")
        .rstrip('"')
        .replace(" ", "%20")
        .endswith(f"''{file}{ending}.pdf")
    )


def test_what_is_on_it_now_is_handed_over(client, miso):
    client.get(address(miso, "card.pdf"))
    make_all(miso.clinic)
    give(miso, "Feline core", days=100)

    assert client.get(address(miso, "card.pdf")).status_code == 302


def test_a_file_that_is_lost_is_made_again(client, miso, media):
    client.get(address(miso, "card.pdf"))
    make_all(miso.clinic)
    for path in media.rglob("*.pdf"):
        path.unlink()

    answer = client.get(address(miso, "card.pdf"))
    make_all(miso.clinic)

    assert (answer.status_code, download(client, miso).status_code) == (302, 200)


def test_failed_the_page_says_so_and_offers_to_try_again(client, miso):
    client.get(address(miso, "card.pdf"))
    (document,) = documents_of(miso.clinic)
    with tenant(miso.clinic):
        actions.give_up_document(document=document)

    page = client.get(address(miso, "card/making/sheet/"))
    again = client.post(address(miso, "card/making/sheet/"))

    words = page.content.decode()
    assert [page.status_code, words.count("The PDF couldn’t be made"), words.count("Try again")] == [200, 1, 1]
    assert words.count(f'href="{address(miso, "card/")}"') == 2
    assert (again.status_code, again.url) == (302, address(miso, "card/making/sheet/"))
    assert client.get(again.url).status_code == 202


def test_a_neighbour_and_a_stranger_get_nothing(client, miso, willow):
    client.get(address(miso, "card.pdf"))
    make_all(miso.clinic)
    neighbour = Browser()
    factories.sign_in(neighbour, factories.create_owner(willow))

    places = [address(miso, rest) for rest in ("card.pdf", "wallet.pdf", "card/making/sheet/")]

    assert [neighbour.get(place).status_code for place in places] == [404] * 3
    assert [Browser().get(place).headers["Location"].partition("?")[0] for place in places] == ["/willow/sign-in/"] * 3


def gone(miso):
    with tenant(miso.clinic):
        actions.report_death(pet=miso, by=miso.owner, now=NOON, died_on=TODAY)


def switched_off(miso):
    Clinic.objects.filter(pk=miso.clinic.pk).update(has_pet_cards=False)


def withdrawn(miso):
    withdraw(open_card(miso))


@pytest.mark.parametrize("reason", [gone, switched_off, withdrawn])
def test_without_a_card_there_is_no_document(client, miso, reason):
    client.get(address(miso, "card.pdf"))
    make_all(miso.clinic)

    reason(miso)

    places = [address(miso, rest) for rest in ("card.pdf", "wallet.pdf", "card/making/sheet/")]
    assert [client.get(place).status_code for place in places] == [404] * 3


def test_there_is_no_third_form(client, miso):
    assert client.get(address(miso, "card/making/poster/")).status_code == 404


def test_handing_it_over_costs_the_same_for_one_service_and_three(client, owner, miso, statements):
    other = create_miso(owner, name="Tom")
    for name in ("Rabies", "Feline core", "Leukaemia"):
        give(other, name, days=200)
    for pet in (miso, other):
        client.get(address(pet, "card.pdf"))
    make_all(miso.clinic)

    for pet in (miso, other):
        with statements(8):
            download(client, pet)


def test_a_web_process_never_loads_the_library():
    program = "import django; django.setup(); import portal.urls, sys; print('weasyprint' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert ended.stdout.strip() == "False", ended.stderr
