"""Where the demo and the tests keep databases, sockets and secrets: one owner at a time."""

import base64
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
# macOS allows 103 bytes for the path of a unix socket, Linux 107.
LONGEST_SOCKET_PATH = 103
LONGEST_SOCKET = "postgres/.s.PGSQL.5432"
JUST_MADE = 60  # seconds. A folder so young may have an owner that hasn't locked it yet.
# All that a demo ever writes. A reset removes these and nothing else: the user may have named the folder.
CONTENTS = ("postgres", "postgres.log", "postgres-bin", "valkey", "celery", "media", "static", "secrets.json")


def demo_folder() -> Path:
    """The folder of this checkout's demo, made if need be: PORTAL_STATE_DIR, else one of the user's own."""
    if given := os.environ.get("PORTAL_STATE_DIR"):
        return _make_own(Path(given).expanduser().resolve())
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    for place in _places():
        folder = place / f"portal-{os.getuid()}-{checkout}"
        if socket_fits(folder):
            return _make_own(folder)
    raise SystemExit("No folder has a path short enough for a socket. Set PORTAL_STATE_DIR to a short one, as /tmp/p.")


def temporary_folder() -> tuple[Path, IO[str]]:
    """A new folder, and the lock that says it is in use. What killed runs left behind is removed first."""
    prefix = f"portal-test-{os.getuid()}-"
    place = next(place for place in _temporary_places() if socket_fits(place / f"{prefix}12345678"))
    for leftover in place.glob(f"{prefix}*"):
        remove_unless_in_use(leftover)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    held = hold(folder)
    _let_servers_in(folder)
    return folder, held


def remove_unless_in_use(folder: Path) -> None:
    try:
        if time.time() - folder.stat().st_mtime < JUST_MADE:
            return
        with hold(folder):
            remove(folder)
    except (SystemExit, OSError):
        return  # Its owner lives, or it is just being removed by another run.


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def hold(folder: Path) -> IO[str]:
    """Own the folder until the returned file is closed. The kernel lets go if we die: no stale locks."""
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        raise SystemExit(
            f"Process {owner} is using {folder} already. Stop it first, or set PORTAL_STATE_DIR elsewhere."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def is_held(folder: Path) -> bool:
    try:
        hold(folder).close()
    except SystemExit:
        return True
    return False


def reset(folder: Path) -> None:
    for name in CONTENTS:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def secrets_of(folder: Path) -> dict[str, str]:
    """SECRET_KEY and PORTAL_KEYS, drawn once: a second start must read what the first one sealed."""
    path = folder / "secrets.json"
    if not path.exists():
        drawn = {"SECRET_KEY": secrets.token_urlsafe(32), "PORTAL_KEYS": new_fernet_key()}
        unfinished = path.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(drawn))
        unfinished.rename(path)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def new_fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def socket_fits(folder: Path) -> bool:
    return len(os.fsencode(folder / LONGEST_SOCKET)) <= LONGEST_SOCKET_PATH


def _places() -> list[Path]:
    # Temporary folders are swept by age, which would tear a database apart: first the user's own.
    # Root has no choice: its home is closed to the lesser account that PostgreSQL runs as.
    own = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return [*([own] if os.getuid() != 0 and _may_write(own) else []), *_temporary_places()]


def _temporary_places() -> list[Path]:
    places = [Path(tempfile.gettempdir()).resolve(), Path("/var/tmp"), Path("/tmp")]
    return [place for place in places if os.getuid() != 0 or open_to_others(place)]


def _may_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def open_to_others(path: Path) -> bool:
    """Whether a lesser account can reach it: every folder on the way lets strangers pass."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def _make_own(folder: Path) -> Path:
    if not socket_fits(folder):
        raise SystemExit(
            f"{folder} is too long for the path of a socket. Set PORTAL_STATE_DIR to a short one, as /tmp/p."
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise SystemExit(f"{folder} belongs to somebody else. Remove it, or set PORTAL_STATE_DIR to another folder.")
    _let_servers_in(folder)
    return folder


def _let_servers_in(folder: Path) -> None:
    if os.getuid() == 0:
        folder.chmod(0o711)
