"""`manage.py reseal_secrets`: after a new key was put in front of PORTAL_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinics import staff_sign_in
from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import actions
from messaging.models import Sender
from portal.kit import crypto


class Command(BaseCommand):
    help = "Seal clinics' credentials and staff's second factors with the newest of PORTAL_KEYS; then drop the older."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only try to read them")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        count, unreadable = 0, []
        for clinic in Clinic.objects.order_by("slug"):  # Suspended ones too: they may come back.
            with tenant(clinic):
                for sender in Sender.objects.for_clinic(clinic):
                    try:
                        count += actions.reseal_credentials(sender=sender, dry_run=dry_run)
                    except crypto.Unreadable:
                        unreadable.append(clinic.slug)
        factors = staff_sign_in.reseal_second_factors(dry_run=dry_run)
        verb = "Would seal" if dry_run else "Sealed"
        summary = (
            f"{verb} the credentials of {count} clinic(s) and {factors} second factor(s); "
            f"{len(unreadable)} clinic(s) can't be read."
        )
        if unreadable:
            raise CommandError(f"{summary} Enter them again: {', '.join(unreadable)}")
        self.stdout.write(summary)
