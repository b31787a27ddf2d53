"""The benchmarks are run by hand, so a test sees to it that they still can be: each loads, and the floor answers."""

import importlib
import os
import pkgutil
import subprocess
import sys

import pytest

import bench
from bench import __main__ as bench_command

MODULES = sorted(
    name for _finder, name, _is_package in pkgutil.iter_modules(bench.__path__) if name not in {"floor", "served"}
)
FLOOR_ASKS_TO_SIGN_IN = """
from bench.site import Request, _answer, _environ
from django.core.wsgi import get_wsgi_application
print(_answer(get_wsgi_application(), _environ(Request(path="/")))[0])
"""


@pytest.mark.parametrize("name", MODULES)
def test_a_benchmark_can_be_loaded(name):
    module = importlib.import_module(f"bench.{name}")

    assert module.__doc__


def test_every_benchmark_is_run_by_the_command():
    measuring = [name for name in MODULES if hasattr(importlib.import_module(f"bench.{name}"), "measure")]

    assert sorted(bench_command.ALL) == measuring


def test_the_floor_answers():
    # A process of its own, for it has settings of its own. A stranger is turned away before any statement.
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.floor.settings"}

    answer = subprocess.run([sys.executable, "-c", FLOOR_ASKS_TO_SIGN_IN], env=env, capture_output=True, text=True)

    assert answer.stdout.strip() == "302", answer.stderr
