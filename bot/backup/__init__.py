"""Backup and restore: one file that fits an empty SQLite or PostgreSQL store alike, taken while the bot runs.

The file is a zip: ``manifest.json`` (revision of the schema, time, rows and SHA-256 of each table) and one
``tables/NAME.jsonl`` a table, each line a row as a JSON array in the order of the manifest's columns. Instants are ISO
with Z, bytes are base64, JSON stays JSON. All tables come from one snapshot.

Of the inbox only the ids go in, so that an update delivered again after a restore still meets its own id. What has not
been worked yet is left out with its payload: the running bot works it, the backup holds no message of anybody.

Of a secret vote that is running neither the ballots go in nor who has voted: two copies would tell ballots apart. The
manifest names it, and a restore breaks it off, so that the office opens it anew.
"""

import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

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
from bot.backup.reading import fill, opened, taken_at_its_word, verified
from bot.backup.writing import dump, replacing
from bot.migrate import HEAD, migrate, revision
from models.ballot.secret.restoring import break_off_restored, running_in_secret
from models.base import Database
from models.report.rows import BEGUN, Asked
from models.tables import METADATA

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
        WrongRevision: the store is not at the program's revision.
        Damaged: read back, it was not what had been written.
    """
    await _require_revision(database)
    with (
        replacing(path, _read_back) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as archive,
    ):
        # No longer than needed: SQLite's log cannot be emptied while somebody reads an earlier state.
        async with database.snapshot() as session:
            parts = [await dump(session, table, archive) for table in METADATA.sorted_tables]
            running = [vote.number for vote in await running_in_secret(session)]
        manifest = Manifest(FORMAT, HEAD, encode_instant(now), parts, running)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _read_back(path: Path) -> None:
    with opened(path) as archive:
        verified(archive, path)


async def restore(database: Database, path: Path) -> Manifest:
    """Fill an empty store from a file; one without tables is given them first. All or nothing.

    Raises:
        Damaged: the file cannot be trusted.
        WrongRevision: it was made by another version of the program.
        NotEmpty: the store holds rows already.
        OSError: the file cannot be read.
    """
    with opened(path) as archive:
        manifest = verified(archive, path)
        if await revision(database) is None:
            await migrate(database)
        await _require_revision(database)
        async with database.begin() as session:
            await _require_empty(session)
            await session.execute(delete(Asked))  # when this store began to count
            with taken_at_its_word(path):
                for part in manifest.tables:
                    await fill(session, METADATA.tables[part.name], archive)
                await break_off_restored(session, LOST, datetime.fromisoformat(manifest.made_at))
    return manifest


async def _require_revision(database: Database) -> None:
    found = await revision(database)
    if found != HEAD:
        raise WrongRevision(
            f"Der Speicher hat den Stand {found or 'leer'}, dieses Programm den Stand {HEAD}. "
            "Starten Sie den Bot einmal mit dieser Version."
        )


async def _require_empty(session: AsyncSession) -> None:
    for table in METADATA.sorted_tables:
        # The day on which counting began stands there from the first.
        rows = select(Asked).where(Asked.finding != BEGUN) if table.name == Asked.__tablename__ else select(table)
        if await session.scalar(select(rows.exists())):
            raise NotEmpty("Der Speicher ist nicht leer. Eine Sicherung wird nur in einen leeren Speicher eingespielt.")
