"""The Pet ID card as reportlab draws it: the same words, pictures and fonts.

What may wrap or go on on a next page is laid out, as ours is; the rest has a fixed place.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont as FontFile  # type: ignore[import-untyped]
from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import Flowable, Paragraph, Table  # type: ignore[import-untyped]

from pets.id_card.samples import WORDS, words_for
from portal.kit import pdf

SIZES = {"wallet": (85.6, 53.98), "sheet": (210.0, 297.0)}
INK, PALE, GREEN, DEEP, SOFT = map(HexColor, ("#221d19", "#d9d2c8", "#1d6b4f", "#104a3c", "#e7f3ec"))


def way(form: str, pictures: dict[str, bytes]) -> Callable[[], bytes]:
    if "Bold" not in pdfmetrics.getRegisteredFontNames():
        for name, stem in (("Regular", "figtree-400"), ("Bold", "figtree-700")):
            pdfmetrics.registerFont(TTFont(name, _opened(stem)))
    draw = {"wallet": _wallet, "sheet": _sheet}[form]
    return lambda: _drawn(form, pictures, draw)


def _opened(stem: str) -> str:
    """reportlab reads no WOFF2, and takes two fonts of one name for one."""
    font = FontFile(pdf.FONTS / f"{stem}.woff2")
    for entry in font["name"].names:
        entry.string = stem
    font.flavor = None
    path = Path(tempfile.mkdtemp()) / f"{stem}.ttf"
    font.save(path)
    return str(path)


TEXT = ParagraphStyle("text", fontName="Regular", fontSize=9.5, leading=13)


class Page:
    """Millimetres from the top left, as in the stylesheet."""

    def __init__(self, canvas: Canvas, height: float, pictures: dict[str, bytes]) -> None:
        self.canvas, self.height, self.pictures = canvas, height, pictures

    def say(self, x: float, y: float, text: str, size: float, font: str = "Regular") -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x * mm, (self.height - y) * mm, text)

    def show(self, name: str, x: float, y: float, side: float, radius: float = 0) -> None:
        left, bottom, edge = x * mm, (self.height - y - side) * mm, side * mm
        self.canvas.saveState()
        if radius:
            path = self.canvas.beginPath()
            path.roundRect(left, bottom, edge, edge, radius * mm)
            self.canvas.clipPath(path, stroke=0)
        self.canvas.drawImage(ImageReader(io.BytesIO(self.pictures[name])), left, bottom, edge, edge)
        self.canvas.restoreState()

    def lay(self, flowing: Flowable, x: float, y: float, width: float) -> None:
        """What wraps, and could go on on the next page."""
        _width, height = flowing.wrapOn(self.canvas, width * mm, self.height * mm)
        flowing.drawOn(self.canvas, x * mm, (self.height - y) * mm - height)

    def line(self, x: float, y: float, width: float) -> None:
        self.canvas.setStrokeColor(PALE)
        self.canvas.line(x * mm, (self.height - y) * mm, (x + width) * mm, (self.height - y) * mm)


def _drawn(form: str, pictures: dict[str, bytes], draw: Callable[[Page], None]) -> bytes:
    out, (width, height) = io.BytesIO(), SIZES[form]
    canvas = Canvas(out, pagesize=(width * mm, height * mm), lang="en")
    canvas.setTitle(f"Pet ID card: {WORDS['name']}")
    draw(Page(canvas, height, pictures))
    canvas.save()
    return out.getvalue()


def _wallet(page: Page) -> None:
    canvas = page.canvas
    canvas.linearGradient(0, page.height * mm, 85.6 * mm, 0, (GREEN, DEEP))
    page.show("logo", 5, 4.4, 6, 1.5)
    canvas.setFillColorRGB(1, 1, 1)
    page.say(13, 8.4, WORDS["clinic_name"], 7.6)
    page.say(74, 8.4, "Pet ID", 7.6)
    page.show("photo", 5, 12.9, 18.7, 5)
    page.say(27.6, 22, WORDS["name"], 17, "Bold")
    page.say(27.6, 26, WORDS["kind"], 8)
    for x, column in zip((5, 43.5), words_for("wallet")["facts"], strict=True):
        for row, fact in enumerate(column):
            page.say(x, 36 + row * 6.8, fact["label"], 6.5)
            page.say(x, 39.4 + row * 6.8, fact["text"], 8.2, "Bold")
    page.say(5, 51, f"{WORDS['stated']} {WORDS['rabies']}", 6)
    canvas.showPage()
    _back(page)


def _back(page: Page) -> None:
    page.show("qr", 4, 4, 27)
    page.say(4, 35, WORDS["token"], 6.4, "Bold")
    for row, text in enumerate(("Scan it, or type the code at", WORDS["verify_at"], f"Issued {WORDS['issued']}")):
        page.say(4, 38 + row * 2.6, text, 5.6)
    page.canvas.setFillColor(GREEN)
    page.say(35.5, 7.2, "Current until", 9, "Bold")
    page.canvas.setFillColor(INK)
    for row, service in enumerate(WORDS["services"]):
        y = 12 + row * 7.6
        page.say(35.5, y, service["name"], 7.2)
        page.say(35.5, y + 2.8, service["source"] and f"given at {service['source']}", 5.6)
        page.say(66, y, service["until"], 7.2)
        page.line(35.5, y + 4, 46.1)
    page.say(35.5, 38, WORDS["more"], 6.2)
    page.say(35.5, 47, WORDS["found"][:44], 6.2)
    page.say(35.5, 50, WORDS["found"][44:], 6.2)


def _sheet(page: Page) -> None:
    canvas = page.canvas
    canvas.setFillColor(INK)
    page.show("logo", 17, 16, 15, 3.5)
    page.say(37, 21, WORDS["clinic_name"], 13, "Bold")
    for row, text in enumerate(WORDS["clinic_lines"]):
        page.say(37, 26 + row * 4.7, text, 9.5)
    page.line(17, 37, 176)
    page.say(17, 53, "Pet ID and vaccination record", 23, "Bold")
    page.say(17, 60, f"For boarders, groomers, sitters and border checks. {WORDS['rabies']}", 11)
    canvas.setFillColor(SOFT)
    canvas.roundRect(17 * mm, (page.height - 131) * mm, 176 * mm, 62 * mm, 5 * mm, stroke=0, fill=1)
    canvas.setFillColor(INK)
    page.show("photo", 23, 75, 33, 9)
    for x, column in zip((64, 126), WORDS["facts"], strict=True):
        for row, fact in enumerate(column):
            page.say(x, 79 + row * 10.6, fact["label"], 9)
            page.say(x, 84 + row * 10.6, fact["text"], 11, "Bold")
    page.say(64, 124, WORDS["stated"], 9.5)
    _table(page)
    canvas.roundRect(17 * mm, (page.height - 255) * mm, 176 * mm, 46 * mm, 5 * mm, stroke=1, fill=0)
    page.show("qr", 22, 214, 36)
    page.say(67, 219, "Check that this record is genuine", 13, "Bold")
    check = (
        f"Scan the code, or go to {WORDS['verify_at']} and type the one below. You’ll see today’s status straight from "
        "the clinic. If it differs from this page, trust the screen."
    )
    page.lay(Paragraph(check, TEXT), 67, 221, 120)
    page.say(67, 238, WORDS["token"], 12, "Bold")
    page.say(17, 262, f"{WORDS['issued_line']} Valid until {WORDS['expires']}.", 8.5)
    page.say(190, 283, "1", 8.5)


def _table(page: Page) -> None:
    page.say(17, 143, "Current services", 13, "Bold")
    rows: list[list[Any]] = [["Service", "Given", "Valid until", "Vet", "Status"]]
    for service in WORDS["services"]:
        source = f"<br/><font size=8.5>given at {service['source']}</font>" if service["source"] else ""
        name = Paragraph(f"<font name=Bold>{service['name']}</font>{source}", TEXT)
        rows.append([name, *(service[key] for key in ("given", "until", "vet", "status"))])
    style = [
        ("FONT", (0, 0), (-1, -1), "Regular", 9.5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.7, PALE),
    ]
    page.lay(Table(rows, colWidths=[64 * mm, *[28 * mm] * 4], style=style, repeatRows=1), 17, 146, 176)
