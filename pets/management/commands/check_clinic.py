"""`manage.py check_clinic willow` or `--all`: what is missing before a clinic goes live.

In pets because it looks at everything from the clinic's row to its care plans: see pets/setting_up.py.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.setting_up import missing


class Command(BaseCommand):
    help = "Say what a clinic lacks before its clients may come, a line each. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("slug", metavar="SLUG", nargs="?")
        which.add_argument("--all", action="store_true", dest="every", help="every clinic that is not suspended")

    def handle(self, *, slug: str | None, every: bool, **options: Any) -> None:
        clinics = Clinic.objects.live() if every else Clinic.objects.filter(slug=slug)
        if not every and not clinics:
            raise CommandError(f"There is no clinic “{slug}”.")
        total = 0
        for clinic in clinics.order_by("slug"):
            with tenant(clinic):
                lacking = list(missing(clinic))
            for sentence in lacking or ["ready"]:
                self.stdout.write(f"{clinic.slug}: {sentence}")
            total += len(lacking)
        closing = f"Checked {len(clinics)} clinic(s): {total} thing(s) missing."
        if total:
            raise CommandError(closing)
        self.stdout.write(closing)
