"""The pictures of a printed card, packed as a PDF takes them: anything else is decoded and packed anew for each PDF,
which costs more than all the rest."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import structlog
from django.core.files.base import ContentFile

from pets import qr
from portal.kit.images import UnusablePicture, read_picture

if TYPE_CHECKING:
    from django.core.files.base import File
    from django.db.models.fields.files import FieldFile

log = structlog.get_logger(__name__)

# Pixels for a module: more look no sharper on paper and cost more.
CODE_SCALE = 2


def picture_of(stored: FieldFile) -> bytes:
    """A stored picture as a JPEG; nothing without one. A file that is gone is no reason for no card."""
    if not stored:
        return b""
    try:
        with stored.open("rb") as file:
            return as_jpeg(file)
    except (OSError, ValueError, UnusablePicture):
        log.warning("card_picture_missing", name=stored.name)
        return b""


def as_jpeg(file: File[Any]) -> bytes:
    """Where a picture is transparent, it gets white behind it. Raises one of the kit's UnusablePictures."""
    pixels = read_picture(file).pixels
    flat = pixels.convert("RGB")
    if pixels.mode == "RGBA":
        flat.paste((255, 255, 255), (0, 0, *flat.size))
        flat.paste(pixels, mask=pixels.getchannel("A"))
    encoded = io.BytesIO()
    flat.save(encoded, "JPEG", quality=88)
    return encoded.getvalue()


def code_of(text: str) -> bytes:
    """A QR code as a PNG with a byte for each pixel; from one bit it would be made three bytes, twice."""
    grey = io.BytesIO()
    read_picture(ContentFile(qr.png(text, scale=CODE_SCALE))).pixels.convert("L").save(grey, "PNG", compress_level=1)
    return grey.getvalue()
