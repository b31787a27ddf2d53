"""The right glyph for each letter: text alone would not show a wrong one."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image, ImageChops, ImageDraw, ImageFont

from portal.kit import pdf
from tests.kit import pdfs

CELL, SIZE = 12, 8  # millimetres
ALL = ", ".join(f'"{family}"' for family in pdf.FAMILIES if family.endswith("Regular"))
ALL_BOLD = ALL.replace("Regular", "Bold")
SCRIPTS = {
    "Polish": ("Figtree", "ĄĆĘŁŃÓŚŹŻąćęłńóśźż"),
    "Spanish": ("Figtree", "ÁÉÍÑÓÚÜáéíñóúü¿¡"),
    "Greek": ("Noto", "ΑΒΓΔΘΛΞΠΣΦΨΩαβγδζηθλμξπσςφψωάέήίόύώ"),
    "Cyrillic": ("Noto", "АБВГҐДЄЖЗЇЙЛЩЪЫЭЮЯабвгґдєжзїйлщъыэюя"),
    "Hebrew": ("Noto Hebrew", "אבגדהוזחטיכלמנסעפצקרשת"),
    "Arabic": ("Vazirmatn", "ابتثجحخدذرزسشصضطظعغفقكلمنهو"),
}
NOBODYS = "\ue123"  # A character of private use: no font has it.


def printed(letters: Sequence[str], families: str) -> list[Image.Image]:
    """Each letter in a cell of its own, as black on white."""
    cells = "".join(f'<p style="top: {CELL * row}mm">{letter}</p>' for row, letter in enumerate(letters))
    style = (
        f"@page {{ size: {CELL}mm {CELL * len(letters)}mm; margin: 0 }} body {{ margin: 0 }} "
        f"p {{ position: absolute; margin: 0; width: {CELL}mm; height: {CELL}mm; text-align: center; "
        f"font: {SIZE}mm/{CELL}mm {families} }}"
    )
    page = pdfs.raster(pdf.render(pdfs.document(cells), stylesheets=[style]))
    edge = page.width
    return [page.crop((0, row * edge, edge, (row + 1) * edge)) for row in range(len(letters))]


@cache
def font(stem: str) -> ImageFont.FreeTypeFont:
    opened, file = TTFont(pdf.FONTS / f"{stem}.woff2"), BytesIO()
    opened.flavor = None
    opened.save(file)
    return ImageFont.truetype(BytesIO(file.getvalue()), SIZE * 10)


def drawn(letter: str, family: str) -> Image.Image:
    """The same letter straight from the font's file."""
    picture = Image.new("L", (CELL * 20, CELL * 20), 255)
    ImageDraw.Draw(picture).text((CELL * 5, CELL * 5), letter, font=font(pdf.FAMILIES[family]), fill=0)
    return picture


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How much ink of the two differs, from 0 (the same) to 1; both cut to their ink."""
    boxes = [ImageChops.invert(picture).getbbox() for picture in (one, other)]
    cut = [picture.crop(box).resize((40, 40)) for picture, box in zip((one, other), boxes, strict=True)]
    histogram = ImageChops.difference(*cut).histogram()
    return sum(level * count for level, count in enumerate(histogram)) / (255 * 40 * 40)


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_each_letter_is_drawn_as_its_font_has_it(script, weight):
    family, letters = SCRIPTS[script]

    cells = printed(letters, ALL if weight == "Regular" else ALL_BOLD)

    odd = [
        letter
        for letter, cell in zip(letters, cells, strict=True)
        if likeness(cell, drawn(letter, f"{family} {weight}")) > 0.1
    ]
    assert odd == []


def test_no_letter_is_an_empty_box():
    letters = "".join(letters for _family, letters in SCRIPTS.values())

    *cells, box = printed(letters + NOBODYS, ALL)

    assert [letter for letter, cell in zip(letters, cells, strict=True) if cell.tobytes() == box.tobytes()] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_letters_can_be_copied_and_read_aloud(script):
    _family, letters = SCRIPTS[script]
    body = "".join(f"<p>{letter}</p>" for letter in letters)

    made = pdf.render(pdfs.document(body), stylesheets=[f"body {{ font-family: {ALL} }}"])

    assert "".join(pdfs.words(made).split()) == letters


@pytest.mark.parametrize("name", ["猫", "ねこ", "고양이", "🐈", "🏳️‍🌈", "ฺแมว", "\ue123", "\u202emiso"])
def test_what_no_font_has_is_seen_as_something_and_stops_nothing(name):
    (cell,) = printed([name], ALL) if len(name) == 1 else [pdfs.raster(pdf.render(pdfs.document(f"<p>{name}</p>")))]

    assert min(cell.tobytes()) < 128
