"""Pictures that strangers send: checked before they are decoded, and painted anew. The only importer of PIL.

A 481 kB file can decode to 682 MB, and a photo tells where it was taken. So the size, format, pixels and
frames are read from the header first (`check_picture`, cheap enough for a web process), and what we keep is a new
WebP that holds nothing but the pixels (`read_picture`, for a worker).
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy
from PIL import Image, ImageFile, ImageOps, PngImagePlugin

from portal.kit.files import SANDBOXED, beginning_of, weight_of
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from django.core.files.base import File

HEAVIEST = 15 * 1024 * 1024
# A JPEG is decoded at a fraction of its size; what must be decoded whole is kept to about 150 MB of memory.
MOST_PIXELS = 40_000_000
MOST_PIXELS_WHOLE = 9_000_000
# What a phone's usual photo has, as HEIC; it is decoded whole too, but packed well: 7 bytes for each pixel.
MOST_PIXELS_HEIC = 25_000_000
# Most of what we show is no larger, so no more is kept of a picture unless it is asked for: pixels of its longer side.
WORKING_SIDE = 1024
# Beside the pixels a PNG may carry texts that unpack to 64 MB; ours carry none.
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# What a decoder raises on bytes that are not what they say.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error)


class UnusablePicture(Refusal):
    """Why a picture can't be used. Catch this one; its subclasses are the reasons."""

    message = gettext_lazy("We can’t use this picture.")


class TooHeavy(UnusablePicture):
    message = gettext_lazy("This file is larger than 15 MB. Choose a smaller picture.")


class WrongFormat(UnusablePicture):
    message = gettext_lazy("This isn’t a picture we can use. Choose a JPEG, PNG or WebP file.")


class UnreadHeic(UnusablePicture):
    message = gettext_lazy("This is an iPhone’s HEIC photo, which we can’t read here. Choose it as a JPEG.")


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
    """A picture that is safe to keep: upright, no longer than was asked for, without what came along."""

    width: int
    height: int
    _pixels: Image.Image

    def as_webp(self, *, side: int, square: bool = False) -> bytes:
        """Encode with at most `side` pixels a side; `square` cuts the middle out. Nothing is blown up."""
        if square:
            edge = min(side, self.width, self.height)
            shown = ImageOps.fit(self._pixels, (edge, edge))
        else:
            shown = self._pixels.copy()
            shown.thumbnail((side, side))
        encoded = io.BytesIO()
        shown.save(encoded, "WEBP", quality=82, method=4)
        return encoded.getvalue()

    def as_jpeg(self) -> bytes:
        """Encode for print. Where the picture is transparent, it gets white behind it."""
        flat = self._pixels.convert("RGB")
        if self._pixels.mode == "RGBA":
            flat.paste((255, 255, 255), (0, 0, *flat.size))
            flat.paste(self._pixels, mask=self._pixels.getchannel("A"))
        encoded = io.BytesIO()
        flat.save(encoded, "JPEG", quality=88)
        return encoded.getvalue()

    def as_grey_png(self) -> bytes:
        """Encode without loss and without colour, with a byte for each pixel."""
        encoded = io.BytesIO()
        self._pixels.convert("L").save(encoded, "PNG", compress_level=1)
        return encoded.getvalue()


def check_picture(upload: File[Any]) -> None:
    """Look at the size and the header, and decode nothing. Takes no more memory for a large file than for a small one.

    Raises TooHeavy, WrongFormat, UnreadHeic, TooManyPixels, Moving or Broken. What it lets pass may still be refused
    by `read_picture`.
    """
    kind = _kind(upload)
    if kind == "WEBP":
        _check_webp(beginning_of(upload, 30))
    elif kind != "HEIF":  # Its header is a tree, which only its decoder reads.
        _check(_opened(upload, kind))


