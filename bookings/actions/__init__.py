"""Everything that can happen to a visit."""

from bookings.actions.booking import OtherBooking, book_appointment, drop_hold, hold_time
from bookings.actions.cancelling import (
    NothingToUndo,
    cancel_appointment,
    take_pet_from_others,
    take_pet_out,
    undo_cancellation,
)
from bookings.actions.closures import close_time, move_closure, reopen_time, visits_hit
from bookings.actions.feeds import close_feed, find_feed, note_feed_read, open_feed
from bookings.actions.moving import reschedule_appointment
from bookings.actions.requests import (
    AlreadyAnswered,
    NoReason,
    accept_request,
    agree_to_proposal,
    decline_request,
    propose_time,
)
from bookings.actions.running import NotBegun, NotNow, correct_visit, mark_visit
from bookings.actions.setting_up import (
    HasHours,
    NoOpeningHours,
    RulesChanged,
    add_usual_services,
    add_usual_signs,
    copy_opening_hours,
    file_resource,
    file_service,
    set_policy,
    update_resource,
    update_service,
)
from bookings.actions.upkeep import purge_feeds, purge_holds
from bookings.taking import NoSuchTime, PetIsBusy, TimeTaken

__all__ = [
    "AlreadyAnswered",
    "HasHours",
    "NoOpeningHours",
    "NoReason",
    "NoSuchTime",
    "NotBegun",
    "NotNow",
    "NothingToUndo",
    "OtherBooking",
    "PetIsBusy",
    "RulesChanged",
    "TimeTaken",
    "accept_request",
    "add_usual_services",
    "add_usual_signs",
    "agree_to_proposal",
    "book_appointment",
    "cancel_appointment",
    "close_feed",
    "close_time",
    "copy_opening_hours",
    "correct_visit",
    "decline_request",
    "drop_hold",
    "file_resource",
    "file_service",
    "find_feed",
    "hold_time",
    "mark_visit",
    "move_closure",
    "note_feed_read",
    "open_feed",
    "propose_time",
    "purge_feeds",
    "purge_holds",
    "reopen_time",
    "reschedule_appointment",
    "set_policy",
    "take_pet_from_others",
    "take_pet_out",
    "undo_cancellation",
    "update_resource",
    "update_service",
    "visits_hit",
]
