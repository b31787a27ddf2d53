"""`manage.py rebuild_directory`: after a backup was restored, or SECRET_KEY was changed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clients.rebuilding import rebuild_directory
from clinics.models import Clinic
from clinics.tenancy import tenant


class Command(BaseCommand):
    help = "Make the directory of contacts, for the sign-in without a clinic, again from the clients on file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", metavar="SLUG", help="only this one; otherwise every clinic")
        parser.add_argument("--dry-run", action="store_true", help="count, but change nothing")

    def handle(self, *, clinic: str | None, dry_run: bool, **options: Any) -> None:
        clinics = Clinic.objects.order_by("slug").filter(**({"slug": clinic} if clinic else {}))
        if clinic and not clinics:
            raise CommandError(f"There is no clinic “{clinic}”.")
        total = 0
        for found in clinics:
            with tenant(found):
                count = rebuild_directory(clinic=found)
                transaction.set_rollback(dry_run)
            self.stdout.write(f"{found.slug}: {count:,}")
            total += count
        verb = "Would know" if dry_run else "Knows"
        self.stdout.write(f"{verb} {total:,} contact(s) of {len(clinics)} clinic(s).")
