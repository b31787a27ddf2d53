"""A form that is sent twice, by a double tap or after a lost connection, files one pet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from clients.models import Client
from pets.models import Pet

if TYPE_CHECKING:
    from django.db.models import QuerySet


def filed_from_this_form(*, owner: Client, details: Mapping[str, Any], opened_at: datetime) -> Pet | None:
    """The pet that this form filed already: the same in every detail, and put on file since the form was opened.

    The owner's row is held until the transaction ends, so that of two at once the second waits and finds the first's
    pet. Five hens of one name are five forms, each opened after the hen before was filed.
    """
    people: QuerySet[Client] = Client.objects.for_clinic(owner.clinic)
    people.select_for_update(no_key=True).get(pk=owner.pk)
    mine = Pet.objects.for_client(owner)
    return mine.filter(created_at__gte=opened_at, **details).first()
