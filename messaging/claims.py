"""Which message is next, and whose it is for the length of a lease.

Everything here is committed before any call goes out.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Greatest

from clinics.models import Clinic
from clinics.tenancy import tenant_found
from messaging import gateways, outcomes, truths
from messaging.gateways import Gateway
from messaging.models import Outgoing, OutgoingQuerySet, State, Waiting
from messaging.pace import Pace

# By channel, and by whether the mail is the platform's.
type WaysOut = dict[tuple[str, bool], Gateway]


def take(clinic_id: int, ways_out: WaysOut, *, now: datetime, pace: Pace) -> Outgoing | None:
    """Lease the next row: one to send (now SENDING), else one to ask about (CHECKING).

    None when nothing is due; nothing of a suspended clinic is. Rings are taken back in the same transaction
    that answers them and leaves one of its own at the end of the lease: whatever dies here, the clinic is
    looked at again. `ways_out` gets the gateway of the row, which is made while the clinic is open.
    """
    with tenant_found(Clinic.objects.live().filter(pk=clinic_id)) as clinic:
        if clinic is None:
            return None
        # Before looking for rows: a ring that is seen here belongs to a row that is seen below.
        _take_rings(clinic, now)
        _drop_useless(clinic, now)
        _doubt_abandoned(clinic, now, pace)
        row = _lease_due(clinic, now, pace) or _lease_doubtful(clinic, now, pace)
        if row is None:
            return None
        row.clinic = clinic
        if way_out(row) not in ways_out:
            ways_out[way_out(row)] = gateways.for_message(clinic, row.channel, is_platforms=row.is_platforms)
        return row


def way_out(row: Outgoing) -> tuple[str, bool]:
    return row.channel, row.is_platforms


def _take_rings(clinic: Clinic, now: datetime) -> None:
    heard = Waiting.objects.filter(clinic=clinic, due_at__lte=now).select_for_update(skip_locked=True)
    Waiting.objects.filter(pk__in=heard.values("pk")).delete()


def _drop_useless(clinic: Clinic, now: datetime) -> None:
    """Decoys vanish in silence.

    What came too late is given up: a code that arrives after its ten minutes only confuses.
    """
    useless = _locked(clinic, Outgoing.objects.for_clinic(clinic).due(now).filter(_useless(now)))
    useless.update(state=State.DEAD, error=outcomes.TOO_LATE, body=outcomes.SERVED_BODY)


def _doubt_abandoned(clinic: Clinic, now: datetime, pace: Pace) -> None:
    """Their worker is gone, and nobody knows whether it had sent them."""
    abandoned = Outgoing.objects.for_clinic(clinic).abandoned(now).filter(state=State.SENDING)
    doubted = _locked(clinic, abandoned).update(
        state=State.CHECKING,
        doubts=F("doubts") + 1,
        error=outcomes.WORKER_GONE,
        leased_until=Greatest(F("claimed_at") + pace.ask_after, now),
    )
    if doubted:
        outcomes.ring(clinic.pk, at=now + pace.ask_after)


def _lease_due(clinic: Clinic, now: datetime, pace: Pace) -> Outgoing | None:
    row = _next_true(clinic, now)
    if row:
        row.state, row.attempts, row.claimed_at = State.SENDING, row.attempts + 1, now
        _lease(row, now, pace)
    return row


def _next_true(clinic: Clinic, now: datetime) -> Outgoing | None:
    """The next to send; what is no longer so is dropped on the way: a reminder for a pet that died yesterday."""
    while row := _next(Outgoing.objects.for_clinic(clinic).due(now).exclude(_useless(now))):
        row.clinic = clinic
        if truths.still_holds(row):
            return row
        ended = {"state": State.DEAD, "error": outcomes.NO_LONGER_SO, "body": outcomes.SERVED_BODY}
        Outgoing.objects.for_clinic(clinic).filter(pk=row.pk).update(**ended)
    return None


def _lease_doubtful(clinic: Clinic, now: datetime, pace: Pace) -> Outgoing | None:
    row = _next(Outgoing.objects.for_clinic(clinic).abandoned(now).filter(state=State.CHECKING))
    if row:
        _lease(row, now, pace)
    return row


def _useless(now: datetime) -> Q:
    return Q(is_decoy=True) | Q(expires_at__lte=now)


def _locked(clinic: Clinic, rows: OutgoingQuerySet) -> OutgoingQuerySet:
    """Those that no other worker has in hand, so two workers never wait for each other in turn."""
    free = rows.order_by().select_for_update(skip_locked=True).values("pk")
    return Outgoing.objects.for_clinic(clinic).filter(pk__in=free)


def _next(rows: OutgoingQuerySet) -> Outgoing | None:
    return rows.select_for_update(skip_locked=True)[:1].first()


def _lease(row: Outgoing, now: datetime, pace: Pace) -> None:
    row.leased_until = now + pace.lease
    row.save(update_fields=["state", "attempts", "claimed_at", "leased_until"])
    outcomes.ring(row.clinic_id, at=row.leased_until)
