"""PostgreSQL and Valkey for as long as a `with` block lasts, and the settings that point at them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tools import state
from tools.postgres import Postgres
from tools.valkey import Valkey

# Settings for tests, where the caller's environment doesn't say otherwise. The keys open nothing.
FOR_TESTS = {
    "SECRET_KEY": "only-for-tests-" + "0123456789" * 4,
    "PORTAL_KEYS": "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtISE=",
    "PORTAL_URL": "http://testserver",
    "PORTAL_DEMO": "1",
    "DEBUG": "0",
}
# What an operator would set, for the checks before a deployment.
LIKE_PRODUCTION = {
    **FOR_TESTS,
    "PORTAL_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_DEMO": "0",
}


@contextmanager
def running(folder: Path, *, fast: bool = False) -> Iterator[dict[str, str]]:
    """Start the servers that the environment names no address for, and yield their addresses."""
    with ExitStack() as stack:
        if "DATABASE_URL" not in given(os.environ):
            postgres = Postgres(folder / "postgres", fast=fast)
            stack.callback(postgres.stop)
            postgres.start()
        if "REDIS_URL" not in given(os.environ):
            valkey = Valkey(folder / "valkey")
            stack.callback(valkey.stop)
            valkey.start()
        yield addresses_in(folder)


@contextmanager
def temporary(*, fast: bool) -> Iterator[dict[str, str]]:
    """Servers on a folder of their own that is gone afterwards, so that a running demo isn't disturbed."""
    folder, held = state.temporary_folder()
    with held:
        try:
            with running(folder, fast=fast) as addresses:
                yield addresses | {"PORTAL_STATE_DIR": str(folder)}
        finally:
            state.remove(folder)


def addresses_in(folder: Path) -> dict[str, str]:
    """What our servers on this folder are called, but for those that the environment names already."""
    addresses: dict[str, str] = {}
    if "DATABASE_URL" not in given(os.environ):
        addresses["DATABASE_URL"] = Postgres(folder / "postgres").url
    if "REDIS_URL" not in given(os.environ):
        valkey = Valkey(folder / "valkey")
        addresses |= {"REDIS_URL": valkey.cache_url, "CELERY_BROKER_URL": valkey.broker_url}
    return addresses


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """An empty variable says as little as none."""
    return {name: value for name, value in environment.items() if value}
