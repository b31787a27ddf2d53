"""`manage.py reseal_secrets`: after a new key was put in front of PORTAL_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinics import staff_sign_in
from clinics.models import Clinic
from clinics.signals import reseal_due
from clinics.tenancy import tenant
from messaging import actions
from messaging.models import Sender
from portal.kit import crypto


class Command(BaseCommand):
    help = "Seal clinics' credentials and staff's second factors with the newest of PORTAL_KEYS; then drop the older."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only try to read them")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        counts, unreadable = [0, 0], []
        for clinic in Clinic.objects.order_by("slug"):  # Suspended ones too: they may come back.
            for kind, reseal in enumerate((_credentials, _others)):
                try:
                    with tenant(clinic):
                        counts[kind] += reseal(clinic, dry_run=dry_run)
                except crypto.Unreadable:
                    unreadable.append(clinic.slug)
        factors = staff_sign_in.reseal_second_factors(dry_run=dry_run)
        verb = "Would seal" if dry_run else "Sealed"
        summary = (
            f"{verb} the credentials of {counts[0]} clinic(s), {counts[1]} other secret(s) of clinics "
            f"and {factors} second factor(s); "
            f"{len(unreadable)} clinic(s) can't be read."
        )
        if unreadable:
            raise CommandError(f"{summary} Enter them again: {', '.join(unreadable)}")
        self.stdout.write(summary)


def _credentials(clinic: Clinic, *, dry_run: bool) -> int:
    senders = Sender.objects.for_clinic(clinic)
    return sum(actions.reseal_credentials(sender=sender, dry_run=dry_run) for sender in senders)


def _others(clinic: Clinic, *, dry_run: bool) -> int:
    """What the apps above keep sealed."""
    return sum(int(number or 0) for _receiver, number in reseal_due.send(Clinic, clinic=clinic, dry_run=dry_run))
