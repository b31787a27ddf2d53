"""`make doctor`: what this machine lacks, in lines to paste. Needs nothing but Python itself."""

import importlib.util
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import apt, browser, environment, pango, state

ROOT = Path(__file__).resolve().parent.parent
FIND_SERVERS = "from tools import postgres, valkey; postgres.find_binaries(); valkey.find_binary()"


@dataclass(frozen=True)
class Finding:
    what: str
    fine: bool
    remedy: str = ""

    def __str__(self) -> str:
        return f"{'ok   ' if self.fine else 'lacks'}  {self.what}" + ("" if self.fine else f"\n         {self.remedy}")


def main() -> int:
    findings = list(look())
    print("\n".join(str(finding) for finding in findings))
    return 0 if all(finding.fine for finding in findings) else 1


def look() -> Iterator[Finding]:
    yield Finding(f"Python {platform.python_version()} ({sys.executable})", fine=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    can_make_venv = importlib.util.find_spec("ensurepip") is not None or shutil.which("uv") is not None
    yield Finding(
        "virtual environments (venv with pip, or uv)",
        can_make_venv,
        apt.line_to_paste(f"python{version}-venv"),
    )
    yield Finding("make", shutil.which("make") is not None, _from_system("make", on_macos="xcode-select --install"))
    yield from _venv()
    yield Finding(f"a folder for the demo: {state.demo_folder()}", fine=True)
    yield Finding("Pango, for PDFs", not pango.missing(), pango.what_to_paste())
    yield Finding("a browser for the browser tests", browser.find() is not None, browser.what_to_paste())


def _venv() -> Iterator[Finding]:
    current = environment.is_current(environment.VENV, environment.LOCK)
    yield Finding(".venv as requirements/dev.txt describes it", current, "make test (or make demo) makes it")
    if current:
        # They come with .venv, so its Python is asked and not ours.
        python = environment.VENV / "bin" / "python"
        answer = subprocess.run([python, "-c", FIND_SERVERS], cwd=ROOT, capture_output=True, text=True)
        yield Finding("PostgreSQL and Valkey", answer.returncode == 0, answer.stderr.strip())


def _from_system(package: str, *, on_macos: str) -> str:
    return on_macos if sys.platform == "darwin" else apt.line_to_paste(package)


if __name__ == "__main__":
    sys.exit(main())
