"""Several owners' tabs and several workers at once, on a database that really commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from clinics.tenancy import tenant
from pets import actions
from tests import factories
from tests.pets.cards import NOON, create_miso
from tests.pets.documents import ask, content_of, documents_of, work

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.CELERY_BROKER_URL = "memory://"
    return tmp_path


def test_of_several_workers_one_prints(willow, media):
    miso = create_miso(factories.create_owner(willow))
    document = ask(miso)
    gate = Barrier(4)

    def one(_number: int) -> None:
        gate.wait()
        work(document)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))

    assert ([one.state for one in documents_of(willow)], len(list(media.rglob("*.pdf")))) == (["ready"], 1)


def test_of_several_who_ask_at_once_there_is_one_document(willow):
    miso = create_miso(factories.create_owner(willow))
    content, gate = content_of(miso), Barrier(4)

    def one(number: int) -> int:
        gate.wait()
        with tenant(willow):
            document = actions.ask_for_document(content=content, form="sheet", now=NOON + timedelta(seconds=number))
        connection.close()
        return document.pk

    with ThreadPoolExecutor(4) as threads:
        asked = set(threads.map(one, range(4)))

    assert asked == {document.pk for document in documents_of(willow)}
    assert len(asked) == 1
