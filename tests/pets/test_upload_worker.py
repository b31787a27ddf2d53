"""What a worker makes of the photos that owners sent, and what becomes of those that it never saw."""

from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from clinics.models import ClinicState
from clinics.tenancy import tenant
from pets import actions, tasks
from pets.models import PetChange, Upload
from tests import factories
from tests.pets.uploads import cut_off_jpeg, finish, fresh, jpeg, rows, send, stored, worker_in_place

NOW = timezone.now()


@pytest.fixture
def miso(willow):
    return factories.create_pet(factories.create_owner(willow))


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def colour_of(pet) -> str:
    with Image.open(fresh(pet).photo.path) as image:
        red, _green, blue = image.convert("RGB").getpixel((9, 9))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def test_a_raw_file_waits_under_a_name_of_ours(miso, media):
    row = send(miso)

    (raw,) = stored(media)
    assert (row.state, raw.read_bytes(), fresh(miso).photo_url) == ("waiting", jpeg(), "")
    assert (raw.parent, len(raw.name)) == (media / "incoming" / str(miso.clinic_id), 43)


def test_a_worker_makes_both_sizes_and_the_raw_file_goes(miso, media, commits):
    row = send(miso)

    with commits():
        finish(row)

    assert (row.state, row.refusal, row.done_at is not None) == ("done", "", True)
    assert (colour_of(miso), len(stored(media, "pets")), stored(media, "incoming")) == ("red", 2, [])


def test_the_raw_file_stays_until_the_commit(miso, media):
    finish(send(miso))

    assert len(stored(media, "incoming")) == 1


def test_the_change_is_the_owners_at_the_time_of_sending(miso):
    finish(send(miso, at=NOW - timedelta(hours=1)))

    (change,) = rows(PetChange, miso.clinic_id)
    assert (change.kind, change.client_id, change.done_at) == ("photo", miso.owner_id, NOW - timedelta(hours=1))


def test_a_worker_that_runs_twice_changes_nothing_more(miso, media, commits):
    row = send(miso)
    with commits():
        finish(row)
    before = fresh(miso).photo.name

    with commits():
        finish(row)

    assert (fresh(miso).photo.name, len(stored(media)), len(rows(PetChange, miso.clinic_id))) == (before, 2, 1)


def test_what_the_header_hid_is_refused_and_the_old_photo_stays(miso, media, commits):
    with commits():
        finish(send(miso))
    before = fresh(miso).photo.name
    row = send(miso, cut_off_jpeg())

    with commits():
        finish(row)

    assert (row.state, row.refusal, fresh(miso).photo.name) == ("refused", "Broken", before)
    assert stored(media, "incoming") == []


def test_a_raw_file_that_is_gone_is_refused(miso, media):
    row = send(miso)
    stored(media)[0].unlink()

    assert (finish(row).state, row.refusal) == ("refused", "Broken")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_sent_one_after_the_other_the_last_one_stays(miso, order):
    sent = [send(miso, jpeg("red"), at=NOW), send(miso, jpeg("blue"), at=NOW + timedelta(seconds=1))]

    for place in order:
        finish(sent[place])

    assert ([row.state for row in sent], colour_of(miso)) == (["done", "done"], "blue")


def test_a_crash_leaves_it_waiting(miso, media):
    row = send(miso)
    (media / "pets").write_text("a full disk, as it were")

    with pytest.raises(OSError, match="pets"):
        finish(row)

    assert (fresh(row).state, len(stored(media, "incoming"))) == ("waiting", 1)


def test_a_suspended_clinics_files_wait(miso, willow):
    row = send(miso)
    willow.state = ClinicState.SUSPENDED
    willow.save()

    assert finish(row).state == "waiting"


def test_the_nudge_comes_with_the_commit(miso, commits):
    with worker_in_place(), commits():
        row = send(miso)

    assert fresh(row).state == "done"


def test_the_sweep_finds_what_was_lost_at_each_clinic(miso, harbour):
    theirs = factories.create_pet(factories.create_owner(harbour))
    sent = [send(pet, at=timezone.now() - timedelta(seconds=age)) for pet in (miso, theirs) for age in (61, 50)]

    with worker_in_place():
        tasks.sweep_uploads.delay()

    assert [fresh(row).state for row in sent] == ["done", "waiting", "done", "waiting"]


def test_one_clinics_trouble_is_not_the_others(miso, harbour, media, settings):
    theirs = factories.create_pet(factories.create_owner(harbour))
    sent = [send(pet, at=timezone.now() - timedelta(hours=1)) for pet in (miso, theirs)]
    (media / "pets").mkdir()
    (media / "pets" / str(miso.clinic_id)).write_text("a full disk, as it were")

    with worker_in_place():
        tasks.sweep_uploads.delay()

    assert [fresh(row).state for row in sent] == ["waiting", "done"]


def test_what_no_worker_could_finish_in_a_day_is_given_up(miso):
    row = send(miso, at=NOW - timedelta(days=1, seconds=1))

    with tenant(miso.clinic_id):
        lost = actions.tidy_uploads(clinic=miso.clinic, now=NOW)

    assert (lost, fresh(row).state, row.refusal) == ([], "refused", "Broken")


def test_rows_and_raw_files_are_kept_for_a_week(miso, media, commits):
    old, young = (finish(send(miso)) for _number in range(2))
    with commits(), tenant(miso.clinic_id):
        Upload.objects.filter(pk=old.pk).update(done_at=NOW - timedelta(days=7, seconds=1))

        actions.tidy_uploads(clinic=miso.clinic, now=NOW)

    assert ([row.pk for row in rows(Upload, miso.clinic_id)], len(stored(media, "incoming"))) == ([young.pk], 1)


def test_tasks_accept_what_a_newer_release_may_add(miso):
    row = send(miso)

    tasks.finish_upload(clinic_id=miso.clinic_id, upload_id=row.pk, added_later=True)
    tasks.sweep_uploads(added_later=True)

    assert fresh(row).state == "done"


def test_the_sweep_is_on_the_timetable(settings):
    assert settings.CELERY_BEAT_SCHEDULE["sweep-uploads"]["task"] == tasks.sweep_uploads.name
