"""The window ends while somebody reads the page: nobody cancels late who was told that it is free (B9)."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine

from bookings.models import Appointment, State
from clinics.tenancy import tenant
from tests import factories
from tests.bookings.visits import NOON, at, book


def announced(page):
    (state,) = re.findall(r'name="announced" value="([^"]*)"', page.content.decode())
    return state


def test_what_was_announced_is_what_is_done(client, willow, owner, miso, check):
    visit = book(owner, check, at(willow, "2026-04-23 09:15"), miso)
    factories.sign_in(client, owner)
    address = f"/willow/bookings/{visit.pk}/cancel/"
    with time_machine.travel(NOON, tick=False):
        said = announced(client.get(address))

    with time_machine.travel(visit.starts_at - timedelta(hours=23), tick=False):
        refused = client.post(address, {"announced": said, "reason": "Away"})
        again = announced(refused)
        with tenant(willow):
            state = Appointment.objects.get().state
        done = client.post(address, {"announced": again, "reason": "Away"})

    assert (said, refused.status_code, state, again) == ("cancelled_by_client", 422, "confirmed", "late_cancelled")
    assert "It has just become too late to cancel free of charge." in refused.content.decode()
    assert 'value="Away"' in refused.content.decode()
    with tenant(willow):
        assert (done.status_code, Appointment.objects.get().state) == (303, State.LATE_CANCELLED)
