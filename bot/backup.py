"""Backup and restore: one file that fits an empty SQLite or PostgreSQL store alike, taken while the bot runs.

The file is a zip: ``manifest.json`` (revision of the schema, time, rows and SHA-256 of each table) and one
``tables/NAME.jsonl`` a table, each line a row as a JSON array in the order of the manifest's columns. Instants are ISO
with Z, bytes are base64, JSON stays JSON. All tables come from one snapshot.

Of the inbox only the ids go in, so that an update delivered again after a restore still meets its own id. What has not
been worked yet is left out with its payload: the running bot works it, the backup holds no message of anybody.
"""

import base64
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    bindparam,
    case,
    exists,
    func,
    insert,
    null,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from bot.migrate import HEAD, migrate, revision
from models.base import Database, UtcDateTime
from models.inbox import InboxRow, InboxState
from models.tables import METADATA

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 500  # rows

Row = dict[str, Any]


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


async def backup(database: Database, path: Path, now: datetime) -> Manifest:
    """Write the store as it is at this moment to ``path`` (readable by its owner only), replacing what was there.

    Raises:
        WrongRevision: the store is not at the program's revision.
    """
    await _require_revision(database)
    async with database.read() as session:
        if session.get_bind().dialect.name == "postgresql":  # SQLite's every transaction is one snapshot
            await session.connection(
                execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
        with _replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            parts = [await _dump(session, table, archive) for table in METADATA.sorted_tables]
            manifest = Manifest(FORMAT, HEAD, _encode_instant(now), parts)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


async def restore(database: Database, path: Path) -> Manifest:
    """Fill an empty store from a file; one without tables is given them first. All or nothing.

    Raises:
        Damaged: the file cannot be trusted.
        WrongRevision: it was made by another version of the program.
        NotEmpty: the store holds rows already.
        OSError: the file cannot be read.
    """
    with _opened(path) as archive:
        manifest = _verified(archive, path)
        if await revision(database) is None:
            await migrate(database)
        await _require_revision(database)
        async with database.begin() as session:
            await _require_empty(session)
            for part in manifest.tables:
                await _fill(session, METADATA.tables[part.name], archive)
    return manifest


# --- writing


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of ``path`` once it is whole and on the disk."""
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


async def _dump(session: AsyncSession, table: Table, archive: zipfile.ZipFile) -> TablePart:
    digest, rows = hashlib.sha256(), 0
    encoders = _encoders(table)
    with archive.open(_member(table.name), "w", force_zip64=True) as file:
        result = await session.stream(_contents(table).execution_options(yield_per=_chunk(table)))
        async for chunk in result.partitions():
            rows += len(chunk)
            lines = ([_maybe(code, value) for code, value in zip(encoders, row, strict=True)] for row in chunk)
            text_of_chunk = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
            digest.update(text_of_chunk)
            file.write(text_of_chunk)
    return TablePart(table.name, table.columns.keys(), rows, digest.hexdigest())


def _contents(table: Table) -> Select[Any]:
    if table is not InboxRow.__table__:
        return select(table).order_by(*table.primary_key.columns)
    # An update whose effect is in the store counts as done, whether or not its answer was spoken yet.
    acted = table.c.state == InboxState.ACTED
    changed = {"state": case((acted, InboxState.DONE.value), else_=table.c.state), "payload": null()}
    columns = [changed.get(column.name, column) for column in table.columns]
    return select(*columns).where(table.c.state != InboxState.PENDING).order_by(table.c.update_id)


# --- reading

# What zipfile says of a file that is none; NotImplementedError (a RuntimeError) of flags that fell over.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise _damaged(path) from error
    with archive:
        yield archive


def _verified(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest, once every table's file was found to be what the manifest says."""
    try:
        told = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**told | {"tables": [TablePart(**part) for part in told["tables"]]})
        whole = all(_digest(archive, part.name) == (part.rows, part.sha256) for part in manifest.tables)
    except (*_UNREADABLE, EOFError, LookupError, OSError, TypeError) as error:
        raise _damaged(path) from error
    if not whole:
        raise _damaged(path)
    meant = [(table.name, table.columns.keys()) for table in METADATA.sorted_tables]
    if (manifest.format, manifest.revision) != (FORMAT, HEAD) or meant != [
        (part.name, part.columns) for part in manifest.tables
    ]:
        raise WrongRevision(
            f"Die Sicherung {path.name} hat den Stand {manifest.revision}, dieses Programm den Stand {HEAD}. "
            "Nehmen Sie die Version des Programms, mit der sie angelegt wurde."
        )
    return manifest


