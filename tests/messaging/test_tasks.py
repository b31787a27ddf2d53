"""What Celery is told to do, run in place of a worker."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinics.models import ClinicState
from messaging import outbox, tasks
from messaging.models import State, Waiting
from portal.celery import app
from tests.messaging.outgoing import fresh, queue

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _in_place():
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def test_deliver_due_looks_at_every_clinic_that_waits(twilio, willow, harbour):
    rows = [queue(willow, now=NOW), queue(harbour, now=NOW)]

    tasks.deliver_due.delay()

    assert [fresh(row).state for row in rows] == [State.SENT, State.SENT]


def test_a_commit_nudges_at_once(twilio, willow, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = queue(willow, now=timezone.now())

    assert fresh(row).state == State.SENT


def test_a_message_for_later_does_not_nudge(willow, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as nudges:
        outbox.ring(willow.pk, at=NOW.replace(year=NOW.year + 1), now=NOW)

    assert nudges == []


def test_the_sweep_makes_good_for_lost_rings_of_live_clinics(twilio, willow, harbour):
    rows = [queue(willow, now=NOW), queue(harbour, now=NOW)]
    Waiting.objects.all().delete()
    harbour.state = ClinicState.SUSPENDED
    harbour.save()

    tasks.deliver_due.delay()
    before = fresh(rows[0]).state
    tasks.sweep_outboxes.delay()
    tasks.deliver_due.delay()

    assert (before, fresh(rows[0]).state, fresh(rows[1]).state) == (State.QUEUED, State.SENT, State.QUEUED)


def test_tasks_accept_what_a_newer_release_may_add(willow):
    tasks.deliver_clinic.delay(clinic_id=willow.pk, added_later=True)
    tasks.deliver_due.delay(added_later=True)
    tasks.sweep_outboxes.delay(added_later=True)
