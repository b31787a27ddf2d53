"""What every test may ask for. `client` is Django's; a person is `owner`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import Clinic
from tests import factories

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT", "SET CONSTRAINTS")
# Closing a clinic again is needed only within a test's own transaction.
CLOSING = "SELECT set_config('app.clinic_id', '', true)"


@pytest.fixture
def willow(db: None) -> Clinic:
    return factories.create_clinic("willow", name="Willow & Pine Veterinary", time_zone="Europe/London", country="GB")


@pytest.fixture
def harbour(db: None) -> Clinic:
    return factories.create_clinic(
        "harbour",
        name="Harbour Street Animal Hospital",
        time_zone="America/New_York",
        country="US",
        phone="+12025550142",
    )


@pytest.fixture
def statements() -> Callable[..., object]:
    """`with statements(3):` exactly so many statements reach PostgreSQL, transactions not counted."""

    @contextmanager
    def exactly(expected: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        sql = [query["sql"] for query in captured if not query["sql"].startswith((*TRANSACTION_WORDS, CLOSING))]
        assert len(sql) == expected, "\n".join([f"{len(sql)} statements:", *sql])

    return exactly


@pytest.fixture(autouse=True)
def _in_a_hurry(settings: Any) -> None:
    """What is slow on purpose, or worth its time once a process, is not worth it once a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Else every test's client would list all static files before its first request.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()
