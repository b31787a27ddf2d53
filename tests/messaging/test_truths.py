"""Is it still so? Asked when a message about a pet is about to leave (B11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import actions, claims
from messaging.models import Channel, Outgoing, State
from messaging.pace import USUAL
from pets.actions import delete_pet, report_death, restore_pet
from pets.models import Pet
from tests import factories
from tests.messaging.outgoing import change, deliver, fresh, minutes, queue, rings

NOW = timezone.now()
NO_LONGER_SO = "What it says was no longer so when it was due."


@pytest.fixture
def miso(willow: Clinic) -> Pet:
    return factories.create_pet(factories.create_owner(willow), name="Miso")


def about(pet: Pet) -> str:
    return f"pet:{pet.pk}"


def die(pet: Pet) -> None:
    with tenant(pet.clinic):
        report_death(pet=pet, died_on=None, by=pet.owner, now=NOW)


def vanish(pet: Pet) -> None:
    with tenant(pet.clinic):
        delete_pet(pet=pet, by=pet.owner, now=NOW)


def restore(pet: Pet) -> None:
    with tenant(pet.clinic):
        restore_pet(pet=pet, by=pet.owner, now=NOW)


def test_a_message_about_a_living_pet_is_sent(twilio, willow, miso):
    row = queue(willow, about=about(miso), now=NOW)

    assert (deliver(willow, NOW), fresh(row).state) == (1, State.SENT)


@pytest.mark.parametrize("leave", [die, vanish])
def test_a_message_about_a_pet_that_is_gone_is_given_up_with_the_reason(
    twilio, willow, miso, leave: Callable[[Pet], None]
):
    row = queue(willow, "Miso is due for a booster", about=about(miso), now=NOW)
    leave(miso)

    assert deliver(willow, NOW) == 0

    row = fresh(row)
    assert (row.state, row.error, row.attempts, row.leased_until) == (State.DEAD, NO_LONGER_SO, 0, None)
    # Staff may read what would have been said.
    assert row.body == "Miso is due for a booster"
    assert (twilio.requests, rings(willow)) == ([], [])


@pytest.mark.parametrize("leave", [die, vanish])
def test_a_pet_that_is_back_before_the_message_was_due_is_written_about(
    twilio, willow, miso, leave: Callable[[Pet], None]
):
    row = queue(willow, about=about(miso), now=NOW, due_at=NOW + minutes(10))
    leave(miso)
    restore(miso)

    assert (deliver(willow, NOW + minutes(10)), fresh(row).state) == (1, State.SENT)


def test_a_message_about_another_pet_or_nothing_is_sent(twilio, willow, miso):
    clover = factories.create_pet(miso.owner, name="Clover")
    die(miso)
    for subject in (about(clover), ""):
        queue(willow, subject, about=subject, now=NOW)

    assert deliver(willow, NOW) == 2

    assert sorted(twilio.bodies) == sorted([about(clover), _words_of_nothing(willow)])


def _words_of_nothing(clinic: Clinic) -> str:
    with tenant(clinic):
        return Outgoing.objects.for_clinic(clinic).get(about="").body


def test_many_that_are_no_longer_so_do_not_stop_the_next_true_one(twilio, willow, miso):
    stale = [queue(willow, about=about(miso), now=NOW) for _ in range(20)]
    die(miso)
    queue(willow, "See you at 9", now=NOW)

    assert deliver(willow, NOW) == 1

    assert {fresh(row).state for row in stale} == {State.DEAD}
    assert twilio.bodies == ["See you at 9"]


def test_an_e_mail_is_asked_about_too(mailer, willow, miso):
    queue(willow, about=about(miso), channel=Channel.EMAIL, to="nadia@example.com", subject="Booster", now=NOW)
    die(miso)

    assert (deliver(willow, NOW), mailer.sent) == (0, [])


def test_it_is_asked_again_before_another_attempt(twilio, willow, miso):
    row = queue(willow, about=about(miso), now=NOW)
    change(row, attempts=1, due_at=NOW + minutes(1), error="try later")
    die(miso)

    deliver(willow, NOW + minutes(1))

    row = fresh(row)
    assert (row.state, row.error, row.attempts) == (State.DEAD, NO_LONGER_SO, 1)


def test_queued_again_by_an_operator_it_is_asked_about_again(twilio, willow, miso):
    row = queue(willow, about=about(miso), now=NOW)
    die(miso)
    deliver(willow, NOW)

    with tenant(willow):
        assert actions.requeue_dead(clinic=willow, now=NOW) == 1
    deliver(willow, NOW)

    assert (fresh(row).error, twilio.bodies) == (NO_LONGER_SO, [])


def test_said_again_by_staff_it_is_asked_about_again(twilio, willow, miso):
    row = queue(willow, about=about(miso), now=NOW)
    deliver(willow, NOW)
    vet = factories.create_staff(willow)
    with tenant(willow):
        actions.send_again(message=fresh(row), by=vet, now=NOW)
    vanish(miso)

    assert deliver(willow, NOW) == 0
    with tenant(willow):
        assert Outgoing.objects.get(parent=row).state == State.DEAD


def test_a_neighbours_pet_can_not_vouch_for_a_message(twilio, willow, harbour):
    theirs = factories.create_pet(factories.create_owner(harbour))
    row = queue(willow, about=about(theirs), now=NOW)

    deliver(willow, NOW)

    assert fresh(row).error == NO_LONGER_SO


@pytest.mark.parametrize("subject", ["pet:", "pet", "pet:miso", "pet:-1", "pet: 1", "pet:1.5", "pet:0", "pet:²"])
def test_a_pet_that_nobody_can_be_asked_about_does_not_hold_up_the_others(twilio, willow, subject):
    row = queue(willow, about=subject, now=NOW)
    queue(willow, "See you at 9", now=NOW)

    assert (deliver(willow, NOW), twilio.bodies) == (1, ["See you at 9"])
    assert (fresh(row).state, fresh(row).error) == (State.DEAD, NO_LONGER_SO)


@pytest.mark.parametrize("subject", ["visit:7", "visit", ":7"])
def test_what_no_app_registered_for_is_sent(twilio, willow, subject):
    queue(willow, "See you at 9", about=subject, now=NOW)

    assert (deliver(willow, NOW), twilio.bodies) == (1, ["See you at 9"])


def test_a_code_that_is_about_a_pet_that_is_gone_leaves_no_body(twilio, willow, miso):
    row = queue(willow, "123456", about=about(miso), is_sensitive=True, expires_at=NOW + timedelta(minutes=10), now=NOW)
    die(miso)

    deliver(willow, NOW)

    assert (fresh(row).state, fresh(row).body) == (State.DEAD, "")


@pytest.mark.parametrize(
    ("subject", "extra"),
    # One question for the row that names a pet; none for the others.
    [("", 0), ("visit:7", 0), ("pet:{pet}", 1)],
)
def test_a_claim_asks_only_about_what_names_a_pet(willow, miso, statements, subject: str, extra: int):
    for _ in range(3):
        queue(willow, now=NOW, about=subject.format(pet=miso.pk))
    ways_out: dict[Any, Any] = {}
    _take(willow, ways_out)

    # Clinic; rings; useless; abandoned; the row; its lease and a ring for its end.
    with statements(7 + extra):
        _take(willow, ways_out)


def _take(clinic: Clinic, ways_out: dict[Any, Any]) -> None:
    assert claims.take(clinic.pk, ways_out, now=NOW, pace=USUAL) is not None
