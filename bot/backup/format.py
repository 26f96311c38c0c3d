"""The file: what it says of itself, how values are written in it, and what may be wrong with it."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeEngine

from models.columns import UtcDateTime, Word

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 500  # rows


class BackupFault(Exception):
    """Mother of the three; its text is a German sentence for whoever asked."""


class Damaged(BackupFault):
    """The file is none of ours, or not as it was written."""


class NotEmpty(BackupFault):
    """The store already holds something."""


class WrongRevision(BackupFault):
    """File, store and program know different tables."""


@dataclass(frozen=True)
class TablePart:
    """One table in the file."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the file says of itself; ``made_at`` is ISO in UTC."""

    format: int
    revision: str
    made_at: str
    tables: list[TablePart]
    without_ballots: list[int] = field(default_factory=list)  # numbers of the secret votes that were running


def encode_instant(moment: datetime) -> str:
    """An instant as ISO in UTC, with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _encode_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _as_is(value: Any) -> Any:
    return value


Code = Callable[[Any], Any]
# How values go into JSON and come back. A type that is missing here stops the backup, rather than being guessed.
_CODECS: dict[type[TypeEngine[Any]], tuple[Code, Code]] = {
    UtcDateTime: (encode_instant, datetime.fromisoformat),
    Date: (date.isoformat, date.fromisoformat),
    LargeBinary: (_encode_bytes, base64.b64decode),
    **dict.fromkeys((BigInteger, Boolean, Float, Integer, JSON, String, Word), (_as_is, _as_is)),
}


@cache
def _codecs(table: Table, columns: tuple[str, ...]) -> list[tuple[Code, Code]]:
    return [_CODECS[type(table.columns[name].type)] for name in columns]


def to_line(table: Table, row: Sequence[Any]) -> bytes:
    """A row as a line of its table's file."""
    codecs = _codecs(table, tuple(table.columns.keys()))
    values = [None if value is None else write(value) for value, (write, _) in zip(row, codecs, strict=True)]
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def from_line(table: Table, columns: list[str], line: bytes) -> dict[str, Any]:
    """A line of a table's file, whose values stand in the order of ``columns``, as a row."""
    values = zip(json.loads(line), _codecs(table, tuple(columns)), strict=True)
    row = [None if value is None else read(value) for value, (_, read) in values]
    return dict(zip(columns, row, strict=True))


def rows_at_once(table: Table) -> int:
    """Rows at a time: one where a row may hold a file."""
    return 1 if any(isinstance(column.type, LargeBinary) for column in table.columns) else CHUNK


def member(table: str) -> str:
    """The name of a table's file in the zip."""
    return f"tables/{table}.jsonl"
