"""`python -m bench.times`: finding the free times, beside fetching the rows that decide about them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from bench import databases
from bench.report import Section, Spread, spread, verdict
from bench.seed_visits import PEOPLE
from bench.site import cpu_of

if TYPE_CHECKING:
    from bookings.models import Service
    from clinics.models import Clinic

SMALL, LARGE = 100_000, 1_000_000
DAYS, ROUNDS, EACH, WARM_UP = 30, 25, 20, 10
GOAL, MORE_PEOPLE_GOAL, MORE_VISITS_GOAL = 2.0, 5.0, 1.15
ROWS = """
SELECT resource_id, blocked_at, blocked_until FROM bookings_claim
WHERE clinic_id = %s AND resource_id = ANY(%s) AND blocked_at >= %s AND blocked_at < %s
"""
HOW = f"""\
The free times of {DAYS} days with any of so many people: `availability.read`, how full each day is, and one day's
times. Everybody works from nine to five, twelve of sixteen half hours are taken, and every visit on file has kept its
claims. Beside it in turn: the rows of these claims alone, through the same driver (one statement, no arithmetic), and
those rows with the plain way to find times, intervals walked through with hours, grid and nothing else. CPU of the
process and of its PostgreSQL backend together, {ROUNDS} rounds of {EACH}, medians with (least – most); a ratio is
formed within each round. Others, as measured by us earlier on two cores, and not again by this command:
Easy!Appointments needs 140, 396 and 5,388 ms (1,169 statements) for a month with any of ten people and 1,000, 10,000
and 100,000 visits on file; django-appointment 17 to 25 ms (22 to 28 statements) for one day of one person; cal.com's
algorithm, without a database, 215 to 229 ms for 30 days of ten people."""


class Process:
    """A process on one database that measures what it is asked for."""

    def __init__(self, database: databases.Database) -> None:
        env = {**database.env, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_POOL": "1"}
        command = [sys.executable, "-m", "bench.times", json.dumps(database.known)]
        self._child = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, way: str, people: int, count: int = EACH) -> float:
        """Milliseconds of CPU that one of so many runs took."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(json.dumps([way, people, count]) + "\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        if not answer:
            raise SystemExit("The process under measurement has ended; what it said is above.")
        return float(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._child.stdin
        self._child.stdin.close()
        self._child.wait(10)


def measure() -> list[Section]:
    section = Section("Free times", HOW, ["", "figure", "goal"])
    with Process(databases.visits(SMALL)) as small, Process(databases.visits(LARGE)) as large:
        asks: dict[str, Callable[[], float]] = {
            "ours": lambda: small.ask("ours", 10),
            "rows": lambda: small.ask("rows", 10),
            "sweep": lambda: small.ask("sweep", 10),
            "fifty": lambda: small.ask("ours", PEOPLE),
            "fifty rows": lambda: small.ask("rows", PEOPLE),
            "million": lambda: large.ask("ours", 10),
        }
        for ask in asks.values():
            ask()
        found: dict[str, list[float]] = {name: [] for name in asks}
        for number in range(ROUNDS):
            for name in list(asks)[:: -1 if number % 2 else 1]:
                found[name].append(asks[name]())

    def ratio(one: str, other: str) -> Spread:
        return spread([a / b for a, b in zip(found[one], found[other], strict=True)])

    def row(name: str, figure: Spread, goal: float = 0) -> None:
        section.rows.append([name, figure.text(), verdict(figure.median, goal) if goal else ""])

    row(f"{DAYS} days × 10 people, {SMALL:,} visits: ours, ms", spread(found["ours"]))
    row("the rows alone, ms", spread(found["rows"]))
    row("intervals walked through, ms", spread(found["sweep"]))
    row("ours ÷ the rows alone", ratio("ours", "rows"), GOAL)
    row("ours ÷ intervals walked through", ratio("ours", "sweep"))
    row(f"{DAYS} days × {PEOPLE} people: ours, ms", spread(found["fifty"]))
    row(f"10 → {PEOPLE} people", ratio("fifty", "ours"), MORE_PEOPLE_GOAL)
    row(f"{PEOPLE} people: ours ÷ the rows alone", ratio("fifty", "fifty rows"))
    row(f"{DAYS} days × 10 people, {LARGE:,} visits: ours, ms", spread(found["million"]))
    row(f"{SMALL:,} → {LARGE:,} visits", ratio("million", "ours"), MORE_VISITS_GOAL)
    return [section]


# ---- In the process under measurement


def answer(known: dict[str, Any]) -> None:
    import django

    django.setup()
    from django.db import connection

    from bookings.models import Service
    from clinics.models import Clinic
    from clinics.tenancy import tenant

    clinic = Clinic.objects.get(pk=known["clinic"])
    # As on the day of the seed, however long the database is kept.
    now = datetime.fromisoformat(known["seeded_at"])
    for line in sys.stdin:
        way, people, count = json.loads(line)
        with tenant(clinic), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = int(cursor.fetchone()[0])
            service = Service.objects.for_clinic(clinic).get(pk=known[f"of_{people}"])
            run = {"ours": _ours, "rows": _rows, "sweep": _sweep}[way](clinic, service, now)
            for _number in range(WARM_UP):
                next(run)
            postgres, web = cpu_of(backend), time.process_time()
            for _number in range(count):
                next(run)
            web, postgres = time.process_time() - web, cpu_of(backend) - postgres
        print((web + postgres) / count * 1000, flush=True)


def _ours(clinic: Clinic, service: Service, now: datetime) -> Iterator[int]:
    from bookings import availability, policy

    rules = policy.rules_for(service, policy.in_force(clinic))
    wanted = availability.Wanted(service=service, rules=rules)
    first = now.astimezone(clinic.zone).date()
    while True:
        found = availability.read(clinic, wanted, first=first, last=first + timedelta(days=DAYS - 1), now=now)
        days, times = found.days, found.times_on(first + timedelta(days=3))
        yield sum(day.count for day in days) + len(times)


def _fetched(clinic: Clinic, service: Service, now: datetime) -> Iterator[list[tuple[Any, ...]]]:
    from django.db import connection

    people = list(service.resources.order_by("pk").values_list("pk", flat=True))
    first = datetime.combine(now.astimezone(clinic.zone).date(), datetime.min.time(), clinic.zone)
    asked: list[Any] = [clinic.pk, people, first - timedelta(days=1), first + timedelta(days=DAYS)]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ROWS, asked)
            yield cursor.fetchall()


