"""What is forgotten, and when. The periods are those that docs/security.md and the privacy policy promise."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from clients.models import ABSOLUTE_LIMIT, IDLE_LIMIT, Device, SignInCode, Tally
from clinics.models import Clinic
from clinics.signals import purge_due
from messaging import actions as messaging_actions

CODES_KEPT = timedelta(hours=24)
# Longer than the longest window that a limit counts in, which is a day.
TALLIES_KEPT = timedelta(days=2)
ENDED_DEVICES_KEPT = timedelta(days=30)


@transaction.atomic
def purge_sign_ins(*, now: datetime) -> int:
    """Forget sign-in codes a day after they were asked for, and counts of the past. Returns how many rows."""
    codes, _by_model = SignInCode.objects.filter(asked_at__lt=now - CODES_KEPT).delete()
    tallies, _by_model = Tally.objects.filter(window_starts_at__lt=now - TALLIES_KEPT).delete()
    return codes + tallies


@transaction.atomic
def purge_clinic(*, clinic: Clinic, now: datetime) -> int:
    """Forget the open clinic's devices 30 days after their end, its messages, and what the apps above forget.

    Returns how many rows.
    """
    cut = now - ENDED_DEVICES_KEPT
    dead = Q(ended_at__lt=cut) | Q(last_seen_at__lt=cut - IDLE_LIMIT) | Q(signed_in_at__lt=cut - ABSOLUTE_LIMIT)
    devices, _by_model = Device.objects.for_clinic(clinic).filter(dead).delete()
    above = sum(int(count or 0) for _receiver, count in purge_due.send(Clinic, clinic=clinic, now=now))
    return devices + messaging_actions.purge(clinic=clinic, now=now) + above
