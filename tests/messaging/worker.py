"""A worker without a broker: looks for work and does it, until it is killed.

`python -m tests.messaging.worker`
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import django

PACE: dict[str, Any] = {
    "lease": timedelta(seconds=2),
    "ask_after": timedelta(seconds=2.5),
    "first_retry": timedelta(seconds=0.1),
    "longest_retry": timedelta(seconds=0.5),
    "most_attempts": 50,
    "run_for": timedelta(seconds=5),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()

    from django.db import Error, connection
    from django.utils import timezone

    from messaging import delivery
    from messaging.gateways import base
    from messaging.pace import Pace

    base.HTTP_TIMEOUT = 0.4
    pace = Pace(**PACE)
    print("ready", flush=True)  # noqa: T201  the test waits for this word
    while True:
        try:
            for clinic_id in delivery.waiting_clinics(timezone.now()):
                delivery.deliver_clinic(clinic_id, pace=pace)
        except Error:
            connection.close()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
