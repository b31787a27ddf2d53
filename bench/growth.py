"""`python -m bench.growth`: the same pages with 1,000 clinics in the database beside 10."""

from __future__ import annotations

from bench import databases
from bench.pages import EACH, PORTAL, ROUNDS, WARM_UP, both, forget_askings, in_turn, portal_pages
from bench.report import Section, spread, verdict
from bench.site import Site

GOAL = 1.2
HOW = f"""\
The portal twice, on a database with {databases.FEW} clinics (800 clients) and on one with {databases.MANY} (40,000
clients). The clinic that is visited is as large in both. CPU of web process and PostgreSQL together; {ROUNDS} rounds of
{EACH}, medians with (least – most)."""


def measure() -> list[Section]:
    databases.collect_static_files()
    many, few = databases.ours(), databases.ours(databases.FEW)
    for database in (many, few):
        forget_askings(database)
    columns = ["page", "statements", f"{databases.FEW} clinics, ms", f"{databases.MANY} clinics, ms", "ratio", "goal"]
    section = Section(f"Growth: {databases.FEW} → {databases.MANY} clinics", HOW, columns)
    with Site(PORTAL, many.env) as large, Site(PORTAL, few.env) as small:
        for page, reference in zip(portal_pages(many.known), portal_pages(few.known), strict=True):
            large.visit(page.next(WARM_UP))
            small.visit(reference.next(WARM_UP))
            counted = large.visit(page.next(4), counting=True), small.visit(reference.next(4), counting=True)
            pairs = in_turn(lambda: large.visit(page.next()), lambda: small.visit(reference.next()))  # noqa: B023  called here
            ratio = pairs.ratio(both)
            section.rows.append(
                [
                    page.name,
                    " / ".join(str(one.statements) for one in reversed(counted)),
                    spread([batch.both_ms for batch in pairs.reference]).text(),
                    spread([batch.both_ms for batch in pairs.ours]).text(),
                    ratio.text(),
                    verdict(ratio.median, GOAL),
                ]
            )
    return [section]


if __name__ == "__main__":
    for measured in measure():
        print(measured.text())
