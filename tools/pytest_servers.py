"""A pytest plugin (see addopts in pyproject.toml): servers and settings for tests, before Django is set up.

Only the process that the user started does it; the parallel ones of pytest-xdist inherit its environment.
"""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE

import pytest

from tools import browser, servers
from tools.children import Child

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw0", "gw1", …; empty where the user started pytest.
OURS = "PORTAL_TEST_SERVERS"  # Set where the cache is ours to divide among the parallel processes.
_until_the_end = ExitStack()
_collecting_static_files: list[Child] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    # A wrapper comes before pytest-django's own hook, which reads the settings.
    if WORKER:
        _take_a_cache_of_our_own()
    else:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # Being terminated cleans up as well.
        _prepare()
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    journeys = [item for item in items if item.get_closest_marker("journey")]
    if journeys and "PORTAL_CHROMIUM" not in os.environ:
        lacking = f"No browser for the browser tests. Paste:  {browser.what_to_paste()}"
        if os.environ.get("CI") == "true":
            raise pytest.UsageError(lacking)  # A skip would look like success.
        for item in journeys:
            item.add_marker(pytest.mark.skip(reason=lacking))
    for item in journeys:
        item.add_marker(pytest.mark.xdist_group("journey"))  # All in one process, see tools/suite.py.


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    # Not earlier: it takes seconds, in which the tests were imported.
    for child in _collecting_static_files:
        said, _ = child.popen.communicate()
        if child.popen.returncode:
            print(f"collectstatic failed, so pages will fail:\n{said.decode()}", file=sys.stderr)


def pytest_unconfigure() -> None:
    _until_the_end.close()


def _prepare() -> None:
    for name, value in servers.FOR_TESTS.items():
        os.environ.setdefault(name, value)
    # Playwright keeps an event loop in the thread that runs the tests; Django would take that for async code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if chromium := browser.find():
        os.environ["PORTAL_CHROMIUM"] = chromium
    addresses = _until_the_end.enter_context(servers.temporary(fast=True))
    if "REDIS_URL" in addresses:
        os.environ[OURS] = "1"
    os.environ.update(addresses)
    # Pages name their styles by a hash of the content, as in production, so these must be collected.
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    _collecting_static_files.append(Child(command, env=os.environ, cwd=ROOT, output=PIPE))
    _until_the_end.callback(_collecting_static_files[0].stop)


def _take_a_cache_of_our_own() -> None:
    """Parallel processes share the server but not a database in it, or one would clear another's cache."""
    if os.environ.get(OURS):
        number = int(WORKER.removeprefix("gw"))
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("?db=1", f"?db={number + 1}")
