"""An .xlsx as Excel, LibreOffice and openpyxl write it: the rows of one sheet as texts, read as a stream within limits.

Nothing is computed, no macro, link or picture is looked at, and what a file says of its own size is not believed.
Office Open XML, ECMA-376 part 1, chapter 18:
https://ecma-international.org/publications-and-standards/standards/ecma-376
"""

import io
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import normpath

from models.spreadsheet.limits import LONGEST_CELL, MOST_COLUMNS, MOST_MERGED, MOST_ROWS, OLE, BrokenError
from models.spreadsheet.parts import START, TEXT, Event, Parts
from models.spreadsheet.values import Dates, number_as_typed, shows_a_date, unescaped

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_OTHERS = ("content.xml", "xl/workbook.bin")  # what an .ods and an .xlsb have
_LETTERS = 26
_BOOK, _STYLES, _TEXTS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"


def rows_of_workbook(content: bytes, wanted: str = "") -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, numbered as the spreadsheet does.

    Of the sheet named ``wanted``; where there is none, of the first that is not hidden.

    Raises:
        BrokenError: protected, another format, damaged, or beyond the limits.
    """
    if content.startswith(OLE):
        raise BrokenError("protected")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = Parts(packed)
            if any(name in parts for name in _OTHERS):
                raise BrokenError("other format")
            grid = _grid(parts, wanted)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError) as error:
        # RuntimeError: a part behind a password; NotImplementedError, which is one: a packing nobody uses.
        raise BrokenError("unreadable") from error
    yield from grid.lines()


@dataclass(slots=True)
class _Grid:
    """The rows of a sheet so far: by row, by column, a text."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)

    def put(self, row: int, column: int, text: str) -> None:
        """Keep a cell that holds anything."""
        if not text.strip():
            return
        if row not in self.rows and len(self.rows) > MOST_ROWS:
            raise BrokenError("too many rows", row)
        if column >= MOST_COLUMNS:
            raise BrokenError("too many columns", row)
        self.rows.setdefault(row, {})[column] = text

    def spread(self, merged: list[tuple[int, int, int]]) -> None:
        """Cells merged over several rows say the same in each; those merged in a row are as one sees them."""
        there = sorted(self.rows)
        for column, first, last in merged:
            text = self.rows.get(first, {}).get(column, "")
            for row in there[bisect_right(there, first) : bisect_right(there, last)] if text else ():
                self.rows[row].setdefault(column, text)

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """The rows in their order."""
        for row in sorted(self.rows):
            cells = self.rows[row]
            yield row, [cells.get(column, "") for column in range(max(cells) + 1)]


@dataclass(slots=True)
class _Cell:
    """A cell that is being read."""

    row: int
    column: int
    attributes: Mapping[str, str]
    said: dict[str, str] = field(default_factory=dict)  # by the name of the element: v, f, t

    def add(self, name: str, text: str) -> None:
        """More of what stands in an element of it."""
        self.said[name] += text
        if len(self.said[name]) > LONGEST_CELL:
            raise BrokenError("too large", self.row)

    def text(self, texts: list[str], dates: Dates) -> str:
        """The cell as one would type it in a .csv; a formula keeps its equals sign, and is refused by it."""
        kind, value = self.attributes.get("t", "n"), self.said.get("v", "")
        if "f" in self.said or kind == "e":
            return "=" + self.said.get("f", value).lstrip("=")
        match kind:
            case "s":
                place = int(value) if value.isascii() and value.isdigit() else -1
                if not 0 <= place < len(texts):
                    raise BrokenError("unreadable")
                return texts[place]
            case "inlineStr":
                return unescaped(self.said.get("t", ""))
            case "b":
                return "ja" if value.strip() in {"1", "true"} else "nein"
            case "n":
                return number_as_typed(value.strip(), dates, self.attributes.get("s", "0"))
            case _:  # „str": a text; „d": an instant as ISO writes it
                return unescaped(value)


