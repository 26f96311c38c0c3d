"""Rows of a table as sentences of a kind: every cell with its heading, so that a row can be quoted by itself."""

from collections.abc import Sequence
from itertools import zip_longest

from models.knowledge.body import Block, Kind

_LONGEST_HEADING = 60  # characters; a longer cell of the first row is content
_FEWEST_ROWS = 2
_PAIR = 2


def table_blocks(rows: Sequence[Sequence[str]], *, headed: bool | None = None, page: int | None = None) -> list[Block]:
    """A block for each row: „Bereich: C · Name: STABIL · Betrag: 850.000 €".

    ``headed``: whether the first row holds the headings; None where the file does not say. Two columns without
    headings are names and values of one thing, „Telefon: 03931 1", and stay together as a list does.
    """
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    if not filled:
        return []
    if headed is None:
        headed = _looks_headed(filled)
    headings = filled.pop(0) if headed and len(filled) > 1 else None
    pairs = headings is None and max(map(len, filled)) == _PAIR
    kind = Kind.ITEM if pairs else Kind.ROW
    words = [_bare(row) if headings is None else _with_headings(headings, row) for row in filled]
    return [Block(row, kind, page=page, damaged="\ufffd" in row) for row in words]


def _looks_headed(rows: Sequence[Sequence[str]]) -> bool:
    first = rows[0]
    plain = all(cell and len(cell) <= _LONGEST_HEADING and not any(map(str.isdigit, cell)) for cell in first)
    # Of two columns without a heading the left one usually names what stands in the right one.
    return plain and len(rows) > _FEWEST_ROWS and (len(first) > _PAIR or not first[0].endswith(":"))


def _with_headings(headings: Sequence[str], row: Sequence[str]) -> str:
    named = [(heading.rstrip(" :"), cell) for heading, cell in zip_longest(headings, row, fillvalue="") if cell]
    return " · ".join(f"{heading}: {cell}" if heading else cell for heading, cell in named)


def _bare(row: Sequence[str]) -> str:
    cells = [cell for cell in row if cell]
    if len(row) == len(cells) == _PAIR:
        return f"{cells[0].rstrip(' :')}: {cells[1]}"
    return " · ".join(cells)
