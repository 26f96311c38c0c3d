"""Project selection: reading what the office types or sends as a list. Everything that is wrong is named at once.

Typed lines and rows of a spreadsheet are the same here: cells in columns.

Reasons: besides those of ``models.roll.values.Fault``, of a cell ``not a maximum``, ``not a weight``,
``not an amount``, ``points``; of a row ``parts``, ``unknown project``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from models.refusals import Unfit
from models.roll.cells import UnfitCellError, literal, needed
from models.roll.tables import Line, read_table
from models.roll.values import Fault
from models.selection.rules import (
    HIGHEST_AMOUNT,
    HIGHEST_POINTS,
    HIGHEST_WEIGHT,
    HUNDREDTH,
    MOST_CRITERIA,
    MOST_PROJECTS,
    Call,
    Criterion,
    Part,
    Project,
)

COLUMNS = TITLE, SPONSOR, SUM = "titel", "traeger", "summe"
_SPELLED_SPONSOR = "träger"
NAME, MAXIMUM, WEIGHT = "name", "maximum", "gewicht"
ASIDE = "befangen"
# „120.000,00", „120000", „120000.5", „120 000 €": dots part thousands where three digits follow each of them.
_GROUPED = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{1,2}))?")
_POINTED = re.compile(r"(\d+)\.(\d{1,2})")
_NUMBER = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?")
_SHEET = re.compile(r"(\d{1,2})\s*[:.)]\s*(.*)")


class ListFaults(Unfit):
    """Everything that is wrong with a list; ``faults`` without a file are about typed lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("list")
        self.faults = tuple(faults)


def read_amount(text: str) -> int:
    """A sum of money in euro cents.

    Raises:
        Unfit: it cannot be read, or is beyond all bounds.
    """
    bare = text.replace("\u00a0", " ").replace("€", "").replace("EUR", "").replace("Euro", "").strip()
    found = _GROUPED.fullmatch(bare) or _POINTED.fullmatch(bare)
    if found is None:
        raise Unfit("amount")
    whole, rest = found[1].replace(".", "").replace(" ", ""), (found[2] or "").ljust(2, "0")
    cents = int(whole) * HUNDREDTH + int(rest)
    if not 1 <= cents <= HIGHEST_AMOUNT:
        raise Unfit("amount")
    return cents