def _rows(clinic: Clinic, service: Service, now: datetime) -> Iterator[int]:
    for rows in _fetched(clinic, service, now):
        yield len(rows)


def _sweep(clinic: Clinic, service: Service, now: datetime) -> Iterator[int]:
    """The plain way: each person's taken intervals in order, and each time of the grid asked if it fits between."""
    first = now.astimezone(clinic.zone).date()
    length = timedelta(minutes=service.minutes)
    for rows in _fetched(clinic, service, now):
        taken: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        for person, start, end in rows:
            taken[person].append((start, end))
        free: dict[date, set[datetime]] = {}
        for offset in range(DAYS):
            day = first + timedelta(days=offset)
            free[day] = set()
            opening = datetime.combine(day, datetime.min.time(), clinic.zone) + timedelta(hours=9)
            for spans in taken.values():
                free[day] |= set(_fitting(sorted(spans), opening, opening + timedelta(hours=8), length))
        yield sum(len(times) for times in free.values())


def _fitting(
    spans: list[tuple[datetime, datetime]], opening: datetime, closing: datetime, length: timedelta
) -> Iterator[datetime]:
    at, grid = opening, timedelta(minutes=15)
    place = bisect_left(spans, (opening, opening))
    while at + length <= closing:
        while place < len(spans) and spans[place][1] <= at:
            place += 1
        if place < len(spans) and spans[place][0] < at + length:
            at += grid * max(1, -((at - spans[place][1]) // grid))
            continue
        yield at
        at += grid


if __name__ == "__main__":
    if len(sys.argv) > 1:
        answer(json.loads(sys.argv[1]))
    else:
        for measured in measure():
            print(measured.text())
