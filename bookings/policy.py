"""A clinic's booking rules: which hold for a service, and what they say about a visit.

What a page announces and what an action does come from the same functions here (B9). Defaults are the trade's: free to
cancel and to move until 24 hours before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from bookings.models import Appointment, LateRule, Mode, Policy, Service, State
from portal.kit.refusals import Refusal

if TYPE_CHECKING:
    from clinics.models import Clinic

OVERRIDES = (
    "minimum_notice_hours",
    "horizon_days",
    "grid_minutes",
    "cancel_hours",
    "move_hours",
    "most_moves",
    "late_rule",
)
# After the end of a visit that nobody has marked, staff are asked whether it was missed.
NO_SHOW_GRACE = timedelta(minutes=15)
# How long a client may take a cancellation back, if the time is still free.
UNDO_FOR = timedelta(minutes=15)


class VisitOver(Refusal):
    message = gettext_lazy("This visit is over, so it can’t be changed here.")


class VisitBegun(Refusal):
    message = gettext_lazy("This visit has begun. Please talk to the team at the clinic.")


class TooLateToMove(Refusal):
    message = gettext_lazy("It is too late to move this visit here. Please call the clinic.")


class ArrangedByClinic(Refusal):
    """A confirmed time for something that clients don't book by themselves: moving it would give it up for a wish."""

    message = gettext_lazy("The clinic arranges this kind of visit itself. Please call to move it.")


class MovedTooOften(Refusal):
    message = gettext_lazy("This visit has been moved as often as is possible here. Please call the clinic.")


class TooLateToCancel(Refusal):
    message = gettext_lazy("It is too late to cancel this visit here. Please call the clinic.")


class NowLate(Refusal):
    """The page said that it is free, and the window ended while somebody read it."""

    message = gettext_lazy("It has just become too late to cancel free of charge. Please look again before you cancel.")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for bookings of one service: the clinic's policy with the service's own rules laid over it."""

    minimum_notice_hours: int
    horizon_days: int
    grid_minutes: int
    cancel_hours: int
    move_hours: int
    most_moves: int
    late_rule: str
    policy_id: int | None

    @property
    def terms(self) -> dict[str, int | str]:
        """What a visit keeps of them (`Terms`)."""
        return {
            "cancel_hours": self.cancel_hours,
            "move_hours": self.move_hours,
            "most_moves": self.most_moves,
            "late_rule": self.late_rule,
        }


def in_force(clinic: Clinic) -> Policy:
    """The newest version of a clinic's rules; the trade's defaults, unsaved, while it has made none."""
    return Policy.objects.for_clinic(clinic).order_by("-number").first() or Policy(clinic=clinic, number=0)


def rules_for(service: Service, policy: Policy) -> Rules:
    def rule(name: str) -> int | str:
        own: int | str | None = getattr(service, name)
        found: int | str = getattr(policy, name) if own in {None, ""} else own
        return found

    return Rules(**{name: rule(name) for name in OVERRIDES}, policy_id=policy.pk)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling a visit now would do."""

    # The state that it would end in.
    state: State
    # Until when it is free; None for a request, which is free until it begins.
    free_until: datetime | None
    # Why the client can't do it here.
    refusal: Refusal | None = None

    @property
    def is_late(self) -> bool:
        return self.state == State.LATE_CANCELLED


def free_to_cancel_until(appointment: Appointment) -> datetime:
    return appointment.starts_at - timedelta(hours=appointment.cancel_hours)


def free_to_move_until(appointment: Appointment) -> datetime:
    return appointment.starts_at - timedelta(hours=appointment.move_hours)


def cancellation(appointment: Appointment, *, by_staff: bool, now: datetime) -> Cancellation:
    """What cancelling would do and whether it may be: the action asks this under its locks, the page before.

    What the clinic causes never costs the client anything. A request that the clinic has not accepted binds nobody.
    """
    if appointment.is_ended:
        return Cancellation(State(appointment.state), None, VisitOver())
    if by_staff:
        return Cancellation(State.CANCELLED_BY_CLINIC, None)
    if appointment.state in {State.ARRIVED, State.IN_PROGRESS}:
        return Cancellation(State.CANCELLED_BY_CLIENT, None, VisitBegun())
    if appointment.starts_at <= now:
        return Cancellation(State.CANCELLED_BY_CLIENT, None, VisitOver())
    if appointment.state == State.REQUESTED:
        return Cancellation(State.CANCELLED_BY_CLIENT, None)
    free_until = free_to_cancel_until(appointment)
    if now <= free_until:
        return Cancellation(State.CANCELLED_BY_CLIENT, free_until)
    refusal = TooLateToCancel() if appointment.late_rule == LateRule.CALL else None
    return Cancellation(State.LATE_CANCELLED, free_until, refusal)


def why_not_move(appointment: Appointment, *, by_staff: bool, now: datetime) -> Refusal | None:
    """What stands in the way of moving a visit; None when nothing does. Staff are bound by its end only."""
    if appointment.is_ended:
        return VisitOver()
    if by_staff:
        return None
    if appointment.state in {State.ARRIVED, State.IN_PROGRESS}:
        return VisitBegun()
    if appointment.starts_at <= now:
        return VisitOver()
    if appointment.is_proposal:
        return None
    if appointment.state != State.REQUESTED and appointment.service.mode != Mode.DIRECT:
        return ArrangedByClinic()
    if appointment.state != State.REQUESTED and now > free_to_move_until(appointment):
        return TooLateToMove()
    return MovedTooOften() if appointment.moves >= appointment.most_moves else None


def is_its_day(appointment: Appointment, *, now: datetime) -> bool:
    """Is it the day of the visit, on the clinic's clock, or later?"""
    zone = appointment.clinic.zone
    return now.astimezone(zone).date() >= appointment.starts_at.astimezone(zone).date()


def can_undo(appointment: Appointment, *, now: datetime) -> bool:
    """Did the client cancel it just now, and is it still ahead? Whether its time is free, only the action finds out."""
    ended_at = appointment.ended_at
    return (
        appointment.state in {State.CANCELLED_BY_CLIENT, State.LATE_CANCELLED}
        and not appointment.reason_code
        and ended_at is not None
        and now - ended_at < UNDO_FOR
        and appointment.starts_at > now
    )
