"""Starting our tools from a test, as a terminal would, and watching what they leave behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
OF_THE_TESTS = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "PORTAL_STATE_DIR", "MAKELEVEL", "PORT")


def start(*words: str, **variables: str) -> subprocess.Popen[str]:
    """A Python of ours that knows nothing of the servers that the tests themselves run on."""
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS} | variables
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def read_until(program: subprocess.Popen[str], wanted: str) -> list[str]:
    """The lines that it printed, up to the one that starts so."""
    assert program.stdout
    lines = []
    for line in program.stdout:
        lines.append(line.rstrip())
        if line.startswith(wanted):
            return lines
    raise AssertionError(f"It ended before it said {wanted!r}:\n" + "\n".join(lines))


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def becomes_true(question: Callable[[], bool], *, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
