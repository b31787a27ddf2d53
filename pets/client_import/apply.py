"""The second pass: the good lines in bulk, by the rules of clients/actions.py and pets/actions/.

One transaction for the whole file rather than one for each batch: “nothing was taken” has to be true, and so
has “these lines were”, whatever happens on the way. It locks only rows of the file; the portal stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.db import models
from django.utils import timezone

from clients import directory
from clients.models import Client
from clinics.models import Clinic
from pets import history
from pets.actions import after_death, after_handover
from pets.client_import.check import plans_by_name
from pets.client_import.report import Findings, Tally
from pets.client_import.rows import FORMS
from pets.client_import.source import TYPE, Source
from pets.models import CareRecord, Pet, PetChange, Weight

# A pet's own facts: its number and its owner are what ties lines together.
NO_FACTS = frozenset({"external_id", "owner_id"})
BATCH = 500
Progress = Callable[[int], None]
Values = dict[str, Any]


def apply(source: Source, findings: Findings, *, clinic: Clinic, now: datetime, progress: Progress) -> Tally:
    """Write every line that was not refused, inside `tenant(clinic)`. Returns the counts.

    Lines may stand in any order: clients are written first, then pets, then the rest, each in a pass of
    its own over the file. Raises UnreadableFile when the file was changed meanwhile.
    """
    applying = Applying(clinic, source, findings, now=now)
    writers = {
        "client": applying.write_clients,
        "pet": applying.write_pets,
        "weight": applying.write_weights,
        "care": applying.write_care,
    }
    done = 0
    for kind, write in writers.items():
        for batch in batched(applying.good_lines(kind), BATCH, strict=False):
            write(batch)
            done += len(batch)
            progress(done)
    return applying.tally


class Applying:
    def __init__(self, clinic: Clinic, source: Source, findings: Findings, *, now: datetime) -> None:
        self.clinic, self.source, self.findings, self.now = clinic, source, findings, now
        self.today: date = timezone.localdate(now, clinic.zone)
        self.tally = Tally()
        self.forms = {kind: form(clinic=clinic, today=self.today) for kind, form in FORMS.items()}
        self.plans = plans_by_name(clinic)

    def good_lines(self, kind: str) -> Iterator[tuple[Values, Values]]:
        """For each good line of a type: what the row becomes, and all that the line says."""
        if not self.findings.kinds[kind]:
            return
        form = self.forms[kind]
        for line in self.source.lines():
            if line.cells.get(TYPE, "").strip().lower() == kind and line.number not in self.findings.refused:
                form.read(line.cells)
                yield form.values(), form.cleaned_data

    def write_clients(self, batch: Iterable[tuple[Values, Values]]) -> None:
        wanted = {values["external_id"]: values for values, _said in batch}
        found = _locked(Client.objects.for_clinic(self.clinic).filter(external_id__in=wanted), "external_id")
        before = {client.pk: client.contacts for client in found.values()}
        new, changed = self._write(Client, wanted, found, {"language": self.clinic.language})
        directory.learn(self.clinic, [contact for client in new for contact in client.contacts])
        # A contact that a client no longer has may still be another's. Its devices end by themselves.
        moved = [client for client in changed if client.contacts != before[client.pk]]
        directory.refresh(
            self.clinic, [contact for client in moved for contact in (*before[client.pk], *client.contacts)]
        )

    def write_pets(self, batch: Iterable[tuple[Values, Values]]) -> None:
        lines = list(batch)
        owners = self._ids(Client.objects.for_clinic(self.clinic), {said["client_id"] for _values, said in lines})
        wanted = {values["external_id"]: values | {"owner_id": owners[said["client_id"]]} for values, said in lines}
        found = _locked(Pet.objects.for_clinic(self.clinic).filter(external_id__in=wanted), "external_id")
        said = {
            number: history.differences(pet, {name: wanted[number][name] for name in wanted[number].keys() - NO_FACTS})
            for number, pet in found.items()
        }
        died = [found[number] for number in said if not found[number].deceased_on and "deceased_on" in said[number]]
        moved = [found[number] for number in said if found[number].owner_id != wanted[number]["owner_id"]]
        for number, details in said.items():
            # Somebody who is editing the pet at this moment is told that it changed.
            wanted[number]["edition"] = found[number].edition + bool(details or found[number] in moved)
        self._write(Pet, wanted, found)
        self._note_changes({found[number].pk: details for number, details in said.items() if details}, died)
        for pet in [*died, *moved]:
            pet.clinic = self.clinic
        for pet in died:
            after_death(pet=pet, today=self.today, now=self.now)
        for pet in moved:
            after_handover(pet=pet, now=self.now)
        self.tally.died += len(died)

    def _note_changes(self, said: dict[int, history.Details], died: Iterable[Pet]) -> None:
        """What the file changed of pets on file, in their history. New pets begin with none."""
        deaths = {pet.pk for pet in died}
        edited = {
            pk: {field: pair for field, pair in details.items() if field != "deceased_on" or pk not in deaths}
            for pk, details in said.items()
        }
        kinds = [(pk, PetChange.Kind.EDITED, details) for pk, details in edited.items() if details]
        kinds += [(pk, PetChange.Kind.DECEASED, {}) for pk in sorted(deaths)]
        PetChange.objects.bulk_create(
            PetChange(clinic=self.clinic, pet_id=pk, kind=kind, details=details, done_at=self.now)
            for pk, kind, details in kinds
        )

    def write_weights(self, batch: Iterable[tuple[Values, Values]]) -> None:
        lines = list(batch)
        pets = self._ids(Pet.objects.for_clinic(self.clinic), {said["pet_id"] for _values, said in lines})
        wanted = {
            (pets[said["pet_id"]], values["weighed_on"]): values | {"pet_id": pets[said["pet_id"]], "is_owners": False}
            for values, said in lines
        }
        weights = Weight.objects.for_clinic(self.clinic).filter(pet__in=pets.values())
        days = {day for _pet, day in wanted}
        self._write(Weight, wanted, _locked(weights.filter(weighed_on__in=days), "pet_id", "weighed_on"))

    def write_care(self, batch: Iterable[tuple[Values, Values]]) -> None:
        lines = list(batch)
        numbers = {said["pet_id"] for _values, said in lines}
        pets = {
            number: (pk, species)
            for number, pk, species in Pet.objects.for_clinic(self.clinic)
            .filter(external_id__in=numbers)
            .values_list("external_id", "pk", "species")
        }
        wanted = {}
        for values, said in lines:
            pet_id, species = pets[said["pet_id"]]
            plan_id = self.plans[species, said["service"].lower()]
            wanted[values["external_id"]] = values | {"pet_id": pet_id, "plan_id": plan_id}
        found = _locked(CareRecord.objects.for_clinic(self.clinic).filter(external_id__in=wanted), "external_id")
        self._write(CareRecord, wanted, found)

    def _ids(self, rows: models.QuerySet[Any], numbers: set[str]) -> dict[str, int]:
        return dict(rows.filter(external_id__in=numbers).values_list("external_id", "pk"))

    def _write[M: models.Model](
        self, model: type[M], wanted: dict[Any, Values], found: dict[Any, M], defaults: Values | None = None
    ) -> tuple[list[M], list[M]]:
        """Make the rows that are missing and change those that differ. Returns both."""
        new = [
            model(clinic=self.clinic, **((defaults or {}) | values))
            for key, values in wanted.items()
            if key not in found
        ]
        model._default_manager.bulk_create(new)
        changed, fields = [], set()
        for key, row in found.items():
            differing = {name for name, value in wanted[key].items() if getattr(row, name) != value}
            for name in differing:
                setattr(row, name, wanted[key][name])
            if differing:
                changed.append(row)
                fields |= differing
        if changed:
            model._default_manager.bulk_update(changed, sorted(fields))
        self.tally.new += len(new)
        self.tally.updated += len(changed)
        self.tally.unchanged += len(found) - len(changed)
        return new, changed


def _locked[M: models.Model](rows: models.QuerySet[M], *key: str) -> dict[Any, M]:
    """The rows by a key, locked in one order until the transaction ends."""
    locked = rows.order_by("pk").select_for_update(no_key=True)
    return {tuple(getattr(row, name) for name in key) if len(key) > 1 else getattr(row, key[0]): row for row in locked}
