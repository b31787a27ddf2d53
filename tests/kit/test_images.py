"""What an upload may be, and what is left of it."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image, ImageFile

from portal.kit import images
from tests.kit.pictures import cut_off_png, encoded, photo

GPS_TAG, ORIENTATION_TAG, MAKE_TAG = 0x8825, 0x0112, 0x010F


def read(content: bytes, **options) -> images.Picture:
    return images.read_picture(ContentFile(content), **options)


def reopened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def colour_at(image: Image.Image, x: int, y: int) -> str:
    red, _green, blue, alpha = image.convert("RGBA").getpixel((x, y))  # type: ignore[misc]
    if alpha == 0:
        return "none"
    return "red" if red > blue else "blue"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_become_webp(kind):
    picture = read(encoded(photo(), kind))

    shown = reopened(picture.as_webp(side=320))

    assert (shown.format, shown.size) == ("WEBP", (60, 40))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "CMYK", "1"])
def test_every_kind_of_pixel_can_be_painted(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    shown = reopened(read(encoded(photo().convert(mode), kind)).as_webp(side=320))

    assert shown.size == (60, 40)


def test_a_logo_keeps_its_transparency():
    see_through = Image.new("RGBA", (200, 200), (0, 0, 0, 0))

    shown = reopened(read(encoded(see_through, "PNG")).as_webp(side=128))

    assert colour_at(shown, 5, 5) == "none"


def test_for_print_what_is_transparent_is_white():
    see_through = Image.new("RGBA", (20, 20), (0, 0, 0, 0))

    shown = reopened(read(encoded(see_through, "PNG")).as_jpeg())

    assert (shown.format, shown.mode, shown.getpixel((5, 5))) == ("JPEG", "RGB", (255, 255, 255))


def test_a_grey_png_has_a_byte_for_each_pixel():
    black = Image.new("1", (20, 10))

    shown = reopened(read(encoded(black, "PNG")).as_grey_png())

    assert (shown.format, shown.mode, shown.tobytes()) == ("PNG", "L", bytes(200))


def test_a_long_picture_is_made_smaller_and_keeps_its_shape():
    assert reopened(read(encoded(photo(3000, 1500), "JPEG")).as_webp(side=320)).size == (320, 160)


def test_a_square_is_cut_from_the_middle():
    shown = reopened(read(encoded(photo(800, 400), "PNG")).as_webp(side=320, square=True))

    assert (shown.size, colour_at(shown, 10, 160), colour_at(shown, 310, 160)) == ((320, 320), "red", "blue")


def test_a_small_picture_is_not_blown_up():
    assert reopened(read(encoded(photo(), "PNG")).as_webp(side=320, square=True)).size == (40, 40)


def test_nothing_that_came_along_is_kept():
    exif = Image.Exif()
    exif[MAKE_TAG] = "SECRETCAMERA"
    exif.get_ifd(GPS_TAG)[2] = (51.0, 30.0, 26.0)
    jpeg = encoded(photo(), "JPEG", exif=exif, comment=b"SECRETCOMMENT") + b"<script>SECRETTRAILER</script>"

    webp = read(jpeg).as_webp(side=320)

    assert (b"SECRETCAMERA" in jpeg, b"SECRETCOMMENT" in jpeg) == (True, True)
    assert (b"SECRET" in webp, dict(reopened(webp).getexif()), b"EXIF" in webp) == (False, {}, False)


def test_a_photo_taken_sideways_is_upright():
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6  # Turn a quarter clockwise: the left half is then on top.

    picture = read(encoded(photo(), "JPEG", exif=exif))

    shown = reopened(picture.as_webp(side=320))
    assert (shown.size, colour_at(shown, 20, 5)) == ((40, 60), "red")


def test_a_phones_second_exposure_is_left_out():
    two = encoded(photo(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))])

    assert colour_at(reopened(read(two).as_webp(side=320)), 5, 5) == "red"


@pytest.mark.parametrize("size", [(3001, 3000), (13_000, 13_000), (15_000, 15_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_header_alone(size):
    # Nearly all of it is missing, so that decoding it would end as Broken: see below.
    with pytest.raises(images.TooManyPixels):
        read(cut_off_png(*size))


def test_fewer_pixels_are_decoded_and_then_found_broken():
    with pytest.raises(images.Broken):
        read(cut_off_png(3000, 3000))


@pytest.mark.parametrize("made", [{"mode": "CMYK"}, {"progressive": True}])
def test_a_jpeg_that_must_be_decoded_whole_has_the_smaller_limit(made):
    picture = Image.new(made.pop("mode", "L"), (3001, 3000))

    with pytest.raises(images.TooManyPixels):
        read(encoded(picture, "JPEG", **made))


def test_40_megapixels_are_fine():
    assert read(encoded(Image.new("L", (8000, 5000)), "JPEG")).width == 1024


def test_a_heavy_file_is_refused_whatever_its_size_says():
    upload = SimpleUploadedFile("cat.jpg", encoded(photo(), "JPEG") + bytes(images.HEAVIEST))
    upload.size = 10

    with pytest.raises(images.TooHeavy):
        images.read_picture(upload)


def gif() -> bytes:
    return encoded(photo(), "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40))])


@pytest.mark.parametrize(
    "content",
    [
        gif(),
        encoded(photo(), "BMP"),
        encoded(photo(), "TIFF"),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\x00\x00\x00\x18ftypavif",
        b"",
        b"RIFF",
    ],
    ids=["gif", "bmp", "tiff", "svg", "pdf", "zip", "avif", "empty", "riff"],
)
def test_other_formats_are_refused_whatever_their_name_says(content):
    with pytest.raises(images.WrongFormat):
        images.read_picture(SimpleUploadedFile("../../cat.jpg", content, content_type="image/jpeg"))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(kind):
    moving = encoded(photo(), kind, save_all=True, append_images=[Image.new("RGB", (60, 40))], duration=100)

    with pytest.raises(images.Moving):
        read(moving)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [12, 40, 0.5, 0.9])
def test_a_cut_off_file_is_refused(kind, kept):
    whole = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), kind)
    length = kept if isinstance(kept, int) else int(len(whole) * kept)

    with pytest.raises(images.Broken):
        read(whole[:length])


def test_a_cut_off_file_is_refused_also_where_a_library_asked_for_leniency(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # As WeasyPrint does when it is imported.
    whole = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), "JPEG")

    with pytest.raises(images.Broken):
        read(whole[: len(whole) // 2])


def test_a_picture_below_the_asked_size_is_refused():
    with pytest.raises(images.TooSmall):
        read(encoded(photo(400, 127), "PNG"), at_least=128)

    assert read(encoded(photo(400, 128), "PNG"), at_least=128).height == 128


def test_every_refusal_is_fit_to_read():
    reasons = images.UnusablePicture.__subclasses__()

    assert len({str(reason()) for reason in reasons}) == len(reasons) == 7


def test_a_stored_picture_is_answered_so_that_nothing_in_it_runs():
    stored = ContentFile(read(encoded(photo(), "PNG")).as_webp(side=320), name="x.webp")

    response = images.picture_response(stored, max_age=60)

    assert response.headers == {
        "Content-Type": "image/webp",
        "Cache-Control": "private, max-age=60",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }


def test_no_stored_picture_is_not_found():
    with pytest.raises(Http404):
        images.picture_response("", max_age=60)


def test_a_refusal_is_told_by_the_name_that_was_kept():
    assert images.words_of("Moving") == str(images.Moving())


@pytest.mark.parametrize("name", ["", "Refusal", "GoneSinceTheLastRelease"])
def test_a_name_that_is_none_gets_general_words(name):
    assert images.words_of(name) == "We can’t use this picture."


def test_more_is_kept_of_a_page_of_print():
    page = read(encoded(photo(2480, 3508), "PNG"), side=1800)

    assert reopened(page.as_webp(side=1800)).size == (1273, 1800)
