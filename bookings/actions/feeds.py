"""A client's private address for their calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from bookings.models import CalendarFeed
from clients.models import Client
from portal.kit import crypto

if TYPE_CHECKING:
    from clinics.models import Clinic


# Reading writes at most so often.
NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def open_feed(*, client: Client, now: datetime) -> str:
    """A new private address for the client's calendar; returns its token, which is not kept. The old one ends."""
    Client.objects.for_clinic(client.clinic).select_for_update(no_key=True).get(pk=client.pk)
    close_feed(client=client, now=now)
    token = crypto.new_token()
    CalendarFeed.objects.create(
        clinic=client.clinic, client=client, token_digest=crypto.token_digest(token), made_at=now
    )
    return token


def close_feed(*, client: Client, now: datetime) -> None:
    """Nobody reads the client's visits at the address any more."""
    live = CalendarFeed.objects.for_clinic(client.clinic).filter(client=client, ended_at=None)
    live.update(ended_at=now)


def find_feed(*, clinic: Clinic, token: str) -> CalendarFeed | None:
    """The live feed of a token, whose client the clinic still keeps."""
    return (
        CalendarFeed.objects.for_clinic(clinic)
        .filter(token_digest=crypto.token_digest(token), ended_at=None, client__archived_at=None)
        .select_related("client")
        .first()
    )


def note_feed_read(*, feed: CalendarFeed, now: datetime) -> None:
    """Remember that a calendar has looked, to the hour. Two at once write once."""
    long_ago = Q(last_read_at=None) | Q(last_read_at__lte=now - NOTED_EVERY)
    if feed.last_read_at is None or feed.last_read_at <= now - NOTED_EVERY:
        CalendarFeed.objects.for_clinic(feed.clinic).filter(long_ago, pk=feed.pk).update(last_read_at=now)