def read_picture(upload: File[Any], *, at_least: int = 1, side: int = WORKING_SIDE) -> Picture:
    """Check an upload and paint it anew: `at_least` is its shorter side in pixels, `side` the longer one that is kept.

    Its name and declared type are not looked at. Raises one of the UnusablePictures: those of `check_picture`, and
    TooSmall. Takes up to 150 MB of memory.
    """
    kind = _kind(upload)
    if kind == "WEBP":
        _check_webp(beginning_of(upload, 30))  # Before its decoder lays out a canvas.
    image = _opened(upload, kind)
    _check(image)
    if min(image.size) < at_least:
        raise TooSmall
    # WeasyPrint, which prints in the same workers, asks Pillow for the opposite when it is imported.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        clean = _painted_anew(image, side)
    except BROKEN as error:
        raise Broken from error
    return Picture(width=clean.width, height=clean.height, _pixels=clean)


def words_of(name: str) -> str:
    """What to tell about a refusal that was kept by the name of its class, in the language that is on."""
    reasons = {reason.__name__: reason for reason in UnusablePicture.__subclasses__()}
    return str(reasons.get(name, UnusablePicture)())


def picture_response(stored: Any, *, max_age: int) -> HttpResponse:
    """Answer with a picture that `as_webp` made, for the browser of one person to keep `max_age` seconds.

    `stored` is the file field; an empty one, or a file that is gone, is a 404.
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
        "Content-Disposition": "inline",
        **SANDBOXED,
    }
    return HttpResponse(content, content_type="image/webp", headers=headers)


def _kind(upload: File[Any]) -> str:
    """Pillow's name of the format that the first bytes ask for. Raises TooHeavy, WrongFormat or UnreadHeic."""
    if weight_of(upload) > HEAVIEST:
        raise TooHeavy
    head = beginning_of(upload, 16)
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        if find_spec("pi_heif") is None:
            raise UnreadHeic
        return "HEIF"
    raise WrongFormat


def _opened(upload: File[Any], kind: str) -> Image.Image:
    """Read the header with the one decoder that the first bytes ask for. Decodes nothing."""
    if kind == "HEIF":
        _learn_heic()
    try:
        return Image.open(upload, formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except BROKEN as error:
        raise Broken from error


@cache
def _learn_heic() -> None:
    """Only in a process that decodes: the library is optional, and a web process has no use for it."""
    import pi_heif  # type: ignore[import-untyped]

    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


def _check(image: Image.Image) -> None:
    """Raises TooManyPixels or Moving."""
    if image.width * image.height > _most_pixels(image):
        raise TooManyPixels
    # Phones append a depth map or a second exposure (MPO, HEIC); the first picture is the photo.
    if image.format not in {"MPO", "HEIF"} and getattr(image, "is_animated", False):
        raise Moving


def _check_webp(head: bytes) -> None:
    """The same from the header alone: Pillow's decoder would read the whole file three times over."""
    chunk, width, height = head[12:16], 0, 0
    if chunk == b"VP8X" and len(head) == 30:
        if head[20] & 0x02:
            raise Moving
        width = int.from_bytes(head[24:27], "little") + 1
        height = int.from_bytes(head[27:30], "little") + 1
    elif chunk == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8 " and len(head) == 30:
        width = int.from_bytes(head[26:28], "little") & 0x3FFF
        height = int.from_bytes(head[28:30], "little") & 0x3FFF
    if not width or not height:
        raise Broken
    if width * height > MOST_PIXELS_WHOLE:
        raise TooManyPixels


def _most_pixels(image: Image.Image) -> int:
    """A progressive or CMYK JPEG can't be reduced while it is decoded, and other formats never can."""
    if image.format == "HEIF":
        return MOST_PIXELS_HEIC
    is_jpeg = image.format in {"JPEG", "MPO"}
    is_whole = not is_jpeg or image.mode == "CMYK" or bool(image.info.get("progressive"))
    return MOST_PIXELS_WHOLE if is_whole else MOST_PIXELS


def _painted_anew(image: Image.Image, side: int) -> Image.Image:
    """The pixels, upright and no larger than asked for: EXIF, GPS, comments and trailers stay behind."""
    # A JPEG is decoded at a half, quarter or eighth of its size, which costs that much less memory.
    image.draft("RGB", (side, side))
    image.load()
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = image if image.mode == mode else image.convert(mode)
    small.thumbnail((side, side))
    upright = ImageOps.exif_transpose(small)
    clean = Image.new(mode, upright.size)
    clean.paste(upright)
    return clean
