"""Builders of memberships."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.models import Client
from clinics.tenancy import tenant
from loyalty.models import Membership, MembershipPlan
from pets.models import Pet
from tests import factories

TODAY = date(2026, 5, 10)


def create_membership(client: Client, pet: Pet | None = None, **fields: Any) -> Membership:
    """Active since the beginning of the year, unless the fields say otherwise."""
    with tenant(client.clinic_id):
        plan = MembershipPlan.objects.create(clinic=client.clinic, name=f"Club {next(factories.numbers)}")
        said = {"clinic": client.clinic, "plan": plan, "client": client, "pet": pet, "starts_on": date(2026, 1, 1)}
        return Membership.objects.create(**(said | fields))


def reread(membership: Membership) -> Membership:
    with tenant(membership.clinic_id):
        return Membership.objects.for_clinic(membership.clinic).get(pk=membership.pk)