def _damaged(path: Path) -> Damaged:
    return Damaged(f"Die Datei {path.name} ist beschädigt oder keine Sicherung dieses Programms.")


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    with archive.open(_member(name)) as file:
        for line in file:
            digest.update(line)
            rows += 1
    return rows, digest.hexdigest()


async def _fill(session: AsyncSession, table: Table, archive: zipfile.ZipFile) -> None:
    # Nothing is written as NULL, never as JSON's null: a question for what is empty must find it.
    values = {
        column.name: bindparam(column.name, type_=JSON(none_as_null=True))
        for column in table.columns
        if isinstance(column.type, JSON)
    }
    with archive.open(_member(table.name)) as file:
        rows = (_row(table, line) for line in file)
        while chunk := list(islice(rows, _chunk(table))):
            await session.execute(insert(table).values(values), chunk)
    await _set_sequence(session, table)


def _row(table: Table, line: bytes) -> Row:
    fields = zip(table.columns, _decoders(table), json.loads(line), strict=True)
    return {column.name: _maybe(decode, value) for column, decode, value in fields}


async def _set_sequence(session: AsyncSession, table: Table) -> None:
    """PostgreSQL counts on from the highest number restored; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or session.get_bind().dialect.name != "postgresql":
        return
    highest = await session.scalar(select(func.max(column)))
    if highest is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        await session.execute(select(func.setval(sequence, highest)))


# --- what must hold before


async def _require_revision(database: Database) -> None:
    found = await revision(database)
    if found != HEAD:
        raise WrongRevision(
            f"Der Speicher hat den Stand {found or 'leer'}, dieses Programm den Stand {HEAD}. "
            "Starten Sie den Bot einmal mit dieser Version."
        )


async def _require_empty(session: AsyncSession) -> None:
    for table in METADATA.sorted_tables:
        if await session.scalar(select(exists().select_from(table))):
            raise NotEmpty("Der Speicher ist nicht leer. Eine Sicherung wird nur in einen leeren Speicher eingespielt.")


# --- values


def _encode_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _encode_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _as_is(value: Any) -> Any:
    return value


Code = Callable[[Any], Any]
# How values go into JSON and come back. A type that is missing here stops the backup, rather than being guessed.
_CODECS: dict[type[TypeEngine[Any]], tuple[Code, Code]] = {
    UtcDateTime: (_encode_instant, datetime.fromisoformat),
    Date: (date.isoformat, date.fromisoformat),
    LargeBinary: (_encode_bytes, base64.b64decode),
    **dict.fromkeys((BigInteger, Boolean, Float, Integer, JSON, String), (_as_is, _as_is)),
}


def _encoders(table: Table) -> list[Code]:
    return [_CODECS[type(column.type)][0] for column in table.columns]


def _decoders(table: Table) -> list[Code]:
    return [_CODECS[type(column.type)][1] for column in table.columns]


def _maybe(code: Code, value: Any) -> Any:
    return None if value is None else code(value)


def _chunk(table: Table) -> int:
    """Rows at a time: one where a row may hold a file."""
    return 1 if any(isinstance(column.type, LargeBinary) for column in table.columns) else CHUNK


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
