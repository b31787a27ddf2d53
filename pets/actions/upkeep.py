"""What is forgotten, and what is sealed anew. The periods are those that docs/security.md promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from pets.models import CardCheck, CardKey, Certificate
from portal.kit import crypto

if TYPE_CHECKING:
    from clinics.models import Clinic

# An owner looks back at who checked a card after a stay, not after years.
CHECKS_KEPT = timedelta(days=365)
# Long enough to ask about it; what it says of people is nobody's business then.
REFUSED_PAPERS_KEPT = timedelta(days=90)


@transaction.atomic
def purge_clinic(*, clinic: Clinic, now: datetime) -> int:
    """Forget when cards were checked, a year later, and the files of certificates that were not accepted, after 90
    days. Call inside `tenant(clinic)`. Returns how many rows.
    """
    old = CardCheck.objects.for_clinic(clinic).filter(checked_at__lt=now - CHECKS_KEPT)
    refused = Certificate.objects.for_clinic(clinic).filter(decided_at__lt=now - REFUSED_PAPERS_KEPT)
    refused = refused.exclude(state=Certificate.State.ACCEPTED).exclude(file="")
    for paper in refused:
        transaction.on_commit(partial(paper.file.storage.delete, str(paper.file.name)), robust=True)
    return old.delete()[0] + refused.update(file="")


@transaction.atomic
def reseal_card_keys(*, clinic: Clinic, dry_run: bool = False) -> int:
    """Seal the key that signs a clinic's cards with the newest of PORTAL_KEYS. Returns how many keys.

    Raises crypto.Unreadable, and changes nothing then.
    """
    keys = list(CardKey.objects.for_clinic(clinic).exclude(sealed_private_key=""))
    for key in keys:
        key.sealed_private_key = crypto.reseal(key.sealed_private_key)
        if not dry_run:
            key.save(update_fields=["sealed_private_key"])
    return len(keys)
