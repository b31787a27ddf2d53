"""What happens while an import runs: somebody watches, edits the file, or files a client by hand."""

from __future__ import annotations

import time
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from clients.models import Client
from clinics.tenancy import tenant
from pets.client_import.run import Overtaken, import_file
from pets.client_import.source import UnreadableFile
from tests.commands.files import NADIA, counts, csv_text, write


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is_and_a_log_does_not(willow, tmp_path):
    path, terminal, log = write(tmp_path, csv_text(NADIA)), Terminal(), StringIO()

    call_command("import_clients", str(path), "--clinic=willow", stdout=StringIO(), stderr=terminal, no_color=True)
    call_command("import_clients", str(path), "--clinic=willow", stdout=StringIO(), stderr=log)

    bar = f"[{'#' * 30}] 1\n"
    assert terminal.getvalue() == f"Checking {bar}Writing {bar}"
    assert log.getvalue() == ""


def test_a_file_that_was_changed_while_it_was_read_is_refused(willow, tmp_path):
    path = write(tmp_path, csv_text(NADIA))

    def edit(what: str, _done: int, _of: int) -> None:
        if what == "Checking":
            write(tmp_path, csv_text(NADIA, NADIA | {"client_id": "C2"}))

    with tenant(willow), pytest.raises(UnreadableFile) as refusal:
        import_file(path, clinic=willow, now=timezone.now(), progress=edit)

    assert str(refusal.value) == "The file was changed while it was read. Nothing was taken; start again."
    assert counts(willow) == (0, 0, 0, 0)


def wait_until_somebody_waits() -> None:
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
            if cursor.fetchone() != (0,):
                return


@pytest.mark.race
def test_a_number_that_was_given_away_meanwhile_takes_nothing(transactional_db, willow, tmp_path):
    filed = Event()

    def file_by_hand() -> None:
        with tenant(willow):
            Client.objects.create(clinic=willow, name="Nadia", phone="+447700900123", external_id="C1")
            filed.set()
            wait_until_somebody_waits()
        connection.close()

    rival = Thread(target=file_by_hand)
    rival.start()
    filed.wait(5)
    sam = NADIA | {"client_id": "C2", "name": "Sam"}
    with pytest.raises(Overtaken), tenant(willow):
        import_file(write(tmp_path, csv_text(sam, NADIA)), clinic=willow, now=timezone.now())
    rival.join()

    with tenant(willow):
        assert [owner.name for owner in Client.objects.for_clinic(willow)] == ["Nadia"]
