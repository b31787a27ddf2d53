"""What is printed on a card, in both forms."""

from dataclasses import replace
from pathlib import Path

import pytest
import segno

from clinics.models import Clinic, EmergencyClinic
from clinics.tenancy import tenant
from pets.id_card.documents import columns, shortened
from tests import factories
from tests.kit import pdfs
from tests.pets.cards import create_miso, give
from tests.pets.documents import Form, content_of, give_photo, printable

LONG = "Wolfeschlegelsteinhausenbergerdorff-Bartholomew the Magnificent of Upper Hartwel"


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.PORTAL_URL = "https://portal.example"
    return tmp_path


@pytest.fixture
def miso(willow):
    Clinic.objects.filter(pk=willow.pk).update(street="14 Mill Lane", city="Hartwell")
    willow.refresh_from_db()
    miso = create_miso(factories.create_owner(willow, name="Nadia Brennan"))
    give(miso, "Rabies", days=300, vet_name="Dr T. Lindqvist")
    give(miso, "Feline core", days=20, given_at_clinic="Northgate")
    return miso


def said(content, form: str = Form.SHEET) -> str:
    return pdfs.words(printable(content, form).as_pdf())


def test_the_sheet_says_everything(miso):
    content = content_of(miso)

    assert pdfs.words_on_screen(printable(content).as_pdf()) == (
        "Willow & Pine Veterinary 14 Mill Lane, Hartwell 01632 960418 Pet ID and vaccination record "
        "For boarders, groomers, sitters and border checks. Not a rabies certificate. "
        "Name Miso Date of birth 12 May 2021 Colour Brown tabby Owner Nadia Brennan "
        "Species and breed Cat · Domestic shorthair Sex Female, spayed Microchip 985 141 003 276 540 "
        "Current services Service Given Valid until Vet Status "
        "Feline core given at Northgate 2 Apr 2026 1 May 2026 Current, due soon "
        "Rabies 2 Apr 2026 5 Feb 2027 Dr T. Lindqvist Current "
        "Check that this record is genuine Scan the code, or go to portal.example/verify and type the one below. "
        "You’ll see today’s status straight from the clinic. If it differs from this page, trust the screen. "
        f"{content.token} Issued on Saturday 11 April 2026 at 13:00. 1"
    )


def test_the_wallet_card_has_two_sides(miso):
    with tenant(miso.clinic):
        EmergencyClinic.objects.create(clinic=miso.clinic, name="Northgate", phone="+441632960999")
    content = content_of(miso)

    made = printable(content, Form.WALLET).as_pdf()

    assert pdfs.sizes(made) == [(85.6, 54.0), (85.6, 54.0)]
    assert " ".join(pdfs.words_on_screen(made, page) for page in (0, 1)) == (
        "Willow & Pine Veterinary Pet ID Miso Cat · Domestic shorthair "
        "Date of birth 12 May 2021 Microchip 985 141 003 276 540 Sex Female, spayed Owner Nadia Brennan "
        f"Not a rabies certificate. {content.token} Scan it, or type the code at portal.example/verify "
        "Issued 11 April 2026 Current until Feline core given at Northgate 1 May 2026 Rabies 5 Feb 2027 "
        "Found me? Please call Willow & Pine Veterinary: 01632 960418. Emergency: 01632 960999."
    )


@pytest.mark.parametrize("form", Form.values)
def test_what_the_owner_stated_is_called_so(miso, form):
    content = content_of(miso, is_identity_checked=False)

    assert said(content, form).count("Species and microchip as stated by the owner.") == 1
    assert said(replace(content, microchip=""), form).count("Species as stated by the owner.") == 1


@pytest.mark.parametrize("form", Form.values)
def test_where_cards_are_certificates_nothing_else_is_said(miso, form):
    assert said(content_of(miso, is_rabies_certificate=True), form).count("Not a rabies certificate") == 0


@pytest.mark.parametrize("form", Form.values)
def test_a_pet_with_little_on_file_has_a_card(willow, form):
    bare = factories.create_pet(factories.create_owner(willow), name="Bo", colour="")

    words = said(content_of(bare, owner=""), form)

    assert [words.count(part) for part in ("Bo", "No current services on file.", "Microchip", "Owner")][1:] == [1, 0, 0]


@pytest.mark.parametrize(("form", "page", "side"), [(Form.WALLET, 1, 27), (Form.SHEET, 0, 36)])
def test_the_code_is_the_one_of_the_card(miso, form, page, side):
    content = content_of(miso)
    matrix = segno.make(content.qr_text, error="l", boost_error=False, micro=False, mask=2).matrix

    made = printable(content, form).as_pdf()

    ((left, top, right, _bottom),) = pdfs.places_of_pictures(made, page)
    assert round(right - left, 1) == side
    printed, module = pdfs.raster(made, page, pixels_per_mm=20), (right - left) / len(matrix)
    pixels = printed.tobytes()

    def is_dark(x: int, y: int) -> int:
        across, down = int((left + module * (x + 0.5)) * 20), int((top + module * (y + 0.5)) * 20)
        return int(pixels[down * printed.width + across] < 128)

    dark = [[is_dark(x, y) for x in range(len(matrix))] for y in range(len(matrix))]
    assert dark == [list(row) for row in matrix]


def test_a_photo_is_printed_and_a_lost_one_is_left_out(miso, media):
    give_photo(miso)
    content = content_of(miso)
    with_photo = pdfs.picture_sizes(printable(content).as_pdf())
    for path in media.rglob("*.webp"):
        path.unlink()

    without = pdfs.picture_sizes(printable(content_of(miso)).as_pdf())

    assert [len(with_photo), with_photo[0], len(without)] == [2, (320, 320), 1]


def test_long_names_and_many_services_flow_over_pages(miso):
    for number in range(25):
        give(miso, f"{LONG[:60]} {number:02}", days=200, vet_name=LONG[:60], given_at_clinic=LONG)
    content = content_of(miso, name=LONG, owner=LONG, kind=f"Cat · {LONG}", colour=LONG[:60])

    sheet, wallet = (printable(content, form).as_pdf() for form in (Form.SHEET, Form.WALLET))

    assert len(pdfs.sizes(sheet)) > 2
    printed = pdfs.words(sheet)
    assert [number for number in range(25) if printed.count(f" {number:02} given at") != 1] == []
    assert (len(pdfs.sizes(wallet)), pdfs.words(wallet).count("+ 24 more")) == (2, 1)


@pytest.mark.parametrize("form", Form.values)
@pytest.mark.parametrize(
    "name", ["Zażółć gęślą jaźń", "Ñandú", "Μίσο Ψιψίνα", "Мурчик Їжак", "חתול", "القط", "<b>&amp;"]
)
def test_names_of_every_script_are_printed_as_they_are(miso, form, name):
    assert said(content_of(miso, name=name), form).count(name) >= 1


@pytest.mark.parametrize("name", ["猫", "ねこ", "고양이"])
def test_a_name_that_no_font_here_has_can_be_copied_all_the_same(miso, name):
    made = printable(content_of(miso, name=name)).as_pdf()

    assert pdfs.words_on_screen(made).count(f"Name {name} Date of birth") == 1


def test_what_is_shortened_says_so():
    assert [shortened(text, 8) for text in ("Miso", "Feline core", "猫猫猫猫猫")] == ["Miso", "Feline…", "猫猫猫…"]
    assert [columns(text) for text in ("Miso", "猫", "")] == [4, 2, 0]
