"""Commands that need servers beside them: `manage …` on the demo's data, `bench` on fresh ones."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tools import servers, state

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # So that being terminated stops the servers in order.
    what, *rest = arguments
    return bench(rest) if what == "bench" else manage(rest)


def manage(arguments: list[str]) -> int:
    """Run manage.py on the demo's data: beside a demo that is running, else with its servers."""
    folder = state.demo_folder()
    env = (
        servers.FOR_TESTS
        | {"PORTAL_URL": "http://127.0.0.1:8000"}
        | state.secrets_of(folder)
        | servers.given(os.environ)
        | {"PORTAL_STATE_DIR": str(folder)}
    )
    command = [sys.executable, "manage.py", *arguments]
    if state.is_held(folder):
        return subprocess.run(command, cwd=ROOT, env=env | servers.addresses_in(folder)).returncode
    with state.hold(folder), servers.running(folder) as addresses:
        return subprocess.run(command, cwd=ROOT, env=env | addresses).returncode


def bench(arguments: list[str]) -> int:
    """Measure on servers that wait for the disk, as production's do."""
    with servers.temporary(fast=False) as addresses:
        env = servers.FOR_TESTS | servers.given(os.environ) | addresses
        return subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
