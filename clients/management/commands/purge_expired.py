"""`manage.py purge_expired`: what the worker does every hour, by hand."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from clients import retention
from clinics.models import Clinic
from clinics.tenancy import tenant


class Command(BaseCommand):
    help = "Forget sign-in codes, dead devices and old message texts, at every clinic. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, but forget nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        now, clinics = timezone.now(), Clinic.objects.order_by("slug")
        with transaction.atomic():
            total = retention.purge_sign_ins(now=now)
            transaction.set_rollback(dry_run)
        for clinic in clinics:
            with tenant(clinic):
                count = retention.purge_clinic(clinic=clinic, now=now)
                transaction.set_rollback(dry_run)
            self.stdout.write(f"{clinic.slug}: {count:,}")
            total += count
        verb = "Would forget" if dry_run else "Forgot"
        self.stdout.write(f"{verb} {total:,} row(s) of {len(clinics)} clinic(s) and their sign-ins.")
