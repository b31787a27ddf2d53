"""The demo takes seconds to make, so the tests of a file look at the same one. Each takes back what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from clinics.models import Clinic

# In the morning of a Wednesday in spring, with no change of the clocks near.
WEDNESDAY = datetime.fromisoformat("2026-04-15T11:15:00+01:00")
Seeding = Callable[[Path, datetime | None], Any]


def run_seed(folder: Path, moment: datetime | None) -> str:
    """What the command says. With a moment, it is that moment."""
    out = StringIO()
    hurry = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(MEDIA_ROOT=folder, **hurry):
        if moment is None:
            call_command("seed_demo", stdout=out)
        else:
            with time_machine.travel(moment, tick=False):
                call_command("seed_demo", stdout=out)
    return out.getvalue()


@contextmanager
def _kept(blocker: Any, folder: Path, moment: datetime | None) -> Iterator[str]:
    with blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        said = run_seed(folder, moment)
        with blocker.block():
            yield said
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo of this moment; what the command said."""
    with _kept(django_db_blocker, tmp_path_factory.mktemp("media"), None) as said:
        yield said


@pytest.fixture(scope="module")
def seeded_on_wednesday(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with _kept(django_db_blocker, tmp_path_factory.mktemp("media"), WEDNESDAY) as said:
        yield said


def clinics() -> dict[str, Clinic]:
    return {clinic.slug: clinic for clinic in Clinic.objects.all()}


@pytest.fixture
def demo(seeded: str, db: None) -> dict[str, Clinic]:
    """Its clinics by their addresses."""
    return clinics()


@pytest.fixture
def wednesday(seeded_on_wednesday: str, db: None) -> dict[str, Clinic]:
    """The clinics of a demo that was made on WEDNESDAY."""
    return clinics()
