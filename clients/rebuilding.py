"""The directory of contacts, made again from the clients on file: it is a copy, so it can be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import TYPE_CHECKING

from django.db import transaction

from clients import directory
from clients.models import Client, KnownContact
from portal.kit.contacts import EMAIL, SMS, Contact

if TYPE_CHECKING:
    from clinics.models import Clinic

BATCH = 1000


@transaction.atomic
def rebuild_directory(*, clinic: Clinic) -> int:
    """Make the directory know exactly the contacts of the open clinic's current clients. Returns how many."""
    KnownContact.objects.filter(clinic=clinic).delete()
    for batch in batched(_contacts(clinic), BATCH, strict=False):
        directory.learn(clinic, batch)
    return KnownContact.objects.filter(clinic=clinic).count()


def _contacts(clinic: Clinic) -> Iterator[Contact]:
    on_file = Client.objects.for_clinic(clinic).current().values_list("phone", "email")
    for phone, email in on_file.iterator():
        if phone:
            yield Contact(SMS, phone)
        if email:
            yield Contact(EMAIL, email)
