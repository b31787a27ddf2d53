"""Sign-in by a one-time code: six digits, ten minutes, five tries, bound to the browser that asked.

What is said, counted and written never depends on whether the contact is on file: an unknown one gets a code row that
nothing matches and a message that the worker drops. Numbers are those of docs/security.md.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet

from clients import directory, limits, notices
from clients.models import Client, SignInCode
from clinics.models import Clinic
from portal.kit import contacts, crypto
from portal.kit.contacts import Contact

log = structlog.get_logger(__name__)

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
AGAIN_AFTER = timedelta(seconds=60)
# Sends to one contact at one door: at most so many within so long.
SENDS = ((timedelta(minutes=10), 3), (timedelta(hours=1), 5), (timedelta(days=1), 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for a code, and from where. `clinic` is None at the door of all clinics."""

    contact: Contact
    clinic: Clinic | None
    network: str
    ip_address: str | None
    # The token of the code that this browser asked for before, or "".
    challenge: str = ""
    # Has this browser been signed in by this contact before? Then strangers can't use up its sends.
    is_familiar: bool = False
    agreed_revision: int = 0

    @property
    def quota_digest(self) -> str:
        door = self.clinic.pk if self.clinic else "all clinics"
        browser = "familiar" if self.is_familiar else "any"
        return crypto.keyed_digest(f"{self.contact.value} {door} {browser}", purpose="quota")


class Standing(StrEnum):
    """What a contact is at a door: on file, new at a door that is open to everybody, or unknown at one that is not."""

    ON_FILE = "on file"
    NEW = "new"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser learns: the challenge for its cookie, and when it may ask again. `too_many_until` comes from its
    address alone, so it tells nothing about the contact."""

    challenge: str
    again_at: datetime
    too_many_until: datetime | None = None


def ask(asking: Asking, *, sender: Clinic, standing: Standing, now: datetime) -> Asked:
    """Send a code, or seem to. Called inside `tenant(sender)`; returned, never raised, so that what was counted stays.

    A request within a minute of the last, or beyond the contact's sends, changes nothing and answers the same. Where a
    cap on money is reached, everybody gets a code row that nothing is sent for: a cap must not tell who is on file.
    """
    counted = limits.count([(limits.CODES_PER_ADDRESS, asking.network)], now=now)
    if counted[limits.CODES_PER_ADDRESS.name] > limits.CODES_PER_ADDRESS.most:
        return Asked(asking.challenge or crypto.new_token(), now, limits.CODES_PER_ADDRESS.ends_at(now))
    limits.count([(limits.CONTACT_LOCK, asking.quota_digest)], now=now)
    if again_at := _quiet_until(asking, now):
        return Asked(asking.challenge or crypto.new_token(), again_at)
    is_sent = not _is_capped(asking, sender, standing, now) and standing != Standing.UNKNOWN
    challenge, code = crypto.new_token(), f"{secrets.randbelow(1_000_000):06d}"
    # Only this browser's own earlier code: a stranger who asks must not end the owner's.
    earlier = SignInCode.objects.filter(challenge_digest=crypto.token_digest(asking.challenge), used_at__isnull=True)
    earlier.update(voided_at=now)
    row = SignInCode.objects.create(
        challenge_digest=crypto.token_digest(challenge),
        contact_digest=asking.contact.digest,
        quota_digest=asking.quota_digest,
        code_digest=code_digest(code, challenge),
        clinic=asking.clinic,
        agreed_revision=asking.agreed_revision,
        ip_address=asking.ip_address,
        was_familiar=asking.is_familiar,
        asked_at=now,
        expires_at=now + LIFETIME,
    )
    notices.sign_in_code(sender, asking.contact, code=code, row=row, is_known=is_sent, now=now)
    return Asked(challenge, now + AGAIN_AFTER)


def _is_capped(asking: Asking, sender: Clinic, standing: Standing, now: datetime) -> bool:
    """Count a message that is about to go out, and say whether it is one too many for what it costs.

    Each stage counts only what the one before let through, so what is not sent uses no cap up. Messages that nobody
    gets count beside the real ones, in the same statements, whatever the contact is.
    """
    is_text = asking.contact.channel == contacts.SMS
    # Contacts on file have their own sends a day; only an open door lets anybody have a stranger written to.
    newcomers = [(limits.CODES_TO_NEWCOMERS, f"{standing} {sender.pk}")]
    newcomers += [(limits.CODES_PER_PREFIX, f"{standing} {asking.contact.value[:-4]}")] if is_text else []
    over = _reached(newcomers, now)
    reached = over if standing == Standing.NEW else []
    for rule, scope in _caps(sender) if is_text else ():
        is_counted = standing != Standing.UNKNOWN and not reached
        over = _reached([(rule, f"{'sent' if is_counted else 'unsent'} {scope}")], now)
        reached += over if is_counted else []
    if reached:
        log.warning("codes_capped", clinic_id=sender.pk, rules=reached)
    return bool(reached)


def _caps(sender: Clinic) -> tuple[tuple[limits.Rule, str], ...]:
    """What texts cost, the clinic's own limit first, and whose limit each is."""
    clinic_cap = limits.per_clinic(sender.sms_codes_per_day)
    return (clinic_cap, str(sender.pk)), (limits.per_portal(settings.SMS_CODES_PER_DAY), "portal")


