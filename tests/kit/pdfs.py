"""PDFs, as the tests look at them: their words, their pixels."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from pypdf import PdfReader

MM = 72 / 25.4


def document(body: str, *, title: str = "A title", language: str = "en") -> str:
    return f'<!doctype html><html lang="{language}"><head><title>{title}</title></head><body>{body}</body></html>'


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def catalog(pdf: bytes) -> Any:
    """Where a PDF says what it is. pypdf's types know less than a PDF may hold."""
    return reader(pdf).root_object


def picture_sizes(pdf: bytes, page: int = 0) -> list[tuple[int, int]]:
    pictures: Any = reader(pdf).pages[page].images
    return [picture.image.size for picture in pictures]


def words(pdf: bytes) -> str:
    """All that it says, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in reader(pdf).pages).split())


def words_on_screen(pdf: bytes, page: int = 0) -> str:
    """What a browser would copy from a page; pypdf can't read text in which letters are missing from the font."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(opened[page].get_textpage().get_text_range().split())
    finally:
        opened.close()


def places_of_pictures(pdf: bytes, page: int = 0) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each, in millimetres from the page's left and top."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        height = opened[page].get_height()
        pictures = opened[page].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        bounds = [picture.get_bounds() for picture in pictures]
        return [
            (left / MM, (height - top) / MM, right / MM, (height - bottom) / MM) for left, bottom, right, top in bounds
        ]
    finally:
        opened.close()


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Of each page, in millimetres."""
    boxes = [page.mediabox for page in reader(pdf).pages]
    return [(round(float(box.width) / MM, 1), round(float(box.height) / MM, 1)) for box in boxes]


def raster(pdf: bytes, page: int = 0, *, pixels_per_mm: float = 10) -> Image.Image:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = opened[page].render(scale=pixels_per_mm / MM).to_pil()
        return picture.convert("L")
    finally:
        opened.close()
