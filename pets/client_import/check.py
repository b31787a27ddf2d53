"""The first pass: every line by its form, then the links between lines. Writes nothing.

What is kept of a line is its numbers and its links, never the line: 10,000 lines take a few megabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from clients.models import Client
from clinics.models import Clinic
from pets.client_import.report import Findings
from pets.client_import.rows import COLUMNS, FORMS, FORMULA_STARTS, RowForm, required_columns
from pets.client_import.source import TYPE, Line, Source, UnreadableFile
from pets.models import CarePlan, Pet

Progress = Callable[[int], None]
PHONE_COLUMNS = frozenset({"phone"})


@dataclass(slots=True)
class OnFile:
    """What the clinic has already, by the practice system's numbers."""

    clients: dict[str, tuple[str, str, bool]] = field(default_factory=dict)  # phone, e-mail, is archived
    holders: dict[str, set[str]] = field(default_factory=dict)  # who has a phone; "" is a client without a number
    pets: dict[str, tuple[str, date | None, date | None]] = field(default_factory=dict)  # species, birth, death
    plans: dict[tuple[str, str], int] = field(default_factory=dict)  # by species and by name or family, in lower case

    @classmethod
    def of(cls, clinic: Clinic) -> OnFile:
        known = cls(plans=plans_by_name(clinic))
        clients = Client.objects.for_clinic(clinic).values_list("external_id", "phone", "email", "archived_at")
        for number, phone, email, archived_at in clients.iterator():
            if number:
                known.clients[number] = (phone, email, archived_at is not None)
            if phone and archived_at is None:
                known.holders.setdefault(phone, set()).add(number)
        pets = Pet.objects.for_clinic(clinic).exclude(external_id="")
        facts = pets.values_list("external_id", "species", "born_on", "deceased_on")
        for number, species, born_on, died_on in facts.iterator():
            known.pets[number] = (species, born_on, died_on)
        return known


def plans_by_name(clinic: Clinic) -> dict[tuple[str, str], int]:
    plans = CarePlan.objects.for_clinic(clinic).values_list("pk", "species", "name", "family")
    return {(species, word.lower()): pk for pk, species, name, family in plans for word in (name, family)}


@dataclass(frozen=True, slots=True)
class Link:
    """A line that is nothing without a row of its client or pet."""

    line: int
    number: str
    service: str = ""


@dataclass(slots=True)
class Index:
    """Which numbers the file has, on which line, and what hangs on them."""

    clients: dict[str, int] = field(default_factory=dict)
    pets: dict[str, int] = field(default_factory=dict)
    care: dict[str, int] = field(default_factory=dict)
    weights: dict[tuple[str, date], int] = field(default_factory=dict)
    species: dict[str, str] = field(default_factory=dict)
    phones: dict[str, list[Link]] = field(default_factory=dict)
    of_clients: list[Link] = field(default_factory=list)
    of_pets: list[Link] = field(default_factory=list)


def check(source: Source, *, clinic: Clinic, now: datetime, progress: Progress) -> Findings:
    """Check a whole file against the open clinic. Raises UnreadableFile when a column is missing."""
    today = timezone.localdate(now, clinic.zone)
    return Checking(clinic, source, today).run(progress)


