"""Pictures that strangers send: checked before they are decoded, and painted anew. The only importer of PIL.

A 481 kB file can decode to 682 MB, and a photo tells where it was taken. So the size, format, pixels and
frames are read from the header first, and what we keep is a new WebP that holds nothing but the pixels.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from django.core.files.base import File

HEAVIEST = 15 * 1024 * 1024
# A JPEG is decoded at a fraction of its size; what must be decoded whole is kept to about 150 MB of memory.
MOST_PIXELS = 40_000_000
MOST_PIXELS_WHOLE = 9_000_000
# Nothing we show is larger, so no more than this is kept of a picture, in pixels of its longer side.
WORKING_SIDE = 1024
# What a decoder raises on bytes that are not what they say.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error)


class UnusablePicture(Refusal):
    """Why a picture can't be used. Catch this one; its subclasses are the reasons."""

    message = gettext_lazy("We can’t use this picture.")


class TooHeavy(UnusablePicture):
    message = gettext_lazy("This file is larger than 15 MB. Choose a smaller picture.")


class WrongFormat(UnusablePicture):
    message = gettext_lazy("This isn’t a picture we can use. Choose a JPEG, PNG or WebP file.")


class TooManyPixels(UnusablePicture):
    message = gettext_lazy("This picture has too many pixels. Choose a smaller one.")


class Moving(UnusablePicture):
    message = gettext_lazy("Moving pictures don’t work here. Choose a still one.")


class Broken(UnusablePicture):
    message = gettext_lazy("We couldn’t read this picture; the file may be damaged. Choose another.")


class TooSmall(UnusablePicture):
    message = gettext_lazy("This picture is too small. Choose a larger one.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to keep: upright, at most WORKING_SIDE long, without what came along."""

    width: int
    height: int
    pixels: Image.Image

    def as_webp(self, *, side: int, square: bool = False) -> bytes:
        """Encode with at most `side` pixels a side; `square` cuts the middle out. Nothing is blown up."""
        side = min(side, WORKING_SIDE)
        if square:
            edge = min(side, self.width, self.height)
            shown = ImageOps.fit(self.pixels, (edge, edge))
        else:
            shown = self.pixels.copy()
            shown.thumbnail((side, side))
        encoded = io.BytesIO()
        shown.save(encoded, "WEBP", quality=82, method=4)
        return encoded.getvalue()


def read_picture(upload: File[Any], *, at_least: int = 1) -> Picture:
    """Check an upload and paint it anew; `at_least` is its shorter side in pixels.

    Its name and declared type are not looked at. Raises one of the UnusablePictures: TooHeavy, WrongFormat,
    TooManyPixels, Moving, TooSmall or Broken.
    """
    upload.seek(0)
    content = upload.read(HEAVIEST + 1)
    if len(content) > HEAVIEST:
        raise TooHeavy
    image = _opened(content)
    if image.width * image.height > (MOST_PIXELS_WHOLE if _is_decoded_whole(image) else MOST_PIXELS):
        raise TooManyPixels
    # Phones append a depth map or a second exposure to a JPEG (MPO); the first picture is the photo.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Moving
    if min(image.size) < at_least:
        raise TooSmall
    try:
        clean = _painted_anew(image)
    except BROKEN as error:
        raise Broken from error
    return Picture(width=clean.width, height=clean.height, pixels=clean)


def picture_response(stored: Any, *, max_age: int) -> HttpResponse:
    """Answer with a picture that `as_webp` made, for the browser of one person to keep `max_age` seconds.

    `stored` is the file field; an empty one, or a file that is gone, is a 404. The sandbox is for whoever
    opens the address itself: whatever the bytes were, nothing in them runs.
    """
    if not stored:
        raise Http404
    try:
        with stored.open("rb") as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {
        "Cache-Control": f"private, max-age={max_age}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="image/webp", headers=headers)


def _opened(content: bytes) -> Image.Image:
    """Read the header with the one decoder that the first bytes ask for. Decodes nothing."""
    kind = _kind(content)
    try:
        return Image.open(io.BytesIO(content), formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except BROKEN as error:
        raise Broken from error


def _is_decoded_whole(image: Image.Image) -> bool:
    """A progressive or CMYK JPEG can't be reduced while it is decoded, and other formats never can."""
    is_jpeg = image.format in {"JPEG", "MPO"}
    return not is_jpeg or image.mode == "CMYK" or bool(image.info.get("progressive"))


def _kind(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    raise WrongFormat


def _painted_anew(image: Image.Image) -> Image.Image:
    """The pixels, upright and no larger than we show: EXIF, GPS, comments and trailers stay behind."""
    # A JPEG is decoded at a half, quarter or eighth of its size, which costs that much less memory.
    image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
    image.load()
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = image if image.mode == mode else image.convert(mode)
    small.thumbnail((WORKING_SIDE, WORKING_SIDE))
    upright = ImageOps.exif_transpose(small)
    clean = Image.new(mode, upright.size)
    clean.paste(upright)
    return clean
