"""Tables on a page: lines with cells that stand below each other, gathered to rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.knowledge.readers.joining import joined
from models.knowledge.readers.page import Line, Run

_MARK = re.compile(r"[•▪◦‣·–\-\ufffdo]|\(?\w{1,3}[.)]|\d{1,2}(?:\.\d{1,2})*\.?|§+\s*\d+\w?|[A-Z]")
_LOOSE = 1.25  # of the narrowest distance: from here on a distance parts rows, not lines of a cell
_FARTHEST = 3.0  # of the size: a table has no wider distance between its lines
_ALIGNED = 3.0  # points
_TALLEST = 300  # lines
_FEWEST = 2  # rows, and cells in a row


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, and where its columns stand: (from, to) each."""

    page: int
    rows: list[list[str]]
    columns: tuple[tuple[float, float], ...]


def parts(lines: Sequence[Line]) -> Iterator[Line | Table]:
    """The lines of a flow, where a table stands its rows."""
    place = 0
    while place < len(lines):
        end = _table_end(lines, place)
        found = _table(lines[place:end]) if end - place >= _FEWEST else None
        if found is None:
            yield lines[place]
            place += 1
        else:
            yield found
            place = end


def cells(line: Line) -> list[Run]:
    """The cells of a line; a number or bullet before a text is no cell of its own."""
    marked = len(line.runs) == _FEWEST and _MARK.fullmatch(line.runs[0].text)
    return [Run(line.words)] if marked else line.runs


def _table_end(lines: Sequence[Line], start: int) -> int:
    """The line after the last that may belong to a table which begins here."""
    if len(cells(lines[start])) < _FEWEST:
        return start
    end, rows = start + 1, 1
    columns = _columns(lines[start:end])
    while end < min(len(lines), start + _TALLEST) and lines[end - 1].y - lines[end].y <= _FARTHEST * lines[end].size:
        several = len(cells(lines[end])) >= _FEWEST
        wider = _columns(lines[start : end + 1])
        if len(wider) < len(columns) if several else not _within(lines[end], columns):
            break
        columns = wider if several else columns
        rows += several
        end += 1
    return end if rows >= _FEWEST else start


def _within(line: Line, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line of one cell goes on with one column, and not with the first: that would be text below a table."""
    slack = line.size
    return any(left - slack / 2 <= line.x and line.end <= right + 2 * slack for left, right in columns[1:])


def _columns(lines: Sequence[Line]) -> tuple[tuple[float, float], ...]:
    """The columns: cells that stand below each other overlap, those side by side do not."""
    spans = sorted((cell.x, cell.end) for line in lines for cell in cells(line) if len(cells(line)) >= _FEWEST)
    found: list[tuple[float, float]] = []
    for left, right in spans:
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return tuple(found)


def _table(lines: Sequence[Line]) -> Table | None:
    columns = _columns(lines)
    if len(columns) < _FEWEST or not all(_aligned(lines, columns, place) for place in range(1, len(columns))):
        return None
    gaps = [above.y - below.y for above, below in pairwise(lines)]
    narrowest = min(gaps)
    loose = max(gaps) > _LOOSE * narrowest
    rows: list[list[str]] = []
    for place, line in enumerate(lines):
        found = _cells_by_column(line, columns)
        begins = place == 0 or (gaps[place - 1] > _LOOSE * narrowest if loose else bool(found.get(0)))
        if begins:
            rows.append([""] * len(columns))
        for column, text in found.items():
            rows[-1][column] = joined(rows[-1][column], text) if rows[-1][column] else text
    return Table(lines[0].page, rows, columns) if len(rows) >= _FEWEST else None


def _aligned(lines: Sequence[Line], columns: Sequence[tuple[float, float]], place: int) -> bool:
    """Whether cells stand below each other: by their beginning or middle, figures by their end.

    The end alone is also what justified lines have in common, where a wide gap makes two cells of them.
    """
    found = [cell for line in lines if len(line.runs) > 1 for cell in cells(line) if _column_of(cell, columns) == place]
    middles = [(cell.x + cell.end) / 2 for cell in found]
    figures = sum(any(map(str.isdigit, cell.text)) for cell in found) * 2 >= len(found)
    marks = [[cell.x for cell in found], middles, [cell.end for cell in found] if figures else []]
    near = _ALIGNED if len(found) > _FEWEST else _ALIGNED / 6
    return any(mark and max(mark) - min(mark) <= near for mark in marks)


def _column_of(cell: Run, columns: Sequence[tuple[float, float]]) -> int:
    return max(range(len(columns)), key=lambda at: min(cell.end, columns[at][1]) - max(cell.x, columns[at][0]))


def _cells_by_column(line: Line, columns: Sequence[tuple[float, float]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for cell in cells(line):
        place = _column_of(cell, columns)
        text = cell.text + ("-" if cell.words[-1].broken else "")
        found[place] = f"{found[place]} {text}" if place in found else text
    return found