class _Sheet:
    """Reads the events of a sheet."""

    def __init__(self, texts: list[str], dates: Dates) -> None:
        self.texts, self.dates = texts, dates
        self.grid, self.merged = _Grid(), list[tuple[int, int, int]]()
        self.row, self.column = 0, -1
        self.cell: _Cell | None = None
        self.inside: list[str] = []  # the elements within the cell that are not closed yet

    def take(self, event: Event) -> None:
        """The next one."""
        what, name, attributes = event
        if self.cell is not None:
            self._in_cell(self.cell, what, name)
        elif what != START:
            return
        elif name == "c":
            self.column = _column(attributes.get("r"), self.column + 1)
            self.cell, self.inside = _Cell(self.row, self.column, attributes), []
        elif name == "row":
            self.row, self.column = _number(attributes.get("r"), self.row + 1), -1
        elif name == "mergeCell":
            self.merged += _merged(attributes.get("ref", ""))
            if len(self.merged) > MOST_MERGED:
                raise BrokenError("too large")

    def _in_cell(self, cell: _Cell, what: str, name: str) -> None:
        if what == START:
            self.inside.append(name)
            cell.said.setdefault(name, "")
        elif what == TEXT:
            # How a word is pronounced (rPh) is no part of the text.
            if self.inside and "rPh" not in self.inside:
                cell.add(self.inside[-1], name)
        elif self.inside:
            self.inside.pop()
        else:
            self.grid.put(cell.row, cell.column, cell.text(self.texts, self.dates))
            self.cell = None


def _grid(parts: Parts, wanted: str) -> _Grid:
    path, mac = _chosen(parts, wanted)
    dates = Dates(mac, _date_styles(parts) if _STYLES in parts else frozenset())
    sheet = _Sheet(list(_shared_texts(parts)) if _TEXTS in parts else [], dates)
    for event in parts.events(path):
        sheet.take(event)
    sheet.grid.spread(sheet.merged)
    return sheet.grid


def _chosen(parts: Parts, wanted: str) -> tuple[str, bool]:
    """The part of the sheet that is meant, and whether the workbook counts its days from 1904."""
    mac, sheets = False, list[Mapping[str, str]]()
    for what, name, attributes in parts.events(_BOOK):
        if what == START and name == "workbookPr":
            mac = attributes.get("date1904") in {"1", "true"}
        elif what == START and name == "sheet":
            sheets.append(attributes)
    seen = [one for one in sheets if one.get("state", "visible") == "visible"] or sheets
    named = [one for one in seen if one.get("name", "").strip().casefold() == wanted.casefold()]
    if not seen:
        raise BrokenError("unreadable")
    number = next((value for name, value in (named or seen)[0].items() if name.endswith("}id")), "")
    return _path(parts, number), mac


def _path(parts: Parts, number: str) -> str:
    for what, _, attributes in parts.events("xl/_rels/workbook.xml.rels"):
        if what == START and attributes.get("Id") == number:
            target = attributes.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
    raise BrokenError("unreadable")


def _shared_texts(parts: Parts) -> Iterator[str]:
    """The texts that cells name by their place, each put together from its runs."""
    inside: list[str] = []
    pieces: list[str] = []
    for what, name, _ in parts.events(_TEXTS):
        if what == START:
            inside.append(name)
        elif what == TEXT:
            if inside[-1:] == ["t"] and "rPh" not in inside:
                pieces.append(name)
        else:
            inside.pop()
            if name == "si":
                yield unescaped("".join(pieces))
                pieces = []


def _date_styles(parts: Parts) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a day or a clock time."""
    formats: dict[str, str] = {}
    styles: list[str] = []
    listed = False
    for what, name, attributes in parts.events(_STYLES):
        if name == "cellXfs":
            listed = what == START
        elif what == START and name == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif what == START and name == "xf" and listed:
            styles.append(attributes.get("numFmtId", "0"))
    return frozenset(str(place) for place, number in enumerate(styles) if shows_a_date(number, formats))


def _number(written: str | None, following: int) -> int:
    """A row's number; where it is left out, the one that follows."""
    return int(written) if written and written.isascii() and written.isdigit() else following


def _column(reference: str | None, following: int) -> int:
    """The column, from 0, of „B7"; where it is left out, the one that follows."""
    found = _REFERENCE.fullmatch(reference or "")
    return _counted(found[1]) if found else following


def _counted(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def _merged(reference: str) -> list[tuple[int, int, int]]:
    """(column, first row, last row) of cells merged below each other."""
    first, _, last = reference.partition(":")
    begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
    if not begin or not end or begin[1] != end[1]:
        return []
    return [(_counted(begin[1]), int(begin[2]), int(end[2]))]
