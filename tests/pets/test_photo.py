"""A pet's photo: how it is kept, and who sees it."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clinics.tenancy import tenant
from pets import actions
from portal.kit.images import UnusablePicture
from tests import factories


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(willow):
    return factories.create_owner(willow)


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner)


def upload(colour: str = "red", name: str = "cat.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="text/html")


def give_photo(pet, colour: str = "red", name: str = "cat.jpg") -> None:
    with tenant(pet.clinic_id):
        actions.set_photo(pet=pet, upload=upload(colour, name))


def address(pet) -> str:
    return reverse("pets:photo", args=["willow", pet.pk])


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_photo_is_kept_square_as_webp_under_a_name_of_ours(miso, media):
    give_photo(miso, name="../../etc/pass\x00wd.html")

    (path,) = stored(media)
    with Image.open(path) as image:
        assert (image.format, image.size) == ("WEBP", (320, 320))
    assert path.parent == media / "pets" / str(miso.clinic_id)
    assert (path.suffix, len(path.stem)) == (".webp", 43)


def test_a_new_photo_takes_the_place_and_the_address_of_the_old(miso, media, django_capture_on_commit_callbacks):
    give_photo(miso)
    before = miso.photo_url

    with django_capture_on_commit_callbacks(execute=True):
        give_photo(miso, "blue")

    assert (len(stored(media)), miso.photo_url == before) == (1, False)


def test_a_refused_photo_leaves_the_old_one(miso, media):
    give_photo(miso)
    before = miso.photo.name

    with pytest.raises(UnusablePicture), tenant(miso.clinic_id):
        actions.set_photo(pet=miso, upload=SimpleUploadedFile("cat.jpg", b"<svg/>"))

    with tenant(miso.clinic_id):
        miso.refresh_from_db()
    assert (miso.photo.name, len(stored(media))) == (before, 1)


def test_a_removed_photo_leaves_the_icon(miso, media, django_capture_on_commit_callbacks):
    give_photo(miso)

    with django_capture_on_commit_callbacks(execute=True), tenant(miso.clinic_id):
        actions.remove_photo(pet=miso)

    assert (stored(media), miso.photo_url) == ([], "")


def test_removing_no_photo_is_no_error(miso):
    with tenant(miso.clinic_id):
        actions.remove_photo(pet=miso)

    assert miso.photo_url == ""


def test_the_owner_gets_the_photo_as_a_picture_that_runs_nothing(client, owner, miso):
    give_photo(miso)
    factories.sign_in(client, owner)

    response = client.get(address(miso))

    shown = Image.open(io.BytesIO(response.content))
    assert (response.status_code, shown.format) == (200, "WEBP")
    assert {
        name: response.headers[name]
        for name in ("Content-Type", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options")
    } == {
        "Content-Type": "image/webp",
        "Cache-Control": "private, max-age=86400",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def test_the_pages_show_the_photo(client, owner, miso):
    give_photo(miso)
    factories.sign_in(client, owner)

    pages = [client.get(path).content.decode() for path in ("/willow/pets/", f"/willow/pets/{miso.pk}/")]

    assert [page.count(f'<img src="{miso.photo_url}"') for page in pages] == [1, 1]
    assert client.get(miso.photo_url).status_code == 200


def test_a_remembered_pet_keeps_its_photo(client, owner):
    pepper = factories.create_pet(owner, deceased_on=date(2025, 1, 1))
    give_photo(pepper)
    factories.sign_in(client, owner)

    assert client.get(address(pepper)).status_code == 200


def test_without_a_photo_or_with_a_lost_one_there_is_none(client, owner, miso):
    factories.sign_in(client, owner)
    lost = factories.create_pet(owner, photo="pets/1/lost.webp")

    assert [client.get(address(pet)).status_code for pet in (miso, lost)] == [404, 404]


def test_nobody_else_gets_it(client, owner, miso, willow, harbour):
    give_photo(miso)
    deleted = factories.create_pet(owner, deleted_at=timezone.now())
    give_photo(deleted)
    theirs = factories.create_pet(factories.create_owner(harbour))
    give_photo(theirs)
    for_a_stranger = client.get(address(miso))
    factories.sign_in(client, factories.create_owner(willow))

    seen = client.get(address(miso), headers={"Range": "bytes=0-1", "If-None-Match": "*"})

    assert for_a_stranger.headers["Location"].startswith("/willow/sign-in/?next=")
    assert [seen.status_code, client.get(address(theirs)).status_code] == [404, 404]
    factories.sign_in(client, owner)
    assert client.get(address(deleted)).status_code == 404
