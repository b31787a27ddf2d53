"""QR codes as a page and a PDF draw them."""

import re
import struct

import pytest
import segno

from pets.id_card import qr

TEXTS = ["x", "https://portal.example.com/verify/C-7K4R2XD0ABCD1234/", "e" * qr.MOST_BYTES]


def painted(drawing: qr.Drawing) -> list[list[int]]:
    """The modules that a browser would paint black."""
    grid = [[0] * drawing.side for _row in range(drawing.side)]
    x = y = 0
    for command, numbers in re.findall(r"([Mmh])([\d. ]+)", drawing.path):
        first, *rest = (float(number) for number in numbers.split())
        if command == "M":
            x, y = int(first), int(rest[0])
        elif command == "h":
            grid[y][x : x + int(first)] = [1] * int(first)
        x += int(first) if command != "M" else 0
    return grid


@pytest.mark.parametrize("text", TEXTS)
def test_a_drawing_paints_what_the_code_says(text):
    border = 4
    expected = segno.make(text, error="l", boost_error=False, micro=False, mask=2)

    drawing = qr.drawing(text, border=border)

    inner = [row[border:-border] for row in painted(drawing)[border:-border]]
    assert inner == [list(row) for row in expected.matrix]
    assert drawing.side == len(expected.matrix) + 2 * border


@pytest.mark.parametrize(("size", "modules"), [(qr.COMFORTABLE_BYTES, 89), (qr.MOST_BYTES, 97)])
def test_the_limits_are_those_of_their_versions(size, modules):
    assert [qr.drawing("e" * count, border=0).side for count in (size, size + 1)] == [modules, modules + 4]


def test_a_picture_has_whole_pixels_for_each_module():
    png = qr.png("x", scale=4, border=1)

    assert struct.unpack(">II", png[16:24]) == ((21 + 2) * 4, (21 + 2) * 4)
