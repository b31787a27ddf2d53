"""`python -m bench.rls`: what row-level security costs, the same pages with the walls up and down in turn.

Down means NO FORCE: the portal's role owns the tables, and an owner's policies apply only where they are forced.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bench import databases
from bench.pages import EACH, PORTAL, ROUNDS, WARM_UP, Page, Pairs, both, portal_pages, postgres, web
from bench.report import Section, spread, verdict
from bench.site import Batch, Site

GOAL = 1.15
WALLED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity ORDER BY relname"
HOW = f"""\
One web process; between the batches the walls of the bench's database go down (`NO FORCE ROW LEVEL SECURITY`, as the
tables' owner) and up again. {ROUNDS} rounds of {EACH}, after {WARM_UP} that aren't counted."""


def measure() -> list[Section]:
    databases.collect_static_files()
    database = databases.ours()
    columns = ["page", "with, ms", "without, ms", "web", "PostgreSQL", "both", "goal"]
    section = Section("Row-level security", HOW, columns)
    with Site(PORTAL, database.env) as site, databases.connect(database.url) as owner:
        for page in portal_pages(database.known)[:3]:
            pairs = _in_turn(site, page, owner)
            ratio = pairs.ratio(both)
            section.rows.append(
                [
                    page.name,
                    spread([batch.both_ms for batch in pairs.ours]).text(),
                    spread([batch.both_ms for batch in pairs.reference]).text(),
                    pairs.ratio(web).text(),
                    pairs.ratio(postgres).text(),
                    ratio.text(),
                    verdict(ratio.median, GOAL),
                ]
            )
    return [section]


def _in_turn(site: Site, page: Page, owner: psycopg.Connection[Any]) -> Pairs:
    pairs = Pairs()
    for _number in range(ROUNDS):
        pairs.ours.append(_warm(site, page))
        with walls_down(owner):
            pairs.reference.append(_warm(site, page))
    return pairs


def _warm(site: Site, page: Page) -> Batch:
    site.visit(page.next(WARM_UP))  # The change of the walls has emptied PostgreSQL's caches.
    return site.visit(page.next())


@contextmanager
def walls_down(owner: psycopg.Connection[Any]) -> Iterator[None]:
    tables = [row[0] for row in owner.execute(WALLED).fetchall()]
    _alter(owner, tables, "NO FORCE")
    try:
        yield
    finally:
        _alter(owner, tables, "FORCE")


def _alter(owner: psycopg.Connection[Any], tables: list[str], how: str) -> None:
    with owner.transaction():
        for table in tables:
            owner.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(sql.Identifier(table), sql.SQL(how)))


if __name__ == "__main__":
    for measured in measure():
        print(measured.text())
