"""What was measured, as Markdown: figures with their spread, the goal beside each, and whether it is met."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench import databases

RESULTS = Path(__file__).parent / "RESULTS.md"


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of the same."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, digits: int = 2) -> str:
        """The median, and in brackets the least and the most."""
        return f"{self.median:.{digits}f} ({min(self.values):.{digits}f} – {max(self.values):.{digits}f})"


def spread(values: Sequence[float]) -> Spread:
    return Spread(tuple(values))


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of the values don't exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def verdict(value: float, goal: float) -> str:
    return f"≤ {goal:g}: {'met' if value <= goal else '**not met**'}"


@dataclass(slots=True)
class Section:
    """One thing that was measured: how, and the table."""

    title: str
    how: str
    columns: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)

    def text(self) -> str:
        lines = [f"## {self.title}", self.how]
        if self.rows:
            lines += ["", _row(self.columns), _row(["---"] * len(self.columns)), *map(_row, self.rows)]
        return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Where and on what it was measured, and how busy the machine was with other things."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    facts = {
        "When": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "Commit": _commit(),
        "Machine": f"{psutil.cpu_count()} cores, {_processor()}, {psutil.virtual_memory().total / 2**30:.0f} GB",
        "System": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "PostgreSQL": _postgres(),
        "Load at the end (1, 5, 15 min)": load,
    }
    return "\n".join(f"- {name}: {fact}" for name, fact in facts.items()) + "\n"


def _commit() -> str:
    if not (rev := _said("git", "rev-parse", "--short", "HEAD")):
        return "none yet"
    # The results themselves don't count: they are written at every run.
    changed = _said("git", "status", "--porcelain", "--", ".", ":!bench/RESULTS.md")
    return f"{rev}, with changes that are not committed" if changed else rev


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _postgres() -> str:
    with databases.connect(os.environ["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT current_setting('server_version'), current_setting('shared_buffers'), current_setting('fsync')"
        ).fetchone()
    assert rows
    return "{}, shared_buffers {}, fsync {}".format(*rows)
