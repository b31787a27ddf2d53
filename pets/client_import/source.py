"""The file itself: its encoding, its separator, its columns, and its lines as often as they are wanted."""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from portal.kit.refusals import Refusal

TYPE = "type"
SEPARATORS = (",", ";", "\t")
CHUNK = 64 * 1024


class UnreadableFile(Refusal):
    """Nothing of the file can be taken; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file by its number there; the header is line 1. `fault` says why it can't be read."""

    number: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(slots=True)
class Source:
    """An open file that has been found readable. Lines are streamed: memory does not grow with the file."""

    file: BinaryIO
    encoding: str
    separator: str
    columns: list[str]
    lines_expected: int  # For a progress bar: a cell with a line break in it counts too often.
    _looked_at: tuple[int, int] = field(repr=False)

    def lines(self) -> Iterator[Line]:
        """Every line below the header that isn't empty. Raises UnreadableFile where quotes don't match."""
        rows = _rows(self.file, self.encoding, self.separator)
        next(rows)
        for number, row in rows:
            if not any(cell.strip() for cell in row):
                continue
            cells = dict(zip(self.columns, row, strict=False))
            if len(row) == len(self.columns):
                yield Line(number, cells)
            else:
                yield Line(number, cells, f"has {len(row)} cells where the header has {len(self.columns)}.")
        if _state(self.file) != self._looked_at:
            raise UnreadableFile("The file was changed while it was read. Nothing was taken; start again.")


@contextmanager
def opened(path: Path, *, known: frozenset[str]) -> Iterator[Source]:
    """Open a CSV file and find out how it is written. `known` are the column names we look for.

    Raises UnreadableFile.
    """
    if path.is_dir():
        raise UnreadableFile(f"“{path}” is a folder. Name the CSV file in it.")
    if path.exists() and not path.is_file():
        raise UnreadableFile(f"“{path}” is not an ordinary file.")
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file “{path}”.") from error
    except OSError as error:
        raise UnreadableFile(f"“{path}” can't be opened: {error.strerror}.") from error
    with file:
        looked_at = _state(file)
        encoding, lines = _encoding(file)
        separator = max(SEPARATORS, key=lambda mark: len(known & set(_header(file, encoding, mark))))
        columns = _header(file, encoding, separator)
        _check_columns(columns)
        yield Source(file, encoding, separator, columns, lines - 1, looked_at)


def _state(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _encoding(file: BinaryIO) -> tuple[str, int]:
    """UTF-8 if every byte of the file is, else Windows-1252; and how many lines the file has."""
    utf8, western, lines = (
        codecs.getincrementaldecoder("utf-8")(),
        codecs.getincrementaldecoder("cp1252")(),
        0,
    )
    start = file.read(2)
    if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raise UnreadableFile("The file is in UTF-16. Save it again as “CSV UTF-8”.")
    file.seek(0)
    could_be = {"utf-8-sig": utf8, "cp1252": western}
    while chunk := file.read(CHUNK):
        lines += chunk.count(b"\n")
        _narrow(could_be, chunk)
    _narrow(could_be, b"", final=True)
    return next(iter(could_be)), lines


def _narrow(could_be: dict[str, codecs.IncrementalDecoder], chunk: bytes, *, final: bool = False) -> None:
    for name, decoder in list(could_be.items()):
        try:
            decoder.decode(chunk, final)
        except UnicodeDecodeError:
            del could_be[name]
    if not could_be:
        raise UnreadableFile("The file is neither in UTF-8 nor in Windows-1252. Save it again as “CSV UTF-8”.")


def _rows(file: BinaryIO, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line on which it starts."""
    number = 1
    with _as_text(file, encoding) as text:
        reader = csv.reader(text, delimiter=separator, strict=True)
        try:
            for row in reader:
                yield number, row
                number = reader.line_num + 1
        except csv.Error as error:
            raise UnreadableFile(
                f"Line {number} can't be read: a quote isn't closed or is inside a cell ({error})."
            ) from error


def _header(file: BinaryIO, encoding: str, separator: str) -> list[str]:
    with _as_text(file, encoding) as text:
        row = next(csv.reader(text, delimiter=separator), [])
    if not any(cell.strip() for cell in row):
        raise UnreadableFile("The file is empty, or its first line is: it must name the columns.")
    return ["_".join(cell.lower().split()) for cell in row]


@contextmanager
def _as_text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()  # Or the file would be closed along with it.


def _check_columns(columns: list[str]) -> None:
    for name in columns:
        if name and columns.count(name) > 1:
            raise UnreadableFile(f"Line 1 names the column “{name}” twice.")
    if TYPE not in columns:
        raise UnreadableFile(
            f"Line 1 has no column “{TYPE}”, which says what a line is: client, pet, weight or care. "
            f"Its columns are: {', '.join(name or '(nameless)' for name in columns)}."
        )
