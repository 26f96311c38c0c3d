"""Reading the file: trusted only when every table in it is what the manifest says."""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy import JSON, Table, bindparam, func, insert, select
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.backup.format import (
    FORMAT,
    MANIFEST,
    Damaged,
    Manifest,
    TablePart,
    WrongRevision,
    from_line,
    member,
    rows_at_once,
)
from bot.migrate import HEAD, REVISIONS
from models.files import LARGEST

# What zipfile says of a file that is none; NotImplementedError (a RuntimeError) of flags that fell over.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError)
_BROKEN = (*_UNREADABLE, EOFError, LookupError, TypeError, AttributeError, OverflowError, StatementError)
# What is packed may be a thousand times as long as the file; nothing of ours is longer than this.
LONGEST_MANIFEST = 1_000_000  # bytes
LONGEST_LINE = 2 * LARGEST  # bytes of a row: a file in base64, and what is said of it


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, or ``Damaged`` where it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise _damaged(path) from error
    with archive:
        yield archive


def verified(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest, once every table's file was found to be what the manifest says."""
    try:
        if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
            raise _damaged(path)
        told = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**told | {"tables": [TablePart(**part) for part in told["tables"]]})
        whole = all(_digest(archive, part.name) == (part.rows, part.sha256) for part in manifest.tables)
    except (*_UNREADABLE, EOFError, LookupError, OSError, TypeError) as error:
        raise _damaged(path) from error
    if not whole:
        raise _damaged(path)
    if manifest.format != FORMAT or manifest.revision not in REVISIONS:
        raise _foreign(manifest, path)
    return manifest


def same_tables(manifest: Manifest, tables: list[Table], path: Path) -> None:
    """Nothing, where the file holds these tables with these columns, in whatever order.

    Raises:
        WrongRevision: it holds others.
    """
    told = {part.name: set(part.columns) for part in manifest.tables}
    if told != {table.name: set(table.columns.keys()) for table in tables}:
        raise _foreign(manifest, path)


def _foreign(manifest: Manifest, path: Path) -> WrongRevision:
    return WrongRevision(
        f"Die Sicherung {path.name} hat den Stand {manifest.revision}, dieses Programm den Stand {HEAD}. "
        "Nehmen Sie die Version des Programms, mit der sie angelegt wurde, oder eine neuere."
    )


def _damaged(path: Path) -> Damaged:
    return Damaged(f"Die Datei {path.name} ist beschädigt oder keine Sicherung dieses Programms.")


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    with archive.open(member(name)) as file:
        for line in _lines(file):
            digest.update(line)
            rows += 1
    return rows, digest.hexdigest()


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ValueError("a row longer than any of ours")
        yield line


@contextmanager
def taken_at_its_word(path: Path) -> Iterator[None]:
    """Whatever turns out in the block to be no row of ours makes the file ``Damaged``, though its sums agree.

    Raises:
        Damaged: something did. OperationalError: the store cannot be written to.
    """
    try:
        yield
    except OperationalError:
        raise
    except _BROKEN as error:
        raise _damaged(path) from error


async def fill(session: AsyncSession, table: Table, columns: list[str], archive: zipfile.ZipFile) -> None:
    """Insert a table's rows, whose values stand in the order of ``columns``."""
    # Nothing is written as NULL, never as JSON's null: a question for what is empty must find it.
    values = {
        column.name: bindparam(column.name, type_=JSON(none_as_null=True))
        for column in table.columns
        if isinstance(column.type, JSON)
    }
    with archive.open(member(table.name)) as file:
        rows = (from_line(table, columns, line) for line in _lines(file))
        while chunk := list(islice(rows, rows_at_once(table))):
            await session.execute(insert(table).values(values), chunk)
    await _set_sequence(session, table)


async def _set_sequence(session: AsyncSession, table: Table) -> None:
    """PostgreSQL counts on from the highest number restored; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or session.get_bind().dialect.name != "postgresql":
        return
    highest = await session.scalar(select(func.max(column)))
    if highest is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        await session.execute(select(func.setval(sequence, highest)))
