"""From the bytes of a list, .csv or .xlsx, to rows of text. Formulas and outsized files are refused."""

import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from models.roll.values import Fault

LARGEST = 5_000_000  # bytes of a list
LARGEST_UNPACKED = 50_000_000  # bytes of an .xlsx, which is a zip file
MOST_ROWS = 20_000
_INVISIBLE = {"\u200d"}  # the joiner inside emoji; other format characters could turn a name's direction round


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list, by column; ``number`` as a spreadsheet counts."""

    number: int
    cells: dict[str, str]


class _BrokenError(Exception):
    """The file cannot be read on from here."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.row = reason, row


def read_table(
    file: str, content: bytes, columns: Iterable[str], required: Iterable[str]
) -> tuple[list[Line], list[Fault]]:
    """The rows of a list that hold anything, and everything that is wrong with its form."""
    try:
        raw = list(_raw_rows(file, content))
    except _BrokenError as broken:
        return [], [Fault(file, broken.row, None, broken.reason)]
    if not raw:
        return [], [Fault(file, None, None, "empty")]
    heading = [clean(cell).casefold() for cell in raw[0][1]]
    faults = _heading_faults(file, heading, list(columns), list(required))
    lines = []
    for number, cells in raw[1:]:
        faults += [Fault(file, number, None, "too many cells", cell) for cell in cells[len(heading) :] if clean(cell)]
        named = {name: clean(cell) for name, cell in zip(heading, cells, strict=False) if name}
        lines.append(Line(number, dict.fromkeys(filter(None, heading), "") | named))
    return lines, faults


def _heading_faults(file: str, heading: list[str], columns: list[str], required: list[str]) -> list[Fault]:
    known = ", ".join(columns)
    faults = [Fault(file, 1, name, "unknown column", known) for name in heading if name and name not in columns]
    faults += [Fault(file, 1, name, "column missing") for name in required if name not in heading]
    twice = {name for name in heading if name and heading.count(name) > 1}
    return faults + [Fault(file, 1, name, "column twice") for name in sorted(twice)]


def clean(cell: str) -> str:
    """A cell's text: composed umlauts, no invisible marks, single blanks; line breaks stay."""
    text = unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n")
    seen = (char for char in text if char in {"\n", "\t"} or char in _INVISIBLE or unicodedata.category(char)[0] != "C")
    return "\n".join(" ".join(line.split()) for line in "".join(seen).split("\n")).strip()


def _raw_rows(file: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, numbered, their cells as text."""
    if len(content) > LARGEST:
        raise _BrokenError("too large")
    rows = _sheet(content) if file.lower().endswith(".xlsx") else _text(content)
    found = 0
    for number, cells in enumerate(rows, 1):
        if any(cell.strip() for cell in cells):
            found += 1
            yield number, cells
        if found > MOST_ROWS:
            raise _BrokenError("too many rows", number)


def _text(content: bytes) -> Iterator[list[str]]:
    """Semicolon or comma, whichever the heading has; UTF-8 with or without a mark, else Windows-1252."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise _BrokenError("unreadable") from None
    if "\0" in text:
        raise _BrokenError("unreadable")
    heading = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in heading else ",", strict=True)
    rows = 0
    try:
        for rows, cells in enumerate(reader, 1):  # noqa: B007 - the number is for the fault below
            yield cells
    except csv.Error:
        raise _BrokenError("unreadable", rows + 1) from None


def _sheet(content: bytes) -> list[list[str]]:
    """The first sheet of an .xlsx."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and most offices send .csv

    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _BrokenError("unreadable")
    if _unpacked(content) > LARGEST_UNPACKED:
        raise _BrokenError("too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decoration of the sheet, which is not read
            sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
            return [[_cell_text(cell) for cell in row] for row in sheet.iter_rows()]
    except Exception as broken:  # a damaged file breaks in a hundred ways, and openpyxl names them all differently
        raise _BrokenError("unreadable") from broken


def _unpacked(content: bytes) -> int:
    """Bytes that the zip file says it holds; it gives out no more than it says."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return sum(entry.file_size for entry in packed.infolist())


def _cell_text(cell: Any) -> str:
    """A cell as one would type it in a .csv; a formula keeps its equals sign, and is refused by it."""
    if cell.data_type in {"f", "e"}:
        return "=" + str(cell.value).lstrip("=")
    match cell.value:
        case None:
            found = ""
        case bool(said):
            found = "ja" if said else "nein"
        case float(number) if number.is_integer():
            found = str(int(number))
        case datetime() as moment if moment.time() != time(0):
            found = f"{moment:%d.%m.%Y %H:%M}"
        case date() as day:
            found = f"{day:%d.%m.%Y}"
        case time() as clock:
            found = f"{clock:%H:%M}"
        case other:
            found = str(other)
    return found
