"""Everything that can happen to a membership."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy

from clients.models import Client
from clinics.models import Clinic
from loyalty.models import Membership, MembershipPlan
from portal.kit.refusals import Refusal


class EndsBeforeStart(Refusal):
    message = gettext_lazy("The last day is before the first.")


class NotAFreeze(Refusal):
    message = gettext_lazy("A freeze needs its first day and a later one on which it ends.")


class AnothersPet(Refusal):
    message = gettext_lazy("This pet isn’t this client’s.")


class PetIsGone(Refusal):
    message = gettext_lazy("This pet was deleted or has died.")


class Animal(Protocol):
    """A pet, of which this app knows no more than which one it is."""

    pk: Any


def file_plan(*, clinic: Clinic, name: str, is_active: bool = True) -> MembershipPlan:
    """Begin to offer a plan. The database refuses a second one of the name."""
    return MembershipPlan.objects.create(clinic=clinic, name=name, is_active=is_active)


def update_plan(*, plan: MembershipPlan, **details: Any) -> MembershipPlan:
    """Rename a plan, or stop or go on offering it. Memberships of it stay as they are."""
    for field, value in details.items():
        setattr(plan, field, value)
    plan.save(update_fields=[*details])
    return plan


@transaction.atomic
def file_membership(
    *, client: Client, plan: MembershipPlan, starts_on: date, pet: Animal | None = None, **dates: date | None
) -> Membership:
    """Take out a membership, for one pet or, without one, for all of them. `dates` are other fields of Membership.

    Raises EndsBeforeStart, NotAFreeze, AnothersPet, or PetIsGone for one that was deleted or has died: from here on
    its deletion waits for this to be written, and finds it.
    """
    membership = Membership(
        clinic=client.clinic, client=client, plan=plan, pet_id=pet.pk if pet else None, starts_on=starts_on, **dates
    )
    _check_days(membership)
    if pet and not _held(client, pet).is_living:
        raise PetIsGone
    membership.save(force_insert=True)
    return membership


@transaction.atomic
def update_membership(*, membership: Membership, **details: Any) -> Membership:
    """Change a membership; `details` are its fields. Raises EndsBeforeStart, NotAFreeze or AnothersPet.

    The pet is looked at only when it or the client is another one: a membership outlives its pet, and staff settle it.
    """
    client, pet = details.get("client", membership.client), details.get("pet", membership.pet)
    if {"pet", "client"} & details.keys() and pet is not None:
        _held(client, pet)  # Before the membership, as a deletion of the pet takes them.
    on_file = Membership.objects.for_clinic(membership.clinic).select_for_update().get(pk=membership.pk)
    for field, value in details.items():
        setattr(on_file, field, value)
        setattr(membership, field, value)
    _check_days(on_file)
    on_file.save(update_fields=[*details])
    return membership


def settle_review(*, membership: Membership) -> bool:
    """Staff have looked at a membership that was handed to them. False when somebody did so before."""
    handed = Membership.objects.for_clinic(membership.clinic).filter(pk=membership.pk).under_review()
    is_settled = handed.update(review_asked_at=None, review_reason="") > 0
    membership.review_asked_at, membership.review_reason = None, ""
    return is_settled


def _check_days(membership: Membership) -> None:
    if membership.ends_on and membership.ends_on < membership.starts_on:
        raise EndsBeforeStart
    begins, ends = membership.frozen_on, membership.frozen_until
    if (begins is None) != (ends is None) or (begins and ends and ends <= begins):
        raise NotAFreeze


def _held(client: Client, pet: Animal) -> Any:
    """The client's pet, held against its deletion until this is written. Raises AnothersPet."""
    rows: Any = client.pets.for_clinic(client.clinic)
    row = rows.select_for_update(no_key=True).filter(pk=pet.pk).first()
    if row is None:
        raise AnothersPet
    return row
