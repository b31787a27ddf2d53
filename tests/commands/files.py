"""CSV files as a practice system would write them, and the command that reads them."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clients.models import Client
from clinics.models import Clinic
from clinics.tenancy import tenant
from pets.models import CareRecord, Pet, Weight

COLUMNS = (
    *(
        "type",
        "client_id",
        "pet_id",
        "care_id",
        "name",
        "phone",
        "email",
        "address",
        "species",
        "breed",
        "sex",
    ),
    *("neutered", "born_on", "died_on", "date", "kg", "service", "valid_until", "product", "microchip"),
)

NADIA = {
    "type": "client",
    "client_id": "C1",
    "name": "Nadia Brennan",
    "phone": "07700 900123",
    "email": "N@example.com",
}
MISO = {
    "type": "pet",
    "pet_id": "P1",
    "client_id": "C1",
    "name": "Miso",
    "species": "Cat",
    "sex": "F",
    "born_on": "2021-04-11",
}
WEIGHT = {"type": "weight", "pet_id": "P1", "date": "01/03/2025", "kg": "4,2"}
CARE = {
    "type": "care",
    "care_id": "V1",
    "pet_id": "P1",
    "service": "Cat flu",
    "date": "2025-03-01",
    "valid_until": "2026-03-01",
    "product": "Felivax",
}
ALL = [NADIA, MISO, WEIGHT, CARE]


def csv_text(*rows: dict[str, str], columns: Iterable[str] = COLUMNS, separator: str = ",") -> str:
    columns = list(columns)
    lines = [separator.join(columns)]
    for row in rows:
        cells = [row.get(column, "") for column in columns]
        lines.append(separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells))
    return "\r\n".join(lines) + "\r\n"


def write(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(path: Path, *options: str, clinic: str = "willow") -> list[str]:
    """The lines that a successful import says."""
    out = StringIO()
    call_command("import_clients", str(path), "--clinic", clinic, *options, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def refused(path: Path, *options: str, clinic: str = "willow") -> list[str]:
    """The lines that an import says which ends with an error; the last is the error."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_clients", str(path), "--clinic", clinic, *options, stdout=out, stderr=StringIO())
    assert error.value.returncode == 1
    return [*out.getvalue().splitlines(), str(error.value)]


def counts(clinic: Clinic) -> tuple[int, int, int, int]:
    """How many clients, pets, weights and care records the clinic has."""
    with tenant(clinic):
        return (
            Client.objects.for_clinic(clinic).count(),
            Pet.objects.for_clinic(clinic).count(),
            Weight.objects.for_clinic(clinic).count(),
            CareRecord.objects.for_clinic(clinic).count(),
        )
