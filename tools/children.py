"""Starting programs that never outlive us, whatever ends us: Ctrl-C, a closed terminal, even kill -9.

Each child has a session of its own, so Ctrl-C in a terminal reaches us alone and we choose the order in
which things stop. For the death that can't be caught, Linux sends the child a signal when its parent is
gone; elsewhere a guard, one tiny process for each child, does the same.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

KERNEL_TELLS_ORPHANS = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if KERNEL_TELLS_ORPHANS else None

# The guard's standard input is a pipe that only we hold open: it ends when we do.
GUARD = "import os, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), int(sys.argv[2]))"


@dataclass(frozen=True)
class Account:
    """Whom a program runs as, where that isn't us."""

    uid: int
    gid: int


def account_for_servers() -> Account | None:
    """PostgreSQL refuses to run as root, so root lends it a lesser account. None: run it as ourselves."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise SystemExit("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as.")


class Child:
    """A running program that is told to stop when we end, in whichever way."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        account: Account | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
        output: IO[bytes] | int | None = None,
    ) -> None:
        self.stop_signal = stop_signal
        self.popen = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=end_with_parent(stop_signal),  # noqa: PLW1509 - one call into libc, no lock taken
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        self.guard = None if KERNEL_TELLS_ORPHANS else self._post_guard()

    def _post_guard(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", GUARD, str(self.popen.pid), str(int(self.stop_signal))]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def ended(self) -> bool:
        return self.popen.poll() is not None

    def ask_to_stop(self) -> None:
        """Send the signal and don't wait. A program that has ended already is left alone."""
        if not self.ended():
            self.popen.send_signal(self.stop_signal)

    def stop(self, *, patience: float = 10.0) -> int:
        """Ask it, wait, and after `patience` seconds end its whole session. Returns its exit code."""
        self.ask_to_stop()
        try:
            self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.popen.pid, signal.SIGKILL)
        if self.guard:
            self.guard.kill()
            self.guard.communicate()
            self.guard = None
        return self.popen.wait()


def end_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """What a new child does before it becomes its program: ask the kernel to tell it when we are gone."""
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # We died between fork and prctl, and the kernel won't tell any more.
            os._exit(1)

    return ask_the_kernel


def end_with_make() -> None:
    """`kill -9` of make leaves us as an orphan, and with us all we started: end with it."""
    if _libc is not None and "MAKELEVEL" in os.environ:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
