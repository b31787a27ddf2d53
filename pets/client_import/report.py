"""What a clinic reads about its file: what is wrong and where, what is worth knowing, what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something about one line, or about the whole file (line 1)."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, column “{self.column}”: {self.text}"
            if self.column
            else f"line {self.line}: {self.text}"
        )


@dataclass(slots=True)
class Findings:
    """The first pass over a file. Lines in `refused` must not be taken; notices refuse nothing."""

    lines: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    refused: set[int] = field(default_factory=set)
    faults: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)

    def refuse(self, line: int, column: str, text: str) -> None:
        self.refused.add(line)
        self.faults.append(Remark(line, column, text))

    def notice(self, line: int, column: str, text: str) -> None:
        self.notices.append(Remark(line, column, text))


@dataclass(slots=True)
class Tally:
    """What the second pass wrote."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    # Pets on file that the file says have died since: their visits are cancelled, their memberships go to staff.
    died: int = 0
