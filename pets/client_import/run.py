"""An import from beginning to end: check everything, then take all of it, the good lines, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, OperationalError, transaction

from clinics.models import Clinic
from pets.client_import.apply import apply
from pets.client_import.check import check
from pets.client_import.report import Findings, Tally
from pets.client_import.rows import COLUMNS
from pets.client_import.source import opened
from portal.kit.database import DEADLOCK_DETECTED
from portal.kit.refusals import Refusal


class Overtaken(Refusal):
    message = "Somebody gave one of these numbers away in the meantime. Nothing was taken; start again."


@dataclass(frozen=True, slots=True)
class Outcome:
    """`tally` is None when nothing was taken because of refused lines."""

    findings: Findings
    tally: Tally | None


def import_file(
    path: Path,
    *,
    clinic: Clinic,
    only_good: bool = False,
    dry_run: bool = False,
    now: datetime,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Outcome:
    """Import a file into the open clinic. With a refused line nothing is taken; with `only_good`, the rest.

    The same file again changes nothing. A dry run does everything and takes it back. Two imports at one
    clinic take turns. Raises UnreadableFile or Overtaken.
    """
    with opened(path, known=COLUMNS) as source, _refusing_rivals(), transaction.atomic():
        Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
        of = source.lines_expected
        findings = check(source, clinic=clinic, now=now, progress=lambda done: progress("Checking", done, of))
        if findings.refused and not only_good:
            return Outcome(findings, None)
        good = findings.lines - len(findings.refused)
        tally = apply(source, findings, clinic=clinic, now=now, progress=lambda done: progress("Writing", done, good))
        if dry_run:
            transaction.set_rollback(True)
        return Outcome(findings, tally)


@contextmanager
def _refusing_rivals() -> Iterator[None]:
    """Staff may file a client by hand meanwhile; the database then refuses the second one."""
    try:
        yield
    except IntegrityError as error:
        raise Overtaken from error
    except OperationalError as error:
        # Somebody held one pet and waited for another that the file had locked already.
        if getattr(error.__cause__, "sqlstate", "") != DEADLOCK_DETECTED:
            raise
        raise Overtaken from error