class Checking:
    def __init__(self, clinic: Clinic, source: Source, today: date) -> None:
        self.source = source
        self.on_file, self.index, self.found = OnFile.of(clinic), Index(), Findings()
        self.forms = {kind: form(clinic=clinic, today=today) for kind, form in FORMS.items()}
        self.notes: dict[str, Callable[[int, RowForm], None]] = {
            "client": self._note_client,
            "pet": self._note_pet,
            "weight": self._note_weight,
            "care": self._note_care,
        }

    def run(self, progress: Progress) -> Findings:
        self._look_at_the_file()
        for line in self.source.lines():
            self.found.lines += 1
            self._check_line(line)
            progress(self.found.lines)
        if not self.found.lines:
            raise UnreadableFile("The file has columns but not a single line below them.")
        self._check_links()
        self._check_phones()
        self.found.faults.sort()
        self.found.notices.sort()
        return self.found

    def _look_at_the_file(self) -> None:
        if self.source.encoding != "utf-8-sig":
            self.found.notice(
                1, "", "the file is not in UTF-8; it was read as Windows-1252. Look at a name with an accent."
            )
        for name in self.source.columns:
            if name not in COLUMNS:
                self.found.notice(1, name, "this column is not known and was ignored.")

    def _check_line(self, line: Line) -> None:
        kind = line.cells.get(TYPE, "").strip().lower()
        if line.fault:
            self.found.refuse(line.number, "", line.fault)
        elif kind not in FORMS:
            wrong = f"“{kind[:40]}” is not a type of line. Use one of: {', '.join(FORMS)}."
            self.found.refuse(line.number, TYPE, wrong)
        else:
            self._check_cells(line, kind)

    def _check_cells(self, line: Line, kind: str) -> None:
        if kind not in self.found.kinds:
            self._check_columns(kind)
        self.found.kinds[kind] += 1
        form = self.forms[kind]
        if not form.read(line.cells):
            for column, messages in form.errors.items():
                for message in messages:
                    self.found.refuse(line.number, column, str(message))
        for column in form.fields:
            if line.cells.get(column, "").startswith(FORMULA_STARTS) and column not in PHONE_COLUMNS:
                self.found.notice(line.number, column, "looks like a formula; it is kept as plain text.")
        self.notes[kind](line.number, form)

    def _check_columns(self, kind: str) -> None:
        missing = [name for name in required_columns(kind) if name not in self.source.columns]
        if missing:
            names = ", ".join(f"“{name}”" for name in missing)
            raise UnreadableFile(
                f"Line 1 lacks the column {names}, which lines of type “{kind}” need. Nothing was taken."
            )

    def _note_number(self, line: int, form: RowForm, seen: dict[str, int]) -> str:
        """Remember the line's own number; a second line with it is refused. "" when its cell is wrong."""
        number = str(form.cleaned_data.get(form.own_id, ""))
        first = seen.setdefault(number, line) if number else line
        if first != line:
            self.found.refuse(line, form.own_id, f"“{number}” is on line {first} already.")
            return ""
        return number

    def _note_client(self, line: int, form: RowForm) -> None:
        number = self._note_number(line, form, self.index.clients)
        phone, email, is_archived = self.on_file.clients.get(number, ("", "", False))
        if is_archived:
            self.found.notice(line, "client_id", "this client is archived here, and stays so.")
        contacts_left = {"phone": phone, "email": email} | {
            column: form.cleaned_data.get(column, "?") for column in ("phone", "email") if column in form.data
        }
        if not any(contacts_left.values()):
            self.found.refuse(
                line, "phone", "give a phone number or an e-mail address, so that the client can sign in."
            )
        if number and form.cleaned_data.get("phone"):
            self.index.phones.setdefault(form.cleaned_data["phone"], []).append(Link(line, number))

    def _note_pet(self, line: int, form: RowForm) -> None:
        said, number = form.cleaned_data, self._note_number(line, form, self.index.pets)
        species, born_on, died_on = self.on_file.pets.get(number, ("", None, None))
        born_on, died_on = said.get("born_on") or born_on, said.get("died_on") or died_on
        if born_on and died_on and died_on < born_on and not form.errors:
            self.found.refuse(
                line,
                "died_on",
                f"with what is on file, it died on {died_on}, before it was born on {born_on}.",
            )
        if number:
            self.index.species[number] = said.get("species", species)
        if owner := said.get("client_id"):
            self.index.of_clients.append(Link(line, owner))

    def _note_weight(self, line: int, form: RowForm) -> None:
        pet, day = form.cleaned_data.get("pet_id"), form.cleaned_data.get("date")
        if pet and day:
            first = self.index.weights.setdefault((pet, day), line)
            if first != line:
                self.found.refuse(line, "date", f"line {first} has a weight of this pet on that day already.")
        if pet:
            self.index.of_pets.append(Link(line, pet))

    def _note_care(self, line: int, form: RowForm) -> None:
        self._note_number(line, form, self.index.care)
        if pet := form.cleaned_data.get("pet_id"):
            self.index.of_pets.append(Link(line, pet, form.cleaned_data.get("service", "")))

    def _check_links(self) -> None:
        """Pets first: what hangs on a refused pet is refused as well."""
        for link in self.index.of_clients:
            self._check_link(link, "client", self.index.clients, on_file=link.number in self.on_file.clients)
        for link in self.index.of_pets:
            is_linked = self._check_link(link, "pet", self.index.pets, on_file=link.number in self.on_file.pets)
            species = self.index.species.get(link.number) or self.on_file.pets.get(link.number, ("",))[0]
            if is_linked and link.service and (species, link.service.lower()) not in self.on_file.plans:
                self.found.refuse(
                    link.line,
                    "service",
                    f"“{link.service}” is not a care plan for the species {species} at this clinic.",
                )

    def _check_link(self, link: Link, kind: str, lines: dict[str, int], *, on_file: bool) -> bool:
        line = lines.get(link.number)
        if line in self.found.refused:
            self.found.refuse(link.line, f"{kind}_id", f"its {kind} is on line {line}, which is refused.")
        elif line is None and not on_file:
            self.found.refuse(
                link.line,
                f"{kind}_id",
                f"there is no {kind} “{link.number}”, neither in the file nor on file.",
            )
        else:
            return True
        return False

    def _check_phones(self) -> None:
        """A household may share a number: worth knowing, since each of them can sign in by it."""
        for phone, links in self.index.phones.items():
            others = self.on_file.holders.get(phone, set()) - self.index.clients.keys()
            if others:
                self.found.notice(links[0].line, "phone", "another client on file has this number as well.")
            for link in links[1:]:
                self.found.notice(link.line, "phone", f"the client on line {links[0].line} has this number as well.")
