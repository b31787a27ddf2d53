"""A membership's status is read off its dates; what the guard asks of the database agrees with it for all of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan, Status
from tests import factories
from tests.loyalty.memberships import TODAY

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NEAR = (None, YESTERDAY, TODAY, TOMORROW)
# The four that stand in the way of a deletion (R20); the other three don't (R22).
BLOCKING = {Status.ACTIVE, Status.SUSPENDED, Status.FROZEN, Status.PENDING_CANCELLATION}
FREEZES = (
    (None, None),
    (YESTERDAY, TODAY),
    (YESTERDAY, TOMORROW),
    (TODAY, TOMORROW),
    (TOMORROW, TOMORROW + timedelta(days=1)),
)


def membership(**dates: date | None) -> Membership:
    return Membership(**({"starts_on": date(2026, 1, 1)} | dates))


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({}, Status.ACTIVE),
        ({"starts_on": TODAY}, Status.ACTIVE),
        ({"starts_on": TOMORROW}, Status.PENDING),
        ({"ends_on": TODAY}, Status.ACTIVE),
        ({"ends_on": YESTERDAY}, Status.EXPIRED),
        ({"suspended_on": TODAY}, Status.SUSPENDED),
        ({"suspended_on": TOMORROW}, Status.ACTIVE),
        ({"frozen_on": TODAY, "frozen_until": TOMORROW}, Status.FROZEN),
        ({"frozen_on": YESTERDAY, "frozen_until": TODAY}, Status.ACTIVE),
        ({"cancel_on": TOMORROW}, Status.PENDING_CANCELLATION),
        ({"cancel_on": TODAY}, Status.CANCELLED),
        ({"cancel_on": TODAY, "starts_on": TOMORROW}, Status.CANCELLED),
        ({"cancel_on": TODAY, "ends_on": YESTERDAY}, Status.CANCELLED),
        ({"suspended_on": TODAY, "frozen_on": TODAY, "frozen_until": TOMORROW}, Status.SUSPENDED),
        ({"suspended_on": TODAY, "cancel_on": TOMORROW}, Status.SUSPENDED),
        ({"frozen_on": TODAY, "frozen_until": TOMORROW, "cancel_on": TOMORROW}, Status.FROZEN),
    ],
)
def test_the_end_comes_first_then_what_pauses_it(dates, status):
    assert membership(**dates).status(today=TODAY) == status


def test_the_guard_and_the_status_agree_for_every_combination_of_days(willow):
    owner = factories.create_owner(willow)
    with tenant(willow):
        plan = MembershipPlan.objects.create(clinic=willow, name="Club")
        rows = Membership.objects.bulk_create(
            Membership(
                clinic=willow,
                plan=plan,
                client=owner,
                starts_on=starts_on,
                ends_on=ends_on,
                suspended_on=suspended_on,
                cancel_on=cancel_on,
                frozen_on=frozen[0],
                frozen_until=frozen[1],
            )
            for starts_on, ends_on, suspended_on, cancel_on, frozen in product(NEAR[1:], NEAR, NEAR, NEAR, FREEZES)
            if ends_on is None or ends_on >= starts_on
        )
        asked = Membership.objects.for_clinic(willow)
        blocking = set(asked.blocking_removal(today=TODAY).values_list("pk", flat=True))
        not_started = set(asked.not_started(today=TODAY).values_list("pk", flat=True))

    assert len(rows) == 720
    assert blocking == {row.pk for row in rows if row.status(today=TODAY) in BLOCKING}
    assert not_started == {row.pk for row in rows if row.status(today=TODAY) == Status.PENDING}
    assert {row.status(today=TODAY) for row in rows} == set(Status)
