"""What WeasyPrint needs of the system to make PDFs; without it the portal runs, and says that it can't make them."""

import ctypes
import os
import shutil
import sys

from tools import apt

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
ON_LINUX = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
ON_MACOS = ("libgobject-2.0.0.dylib", "libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libharfbuzz.0.dylib")


def missing() -> list[str]:
    """The libraries that can't be loaded."""
    names = ON_MACOS if sys.platform == "darwin" else ON_LINUX
    return [name for name in names if not _loads(name)]


def what_to_paste() -> str:
    if shutil.which("apt-get"):
        return apt.line_to_paste(*PACKAGES)
    return "brew install pango" if sys.platform == "darwin" else "install Pango with your package manager"


def bring() -> bool:
    """Install what is missing where we may, else say how. False where PDFs can't be made: all else works."""
    if not missing():
        return True
    if apt.may_install() and apt.install(*PACKAGES) and not missing():
        return True
    print(f"PDFs can’t be made here: {', '.join(missing())} is missing. Paste:  {what_to_paste()}", flush=True)
    return False


def _loads(name: str) -> bool:
    folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"] if sys.platform == "darwin" else [""]
    for folder in folders:
        try:
            ctypes.CDLL(os.fspath(f"{folder}{name}"))
        except OSError:
            continue
        return True
    return False
