"""From a row to the provider, once: claim and commit, call, write down what came of it.

A worker may die, freeze or lose the database at any line. Then the lease runs out, and the row is in doubt:
the provider is asked before anything is sent again. Called with no clinic open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import claims, outcomes
from messaging.gateways import Attachment, Gateway, Message, Rejected, TryLater, Unclear
from messaging.models import Outgoing, State, Waiting
from messaging.pace import USUAL, Pace
from portal.kit import crypto

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


def deliver_clinic(clinic_id: int, *, clock: Clock = timezone.now, pace: Pace = USUAL) -> int:
    """Send what is due at one clinic, one message after another, and settle its doubts.

    Returns how many were worked on. Safe to call any number of times, also at once. Does nothing for a
    suspended clinic.
    """
    stops_at, count = clock() + pace.run_for, 0
    ways_out: claims.WaysOut = {}
    while clock() < stops_at:
        row = claims.take(clinic_id, ways_out, now=clock(), pace=pace)
        if row is None:
            return count
        count += 1
        if row.state == State.CHECKING:
            _ask(row, ways_out[claims.way_out(row)], clock=clock, pace=pace)
        else:
            _send(row, ways_out[claims.way_out(row)], clock=clock, pace=pace)
    outcomes.ring(clinic_id, at=clock())
    return count


def waiting_clinics(now: datetime) -> list[int]:
    """Live clinics whose outbox has something to do, longest waiting first.

    Takes nothing: `deliver_clinic` does.
    """
    rings = Waiting.objects.filter(due_at__lte=now, clinic__in=Clinic.objects.live())
    waiting = rings.order_by("due_at").values_list("clinic_id", flat=True)
    return list(dict.fromkeys(waiting))


def sweep(clinic: Clinic, now: datetime) -> bool:
    """Ring for a clinic whose outbox has something to do. The backstop should a ring ever be lost."""
    with tenant(clinic):
        rows = Outgoing.objects.for_clinic(clinic)
        has_work = rows.due(now).exists() or rows.abandoned(now).exists()
        if has_work:
            outcomes.ring(clinic.pk, at=now)
        return has_work


def _send(row: Outgoing, gateway: Gateway, *, clock: Clock, pace: Pace) -> None:
    message = _message(row, clock())
    if message is None:
        outcomes.refused(row, "It was sealed with a key that is gone.")
        return
    if clock() - message.claimed_at > pace.lease / 2:
        # This worker was frozen for a while: another may think the row abandoned before our call ends.
        outcomes.released(row, now=clock())
        return
    try:
        provider_id = gateway.send(message)
    except Rejected as error:
        outcomes.refused(row, str(error))
    except TryLater as error:
        outcomes.postponed(row, str(error), retry_after=error.retry_after, now=clock(), pace=pace)
    except Unclear as error:
        outcomes.doubted(row, str(error), now=clock(), pace=pace)
    except Exception as error:  # A fault of ours or of a library: whether it was sent is as unknown as after a timeout.
        log.exception("messaging.gateway_failed", outbox_id=row.pk, clinic_id=row.clinic_id)
        outcomes.doubted(row, type(error).__name__, now=clock(), pace=pace)
    else:
        outcomes.sent(row, provider_id, now=clock())


def _ask(row: Outgoing, gateway: Gateway, *, clock: Clock, pace: Pace) -> None:
    message = _message(row, clock())
    if message is None:
        outcomes.given_up(row, outcomes.STILL_UNKNOWN)
        return
    try:
        candidates = gateway.find(message)
    except Exception as error:
        if not isinstance(error, TryLater):
            log.exception("messaging.gateway_failed", outbox_id=row.pk, clinic_id=row.clinic_id)
        outcomes.asked_in_vain(row, str(error) or type(error).__name__, now=clock(), pace=pace)
        return
    if not outcomes.found(row, candidates, now=clock()):
        outcomes.not_found(row, was_asked=gateway.can_be_asked, now=clock(), pace=pace)


def _message(row: Outgoing, now: datetime) -> Message | None:
    """What the gateway gets; None when the text was sealed with a key that we no longer have."""
    try:
        text = row.text
    except crypto.Unreadable:
        return None
    return Message(
        outbox_id=row.pk,
        clinic=row.clinic,
        channel=row.channel,
        to=row.to,
        subject=row.subject,
        text=text,
        claimed_at=row.claimed_at or now,
        expires_at=row.expires_at,
        is_platforms=row.is_platforms,
        attachment=_attachment(row),
    )


def _attachment(row: Outgoing) -> Attachment | None:
    if not row.attachment_text:
        return None
    return Attachment(row.attachment_name, row.attachment_type, row.attachment_text)
