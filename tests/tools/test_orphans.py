"""Whatever ends us, nothing that we started outlives us."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.programs import becomes_true, is_running, read_until, start
from tools import children, state
from tools.children import Child

SERVERS = """
import os, psutil, time
from tools import servers
with servers.temporary(fast=True) as addresses:
    print(addresses["PORTAL_STATE_DIR"], flush=True)
    print("started", *[child.pid for child in psutil.Process().children(recursive=True)], flush=True)
    time.sleep(60)
"""
WITHOUT_THE_KERNEL = """
import sys, time
from tools import children, state
children.KERNEL_TELLS_ORPHANS, children._libc = False, None
child = children.Child([sys.executable, "-c", "import time; time.sleep(60)"])
print("started", child.pid, child.guard.pid, flush=True)
time.sleep(60)
"""


def pids_in(lines):
    return [int(word) for word in lines[-1].removeprefix("started ").split()]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_servers_end_with_the_process_that_started_them(end):
    with start("-c", SERVERS) as program:
        folder, *lines = read_until(program, "started")
        pids = pids_in(lines)
        assert len(pids) > 2

        program.send_signal(end)

    assert becomes_true(lambda: not any(is_running(pid) for pid in pids))
    state.remove(Path(folder))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_where_the_kernel_tells_nobody_a_guard_does(end):
    with start("-c", WITHOUT_THE_KERNEL) as program:
        pids = pids_in(read_until(program, "started"))

        program.send_signal(end)

    assert becomes_true(lambda: not any(is_running(pid) for pid in pids))


def test_the_guard_goes_when_its_child_has_been_stopped(monkeypatch):
    monkeypatch.setattr(children, "KERNEL_TELLS_ORPHANS", False)
    child = Child([sys.executable, "-c", "import time; time.sleep(60)"])
    assert child.guard
    guard = child.guard.pid

    code = child.stop()

    assert code == -signal.SIGTERM
    assert not is_running(guard)


def test_a_child_that_does_not_listen_is_ended_with_its_whole_session():
    deaf = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True);"
        "time.sleep(60)"
    )
    child = Child([sys.executable, "-c", deaf], output=subprocess.PIPE)
    assert child.popen.stdout
    grandchild = int(child.popen.stdout.readline())

    code = child.stop(patience=0.1)

    child.popen.stdout.close()
    assert code == -signal.SIGKILL
    assert becomes_true(lambda: not is_running(grandchild))
