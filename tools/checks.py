"""`make check`: all that must be true besides the tests, one line for each tool.

`--fix` (`make fmt`) mends what can be mended without thinking.
"""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import servers

ROOT = Path(__file__).resolve().parent.parent
TARGET = "6.1"  # Django's, for its template formatter.


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    check: Check
    passed: bool
    said: str
    seconds: float

    def __str__(self) -> str:
        return f"{'ok  ' if self.passed else 'FAIL'}  {self.check.name:<18} {self.seconds:5.1f} s"


def main(arguments: list[str]) -> int:
    if "--fix" in arguments:
        return fix()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with servers.temporary(fast=True) as addresses:
        env = os.environ | servers.LIKE_PRODUCTION | addresses
        migrate = Check("migrate", python("manage.py", "migrate", "--no-input", "-v0"))
        verdicts = [*ask_all([migrate], env), *ask_all(all_checks(), env)]
    return 1 if report_failures(verdicts) else 0


def all_checks() -> list[Check]:
    return [
        # The slowest first, so that the others run beside it.
        Check("mypy", program("mypy")),
        Check("ruff check", program("ruff", "check", "--quiet", "--output-format", "concise", ".")),
        Check("ruff format", program("ruff", "format", "--check", "--quiet", "--output-format", "concise", ".")),
        Check("djade", program("djade", "--target-version", TARGET, "--check", *templates())),
        Check("lint-imports", program("lint-imports")),
        Check("makemigrations", python("manage.py", "makemigrations", "--check", "--dry-run")),
        Check(
            "check --deploy",
            python("manage.py", "check", *"--deploy --fail-level WARNING --database default".split()),
        ),
        Check("vendored files", python("tools/vendor.py", "--check")),
    ]


def ask_all(checks: list[Check], env: dict[str, str]) -> list[Verdict]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = []
        for verdict in pool.map(lambda check: ask(check, env), checks):
            print(verdict, flush=True)
            verdicts.append(verdict)
    return verdicts


def ask(check: Check, env: dict[str, str]) -> Verdict:
    began = time.monotonic()
    answer = subprocess.run(
        check.command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return Verdict(check, answer.returncode == 0, answer.stdout.strip(), time.monotonic() - began)


def report_failures(verdicts: list[Verdict]) -> int:
    failures = [verdict for verdict in verdicts if not verdict.passed]
    for verdict in failures:
        print(f"\n── {verdict.check.name}\n{verdict.said}")
    count = len(failures)
    total = len(verdicts)
    print(f"\n{count} of {total} checks failed." if count else f"\nAll {total} checks passed.")
    return count


def fix() -> int:
    commands = (
        program("ruff", "check", "--fix", "--quiet", "."),
        program("ruff", "format", "--quiet", "."),
        program("djade", "--target-version", TARGET, *templates()),
    )
    return max(subprocess.run(command, cwd=ROOT).returncode for command in commands)


def templates() -> list[str]:
    folders = (ROOT / "templates", *ROOT.glob("*/templates"))
    return sorted(str(page.relative_to(ROOT)) for folder in folders for page in folder.rglob("*.html"))


def python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


def program(name: str, *arguments: str) -> tuple[str, ...]:
    """One that is installed beside our Python."""
    return (str(Path(sys.executable).parent / name), *arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
