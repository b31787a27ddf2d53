"""A Chromium for the browser tests: the system's, else one that apt-get or Playwright can bring."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from tools import apt

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-liberation")
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
)


def find() -> str | None:
    """The path of a browser that is here already and starts."""
    return next((path for path in _candidates() if starts(path)), None)


def find_or_install() -> str | None:
    return find() or _from_apt() or _from_playwright()


def what_to_paste() -> str:
    if shutil.which("apt-get"):
        return apt.line_to_paste(*PACKAGES)
    return ".venv/bin/playwright install chromium"


def starts(path: str) -> bool:
    """Some are only a stub that says where to get the real one, some lack a library."""
    try:
        answer = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _candidates() -> Iterator[str]:
    if given := os.environ.get("PORTAL_CHROMIUM"):
        yield given
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    yield from ON_MACOS


def _from_apt() -> str | None:
    return find() if apt.may_install() and apt.install(*PACKAGES) else None


def _from_playwright() -> str | None:
    print("Fetching Playwright's Chromium …", flush=True)
    with_libraries = ["--with-deps"] if apt.may_install() else []
    fetched = subprocess.run([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"])
    if fetched.returncode:
        return None
    answer = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if answer.returncode == 0 and starts(path) else None
