"""What the plugin does to tests: a cache for every process, and no browser test that is skipped unseen."""

import os

import pytest

from tools import pytest_servers


@pytest.fixture
def journey(request):
    item = pytest.Function.from_parent(request.node.parent, name="visit", callobj=lambda: None)
    item.add_marker("journey")
    return item


def marks_of(item):
    return [mark.name for mark in item.iter_markers()]


def test_tests_run_on_real_servers_in_the_demos_settings():
    assert os.environ["DATABASE_URL"].startswith("postgresql://")
    assert os.environ["PORTAL_DEMO"] == "1"


@pytest.mark.parametrize(("worker", "database"), [("gw0", 1), ("gw7", 8)])
def test_every_parallel_process_has_a_cache_of_its_own(monkeypatch, worker, database):
    monkeypatch.setenv("REDIS_URL", "unix:///s?db=1")
    monkeypatch.setenv(pytest_servers.OURS, "1")
    monkeypatch.setattr(pytest_servers, "WORKER", worker)

    pytest_servers._take_a_cache_of_our_own()

    assert os.environ["REDIS_URL"] == f"unix:///s?db={database}"


def test_a_cache_that_the_user_named_is_left_alone(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0?db=1")
    monkeypatch.delenv(pytest_servers.OURS, raising=False)
    monkeypatch.setattr(pytest_servers, "WORKER", "gw3")

    pytest_servers._take_a_cache_of_our_own()

    assert os.environ["REDIS_URL"] == "redis://elsewhere/0?db=1"


def test_journeys_share_one_process(journey, monkeypatch):
    monkeypatch.setenv("PORTAL_CHROMIUM", "/usr/bin/chromium")

    pytest_servers.pytest_collection_modifyitems([journey])

    assert marks_of(journey) == ["journey", "xdist_group"]


def test_without_a_browser_a_developers_journeys_are_skipped(journey, monkeypatch):
    monkeypatch.delenv("PORTAL_CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)

    pytest_servers.pytest_collection_modifyitems([journey])

    assert marks_of(journey) == ["journey", "skip", "xdist_group"]


def test_without_a_browser_ci_fails(journey, monkeypatch):
    monkeypatch.delenv("PORTAL_CHROMIUM", raising=False)
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.UsageError, match="No browser"):
        pytest_servers.pytest_collection_modifyitems([journey])
