"""`python -m bench.pages`: what each page of a client's visit costs beside the floor's Home, the two in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from bench import databases
from bench.report import Section, Spread, spread, verdict
from bench.site import Batch, Request, Site

PORTAL, FLOOR = "portal.settings", "bench.floor.settings"
ROUNDS, EACH, WARM_UP = 15, 16, 8
HOME, SIGN_IN_POST = "Home", "sign-in, ask for a code (POST)"
HOW = """\
One process each, called through WSGI, with one connection from a pool; CPU of the web process and of its PostgreSQL
backend are counted apart. 40,000 clients on either side; ours at 1,000 clinics, at the one that is ten times as large
as the others. Eight people in turn. Medians with (least – most) of {rounds} rounds of {each} requests; a ratio is
formed within each round, from two batches next to each other. gz is the answer's body as gzip -6 makes it."""
COLUMNS = (
    "page",
    "statements",
    "web, ms",
    "PostgreSQL, ms",
    "gz, kB",
    "web ÷ floor",
    "PostgreSQL ÷ floor",
    "both ÷ floor",
    "goal",
)


@dataclass(slots=True)
class Page:
    """Requests for one page, by several people in turn."""

    name: str
    goal: float
    requests: Iterator[Request]

    def next(self, count: int = EACH) -> list[Request]:
        return list(islice(self.requests, count))


@dataclass(slots=True)
class Pairs:
    """Batches of two sites, measured in turn."""

    ours: list[Batch] = field(default_factory=list)
    reference: list[Batch] = field(default_factory=list)

    def ratio(self, cost: Callable[[Batch], float]) -> Spread:
        pairs = zip(self.ours, self.reference, strict=True)
        return spread([cost(one) / cost(other) if cost(other) else 0.0 for one, other in pairs])


def in_turn(ours: Callable[[], Batch], reference: Callable[[], Batch], *, rounds: int = ROUNDS) -> Pairs:
    """One batch of each, next to each other, again and again; who goes first alternates."""
    pairs = Pairs()
    for number in range(rounds):
        if number % 2:
            pairs.ours.append(ours())
            pairs.reference.append(reference())
        else:
            pairs.reference.append(reference())
            pairs.ours.append(ours())
    return pairs


def both(batch: Batch) -> float:
    return batch.both_ms


def web(batch: Batch) -> float:
    return batch.web_ms


def postgres(batch: Batch) -> float:
    return batch.postgres_ms


def portal_pages(known: dict[str, Any]) -> list[Page]:
    """What a client opens, at the seed's large clinic."""
    slug, visitors = known["slug"], known["visitors"]

    def everybody(path: str) -> Iterator[Request]:
        return cycle([Request(path=f"/{slug}/{path}", cookie=one["cookie"]) for one in visitors])

    pets = [Request(path=f"/{slug}/pets/{pet}/", cookie=one["cookie"]) for one in visitors for pet in one["pets"][:1]]
    visits = [Request(path=f"/{slug}/bookings/{one['visit']}/", cookie=one["cookie"]) for one in visitors]
    times = [
        Request(
            path=f"/{slug}/bookings/new/?pet={one['pets'][0]}&service={known['service']}&who=any", cookie=one["cookie"]
        )
        for one in visitors
    ]
    return [
        Page(HOME, 0.5, everybody("")),
        Page("pets", 1.0, everybody("pets/")),
        Page("one pet", 1.0, cycle(pets)),
        Page("my bookings", 1.0, everybody("bookings/")),
        Page("one visit", 1.0, cycle(visits)),
        Page("free times", 1.0, cycle(times)),
        Page("clinic info", 1.0, everybody("info/")),
        Page("account", 1.0, everybody("account/")),
        Page("sign-in", 1.0, cycle([Request(path=f"/{slug}/sign-in/")])),
        Page(SIGN_IN_POST, 1.0, _asking(slug, known["phones"])),
    ]


def floor_page(known: dict[str, Any]) -> Page:
    return Page("floor", 1.0, cycle([Request(path="/", cookie=cookie) for cookie in known["cookies"]]))


def _asking(slug: str, phones: list[str]) -> Iterator[Request]:
    """Everybody asks once, from an address of their own, so that no limit is in the way."""
    token = "b" * 32
    for number, phone in enumerate(phones):
        form = {"by": "phone", "phone": phone, "revision": "1", "consent_data": "on", "consent_terms": "on"}
        yield Request(
            path=f"/{slug}/sign-in/",
            cookie=f"csrf={token}",
            body=urlencode({**form, "csrfmiddlewaretoken": token}),
            address=f"10.0.{number // 250}.{number % 250 + 1}",
        )


def forget_askings(database: databases.Database) -> None:
    """Those of an earlier measurement would be in the way."""
    with databases.connect(database.url) as connection:
        connection.execute("TRUNCATE clients_tally, clients_signincode, messaging_waiting")


def measure() -> list[Section]:
    databases.collect_static_files()
    ours, floor = databases.ours(), databases.floor()
    forget_askings(ours)
    section = Section("Pages", HOW.format(rounds=ROUNDS, each=EACH), COLUMNS)
    with Site(PORTAL, ours.env) as portal, Site(FLOOR, floor.env) as beside:
        reference = floor_page(floor.known)
        beside.visit(reference.next(WARM_UP))
        counted = beside.visit(reference.next(4), counting=True)
        costs: list[Batch] = []
        for page in portal_pages(ours.known):
            portal.visit(page.next(WARM_UP))
            kept = portal.visit(page.next(4), counting=True)
            pairs = in_turn(lambda: portal.visit(page.next()), lambda: beside.visit(reference.next()))  # noqa: B023  called here
            costs += pairs.reference
            section.rows.append(_row(page, kept, pairs))
        section.rows.insert(0, ["floor", *_figures(counted, costs), "1", "1", "1", ""])
    return [section]


def _row(page: Page, counted: Batch, pairs: Pairs) -> list[str]:
    ratios = [pairs.ratio(cost) for cost in (web, postgres, both)]
    return [
        page.name,
        *_figures(counted, pairs.ours),
        *(ratio.text() for ratio in ratios),
        verdict(ratios[-1].median, page.goal),
    ]


def _figures(counted: Batch, batches: list[Batch]) -> list[str]:
    return [
        str(counted.statements),
        spread([batch.web_ms for batch in batches]).text(),
        spread([batch.postgres_ms for batch in batches]).text(),
        f"{counted.gz / 1000:.1f}",
    ]


if __name__ == "__main__":
    for measured in measure():
        print(measured.text())
