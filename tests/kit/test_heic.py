"""HEIC, as iPhones take photos: read where the optional library is installed."""

import io
import sys

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from portal.kit import images
from tests.kit.pictures import HEIC


def test_a_heic_photo_becomes_an_upright_webp_without_what_came_along():
    webp = images.read_picture(ContentFile(HEIC)).as_webp(side=320)

    shown = Image.open(io.BytesIO(webp))
    red, _green, blue = shown.convert("RGB").getpixel((32, 10))  # type: ignore[misc]
    assert (shown.format, shown.size, red > blue) == ("WEBP", (64, 128), True)
    assert (b"SECRETCAMERA" in HEIC, b"SECRETCAMERA" in webp, dict(shown.getexif())) == (True, False, {})


def test_its_header_passes_without_its_library_being_loaded(monkeypatch):
    monkeypatch.delitem(sys.modules, "pi_heif", raising=False)

    images.check_picture(ContentFile(HEIC))

    assert "pi_heif" not in sys.modules


@pytest.mark.parametrize("look", [images.check_picture, images.read_picture])
def test_without_the_library_it_is_refused_with_the_way_out(monkeypatch, look):
    monkeypatch.setitem(sys.modules, "pi_heif", None)

    with pytest.raises(images.UnreadHeic) as refusal:
        look(ContentFile(HEIC))

    assert str(refusal.value).endswith("Choose it as a JPEG.")


@pytest.mark.parametrize("length", [12, 100, 400, 550])
def test_a_cut_off_one_is_refused(length):
    with pytest.raises(images.UnusablePicture):
        images.read_picture(ContentFile(HEIC[:length]))


def test_one_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS_HEIC", 128 * 64 - 1)

    with pytest.raises(images.TooManyPixels):
        images.read_picture(ContentFile(HEIC))
