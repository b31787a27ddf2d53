"""`make demo`: servers, migrations, made-up clinics, web and worker in one foreground command."""

import hashlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE
from types import FrameType
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from tools import pango, servers, state
from tools.children import Child, end_with_make

ROOT = Path(__file__).resolve().parent.parent
STATIC_STAMP = "collected-from"  # The file that notes what the static files were collected from.
PATIENCE = 60.0  # seconds until the first page must answer
WELCOME = """\
Open {url}/
{seeded}
Messages and sign-in codes appear on {url}/demo/messages/
Ctrl-C stops everything; make demo RESET=1 begins anew.   (ready in {seconds:.1f} s)"""


class Stopped(Exception):
    """Somebody asked us to stop, or something we need has failed. Its text, if any, is worth reading."""


class Demo:
    """The programs that we started, what they say, and whether it is time to stop them."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.running: dict[str, Child] = {}
        self.pumps: dict[str, threading.Thread] = {}
        self.said: dict[str, list[str]] = {}

    def obey_signals(self) -> None:
        # The event is set and nothing is raised: no step is left half done.
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)

    def start(self, name: str, *command: str | Path, env: dict[str, str], quietly: bool = False) -> Child:
        """Start a program and pass on what it says, at once or (`quietly`) only when somebody asks."""
        child = self.running[name] = Child([sys.executable, *command], env=env, cwd=ROOT, output=PIPE)
        self.said[name] = []
        pump = self.pumps[name] = threading.Thread(target=self._pump, args=(name, child, quietly), daemon=True)
        pump.start()
        return child

    def _pump(self, name: str, child: Child, quietly: bool) -> None:
        assert child.popen.stdout
        with child.popen.stdout as words:
            for word in words:
                line = word.decode(errors="replace").rstrip()
                if quietly:
                    self.said[name].append(line)
                else:
                    _say(f"{name:<7} | {line}")

    def finish(self, name: str) -> str:
        """Wait for a program that ends by itself, as `migrate` does. Raises Stopped if it failed.

        Returns what it said, if it was started quietly.
        """
        child = self.running[name]
        while not child.ended():
            if self.stopping.wait(0.02):
                raise Stopped
        del self.running[name]
        self.pumps[name].join(timeout=1)
        said = "\n".join(self.said[name])
        if code := child.popen.returncode:
            raise Stopped(f"{said}\n{name} failed with exit code {code}; what it said is above.".lstrip())
        return said

    def watch(self) -> None:
        """Return never: raises Stopped when we are asked to stop, or when a program has ended by itself."""
        while not self.stopping.wait(0.2):
            self.look()
        raise Stopped

    def look(self) -> None:
        for name, child in self.running.items():
            if child.ended():
                raise Stopped(f"{name} has stopped with exit code {child.popen.returncode}; what it said is above.")

    def stop(self) -> None:
        for child in self.running.values():
            child.ask_to_stop()
        for child in self.running.values():
            child.stop(patience=8)
        for pump in self.pumps.values():
            pump.join(timeout=1)


def main() -> int:
    began = time.monotonic()
    end_with_make()
    pango.bring()
    demo = Demo()
    demo.obey_signals()
    folder = state.demo_folder()
    with state.hold(folder):
        try:
            if os.environ.get("RESET") == "1":
                state.reset(folder)
            run(demo, folder, began=began)
        except Stopped as reason:
            if str(reason):
                _say(str(reason))
                return 1
    _say("Stopped; nothing is left running.")
    return 0


def run(demo: Demo, folder: Path, *, began: float) -> None:
    """The whole life of a demo. Ends by Stopped, after everything that was started has been stopped."""
    port = free_port(os.environ.get("PORT"))
    # Left in reverse: our programs are stopped before the servers that they talk to.
    with servers.running(folder) as addresses, all_stopped(demo):
        env = environment(folder, port) | addresses
        collect_static_files(demo, folder, env)
        demo.start("migrate", "manage.py", "migrate", "--no-input", "-v0", env=env)
        demo.finish("migrate")
        demo.start("seed", "manage.py", "seed_demo", env=env, quietly=True)
        note_static_files(demo, folder)
        seeded = demo.finish("seed")
        demo.start("web", *web(port), env={"DATABASE_POOL": "4", **env})
        demo.start("worker", *worker(folder), env=env)
        wait_until_open(demo, port)
        seconds = time.monotonic() - began
        _say(WELCOME.format(url=env["PORTAL_URL"], seeded=seeded, seconds=seconds))
        demo.watch()


def collect_static_files(demo: Demo, folder: Path, env: dict[str, str]) -> None:
    """Begin to, if they have changed: compressing them takes half of a second start's time."""
    stamp = folder / "static" / STATIC_STAMP
    if not stamp.exists() or stamp.read_text() != state_of_static_files():
        demo.start("static", "manage.py", "collectstatic", "--no-input", "-v0", env=env)


