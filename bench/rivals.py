"""`python -m bench.rivals`: one of several processes in which many try to take a time at the same moment.

Each attempt has a thread and a connection of its own, open before the moment comes. On standard input come the
attempts, and when everybody is ready the moment, in seconds since 1970; on standard output go “ready” and the answer:
what came of each, and the seconds of CPU that they took together.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Barrier
from typing import Any

# Seconds until everybody must be ready.
PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody's try: a new visit for a pet or, with `visit`, the move of one."""

    clinic: int
    client: int
    pet: int
    service: int
    at: str
    person: int | None = None
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`said` is "" for who got the time, else the name of the refusal or of the error."""

    said: str
    is_error: bool
    seconds: float


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        attempts = [Attempt(**fields) for fields in json.loads(line)]
        everybody, moment = Barrier(len(attempts) + 1, timeout=PATIENCE), Future[float]()
        with ThreadPoolExecutor(len(attempts)) as threads:
            outcomes = [threads.submit(_try, attempt, everybody, moment) for attempt in attempts]
            everybody.wait()
            print("ready", flush=True)
            moment.set_result(float(sys.stdin.readline()))
            cpu = time.process_time()
            found = [asdict(outcome.result()) for outcome in outcomes]
        print(json.dumps({"outcomes": found, "cpu": time.process_time() - cpu}), flush=True)


def _try(attempt: Attempt, everybody: Barrier, moment: Future[float]) -> Outcome:
    from django.db import connection

    from portal.kit.refusals import Refusal

    act = _prepared(attempt)
    everybody.wait()
    began = moment.result()
    time.sleep(max(0, began - time.time()))
    said, is_error = "", False
    try:
        act()
    except Refusal as refusal:
        said = type(refusal).__name__
    except Exception as error:
        said, is_error = repr(error), True
    seconds = time.time() - began
    connection.close()
    return Outcome(said, is_error, seconds)


def _prepared(attempt: Attempt) -> Any:
    """What is to be done at the moment; the rows are read and the connection is open."""
    from django.utils import timezone

    from bookings import actions
    from bookings.models import Appointment, Resource, Service
    from clients.models import Client
    from clinics.models import Clinic
    from clinics.tenancy import tenant
    from pets.models import Pet

    clinic = Clinic.objects.get(pk=attempt.clinic)
    at = datetime.fromisoformat(attempt.at)
    with tenant(clinic):
        client = Client.objects.for_clinic(clinic).get(pk=attempt.client)
        pet = Pet.objects.for_clinic(clinic).get(pk=attempt.pet)
        service = Service.objects.for_clinic(clinic).get(pk=attempt.service)
        person = Resource.objects.for_clinic(clinic).filter(pk=attempt.person or 0).first()
        visit = Appointment.objects.for_clinic(clinic).filter(pk=attempt.visit or 0).first()
    client.clinic = pet.clinic = service.clinic = clinic
    told: dict[str, Any] = {"starts_at": at, "person": person, "by": client, "now": timezone.now()}

    def act() -> None:
        with tenant(clinic):
            if visit is None:
                actions.book_appointment(client=client, service=service, pets=[pet], **told)
            else:
                visit.clinic, visit.client, visit.service = clinic, client, service
                actions.reschedule_appointment(appointment=visit, **told)

    return act


if __name__ == "__main__":
    main()
