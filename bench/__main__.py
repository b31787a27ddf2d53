"""`make bench`: measure everything and write bench/RESULTS.md; `make bench ARGS="pages rls"` only prints those."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from bench import cards, first_view, growth, outbox, pages, photos, report, rls, taking, times
from bench.report import RESULTS, Section

ALL: dict[str, Callable[[], list[Section]]] = {
    "pages": pages.measure,
    "growth": growth.measure,
    "rls": rls.measure,
    "times": times.measure,
    "taking": taking.measure,
    "outbox": outbox.measure,
    "photos": photos.measure,
    "cards": cards.measure,
    "first_view": first_view.measure,
}
INTRODUCTION = """\
# What is measured

Written by `make bench`. Machines differ, so a figure with a goal is a ratio inside one run wherever it can be: ours
and its reference in turn, in the same minutes on the same machine. Times in ms only give the order of magnitude. The
floor is a Home in plain Django (`bench/floor/`): seven statements with session and user, over 40,000 clients and
400,000 visits, a template, the standard middleware. Nothing here fails a test: tests hold the number of statements,
never a time.
"""


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in ALL]:
        print(f"Not measured here: {', '.join(unknown)}. There is {', '.join(ALL)}.")
        return 2
    sections: list[Section] = []
    for name in names or ALL:
        began = time.monotonic()
        print(f"{name} …", flush=True)
        for section in ALL[name]():
            print(section.text(), flush=True)
            sections.append(section)
        print(f"({time.monotonic() - began:.0f} s)\n", flush=True)
    if not names:
        RESULTS.write_text("\n".join([INTRODUCTION, report.machine(), *(section.text() for section in sections)]))
        print(f"Written to {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
