"""`python -m bench.taking`: many who want the same time at the same moment, and what taking one costs."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from bench import databases
from bench.report import Section, percentile, spread, verdict
from bench.rivals import Attempt, Outcome

RIVALS, PROCESSES, RUNS = 200, 4, 3
SECONDS_GOAL, COST_GOAL = 2.0, 2.0
HOW = f"""\
{RIVALS} at once, in {PROCESSES} processes, each with a thread, a transaction and a connection of its own that is open
before the moment comes; each calls `book_appointment` or `reschedule_appointment` as the pages do. Then through
gunicorn as in production (2 processes of 8 threads, a pool of 8 each): {RIVALS} signed-in clients send **Confirm** for
the same time. Rivals, servers and PostgreSQL share the machine's cores. Deadlocks are those that the database itself
has counted. {RUNS} runs of each; elapsed seconds of the slowest answer, and the CPU of all rivals together, which tells
how much of that is other programs' doing. Over HTTP the CPU is not that of the rivals and is left out."""


def measure() -> list[Section]:
    database = databases.visits(1000)
    section = Section(
        "Taking a time", HOW, ["", "who got it", "errors", "deadlocks", "CPU, s", "slowest answer, s", "goal"]
    )
    for case in CASES:
        section.rows.append(_row(case, [_run(case, database) for _number in range(RUNS)]))
    section.rows.append(_row("one time, over HTTP", [_over_http(database) for _number in range(RUNS)]))
    return [section, _costs(database)]


# ---- Many at once

CASES = {
    "one_time": "one time, one vet",
    "overlapping": "overlapping times of one vet",
    "mixed_order": "vet and room, wished for in mixed order",
    "moves": "100 moves beside 100 bookings for the same times",
}


class Ran:
    """What came of a run."""

    def __init__(self, outcomes: list[Outcome], verdict_: str, deadlocks: int, cpu: float = 0) -> None:
        self.verdict, self.deadlocks, self.cpu = verdict_, deadlocks, cpu
        self.errors = sum(outcome.is_error for outcome in outcomes)
        self.slowest = max(outcome.seconds for outcome in outcomes)
        self.said = Counter(outcome.said or "got it" for outcome in outcomes)


def _row(case: str, runs: list[Ran]) -> list[str]:
    slowest = spread([run.slowest for run in runs])
    return [
        CASES.get(case, case),
        "; ".join(sorted({run.verdict for run in runs})),
        str(sum(run.errors for run in runs)),
        str(sum(run.deadlocks for run in runs)),
        spread([run.cpu for run in runs]).text() if all(run.cpu for run in runs) else "",
        slowest.text(),
        verdict(max(slowest.values), SECONDS_GOAL),
    ]


def _run(case: str, database: databases.Database) -> Ran:
    before = _deadlocks(database)
    stage = _stage("prepare", database, case)
    outcomes, cpu = _compete([Attempt(**fields) for fields in stage["attempts"]], database)
    seen = _stage("check", database, json.dumps(stage))
    got = sum(not outcome.said for outcome in outcomes)
    words = f"{got} of {len(outcomes)}, {seen['words']}"
    return Ran(outcomes, words, _deadlocks(database) - before, cpu)


def _stage(what: str, database: databases.Database, told: str) -> Any:
    """What is there before, and what is there after."""
    return _said(database, "bench.rivals_stage", what, told)