def _reached(tallies: list[tuple[limits.Rule, str]], now: datetime) -> list[str]:
    counts = limits.count(tallies, now=now)
    return [rule.name for rule, _subject in tallies if counts[rule.name] > rule.most]


def _quiet_until(asking: Asking, now: datetime) -> datetime | None:
    """When this contact may be sent to again, or None for now. Exact: its tally row is locked by this transaction."""
    windows = {
        f"sent_{index}": Count("pk", filter=Q(asked_at__gt=now - window)) for index, (window, _most) in enumerate(SENDS)
    }
    live = Q(voided_at__isnull=True, used_at__isnull=True)
    longest = max(window for window, _most in SENDS)
    mine = SignInCode.objects.filter(quota_digest=asking.quota_digest, asked_at__gt=now - longest)
    found = mine.aggregate(last_at=Max("asked_at", filter=live), **windows)
    over = [window for index, (window, most) in enumerate(SENDS) if found[f"sent_{index}"] >= most]
    last_at: datetime | None = found["last_at"]
    if last_at is not None and now - last_at < AGAIN_AFTER:
        return last_at + AGAIN_AFTER
    return now + AGAIN_AFTER if over else None


def code_digest(code: str, challenge: str) -> str:
    """Keyed, and different for each browser: one table of a million guesses does not open a stolen one."""
    return crypto.keyed_digest(f"{challenge}:{code}", purpose="sign-in-code")


def read_code(text: str) -> str:
    """The six ASCII digits of what was typed, without the spaces and dashes that phones put between; "" otherwise."""
    stripped = re.sub(r"[\s-]", "", text)
    return stripped if re.fullmatch(r"[0-9]{6}", stripped, re.ASCII) else ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to a try. `row` is set for the right code alone."""

    row: SignInCode | None = None
    tries_left: int = 0
    too_many_until: datetime | None = None


def check(code: str, *, challenge: str, clinic: Clinic | None, network: str, now: datetime) -> Checked:
    """Count the try, then compare; the right code works once. Returned, never raised: see ClinicMiddleware."""
    counts = limits.count([(limits.TRIES_PER_ADDRESS, network)], now=now)
    if counts[limits.TRIES_PER_ADDRESS.name] > limits.TRIES_PER_ADDRESS.most:
        return Checked(too_many_until=limits.TRIES_PER_ADDRESS.ends_at(now))
    mine = SignInCode.objects.filter(challenge_digest=crypto.token_digest(challenge), clinic=clinic)
    live = mine.filter(used_at__isnull=True, voided_at__isnull=True, expires_at__gt=now)
    # One UPDATE that counts and holds the row: of 200 guesses at once, five get to the comparison.
    if not live.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return Checked()
    row = mine.get()
    if not _may_still_guess(row, now) or not crypto.is_same(row.code_digest, code_digest(code, challenge)):
        return Checked(tries_left=MOST_TRIES - row.tries)
    return Checked(row=row) if live.filter(pk=row.pk).update(used_at=now) else Checked()


def _may_still_guess(row: SignInCode, now: datetime) -> bool:
    browser = "familiar" if row.was_familiar else "any"
    counts = limits.count([(limits.WRONG_CODES, f"{row.contact_digest} {browser}")], now=now)
    return counts[limits.WRONG_CODES.name] <= limits.WRONG_CODES.most


def is_proved(challenge: str, *, now: datetime) -> bool:
    """Was the code of this challenge entered within the last ten minutes, and has the proof not been used since?"""
    return _proofs(challenge, now).exists()


def spend(challenge: str, *, now: datetime) -> bool:
    """Use a proof up. One of any number of requests at once gets True."""
    return bool(_proofs(challenge, now).update(voided_at=now))


def void(challenge: str, *, now: datetime) -> None:
    """Nothing comes of this challenge any more, whether its code was entered or not."""
    SignInCode.objects.filter(challenge_digest=crypto.token_digest(challenge), voided_at__isnull=True).update(
        voided_at=now
    )


def _proofs(challenge: str, now: datetime) -> QuerySet[SignInCode]:
    rows = SignInCode.objects.filter(challenge_digest=crypto.token_digest(challenge), voided_at__isnull=True)
    return rows.filter(used_at__gt=now - LIFETIME)


def standing_at(clinic: Clinic, contact: Contact) -> Standing:
    """What a contact is at a clinic's own door."""
    if Client.objects.for_clinic(clinic).reached_by(contact).exists():
        return Standing.ON_FILE
    return Standing.NEW if clinic.is_open_to_new_clients else Standing.UNKNOWN


def sender_for(contact: Contact) -> tuple[Clinic | None, Standing]:
    """At the door of all clinics: who sends the code, and is the contact known? The same statements either way.

    An unknown contact's decoy goes through some live clinic's outbox, always the same one for the same contact. None
    only while the portal has no clinic.
    """
    known = directory.clinics_knowing(contact)
    total = Clinic.objects.live().count()
    position = int(contact.digest[:8], 16) % total if total else 0
    decoy = Clinic.objects.live().order_by("pk")[position : position + 1].first()
    return (known[0], Standing.ON_FILE) if known else (decoy, Standing.UNKNOWN)


def clients_reached(clinic: Clinic, contact: Contact) -> list[Client]:
    """Everybody of the open clinic who has the contact on file, by name."""
    return list(Client.objects.for_clinic(clinic).reached_by(contact).order_by("name", "pk"))
