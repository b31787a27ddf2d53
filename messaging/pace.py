"""How fast delivery goes, waits and gives up. In one place, so that tests can hurry it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    # A claimed row is its worker's for so long. Far longer than any call of a provider.
    lease: timedelta = timedelta(seconds=60)
    # From a claim to the first question whether it was sent: a provider's list of messages may lag.
    ask_after: timedelta = timedelta(minutes=2)
    # From a claim until we stop asking a provider that doesn't answer.
    ask_for: timedelta = timedelta(hours=24)
    first_retry: timedelta = timedelta(seconds=15)
    longest_retry: timedelta = timedelta(minutes=30)
    most_attempts: int = 8
    # One task works on one clinic for so long, then makes room. Less than CELERY_TASK_TIME_LIMIT.
    run_for: timedelta = timedelta(minutes=2)

    def retry_in(self, attempts: int, *, at_least: timedelta | None = None) -> timedelta:
        """Twice as long after each attempt, but for a random part, so that failed messages don't come back
        all at once.
        """
        doubled = self.first_retry * (1 << min(attempts - 1, 16))
        backoff = min(doubled, self.longest_retry) * random.uniform(0.5, 1)
        return max(backoff, min(at_least or timedelta(), self.longest_retry))


USUAL = Pace()