def _said(database: databases.Database, module: str, *words: str) -> Any:
    """What a process of its own has to tell."""
    env = {**database.env, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", module, *words, json.dumps(database.known)]
    return json.loads(subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout)


def _compete(attempts: list[Attempt], database: databases.Database) -> tuple[list[Outcome], float]:
    """All of them at the same moment, in several processes; with the seconds of CPU that these took."""
    env = {**database.env, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "bench.rivals"]
    crowds = [
        subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _number in range(PROCESSES)
    ]
    for number, crowd in enumerate(crowds):
        _tell(crowd, [asdict(one) for one in attempts[number::PROCESSES]])
    for crowd in crowds:
        _heard(crowd)  # They are ready.
    moment = time.time() + 0.5
    for crowd in crowds:
        _tell(crowd, moment)
    answers = [json.loads(_heard(crowd)) for crowd in crowds]
    for crowd in crowds:
        crowd.communicate()
    outcomes = [Outcome(**fields) for answer in answers for fields in answer["outcomes"]]
    return outcomes, sum(answer["cpu"] for answer in answers)


def _tell(crowd: subprocess.Popen[str], what: Any) -> None:
    assert crowd.stdin
    crowd.stdin.write(json.dumps(what) + "\n")
    crowd.stdin.flush()


def _heard(crowd: subprocess.Popen[str]) -> str:
    assert crowd.stdout
    if line := crowd.stdout.readline():
        return line
    raise SystemExit("Rivals have ended before they were asked; what they said is above.")


def _deadlocks(database: databases.Database) -> int:
    """As the server has counted them since it began; it learns of them when a connection has ended."""
    time.sleep(1.5)
    with databases.connect(database.url) as connection:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
    assert row
    return int(row[0])


# ---- Through a server

TOKEN = "c" * 32


def _over_http(database: databases.Database) -> Ran:
    databases.collect_static_files()
    before = _deadlocks(database)
    stage = _stage("prepare", database, "http")
    with _served(database) as port:
        for path in ("/healthz",) * 8:
            _send(port, "GET", path, "", "")
        moment = time.time() + 1
        with ThreadPoolExecutor(RIVALS) as threads:
            answers = list(threads.map(lambda one: _confirm(port, one, moment), stage["forms"]))
    seen = _stage("check", database, json.dumps(stage))
    outcomes = [
        Outcome("" if status == 303 else str(status), status not in {303, 422}, seconds) for status, seconds in answers
    ]
    got = sum(not outcome.said for outcome in outcomes)
    return Ran(outcomes, f"{got} of {len(outcomes)}, {seen['words']}", _deadlocks(database) - before)


def _confirm(port: int, form: dict[str, Any], moment: float) -> tuple[int, float]:
    body = urlencode({**form["fields"], "csrfmiddlewaretoken": TOKEN})
    time.sleep(max(0, moment - time.time()))
    status = _send(port, "POST", form["path"], f"csrf={TOKEN}; {form['cookie']}", body)
    return status, time.time() - moment


def _send(port: int, method: str, path: str, cookie: str, body: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": "testserver", "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body=body or None, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@contextmanager
def _served(database: databases.Database) -> Iterator[int]:
    from bench.first_view import wait_for
    from tools.children import Child

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {**database.env, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_POOL": "8"}
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    server = Child(command, env=env, cwd=databases.ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield port
    finally:
        server.stop()


# ---- What one costs


def _costs(database: databases.Database) -> Section:
    """One after another, with nobody in the way."""
    told = _said(database, "bench.booking_cost")
    how = f"""\
One visit of one pet with one of ten vets, {told["count"]} times, in turn with the bare transaction: BEGIN, the clinic
opened, INSERTs of the same rows (visit, pet, two claims, history; no message, for nobody has an address), COMMIT, by
hand-written SQL in the same process; and with the same rows written one by one by Django's ORM. Ours reads the booking
rules, takes the locks and finds the times in between: {told["statements"]} statements. Wall time with the disk's fsync,
and CPU of the process and its PostgreSQL backend together."""
    section = Section("What taking a time costs", how, ["", "wall, ms, p50 / p95", "CPU, ms", "goal"])
    names = {"ours": "book_appointment", "bare": "bare SQL", "orm": "bare ORM"}
    for name, words in names.items():
        walls = told["walls"][name]
        figures = f"{percentile(walls, 0.5):.2f} / {percentile(walls, 0.95):.2f}"
        section.rows.append([words, figures, spread(told["cpus"][name]).text(), ""])
    for other, goal in (("bare", COST_GOAL), ("orm", 0.0)):
        wall = percentile(told["walls"]["ours"], 0.5) / percentile(told["walls"][other], 0.5)
        cpu = spread([a / b for a, b in zip(told["cpus"]["ours"], told["cpus"][other], strict=True)])
        section.rows.append([f"ours ÷ {names[other]}", f"{wall:.2f}", cpu.text(), verdict(wall, goal) if goal else ""])
    return section


if __name__ == "__main__":
    for measured in measure():
        print(measured.text())
