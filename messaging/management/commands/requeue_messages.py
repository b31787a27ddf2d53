"""`manage.py requeue_messages`: after a provider's account was mended."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from messaging import actions


class Command(BaseCommand):
    help = "Queue again the messages that were refused or given up, except codes and what is useless by now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", metavar="SLUG", help="only this clinic; otherwise all live ones")
        parser.add_argument("--dry-run", action="store_true", help="count them, and change nothing")

    def handle(self, *, clinic: str | None, dry_run: bool, **options: Any) -> None:
        clinics = Clinic.objects.live().order_by("slug")
        chosen = list(clinics.filter(slug=clinic) if clinic else clinics)
        if clinic and not chosen:
            raise CommandError(f"No live clinic is called {clinic}.")
        counts = [_requeue(each, dry_run=dry_run) for each in chosen]
        verb = "Would queue" if dry_run else "Queued"
        self.stdout.write(
            f"{verb} {sum(counts)} message(s) again at {sum(map(bool, counts))} of {len(counts)} clinic(s)."
        )


def _requeue(clinic: Clinic, *, dry_run: bool) -> int:
    now = timezone.now()
    with tenant(clinic):
        if dry_run:
            return actions.requeueable(clinic=clinic, now=now).count()
        return actions.requeue_dead(clinic=clinic, now=now)