def note_static_files(demo: Demo, folder: Path) -> None:
    """Wait until they are collected, and note from what."""
    if "static" in demo.running:
        noted = state_of_static_files()
        demo.finish("static")
        (folder / "static" / STATIC_STAMP).write_text(noted)


def state_of_static_files() -> str:
    """Changes with every file of ours, and with the lock, which decides on everybody else's."""
    # What was collected into a folder of this checkout doesn't count as a source.
    places = [place for place in (ROOT / "static", *ROOT.glob("*/static")) if not (place / "admin").exists()]
    ours = [file for place in places for file in place.rglob("*")]
    files = sorted([*ours, ROOT / "requirements" / "dev.txt", ROOT / "portal" / "settings.py"])
    seen = [f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


@contextmanager
def all_stopped(demo: Demo) -> Iterator[None]:
    try:
        yield
    finally:
        demo.stop()


def environment(folder: Path, port: int) -> dict[str, str]:
    """What the portal's settings read, but for the servers' addresses."""
    given = servers.given(os.environ)
    return {
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        **state.secrets_of(folder),
        **given,
        # Ours wins from here on: the address must fit the port.
        "PORTAL_DEMO": "1",
        "DEBUG": "0",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "PORTAL_STATE_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def web(port: int) -> list[str]:
    options = "--worker-class gthread --workers 1 --threads 8 --graceful-timeout 2 --no-control-socket"
    return [
        "-m",
        "gunicorn",
        "portal.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        *options.split(),
        "--log-level",
        "warning",
    ]


def worker(folder: Path) -> list[str]:
    schedule = folder / "celery"
    schedule.mkdir(exist_ok=True)
    # Root is told off by Celery; in a container there is nobody else to be.
    quiet = ["-W", "ignore:You're running the worker"]
    options = "--pool threads --concurrency 2 --beat --loglevel WARNING --without-gossip --without-mingle"
    return [
        *quiet,
        "-m",
        "celery",
        "-q",
        "-A",
        "portal",
        "worker",
        *options.split(),
        "-s",
        str(schedule / "beat"),
    ]


def wait_until_open(demo: Demo, port: int) -> None:
    began = time.monotonic()
    while not answers(port, "/readyz"):
        demo.look()
        waited = time.monotonic() - began
        if waited > PATIENCE / 2 and answers(port, "/healthz"):
            return _say("The portal answers, but says on /readyz that it lacks something.")
        if waited > PATIENCE:
            raise Stopped(f"The portal did not answer within {PATIENCE:.0f} s.")
        if demo.stopping.wait(0.1):
            raise Stopped
    return None


def answers(port: int, path: str) -> bool:
    direct = build_opener(ProxyHandler({}))  # A proxy in the environment is not for our own loopback.
    try:
        with direct.open(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def free_port(wanted: str | None) -> int:
    """The port that was asked for, or else 8000 or the next free one."""
    if wanted:
        if is_free(int(wanted)):
            return int(wanted)
        raise SystemExit(f"Port {wanted} is taken. Choose another: make demo PORT={int(wanted) + 1}")
    return next(port for port in range(8000, 8100) if is_free(port))


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # As the server does: TIME_WAIT is no reason.
        with suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return True
    return False


def _say(text: str) -> None:
    with suppress(OSError):  # The terminal may be gone; that is no reason to leave programs behind.
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
