"""The glance at an upload that a web process affords: size and header, nothing decoded."""

import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from portal.kit import images
from tests.kit.pictures import chunk, cut_off_png, encoded, gif_of_150_frames, photo


def check(content: bytes) -> None:
    images.check_picture(ContentFile(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_a_photo_passes(kind):
    upload = ContentFile(encoded(photo(), kind))
    upload.read()

    images.check_picture(upload)

    assert images.read_picture(upload).width == 60


@pytest.mark.parametrize("lossless", [True, False])
def test_both_kinds_of_webp_pass(lossless):
    check(encoded(photo(), "WEBP", lossless=lossless))


def test_a_see_through_webp_passes():
    check(encoded(Image.new("RGBA", (30, 30), (0, 0, 0, 0)), "WEBP"))


@pytest.mark.parametrize("size", [(3001, 3000), (13_000, 13_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_header(size):
    with pytest.raises(images.TooManyPixels):
        check(cut_off_png(*size))


@pytest.mark.parametrize(
    "head",
    [
        b"VP8X\x0a\0\0\0\0\0\0\0" + (12_999).to_bytes(3, "little") * 2,
        b"VP8L\x0a\0\0\0\x2f" + (12_999 | 12_999 << 14).to_bytes(4, "little") + bytes(8),
        b"VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 13_000, 13_000),
    ],
    ids=["extended", "lossless", "lossy"],
)
@pytest.mark.parametrize("look", [images.check_picture, images.read_picture])
def test_a_webp_bomb_is_refused_by_its_first_30_bytes(look, head):
    with pytest.raises(images.TooManyPixels):
        look(ContentFile(b"RIFF\x20\0\0\0WEBP" + head))


@pytest.mark.parametrize("head", [b"", b"VP8X", b"VP8 " + bytes(14), b"VP8L\0", b"JUNK" + bytes(20)])
def test_a_webp_without_a_size_is_broken(head):
    with pytest.raises(images.Broken):
        check(b"RIFF\x20\0\0\0WEBP" + head)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind):
    moving = encoded(photo(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40))], duration=100)

    with pytest.raises(images.Moving):
        check(moving)


@pytest.mark.parametrize(
    "content",
    [gif_of_150_frames(), b"<svg/>", b"PK\x03\x04", b"%PDF-1.7", b"", b"\xff"],
    ids=["gif", "svg", "zip", "pdf", "empty", "one byte"],
)
def test_other_formats_are_refused(content):
    with pytest.raises(images.WrongFormat):
        check(content)


def test_a_heavy_file_is_refused():
    with pytest.raises(images.TooHeavy):
        check(encoded(photo(), "JPEG") + bytes(images.HEAVIEST))


def test_texts_that_unpack_to_megabytes_are_refused():
    png = encoded(photo(), "PNG")
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1_000_000)))

    with pytest.raises(images.Broken):
        check(png[:33] + text * 40 + png[33:])


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_header_cut_off_is_broken(kind):
    with pytest.raises(images.Broken):
        check(encoded(photo(), kind)[:20])
