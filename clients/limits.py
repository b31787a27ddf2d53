"""How often is too often. Counted in PostgreSQL, all rules of a request in one statement, so parallel tries count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from portal.kit import crypto

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """At most so many in each window; windows start at round times (UTC), the same for everybody."""

    name: str
    most: int
    window: timedelta

    def starts_at(self, now: datetime) -> datetime:
        since = datetime(1970, 1, 1, tzinfo=UTC)
        return since + ((now - since) // self.window) * self.window

    def ends_at(self, now: datetime) -> datetime:
        return self.starts_at(now) + self.window


# One address asks for so many codes; an IPv6 customer is a /64.
CODES_PER_ADDRESS = Rule("codes-address", 20, HOUR)
# One address tries so many codes, whatever the contacts: ten people behind one office's address stay well below.
TRIES_PER_ADDRESS = Rule("tries-address", 100, HOUR)
# Codes to contacts that are not on file, at a door that is open to them: such a door is no mail cannon.
CODES_TO_NEWCOMERS = Rule("codes-newcomers", 200, DAY)
# Numbers that differ in their last four digits only: a list being pumped for its per-text fee.
CODES_PER_PREFIX = Rule("codes-prefix", 30, HOUR)
# 50 of a million codes a day leave a guesser a chance of 1 in 20,000 a day.
WRONG_CODES = Rule("wrong-codes", 50, DAY)
# Serialises the requests of one contact, so that the sliding windows in sign_in see one another.
CONTACT_LOCK = Rule("contact", 1_000_000, DAY)


def per_clinic(most: int) -> Rule:
    return Rule("texts-clinic", most, DAY)


def per_portal(most: int) -> Rule:
    return Rule("texts-portal", most, DAY)


def count(tallies: Sequence[tuple[Rule, str]], *, now: datetime) -> dict[str, int]:
    """Add one to each rule's tally of its subject and return the new counts by the rule's name.

    Rows are touched in one order, so that two requests can wait for but never deadlock each other.
    """
    rows = sorted((rule.name, subject_digest(subject), rule.starts_at(now)) for rule, subject in tallies)
    values = ", ".join(["(%s, %s, %s, 1)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO clients_tally AS t (rule, subject_digest, window_starts_at, count) VALUES {values} "  # noqa: S608  placeholders only
            "ON CONFLICT (rule, subject_digest, window_starts_at) DO UPDATE SET count = t.count + 1 "
            "RETURNING rule, count",
            [part for row in rows for part in row],
        )
        return dict(cursor.fetchall())


def subject_digest(subject: str) -> str:
    return crypto.keyed_digest(subject, purpose="tally")
