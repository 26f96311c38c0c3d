"""From the bytes of a list, .csv or .xlsx, to rows of text. Formulas and outsized files are refused."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from models.roll.values import Fault
from models.spreadsheet.limits import LARGEST, MOST_COLUMNS, MOST_ROWS, OLE, ZIP, BrokenError
from models.spreadsheet.text import rows_of_text
from models.spreadsheet.workbook import rows_of_workbook

_INVISIBLE = {"\u200d"}  # the joiner inside emoji; other format characters could turn a name's direction round


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list, by column; ``number`` as a spreadsheet counts."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file, opened: its rows that hold anything, numbered, or what is wrong with all of it."""

    rows: tuple[tuple[int, list[str]], ...] = ()
    fault: Fault | None = None


def open_table(file: str, content: bytes) -> Table:
    """Unpack and parse a file. A long one takes seconds: whoever speaks with others meanwhile does it beside that."""
    try:
        return Table(tuple(_raw_rows(file, content)))
    except BrokenError as broken:
        return Table((), Fault(file, broken.row, None, broken.reason))


def read_table(
    file: str, content: bytes | Table, columns: Iterable[str], required: Iterable[str]
) -> tuple[list[Line], list[Fault]]:
    """The rows of a list that hold anything, and everything that is wrong with its form."""
    opened = content if isinstance(content, Table) else open_table(file, content)
    raw = opened.rows
    if opened.fault or not raw:
        return [], [opened.fault or Fault(file, None, None, "empty")]
    heading = [clean(cell).casefold() for cell in raw[0][1]]
    faults = _heading_faults(file, heading, list(columns), list(required))
    lines = []
    for number, cells in raw[1:]:
        beyond = next(filter(None, map(clean, cells[len(heading) :])), "")
        faults += [Fault(file, number, None, "too many cells", beyond)] if beyond else []
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
    """The rows that hold anything, numbered, their cells as text. A file is what it holds, whatever its name says."""
    if len(content) > LARGEST:
        raise BrokenError("too large")
    name = PurePath(file.lower())
    if content.startswith((ZIP, OLE)) or name.suffix == ".xlsx":
        rows = rows_of_workbook(content, _list_name(name.stem))
    else:
        rows = enumerate(rows_of_text(content), 1)
    found = 0
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            raise BrokenError("too many columns", number)
        if any(cell.strip() for cell in cells):
            found += 1
            yield number, cells
        if found > MOST_ROWS:
            raise BrokenError("too many rows", number)


def _list_name(stem: str) -> str:
    """„members" of „members (1)": the sheet of that name is meant where there are several."""
    return stem.partition("(")[0].strip()
