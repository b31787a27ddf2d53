"""Several at once, on a database that really commits."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from pets import tasks
from pets.actions import TooManyUploads
from pets.actions.uploads import UPLOADS_A_DAY
from pets.models import PetChange, Upload
from tests import factories
from tests.pets.uploads import fresh, jpeg, rows, send, stored
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()


@pytest.fixture
def miso(willow):
    return factories.create_pet(factories.create_owner(willow))


def test_two_workers_with_one_photo_make_it_once(miso, media):
    row = send(miso)

    at_once(*[lambda: tasks.finish_upload(clinic_id=row.clinic_id, upload_id=row.pk)] * 4)

    assert (fresh(row).state, len(rows(PetChange, miso.clinic_id)), len(stored(media))) == ("done", 1, 2)


def test_two_photos_of_one_pet_leave_one_photo_and_no_stray_files(miso, media):
    sent = [
        send(miso, jpeg(colour), at=NOW + timedelta(seconds=place))
        for place, colour in enumerate(["red", "green", "blue"])
    ]

    at_once(*[lambda row=row: tasks.finish_upload(clinic_id=row.clinic_id, upload_id=row.pk) for row in sent])

    assert [fresh(row).state for row in sent] == ["done", "done", "done"]
    assert [path.name for path in stored(media)] == sorted(
        Path(name).name for name in (fresh(miso).photo.name, miso.thumbnail_name)
    )
    assert max(change.done_at for change in rows(PetChange, miso.clinic_id)) == sent[-1].sent_at


def test_the_twentieth_of_a_day_is_sent_once(miso):
    for _number in range(UPLOADS_A_DAY - 1):
        send(miso)

    answers = at_once(*[lambda: send(miso)] * 4)

    assert sum(isinstance(answer, TooManyUploads) for answer in answers) == 3
    assert len(rows(Upload, miso.clinic_id)) == UPLOADS_A_DAY
