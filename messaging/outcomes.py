"""What became of a row that a worker had leased. Each is written only if the row is still that worker's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, F, TextField, Value, When
from django.utils.translation import gettext_noop

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging.models import ONE_PROVIDER_ID, Outgoing, OutgoingQuerySet, State, Waiting
from messaging.pace import Pace
from portal.kit.database import broke

# A code is of no use to anybody once it has gone, or hasn't. A decoy never had a body worth keeping.
SERVED_BODY = Case(
    When(is_sensitive=True, then=Value("")),
    When(is_decoy=True, then=Value("")),
    default=F("body"),
    output_field=TextField(),
)
TOO_LATE = Case(
    When(is_decoy=True, then=Value("")),
    default=Value(gettext_noop("It came too late to be of use.")),
    output_field=CharField(),
)
NO_LONGER_SO = gettext_noop("What it says was no longer so when it was due.")
WORKER_GONE = gettext_noop("The worker was gone before it could tell whether it had sent this.")
NEVER_TWICE = gettext_noop("Perhaps sent, perhaps not. A code is never sent twice by itself.")
STILL_UNKNOWN = gettext_noop("Perhaps sent, perhaps not. The provider can’t tell.")


def ring(clinic_id: int, *, at: datetime) -> None:
    """Have the clinic looked at from then on, by the next beat."""
    Waiting.objects.create(clinic_id=clinic_id, due_at=at)


def sent(row: Outgoing, provider_id: str, *, now: datetime) -> None:
    """The provider took it.

    Also believed when the lease ran out meanwhile: that is the answer which was missing.
    """
    with tenant(row.clinic):
        hold(row.clinic, _of_this_claim(row), provider_id, now=now, state=State.SENT, sent_at=now)


def found(row: Outgoing, candidates: list[str], *, now: datetime) -> bool:
    """Was one of these at the provider this row? One that another row was sent as is not."""
    with tenant(row.clinic):
        known = Outgoing.objects.for_clinic(row.clinic).filter(provider_id__in=candidates)
        taken = set(known.values_list("provider_id", flat=True))
        free = [candidate for candidate in candidates if candidate not in taken]
        if free:
            hold(row.clinic, _of_this_claim(row), free[-1], now=now, state=State.SENT, sent_at=row.claimed_at)
        return bool(free)


def refused(row: Outgoing, reason: str) -> None:
    """For good. Staff see why."""
    _end(row, State.FAILED, reason)


def given_up(row: Outgoing, reason: str) -> None:
    _end(row, State.DEAD, reason)


def postponed(row: Outgoing, reason: str, *, retry_after: timedelta | None, now: datetime, pace: Pace) -> None:
    """Surely not sent: queued again for later, or given up after the last attempt."""
    if row.attempts >= pace.most_attempts:
        given_up(row, reason)
        return
    _queue(row, reason, at=now + pace.retry_in(row.attempts, at_least=retry_after))


def released(row: Outgoing, *, now: datetime) -> None:
    """Claimed too long ago to be sent safely, and surely not sent: back in the queue at once."""
    _queue(row, row.error, at=now)


def doubted(row: Outgoing, reason: str, *, now: datetime, pace: Pace) -> None:
    """Perhaps sent. Nothing is sent again before the provider was asked."""
    ask_at = max(now, (row.claimed_at or now) + pace.ask_after)
    with tenant(row.clinic):
        mine = _of_this_claim(row).filter(state=State.SENDING)
        if mine.update(state=State.CHECKING, doubts=F("doubts") + 1, leased_until=ask_at, error=_short(reason)):
            ring(row.clinic_id, at=ask_at)


def not_found(row: Outgoing, *, was_asked: bool, now: datetime, pace: Pace) -> None:
    """The provider doesn't have it, or can't tell (`was_asked` is false): the one place that lets a row be
    sent again.
    """
    if row.is_sensitive:
        given_up(row, NEVER_TWICE)
    elif row.attempts >= pace.most_attempts or (not was_asked and row.doubts > 1):
        given_up(row, row.error if was_asked else STILL_UNKNOWN)
    else:
        _queue(row, row.error, at=now)


def asked_in_vain(row: Outgoing, reason: str, *, now: datetime, pace: Pace) -> None:
    """The provider didn't answer our question.

    Asked again later, for a day; a code only while it is of use.
    """
    is_useless = row.is_sensitive and row.expires_at is not None and row.expires_at <= now
    if is_useless or now - (row.claimed_at or now) > pace.ask_for:
        given_up(row, STILL_UNKNOWN)
        return
    with tenant(row.clinic):
        if _of_this_claim(row).update(leased_until=now + pace.ask_after, error=_short(reason)):
            ring(row.clinic_id, at=now + pace.ask_after)


def hold(clinic: Clinic, rows: OutgoingQuerySet, provider_id: str, *, now: datetime, **values: Any) -> bool:
    """Write what the provider says about our one row under its id, if there is such a row. The clinic must be open.

    An id that another row holds was guessed from equal words (see `found`); whoever has it from the provider
    itself is right, and the other one is asked about again.
    """
    values |= {
        "provider_id": provider_id,
        "leased_until": None,
        "error": values.get("error", ""),
        "body": SERVED_BODY,
    }
    try:
        with transaction.atomic():
            return bool(rows.update(**values))
    except IntegrityError as error:
        if not broke(error, ONE_PROVIDER_ID):
            raise
    others = Outgoing.objects.for_clinic(clinic).filter(provider_id=provider_id)
    others.update(provider_id="", state=State.CHECKING, leased_until=now)
    ring(clinic.pk, at=now)
    return bool(rows.update(**values))


def _of_this_claim(row: Outgoing) -> OutgoingQuerySet:
    """The row, if nobody has claimed it again or settled it since."""
    mine = Outgoing.objects.for_clinic(row.clinic).filter(pk=row.pk, claimed_at=row.claimed_at)
    return mine.filter(state__in=(State.SENDING, State.CHECKING))


def _end(row: Outgoing, state: State, reason: str) -> None:
    with tenant(row.clinic):
        mine = _of_this_claim(row).filter(state=row.state)
        mine.update(state=state, leased_until=None, error=_short(reason), body=SERVED_BODY)


def _queue(row: Outgoing, reason: str, *, at: datetime) -> None:
    with tenant(row.clinic):
        mine = _of_this_claim(row).filter(state=row.state)
        if mine.update(state=State.QUEUED, leased_until=None, due_at=at, error=_short(reason)):
            ring(row.clinic_id, at=at)


def _short(reason: str) -> str:
    return reason[:300]
