"""`manage.py import_clients --clinic willow export.csv`: see docs/import.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.client_import.run import Outcome, import_file
from portal.kit.refusals import Refusal


class Command(BaseCommand):
    help = "Import clients, pets, weights and care records from a CSV file. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--clinic", required=True, metavar="SLUG", help="whose clients these are")
        parser.add_argument("--dry-run", action="store_true", help="check and count everything, keep nothing")
        taking = parser.add_mutually_exclusive_group()
        taking.add_argument(
            "--all-or-nothing", action="store_true", help="take nothing if a line is wrong (the default)"
        )
        taking.add_argument("--only-good", action="store_true", help="take the lines that are right")

    def handle(self, *, file: Path, clinic: str, dry_run: bool, only_good: bool, **options: Any) -> None:
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        self.shows_progress = options["verbosity"] > 1 or self.stderr.isatty()
        try:
            with tenant(found):
                outcome = import_file(
                    file,
                    clinic=found,
                    only_good=only_good,
                    dry_run=dry_run,
                    now=timezone.now(),
                    progress=self.show_progress,
                )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.report(outcome)
        closing = f"{found.name}: {summary(outcome, dry_run=dry_run)}"
        if outcome.findings.refused:
            raise CommandError(closing)
        self.stdout.write(closing)

    def report(self, outcome: Outcome) -> None:
        for remark in outcome.findings.notices:
            self.stdout.write(f"Note: {remark}")
        for remark in outcome.findings.faults:
            self.stdout.write(f"Refused: {remark}")

    def show_progress(self, what: str, done: int, of: int) -> None:
        """A bar on a terminal; a line each thousand where somebody asked for it with --verbosity 2."""
        if not self.shows_progress or (done % 500 and done < of):
            return
        share = min(done / of, 1) if of else 1
        bar = f"{what} [{'#' * round(share * 30):<30}] {done:,}"
        on_terminal = self.stderr.isatty()
        self.stderr.write(bar, ending="\r" if on_terminal and done < of else "\n")


def summary(outcome: Outcome, *, dry_run: bool) -> str:
    """One line of counts, like “120 line(s): 100 new, 12 updated, 5 unchanged, 3 refused.”"""
    found, tally = outcome.findings, outcome.tally
    if tally is None:
        refused = f"{len(found.refused):,} refused"
        return f"{found.lines:,} line(s), {refused}, so nothing was taken (--only-good takes the rest)."
    counts = f"{tally.new:,} new, {tally.updated:,} updated, {tally.unchanged:,} unchanged"
    died = f" {tally.died:,} pet(s) have died." if tally.died else ""
    closing = " A dry run: nothing was kept." if dry_run else ""
    return f"{found.lines:,} line(s): {counts}, {len(found.refused):,} refused.{died}{closing}"
