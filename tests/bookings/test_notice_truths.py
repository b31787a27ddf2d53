"""Is what a message says about a visit still so when it is sent?"""

from datetime import timedelta

import pytest

from bookings import actions, notices
from bookings.models import AppointmentChange
from clinics.tenancy import tenant
from messaging.models import Outgoing, State
from pets import actions as pets
from tests import factories
from tests.bookings import visits
from tests.bookings.said import do, outbox
from tests.bookings.visits import NOON, at, book
from tests.fakes.mailer import Mailer
from tests.messaging.outgoing import deliver


@pytest.fixture
def mailer(settings):
    """A portal that really sends, to a stand-in."""
    settings.DEMO = settings.DEBUG = False
    settings.MAILERS = {"platform": {"BACKEND": "tests.fakes.mailer.Mailer"}}
    Mailer.forget()


@pytest.fixture
def visit(willow, owner, miso, check):
    return book(owner, check, at(willow, "2026-04-23 09:15"), miso)


def states(clinic):
    deliver(clinic, NOON + timedelta(seconds=5))
    return {row.kind.removeprefix("appointment_"): row.state for row in outbox(clinic)}


def move(visit, by, when="2026-04-24 10:00"):
    do(actions.reschedule_appointment, visit, starts_at=at(visit.clinic, when), person=None, by=by)


def test_what_is_still_so_is_sent(mailer, willow, visit):
    assert states(willow) == {"booked": State.SENT}


def test_moved_before_it_was_sent_the_first_is_dropped(mailer, willow, owner, visit):
    move(visit, owner)

    assert states(willow) == {"booked": State.DEAD, "moved": State.SENT}


def test_cancelled_before_it_was_sent_only_that_is_said(mailer, willow, owner, visit):
    move(visit, owner)
    do(actions.cancel_appointment, visit, by=owner)

    assert states(willow) == {"booked": State.DEAD, "moved": State.DEAD, "cancelled": State.SENT}


def test_a_cancellation_that_was_taken_back_is_not_said(mailer, willow, owner, visit):
    do(actions.cancel_appointment, visit, by=owner)
    do(actions.undo_cancellation, visit, by=owner)

    assert states(willow) == {"booked": State.DEAD, "cancelled": State.DEAD, "restored": State.SENT}


def test_a_pet_that_died_is_not_written_about(mailer, willow, owner, miso, visit):
    with tenant(willow):
        pets.report_death(pet=miso, died_on=None, by=owner, now=NOON)

    assert states(willow) == {"booked": State.DEAD}


def test_a_pet_that_died_after_its_visit_was_cancelled_is_not_written_about(mailer, willow, owner, miso, visit):
    do(actions.cancel_appointment, visit, by=owner)
    with tenant(willow):
        pets.report_death(pet=miso, died_on=None, by=owner, now=NOON)

    assert states(willow) == {"booked": State.DEAD, "cancelled": State.DEAD}


def test_a_deleted_pets_cancellation_is_said(mailer, willow, owner, miso, visit):
    with tenant(willow):
        pets.delete_pet(pet=miso, by=owner, now=NOON)

    assert states(willow) == {"booked": State.DEAD, "cancelled": State.SENT}


def test_of_two_pets_nothing_is_said_once_one_has_died(mailer, willow, owner, miso, okafor):
    both = visits.create_service(willow, okafor, most_pets=2)
    rex = factories.create_pet(owner, name="Rex")
    book(owner, both, at(willow, "2026-04-23 09:15"), miso, rex)
    with tenant(willow):
        pets.report_death(pet=rex, died_on=None, by=owner, now=NOON)

    assert states(willow) == {"booked": State.DEAD}


def test_a_visit_that_is_over_needs_no_confirmation_but_its_cancellation_does(mailer, willow, owner, miso, check):
    other = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    do(actions.cancel_appointment, other, by=owner)
    book(owner, check, at(willow, "2026-04-24 09:15"), miso)

    deliver(willow, at(willow, "2026-04-24 09:45"))

    assert [(row.kind, row.state) for row in outbox(willow)] == [
        ("appointment_booked", State.DEAD),
        ("appointment_cancelled", State.SENT),
        ("appointment_booked", State.DEAD),
    ]


def test_neither_a_neighbours_change_nor_none_is_vouched_for(willow, harbour, visit):
    with tenant(willow):
        change = AppointmentChange.objects.get().pk
        ours = notices.still_so(willow, change)
    with tenant(harbour):
        theirs = notices.still_so(harbour, change)
        nothing = notices.still_so(harbour, 0)

    assert (ours, theirs, nothing) == (True, False, False)


def test_a_message_names_the_change_that_it_is_about(willow, visit):
    with tenant(willow):
        about = Outgoing.objects.get().about
        change = AppointmentChange.objects.get().pk

    assert about == f"appointment_change:{change}"


def test_what_staff_put_right_takes_nothing_back(willow, owner, miso, check, reception):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    do(actions.cancel_appointment, visit, by=reception, reason="The vet is ill")
    do(actions.correct_visit, visit, state="cancelled_by_client", by=reception, reason="They had called before us")

    with tenant(willow):
        cancelled = AppointmentChange.objects.get(kind="cancelled")
        assert notices.still_so(willow, cancelled.pk) is True
