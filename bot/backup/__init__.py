"""Backup and restore: one file that fits an empty SQLite or PostgreSQL store alike, taken while the bot runs.

The file is a zip: ``manifest.json`` (revision of the schema, time, rows and SHA-256 of each table) and one
``tables/NAME.jsonl`` a table, each line a row as a JSON array in the order of the manifest's columns. Instants are ISO
with Z, bytes are base64, JSON stays JSON. All tables come from one snapshot.

Of the inbox only the ids go in, so that an update delivered again after a restore still meets its own id. What has not
been worked yet is left out with its payload: the running bot works it, the backup holds no message of anybody.

Of a secret vote that is running neither the ballots go in nor who has voted: two copies would tell ballots apart. The
manifest names it, and a restore breaks it off, so that the office opens it anew.

A store of an earlier revision is saved as it is, for the program of that revision to restore; a file of one is restored
as it was and then brought to this program's.
"""

import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.backup.format import (
    FORMAT,
    MANIFEST,
    BackupFault,
    Damaged,
    Manifest,
    NotEmpty,
    TablePart,
    WrongRevision,
    encode_instant,
)
from bot.backup.reading import fill, opened, same_tables, taken_at_its_word, verified
from bot.backup.tables import tables_at
from bot.backup.writing import dump, replacing
from bot.migrate import HEAD, REVISIONS, raise_to, rebuilding, revision_of
from models.ballot.rows import Vote
from models.ballot.secret.restoring import break_off_restored, numbers_running_in_secret
from models.base import Database
from models.report.rows import BEGUN, Asked

__all__ = ["BackupFault", "Damaged", "Manifest", "NotEmpty", "TablePart", "WrongRevision", "backup", "restore"]

QUICK = 1  # of zlib's levels: three times as fast as its usual one, the file a little larger
# What everyone entitled is told, in the language of the office's papers.
LOST = (
    "Der Speicher wurde aus einer Sicherung wiederhergestellt. Eine Sicherung enthält keine geheimen Stimmzettel; "
    "die Abstimmung wird neu eröffnet."
)


async def backup(database: Database, path: Path, now: datetime) -> Manifest:
    """Write the store as it is at this moment to ``path`` (readable by its owner only), replacing what was there.

    What was written is read back before it takes its place.

    Raises:
        WrongRevision: the store has no tables, or those of a newer program.
        Damaged: read back, it was not what had been written.
    """
    with (
        replacing(path, _read_back) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as archive,
    ):
        # No longer than needed: SQLite's log cannot be emptied while somebody reads an earlier state.
        async with database.snapshot() as session:
            found, tables = await _known_tables(await session.connection())
            parts = [await dump(session, table, archive) for table in tables]
            votes = next(table for table in tables if table.name == Vote.__tablename__)
            running = await numbers_running_in_secret(session, votes)
        manifest = Manifest(FORMAT, found, encode_instant(now), parts, running)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


async def _known_tables(connection: AsyncConnection) -> tuple[str, list[Table]]:
    found = await connection.run_sync(revision_of)
    if found not in REVISIONS:
        raise WrongRevision(f"Der Speicher hat den Stand {found or 'leer'}, dieses Programm kennt nur bis {HEAD}.")
    return found, await connection.run_sync(tables_at, found)


def _read_back(path: Path) -> None:
    with opened(path) as archive:
        verified(archive, path)


async def restore(database: Database, path: Path) -> Manifest:
    """Fill an empty store from a file; one without tables is given them first. All or nothing.

    Raises:
        Damaged: the file cannot be trusted.
        WrongRevision: it was made by a newer program, or the store's tables are others than the file's.
        NotEmpty: the store holds rows already.
        OSError: the file cannot be read.
    """
    with opened(path) as archive:
        manifest = verified(archive, path)
        async with rebuilding(database) as connection:
            if await connection.run_sync(revision_of) is None:
                await connection.run_sync(raise_to, manifest.revision)
            found, tables = await _known_tables(connection)
            if found != manifest.revision:
                raise WrongRevision(
                    f"Der Speicher hat schon den Stand {found}, die Sicherung den Stand {manifest.revision}. "
                    "Nehmen Sie einen Speicher, in dem noch gar nichts ist."
                )
            same_tables(manifest, tables, path)
            with taken_at_its_word(path):
                await _fill(connection, tables, archive, manifest)
                await connection.run_sync(raise_to, HEAD)
                async with AsyncSession(connection, expire_on_commit=False) as session:
                    await break_off_restored(session, LOST, datetime.fromisoformat(manifest.made_at))
                    await session.flush()
    return manifest


async def _fill(connection: AsyncConnection, tables: list[Table], archive: zipfile.ZipFile, manifest: Manifest) -> None:
    parts = {part.name: part for part in manifest.tables}
    async with AsyncSession(connection) as session:
        await _require_empty(session, tables)
        if Asked.__tablename__ in parts:
            await session.execute(delete(Asked))  # when this store began to count
        for table in tables:
            await fill(session, table, parts[table.name].columns, archive)


async def _require_empty(session: AsyncSession, tables: list[Table]) -> None:
    for table in tables:
        # The day on which counting began stands there from the first.
        rows = select(Asked).where(Asked.finding != BEGUN) if table.name == Asked.__tablename__ else select(table)
        if await session.scalar(select(rows.exists())):
            raise NotEmpty("Der Speicher ist nicht leer. Eine Sicherung wird nur in einen leeren Speicher eingespielt.")
