"""The camera button: a photo is sent, prepared while the page waits, and shown or refused."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from pets.actions.uploads import UPLOADS_A_DAY
from pets.models import Upload
from tests import factories
from tests.kit.pictures import HEIC, cut_off_png, gif_of_150_frames
from tests.pets.uploads import cut_off_jpeg, finish, fresh, jpeg, rows, send, stored, upload, worker_in_place

PIECE = {"HX-Request": "true"}


@pytest.fixture
def miso(owner):
    return factories.create_pet(owner, name="Miso")


def address(name: str, pet) -> str:
    return reverse(f"pets:{name}", args=["willow", pet.pk])


def post(browser, pet, file=None):
    return browser.post(address("photo", pet), {"photo": upload() if file is None else file})


def test_a_sent_photo_leads_back_to_the_page_which_says_so(signed_in, miso):
    response = post(signed_in, miso)

    page = signed_in.get(response.headers["Location"]).content.decode()
    assert (response.status_code, response.headers["Location"]) == (303, address("pet", miso))
    assert page.count("Your photo is being prepared.") == 1
    assert page.count(f'hx-get="{address("photo_progress", miso)}"') == 1


def test_a_large_photo_is_taken_in_from_the_disk(signed_in, miso, media):
    response = post(signed_in, miso, upload(jpeg() + bytes(14_000_000)))

    assert (response.status_code, stored(media)[0].stat().st_size > 14_000_000) == (303, True)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00.jpg", "\u202egpj.exe", "x" * 300 + ".jpg", "<b>.svg"])
def test_the_browsers_name_is_not_used(signed_in, miso, media, name):
    response = post(signed_in, miso, upload(name=name))

    assert (response.status_code, [len(path.name) for path in stored(media)]) == (303, [43])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This isn’t a picture we can use."),
        (b"<svg onload=alert(1)>", "This isn’t a picture we can use."),
        (b"PK\x03\x04", "This isn’t a picture we can use."),
        (gif_of_150_frames(), "This isn’t a picture we can use."),
        (cut_off_png(13_000, 13_000), "This picture has too many pixels."),
        (jpeg() + bytes(15 * 1024 * 1024), "This file is larger than 15 MB."),
        (jpeg()[:20], "the file may be damaged."),
    ],
    ids=["empty", "svg", "zip", "150 frames", "bomb", "heavy", "truncated"],
)
def test_a_file_that_lies_is_refused_in_words(signed_in, miso, media, content, words):
    response = post(signed_in, miso, upload(content))

    html = response.content.decode()
    assert (response.status_code, html.count(words), "<title>Error:" in html) == (422, 1, True)
    assert (rows(Upload, miso.clinic_id), stored(media)) == ([], [])


def test_no_file_is_refused_in_words(signed_in, miso):
    responses = [signed_in.post(address("photo", miso), fields) for fields in ({}, {"photo": "text"})]

    assert [(one.status_code, "Choose a photo first." in one.content.decode()) for one in responses] == [
        (422, True)
    ] * 2


def test_a_heic_photo_is_taken(signed_in, miso):
    post(signed_in, miso, upload(HEIC, "IMG_0001.HEIC"))

    (row,) = rows(Upload, miso.clinic_id)
    assert finish(row).state == "done"


def test_more_than_twenty_a_day_are_refused_until_tomorrow(signed_in, miso):
    for _number in range(UPLOADS_A_DAY):
        send(miso)

    refused = post(signed_in, miso)

    assert (refused.status_code, "You’ve sent 20 files within a day." in refused.content.decode()) == (422, True)
    assert len(rows(Upload, miso.clinic_id)) == UPLOADS_A_DAY


def test_those_of_yesterday_do_not_count(signed_in, miso):
    for _number in range(UPLOADS_A_DAY):
        send(miso, at=timezone.now() - timedelta(hours=24, seconds=1))

    assert post(signed_in, miso).status_code == 303


def test_while_it_waits_the_page_is_left_alone(signed_in, miso):
    send(miso)

    assert signed_in.get(address("photo_progress", miso), headers=PIECE).status_code == 204


def test_when_it_is_done_the_piece_shows_it(signed_in, miso):
    finish(send(miso))

    response = signed_in.get(address("photo_progress", miso), headers=PIECE)

    html = response.content.decode()
    assert (response.status_code, html.lstrip().startswith('<div class="head-photo" id="photo">')) == (200, True)
    assert (html.count(fresh(miso).photo_url), html.count("The new photo is here."), "hx-get" in html) == (1, 1, False)


def test_when_it_is_refused_the_piece_and_the_page_say_why(signed_in, miso):
    finish(send(miso, cut_off_jpeg()))

    pages = [
        signed_in.get(address("photo_progress", miso), headers=PIECE).content.decode(),
        signed_in.get(address("pet", miso)).content.decode(),
    ]

    assert [page.count("the file may be damaged") for page in pages] == [1, 1]


def test_a_day_later_the_refusal_is_not_told_any_more(signed_in, miso):
    finish(send(miso, cut_off_jpeg(), at=timezone.now() - timedelta(days=1, minutes=1)))

    assert "the file may be damaged" not in signed_in.get(address("pet", miso)).content.decode()


def test_what_takes_long_says_so_and_is_asked_for_no_more(signed_in, miso):
    send(miso, at=timezone.now() - timedelta(seconds=61))

    html = signed_in.get(address("photo_progress", miso), headers=PIECE).content.decode()

    assert ("takes longer than usual" in html, "hx-get" in html) == (True, False)


def test_a_lost_nudge_is_given_again_by_the_page_that_waits(signed_in, miso):
    row = send(miso, at=timezone.now() - timedelta(seconds=6))

    with worker_in_place():
        answers = [signed_in.get(address("photo_progress", miso), headers=PIECE).status_code for _second in range(2)]

    assert (answers, fresh(row).state) == ([204, 200], "done")


def test_a_fresh_one_is_not_nudged_again(signed_in, miso):
    row = send(miso)

    with worker_in_place():
        signed_in.get(address("photo_progress", miso), headers=PIECE)

    assert fresh(row).state == "waiting"


def test_without_javascript_looking_again_is_the_page(signed_in, miso):
    response = signed_in.get(address("photo_progress", miso))

    assert (response.status_code, response.headers["Location"]) == (303, address("pet", miso))


def test_a_removed_photo_leaves_the_icon(signed_in, miso):
    finish(send(miso))

    response = signed_in.post(address("photo_remove", miso))

    page = signed_in.get(response.headers["Location"]).content.decode()
    assert (response.status_code, page.count("Miso’s photo is removed")) == (303, 1)
    assert (fresh(miso).photo_url, "Remove photo" in page) == ("", False)


def test_reading_an_address_changes_nothing(signed_in, miso):
    assert signed_in.get(address("photo_remove", miso)).status_code == 405
    assert [signed_in.post(address(name, miso)).status_code for name in ("photo_small", "photo_progress")] == [405] * 2


def test_where_clients_manage_no_pets_photos_are_only_shown(signed_in, miso, willow):
    finish(send(miso))
    willow.has_pet_management = False
    willow.save()

    changes = [post(signed_in, miso), signed_in.post(address("photo_remove", miso))]

    page = signed_in.get(address("pet", miso)).content.decode()
    assert [answer.status_code for answer in changes] == [404, 404]
    assert signed_in.get(address("photo_progress", miso), headers=PIECE).status_code == 404
    assert [signed_in.get(address(name, miso)).status_code for name in ("photo", "photo_small")] == [200, 200]
    assert ('type="file"' in page, "Remove photo" in page) == (False, False)


def test_a_remembered_pet_keeps_the_photo_that_it_has(signed_in, owner):
    pepper = factories.create_pet(owner, deceased_on=timezone.localdate())

    assert post(signed_in, pepper).status_code == 404


def test_a_neighbours_pet_takes_no_photo(signed_in, willow, harbour, media):
    others = [factories.create_pet(factories.create_owner(clinic)) for clinic in (willow, harbour)]

    assert [post(signed_in, pet).status_code for pet in others] == [404, 404]
    assert stored(media) == []


def test_what_sending_a_photo_costs(signed_in, miso, statements):
    file = SimpleUploadedFile("cat.jpg", jpeg())

    # Clinic, device, pet; the client held, files of the day counted; the row.
    with statements(6):
        post(signed_in, miso, file)
