"""The pictures of a printed card, packed as a PDF takes them: anything else is decoded and packed anew for each PDF,
which costs more than all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.core.files.base import ContentFile

from pets.id_card import qr
from portal.kit.images import UnusablePicture, read_picture

if TYPE_CHECKING:
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
            return read_picture(file).as_jpeg()
    except (OSError, ValueError, UnusablePicture):
        log.warning("card_picture_missing", name=stored.name)
        return b""


def code_of(text: str) -> bytes:
    """A QR code as a PNG with a byte for each pixel; from one bit it would be made three bytes, twice."""
    return read_picture(ContentFile(qr.png(text, scale=CODE_SCALE))).as_grey_png()
