"""`python -m bench.outbox`: how fast messages leave, and how soon after the commit a code reaches the gateway."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench import databases
from bench.report import Section, percentile, spread, verdict
from tools.children import Child

BACKLOG, RUNS, CODES = 400, 3, 60
CODE_GOAL = 300  # milliseconds, of 95 in 100
HOW = f"""\
One clinic's backlog of {BACKLOG} texts beside 80,000 sent ones, claimed and handed to a gateway that sends nothing, in
one process: each text is claimed, committed, sent and settled by itself. Then {CODES} sign-in codes, one at a time,
with an idle Celery worker beside: from the commit until the gateway has the code in clear."""


def measure() -> list[Section]:
    database = databases.ours()
    rates = _told("drain", database.env)
    section = Section("Outbox", HOW, ["", "figure", "goal"])
    section.rows.append(["queued, texts a second", spread(_told("queue", database.env)).text(0), ""])
    section.rows.append(["claimed and delivered, texts a second", spread(rates).text(0), ""])
    delays = _with_worker(database.env)
    late = percentile(delays, 0.95)
    section.rows.append(["commit to gateway, ms, p50", f"{percentile(delays, 0.5):.0f}", ""])
    section.rows.append(["commit to gateway, ms, p95", f"{late:.0f}", verdict(late, CODE_GOAL)])
    return [section]


def _told(part: str, env: dict[str, str]) -> list[float]:
    """What a process of its own has measured."""
    env = {**env, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_POOL": "2"}
    command = [sys.executable, "-m", "bench.outbox", part]
    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
    values: list[float] = json.loads(answer.stdout)
    return values


def _with_worker(env: dict[str, str]) -> list[float]:
    """The demo's gateway writes down when it got a message: that is all the worker needs of the demo."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**env, "PORTAL_DEMO": "1", "PORTAL_STATE_DIR": folder}
        options = "-A portal worker --pool threads --concurrency 2 --loglevel ERROR --without-gossip --without-mingle"
        command = [sys.executable, "-m", "celery", "-q", *options.split()]
        worker = Child(command, env=env, cwd=databases.ROOT, output=subprocess.DEVNULL)
        try:
            return _told("codes", env)
        finally:
            worker.stop()


def drain() -> list[float]:
    """Texts a second, handed to a gateway that does nothing."""
    from messaging import delivery, gateways
    from messaging.gateways import Message

    class Nowhere:
        can_be_asked = True

        def send(self, message: Message) -> str:
            return f"nowhere-{message.outbox_id}"

        def find(self, message: Message) -> list[str]:
            return []

    gateways.for_message = lambda clinic, channel, *, is_platforms=False: Nowhere()
    clinic, rates = _clinic(), []
    for _run in range(RUNS):
        _enqueue(BACKLOG)
        began = time.perf_counter()
        count = delivery.deliver_clinic(clinic)
        rates.append(count / (time.perf_counter() - began))
    return rates


def queue() -> list[float]:
    """Texts a second that one transaction writes; they are taken away again."""
    from clinics.tenancy import tenant
    from messaging.models import Outgoing

    rates = []
    for _run in range(RUNS):
        began = time.perf_counter()
        _enqueue(BACKLOG)
        rates.append(BACKLOG / (time.perf_counter() - began))
        with tenant(_clinic()):
            Outgoing.objects.filter(kind="bench", state="queued").delete()
    return rates


def codes() -> list[float]:
    """Milliseconds from the commit until the gateway noted the message. The first ones wake everything up."""
    from django.conf import settings

    folder, delays = Path(settings.STATE_DIR) / "messages", []
    warm_up = 5
    for number in range(CODES + warm_up):
        before = set(folder.glob("*.json"))
        committed = _enqueue(1, is_sensitive=True)
        written = _wait_for_new(folder, before)
        if number >= warm_up:
            delays.append((written - committed) * 1000)
        time.sleep(0.05)
    return delays


def _wait_for_new(folder: Path, before: set[Path]) -> float:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if new := set(folder.glob("*.json")) - before:
            return new.pop().stat().st_mtime
        time.sleep(0.005)
    raise SystemExit("The worker has not sent a message for a minute.")


def _enqueue(count: int, *, is_sensitive: bool = False) -> float:
    """Queue so many texts in one transaction. Returns when it was committed, in seconds since 1970."""
    from django.db import transaction
    from django.utils import timezone

    from clinics.models import Clinic
    from clinics.tenancy import tenant
    from messaging import outbox
    from messaging.models import Channel

    clinic, now, committed = Clinic.objects.get(pk=_clinic()), timezone.now(), []
    with tenant(clinic):
        transaction.on_commit(lambda: committed.append(time.time()))  # Before the nudge, which is asked for below.
        for number in range(count):
            words = outbox.Words(
                channel=Channel.SMS,
                to="+447700900123",
                body="Your code is 123456.",
                kind="bench",
                key=f"bench:{time.time_ns()}:{number}",
                is_sensitive=is_sensitive,
                expires_at=now + timedelta(minutes=10),
            )
            outbox.enqueue(clinic, words, now=now)
    return committed[0]


def _clinic() -> int:
    from clinics.models import Clinic

    return Clinic.objects.order_by("pk").values_list("pk", flat=True)[0]


def main(part: str) -> None:
    import django

    django.setup()
    values = {"drain": drain, "queue": queue, "codes": codes}[part]()
    print(json.dumps(values))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        for measured in measure():
            print(measured.text())
