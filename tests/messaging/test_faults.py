"""Workers killed at any line, a provider that fails in every way: each message arrives, and arrives once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import outbox
from messaging.models import Channel, Outgoing, State
from tests.fakes.twilio_server import TwilioServer

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
MESSAGES = 90
WORKERS = 2
KILLS = 4
PATIENCE = 40


def test_nothing_is_lost_or_doubled_while_workers_are_killed(willow, harbour):
    chance = random.Random("a seed")
    said: list[str] = []
    with TwilioServer(seed="a seed", hang=0.9) as twilio, crew(twilio) as workers:
        for kill in range(KILLS):
            said += say(willow, harbour, MESSAGES // KILLS, kill)
            time.sleep(chance.uniform(0.3, 0.9))
            workers.kill_all()
            workers.start()
        settle([willow, harbour])

        arrived = Counter(twilio.bodies)

    assert {body: arrived[body] for body in said if arrived[body] != 1} == {}
    assert sorted(arrived) == sorted(said)
    assert states(willow) + states(harbour) == Counter({State.SENT: len(said)})
    assert workers.killed == KILLS * WORKERS


def test_two_workers_at_once_share_the_work(willow):
    said = say(willow, willow, 40, 0)

    with TwilioServer() as twilio, crew(twilio):
        settle([willow])
        arrived = Counter(twilio.bodies)

    assert arrived == Counter(said)


def say(one: Clinic, other: Clinic, count: int, batch: int) -> list[str]:
    """Queue messages in transactions of their own; every tenth is rolled back and must never arrive."""
    bodies = []
    for number in range(count):
        clinic = one if number % 2 else other
        body = f"{clinic.slug} {batch} {number}"
        words = outbox.Words(
            channel=Channel.SMS, to=f"+4477009{number:05d}", body=body, kind="test", key=f"{batch}:{number}"
        )
        with tenant(clinic):
            outbox.enqueue(clinic, words, now=timezone.now())
            if number % 10 == 9:
                transaction.set_rollback(True)
            else:
                bodies.append(body)
    return bodies


def settle(clinics: list[Clinic]) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(states(clinic) - Counter({State.SENT: 10**6}) for clinic in clinics):
        assert time.monotonic() < deadline, [states(clinic) for clinic in clinics]
        time.sleep(0.1)


def states(clinic: Clinic) -> Counter[str]:
    with tenant(clinic):
        return Counter(Outgoing.objects.for_clinic(clinic).values_list("state", flat=True))


class Crew:
    """Worker processes on the test's database, and the means to kill them all at once, in the middle of
    anything.
    """

    def __init__(self, twilio: TwilioServer) -> None:
        address = urlsplit(os.environ["DATABASE_URL"])
        self.environment = os.environ | {
            "DATABASE_URL": address._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
            "PORTAL_DEMO": "0",
            "TWILIO_API_URL": twilio.url,
            "TWILIO_ACCOUNT_SID": "ACplatform",
            "TWILIO_AUTH_TOKEN": "platform-token",
            "TWILIO_FROM": "+441632960000",
        }
        self.running: list[subprocess.Popen[str]] = []
        self.killed = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.messaging.worker"]
        self.running = [
            subprocess.Popen(
                command,
                env=self.environment,
                cwd=Path(__file__).parents[2],
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            for _worker in range(WORKERS)
        ]
        for worker in self.running:
            assert worker.stdout
            assert worker.stdout.readline() == "ready\n"

    def kill_all(self) -> None:
        for worker in self.running:
            os.killpg(worker.pid, signal.SIGKILL)
            assert worker.wait() == -signal.SIGKILL
            assert worker.stdout
            worker.stdout.close()
        self.killed += len(self.running)
        self.running = []


@contextmanager
def crew(twilio: TwilioServer) -> Iterator[Crew]:
    workers = Crew(twilio)
    try:
        workers.start()
        yield workers
    finally:
        killed = workers.killed
        workers.kill_all()
        workers.killed = killed