def read_hundredths(text: str) -> int:
    """A number with at most two decimals, in hundredths.

    Raises:
        Unfit: it is none.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise Unfit("number")
    return int(found[1]) * HUNDREDTH + int((found[2] or "").ljust(2, "0"))


def typed_lines(text: str, columns: Sequence[str], fewest: int) -> tuple[list[Line], list[Fault]]:
    """Typed lines as rows: parts between semicolons. A first part may hold semicolons itself."""
    lines, faults = [], list[Fault]()
    for number, one in enumerate(text.splitlines(), 1):
        parts = [" ".join(part.split()) for part in _parted(one).rsplit(";", len(columns) - 1)]
        if not any(parts):
            continue
        if len(parts) < fewest:
            faults.append(Fault("", number, None, "parts", str(len(columns))))
        lines.append(Line(number, dict(zip(columns, [*parts, *[""] * len(columns)], strict=False))))
    return lines, faults


def _parted(line: str) -> str:
    """What was copied out of a spreadsheet has tabs between its cells."""
    return line.replace("\t", ";")


def projects_typed(text: str) -> tuple[Project, ...]:
    """„Titel; Träger; Summe", one a line.

    Raises:
        Unfit: none or too many. ListFaults: everything else.
    """
    return _projects("", *typed_lines(text, (TITLE, SPONSOR, SUM), 3))


def projects_listed(file: str, content: bytes) -> tuple[Project, ...]:
    """The same as .xlsx or .csv with the columns titel, traeger, summe.

    Raises:
        Unfit: no such file, none or too many. ListFaults: everything else.
    """
    if not file.lower().endswith((".xlsx", ".csv")):
        raise Unfit("no list")
    lines, faults = read_table(file, content, (TITLE, SPONSOR, _SPELLED_SPONSOR, SUM), (TITLE, SUM))
    for line in lines:
        line.cells.setdefault(SPONSOR, line.cells.pop(_SPELLED_SPONSOR, ""))
    return _projects(file, lines, faults)


def _projects(file: str, lines: Sequence[Line], faults: list[Fault]) -> tuple[Project, ...]:
    found = []
    broken = {fault.row for fault in faults}
    for number, line in enumerate(lines, 1):
        if line.number in broken:
            continue
        read = _Cells(file, line, faults)
        title, sponsor = read(TITLE, needed, ""), read(SPONSOR, needed, "")
        found.append(Project(number, title, sponsor, read(SUM, _amount, 1)))
    _raise(faults)
    if not 1 <= len(found) <= MOST_PROJECTS:
        raise Unfit("projects")
    return tuple(found)


def criteria_typed(text: str) -> tuple[Criterion, ...]:
    """„Name; Maximum; Gewicht", one a line; without a weight it is 1.

    Raises:
        Unfit: none, too many, or a name twice. ListFaults: everything else.
    """
    lines, faults = typed_criteria(text)
    found = []
    for place, line in enumerate(lines, 1):
        read = _Cells("", line, faults)
        weight = read(WEIGHT, _weight, 1) if line.cells[WEIGHT] else HUNDREDTH
        found.append(Criterion(place, read(NAME, needed, ""), read(MAXIMUM, _maximum, 1), weight))
    _raise(faults)
    names = {one.name.casefold() for one in found}
    if not 1 <= len(found) <= MOST_CRITERIA or len(names) < len(found):
        raise Unfit("criteria")
    return tuple(found)


def typed_criteria(text: str) -> tuple[list[Line], list[Fault]]:
    """Typed criteria as rows; the last part may be left out."""
    lines, faults = [], list[Fault]()
    for number, one in enumerate(text.splitlines(), 1):
        parts = [" ".join(part.split()) for part in _parted(one).split(";")]
        if not any(parts):
            continue
        if not 2 <= len(parts) <= 3:  # noqa: PLR2004 - name, maximum, and maybe a weight
            faults.append(Fault("", number, None, "parts", "3"))
            continue
        lines.append(Line(number, dict(zip((NAME, MAXIMUM, WEIGHT), [*parts, ""], strict=False))))
    return lines, faults


def sheet_typed(text: str, call: Call, *, by_project: bool) -> Part:
    """A paper's points: „2: 4 5" a line, the project's number and its points in the order of the criteria.

    Where „Befangen" is project by project, „2: befangen" says so. A project that is left out has no points.

    Raises:
        ListFaults: everything that is wrong. Unfit: nothing is there.
    """
    points: dict[tuple[int, int], int] = {}
    aside: set[int] = set()
    faults: list[Fault] = []
    for row, number, said in _numbered(text, call, faults):
        if by_project and said.casefold() == ASIDE:
            aside.add(number)
            continue
        given = said.replace(",", " ").replace(";", " ").split()
        limits = [one.maximum for one in call.criteria]
        if len(given) != len(limits) or not all(
            one.isascii() and one.isdecimal() and int(one) <= most for one, most in zip(given, limits, strict=True)
        ):
            wanted = " ".join(f"0–{most}" for most in limits)
            faults.append(Fault("", row, None, "points", wanted))
            continue
        points.update({(number, place): int(one) for place, one in enumerate(given, 1)})
    _raise(faults)
    if not points and not aside:
        raise Unfit("empty")
    return Part(points, frozenset(aside))


def _numbered(text: str, call: Call, faults: list[Fault]) -> Iterator[tuple[int, int, str]]:
    """(row, project, what is said of it) of every line that names a project for the first time."""
    seen: dict[int, int] = {}
    for row, one in enumerate(text.splitlines(), 1):
        if not one.strip():
            continue
        found = _SHEET.fullmatch(one.strip())
        if found is None or not 1 <= int(found[1]) <= len(call.projects):
            faults.append(Fault("", row, None, "unknown project", found[1] if found else one.strip()[:40]))
            continue
        number = int(found[1])
        if number in seen:
            faults.append(Fault("", row, None, "duplicate", str(seen[number])))
            continue
        seen[number] = row
        yield row, number, found[2].strip()


class _Cells:
    """Reads cells of one row; what cannot be read becomes a fault, and a value that stands in for it."""

    def __init__(self, file: str, line: Line, faults: list[Fault]) -> None:
        self.file, self.line, self.faults = file, line, faults

    def __call__(self, column: str, read: Callable[[str], Any], instead: Any) -> Any:
        cell = self.line.cells.get(column, "")
        try:
            return read(literal(cell) if self.file else cell)
        except UnfitCellError as unfit:
            self.faults.append(Fault(self.file, self.line.number, column, unfit.reason, unfit.detail))
            return instead


def _amount(cell: str) -> int:
    try:
        return read_amount(needed(cell))
    except Unfit:
        raise UnfitCellError("not an amount", cell) from None


def _weight(cell: str) -> int:
    try:
        found = read_hundredths(cell)
    except Unfit:
        found = 0
    if not 1 <= found <= HIGHEST_WEIGHT:
        raise UnfitCellError("not a weight", cell)
    return found


def _maximum(cell: str) -> int:
    if not cell.isascii() or not cell.isdecimal() or not 1 <= int(cell) <= HIGHEST_POINTS:
        raise UnfitCellError("not a maximum", cell)
    return int(cell)


def _raise(faults: Iterable[Fault]) -> None:
    found = sorted(faults, key=lambda fault: (fault.row or 0, fault.column or ""))
    if found:
        raise ListFaults(found)
