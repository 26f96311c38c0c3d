"""The sources as a list: what is said of them (title, validity, rank …) for many at once. Their texts stay."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.deadline import Change
from models.knowledge import Edition, Rank
from models.knowledge.meta import FIELDS, Details, Field, read_details
from models.roll.cells import UnfitCellError, literal
from models.roll.tables import Line, Table, read_table
from models.roll.values import WHOLE_FILE, Changed, Fault, Row, Section

SOURCES = "sources"
_COLUMNS = ("key", *FIELDS)
_NAME = re.compile(r"sources(?: ?\(\d+\))?\.(?:csv|xlsx)", re.IGNORECASE)
_PARTS = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class Known:
    """The sources there are: by key what is said of each, and the keys by title."""

    details: Mapping[str, Details]
    by_title: Mapping[str, str]


def source_columns() -> tuple[str, ...]:
    """The columns of the list, in their order."""
    return _COLUMNS


def is_sources(name: str) -> bool:
    """Whether a file of this name is the list of the sources."""
    return _NAME.fullmatch(name) is not None


async def prepare_sources(session: AsyncSession, file: str, content: bytes | Table) -> tuple[Section, list[Fault]]:
    """What the list would change of what is said of the sources in force, or waiting to be; and what is wrong in it."""
    known = known_sources(await _editions(session))
    lines, faults = read_table(file, content, _COLUMNS, ("key",))
    rows: list[Row] = []
    if not any(fault.reason in WHOLE_FILE for fault in faults):
        for line in lines:
            row, wrong = _read(file, line, known)
            rows += [row] if row else []
            faults += wrong
        faults += _doubles(rows)
    return _compare(rows, known), faults


def known_sources(editions: Iterable[Edition]) -> Known:
    """What there is, as values. Of two with the same title neither can be called by it."""
    details = {one.key: _details(one) for one in editions}
    titles = [one.title.casefold() for one in details.values()]
    return Known(
        details,
        {one.title.casefold(): key for key, one in details.items() if titles.count(one.title.casefold()) == 1},
    )


def _details(edition: Edition) -> Details:
    said: dict[str, Any] = {name: getattr(edition, name) for name in FIELDS}
    return Details(**said | {"contradicts": tuple(edition.contradicts), "rank": Rank(edition.rank)})


def _read(file: str, line: Line, known: Known) -> tuple[Row | None, list[Fault]]:
    """One source: what the row says, over what is stored."""
    faults, cells = [], dict[str, str]()
    for column, cell in line.cells.items():
        try:
            cells[column] = literal(cell)
        except UnfitCellError as unfit:
            faults.append(Fault(file, line.number, column, unfit.reason, unfit.detail))
    key = cells.pop("key", "")
    if key not in known.details:
        reason = "unknown source" if key else "missing"
        return None, [*faults, Fault(file, line.number, "key", reason, key)]
    stored = known.details[key]
    said = {name: cell for name, cell in cells.items() if name in FIELDS}
    fields = {name: Field(value, line.number) for name, value in spelled(stored).items()}
    fields |= {name: Field(cell, line.number) for name, cell in said.items()}
    # What it contradicted when it came in may have been withdrawn since.
    others = {*known.details, *stored.contradicts}
    if "contradicts" in said:
        fields["contradicts"].value = _names(said["contradicts"], others, known.by_title)
    details, wrong = read_details(file, fields, others)
    faults += [
        Fault(one.file, one.row, one.column, one.reason, one.detail)
        for one in wrong
        if one.reason != "missing" or getattr(stored, str(one.column))
    ]
    return Row(file, line.number, (key,), {name: getattr(details, name) for name in said}), faults


def spelled(details: Details) -> dict[str, object]:
    """What is said of a source, field by field; nothing is an empty text."""
    return {name: _as_field(getattr(details, name)) for name in FIELDS}


def _as_field(value: Any) -> object:
    return list(value) if isinstance(value, tuple) else "" if value is None else value


def _names(cell: str, keys: Collection[str], by_title: Mapping[str, str]) -> list[str]:
    """The sources that a cell names: by keys parted by blanks or commas, or by titles parted by semicolons or lines."""
    words = [word for word in re.split(r"[,\s]+", cell) if word]
    if all(word in keys for word in words):
        return words
    parts = [part.strip() for part in _PARTS.split(cell) if part.strip()]
    if any(part.casefold() in by_title for part in parts):
        return [by_title.get(part.casefold(), part) for part in parts]
    return words


def _doubles(rows: Sequence[Row]) -> list[Fault]:
    first: dict[tuple[str, ...], int] = {}
    found = []
    for row in rows:
        if row.key in first:
            found.append(Fault(row.file, row.line, "key", "duplicate", str(first[row.key])))
        first.setdefault(row.key, row.line)
    return found


def _compare(rows: Sequence[Row], known: Known) -> Section:
    changed = []
    for row in rows:
        stored = known.details[row.key[0]]
        changes = tuple(
            Change(name, getattr(stored, name), value)
            for name, value in row.values.items()
            if getattr(stored, name) != value
        )
        changed += [Changed(row, changes)] if changes else []
    named = {row.key[0] for row in rows}
    missing = tuple((key,) for key in known.details if key not in named)
    return Section(SOURCES, (), tuple(changed), missing, (), len(rows) - len(changed))


async def apply_sources(session: AsyncSession, section: Section) -> None:
    """Do what was prepared, in the caller's transaction."""
    editions = {one.key: one for one in await _editions(session)}
    for changed in section.changed:
        for change in changed.changes:
            setattr(editions[changed.row.key[0]], change.field, _stored(change.new))
    await session.flush()


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


async def listed_sources(session: AsyncSession) -> list[dict[str, Any]]:
    """The sources as the list has them: by column."""
    return [{"key": key, **spelled(one)} for key, one in known_sources(await _editions(session)).details.items()]


async def _editions(session: AsyncSession) -> list[Edition]:
    """One of each source: the edition in force; where none is yet, the one that waits."""
    rows = await session.scalars(
        select(Edition).where(Edition.superseded_at.is_(None)).order_by(Edition.key, Edition.waiting.desc(), Edition.id)
    )
    return list({one.key: one for one in rows}.values())
