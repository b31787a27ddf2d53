"""A pet's photo: how it is kept, and who sees it."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from clinics.tenancy import tenant
from pets import actions
from pets.models import PetChange
from portal.kit.images import UnusablePicture
from tests import factories


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner)


def upload(colour: str = "red", name: str = "cat.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="text/html")


def give_photo(pet, colour: str = "red", name: str = "cat.jpg", **said) -> None:
    with tenant(pet.clinic_id):
        actions.set_photo(pet=pet, upload=upload(colour, name), **{"by": None, "now": timezone.now()} | said)


def size_of(response) -> tuple[int, int]:
    return Image.open(io.BytesIO(response.content)).size


def address(pet) -> str:
    return reverse("pets:photo", args=["willow", pet.pk])


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_photo_is_kept_square_as_webp_under_a_name_of_ours(miso, media):
    give_photo(miso, name="../../etc/pass\x00wd.html")

    large, small = sorted(stored(media), key=lambda path: len(path.name))
    for path, side in ((large, 320), (small, 128)):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (side, side))
    assert large.parent == media / "pets" / str(miso.clinic_id)
    assert (large.suffix, len(large.stem), small) == (".webp", 43, large.with_stem(f"{large.stem}-small"))


def test_a_new_photo_takes_the_place_and_the_address_of_the_old(miso, media, django_capture_on_commit_callbacks):
    give_photo(miso)
    before = miso.photo_url

    with django_capture_on_commit_callbacks(execute=True):
        give_photo(miso, "blue")

    assert (len(stored(media)), miso.photo_url == before) == (2, False)


def test_a_photo_that_was_sent_before_the_one_that_is_there_comes_too_late(miso, media):
    now = timezone.now()
    give_photo(miso, now=now)
    before = miso.photo.name

    give_photo(miso, "blue", now=now - timedelta(seconds=1))

    assert (miso.photo.name, len(stored(media))) == (before, 2)


def test_a_photo_that_was_sent_before_the_last_one_was_removed_stays_away(miso):
    now = timezone.now()
    give_photo(miso, now=now - timedelta(seconds=2))
    with tenant(miso.clinic_id):
        actions.remove_photo(pet=miso, by=None, now=now)

    give_photo(miso, now=now - timedelta(seconds=1))

    assert miso.photo_url == ""


def test_who_gave_and_removed_it_and_when_is_kept(miso, owner):
    now = timezone.now()

    give_photo(miso, by=owner, now=now)
    with tenant(miso.clinic_id):
        actions.remove_photo(pet=miso, by=owner, now=now)

    with tenant(miso.clinic_id):
        kept = PetChange.objects.filter(pet=miso).order_by("pk").values_list("kind", "client", "done_at")
        assert list(kept) == [("photo", owner.pk, now), ("photo_removed", owner.pk, now)]


def test_a_refused_photo_leaves_the_old_one(miso, media):
    give_photo(miso)
    before = miso.photo.name

    with pytest.raises(UnusablePicture), tenant(miso.clinic_id):
        actions.set_photo(pet=miso, upload=SimpleUploadedFile("cat.jpg", b"<svg/>"), by=None, now=timezone.now())

    with tenant(miso.clinic_id):
        miso.refresh_from_db()
    assert (miso.photo.name, len(stored(media))) == (before, 2)


def test_a_removed_photo_leaves_the_icon(miso, media, django_capture_on_commit_callbacks):
    give_photo(miso)

    with django_capture_on_commit_callbacks(execute=True), tenant(miso.clinic_id):
        actions.remove_photo(pet=miso, by=None, now=timezone.now())

    assert (stored(media), miso.photo_url) == ([], "")


def test_removing_no_photo_is_no_error(miso):
    with tenant(miso.clinic_id):
        actions.remove_photo(pet=miso, by=None, now=timezone.now())

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


def test_lists_show_the_small_one_and_the_page_the_large_one(client, owner, miso):
    give_photo(miso)
    factories.sign_in(client, owner)

    pages = [client.get(path).content.decode() for path in ("/willow/pets/", f"/willow/pets/{miso.pk}/")]

    shown = [
        page.count(f'<img src="{url}"') for page, url in zip(pages, (miso.thumbnail_url, miso.photo_url), strict=True)
    ]
    assert shown == [1, 1]
    assert [size_of(client.get(url)) for url in (miso.thumbnail_url, miso.photo_url)] == [(128, 128), (320, 320)]


def test_a_photo_from_before_there_were_two_sizes_is_shown_in_lists_too(client, owner, miso):
    give_photo(miso)
    miso.photo.storage.delete(miso.thumbnail_name)
    factories.sign_in(client, owner)

    assert size_of(client.get(miso.thumbnail_url)) == (320, 320)


def test_a_remembered_pet_keeps_its_photo(client, owner):
    pepper = factories.create_pet(owner, deceased_on=date(2025, 1, 1))
    give_photo(pepper)
    factories.sign_in(client, owner)

    assert client.get(address(pepper)).status_code == 200


def test_without_a_photo_or_with_a_lost_one_there_is_none(client, owner, miso):
    factories.sign_in(client, owner)
    lost = factories.create_pet(owner, photo="pets/1/lost.webp")

    assert [client.get(address(pet)).status_code for pet in (miso, lost)] == [404, 404]
    assert [client.get(f"{address(pet)}small/").status_code for pet in (miso, lost)] == [404, 404]


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
