"""`.venv`, as the lock describes it: made with uv if there is one, else with venv and pip."""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from tools import apt

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.txt"


def prepare(venv: Path = VENV, lock: Path = LOCK) -> Path:
    """Return the Python of `.venv`, after making it or bringing it up to date if need be."""
    python = venv / "bin" / "python"
    with lock.open("rb") as turnstile:
        fcntl.flock(turnstile, fcntl.LOCK_EX)  # `make demo` and `make test` may begin in the same second.
        if is_current(venv, lock):
            return python
        if not _works(python):
            _create(venv)
        print(f"Installing {lock.parent.name}/{lock.name} (the first time, this takes a minute) …", flush=True)
        _install(venv, lock)
        _stamp_file(venv).write_text(stamp(venv, lock))
    return python


def is_current(venv: Path, lock: Path) -> bool:
    try:
        return (venv / "bin" / "python").exists() and _stamp_file(venv).read_text() == stamp(venv, lock)
    except OSError:
        return False


def stamp(venv: Path, lock: Path) -> str:
    """What `.venv` was made from: the hash of the lock, and which Python."""
    lines = (venv / "pyvenv.cfg").read_text().splitlines()
    version = next((line for line in lines if line.startswith("version")), "version unknown")
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {version}\n"


def _stamp_file(venv: Path) -> Path:
    return venv / "portal-stamp"


def _works(python: Path) -> bool:
    # `--version` alone would also please a Python whose standard library has been removed.
    question = "import sys, ssl; sys.exit(sys.version_info < (3, 12))"
    return python.exists() and subprocess.run([python, "-c", question], stderr=subprocess.DEVNULL).returncode == 0


def _create(venv: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    if (uv := shutil.which("uv")) and _succeeds(uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(venv)):
        return
    if importlib.util.find_spec("ensurepip") is None:
        _bring_ensurepip()
    if not _succeeds(sys.executable, "-m", "venv", str(venv)):
        raise SystemExit(f"Could not make {venv}; what went wrong is above.")


def _bring_ensurepip() -> None:
    """Debian keeps venv's half in a package of its own."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not (apt.may_install() and apt.install(package)):
        raise SystemExit(f"This Python can't make a virtual environment. Paste:  {apt.line_to_paste(package)}")


def _install(venv: Path, lock: Path) -> None:
    python = str(venv / "bin" / "python")
    hashed = ("--require-hashes", "-r", str(lock))
    if (uv := shutil.which("uv")) and _succeeds(uv, "pip", "install", "--quiet", "--python", python, *hashed):
        return
    # uv doesn't read pip's configuration: behind a company's mirror pip may reach what uv can't.
    if not _succeeds(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *hashed):
        raise SystemExit("The requirements could not be installed; what went wrong is above.")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command).returncode == 0
