"""The doctor's look at the store: whether it opens, its state, who may read it, and whether it keeps its promises."""

import asyncio
import os
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.format import MANIFEST
from bot.doctor.finding import Finding
from bot.migrate import HEAD, REVISIONS, revision
from bot.settings import Settings
from models.base import Database, async_url, open_database
from models.invariants import broken_promises
from models.office import DEFAULT_ZONE, the_office

PATIENCE = 15.0  # seconds for a database server to answer
OTHERS = 0o077  # whoever is not the owner


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database | None, list[Finding]]]:
    """The store, where it is there and opens, and what is to be said of it."""
    url = async_url(settings.database_url)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None and not file.exists():
        yield None, [_to_be_made(file)]
        return
    database = open_database(settings.database_url)
    try:
        yield await _store(database, file)
    finally:
        await database.close()


async def _store(database: Database, file: Path | None) -> tuple[Database | None, list[Finding]]:
    where = str(file) if file else f"PostgreSQL, {database.engine.url.host or 'lokal'}"
    try:
        async with asyncio.timeout(PATIENCE):
            found = await revision(database)
            await _write(database)
    except (SQLAlchemyError, OSError) as error:
        advice = "Prüfen Sie BOT_DATABASE_URL, und ob dieser Benutzer dort schreiben darf."
        title = f"Der Speicher ({where}) lässt sich nicht öffnen oder nicht beschreiben ({type(error).__name__})."
        return None, [Finding(ok=False, title=title, advice=advice)]
    findings = [Finding(ok=True, title=f"Der Speicher ({where}) lässt sich öffnen und beschreiben."), _stand(found)]
    return database, findings + (list(_permissions(file)) if file else [])


def _to_be_made(file: Path) -> Finding:
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK):
        return Finding(ok=True, title=f"Der Speicher {file} ist noch nicht angelegt; der erste Start legt ihn an.")
    advice = "Prüfen Sie BOT_DATABASE_URL, und ob dieser Benutzer dort schreiben darf."
    return Finding(ok=False, title=f"Der Speicher {file} lässt sich nicht anlegen.", advice=advice)


async def _write(database: Database) -> None:
    """Make a table and take it back: a store that is full or write-protected says so."""
    async with database.read() as session:
        await session.execute(text("CREATE TABLE doctor_was_here (id INTEGER)"))


def _stand(found: str | None) -> Finding:
    if found == HEAD:
        return Finding(ok=True, title=f"Der Speicher hat den Stand dieses Programms ({HEAD}).")
    if found is None:
        return Finding(ok=True, title="Der Speicher ist noch leer; der erste Start richtet ihn ein.")
    if found in REVISIONS:
        return Finding(ok=True, title=f"Der Speicher hat den Stand {found}; der nächste Start hebt ihn auf {HEAD}.")
    return Finding(
        ok=False,
        title=f"Der Speicher hat den Stand {found}, den dieses Programm nicht kennt.",
        advice="Er wurde mit einer neueren Version angelegt. Nehmen Sie diese.",
    )


def _permissions(file: Path) -> Iterator[Finding]:
    """The store, its log beside it, and the backups that lie in the same folder or one below."""
    private = [*(file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")), *_backups(file.parent)]
    open_to_others = [one for one in private if one.exists() and one.stat().st_mode & OTHERS]
    for one in open_to_others:
        title = f"Andere Benutzer dieses Computers können {one} lesen."
        yield Finding(ok=False, title=title, advice=f"Geben Sie ein: chmod 600 {one}")
    if not open_to_others:
        yield Finding(ok=True, title=f"Nur der Eigentümer kann {file} und die Sicherungen daneben lesen.")


def _backups(folder: Path) -> Iterator[Path]:
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if path.is_file() and zipfile.is_zipfile(path):
            with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
                if MANIFEST in archive.namelist():
                    yield path


async def look_at_zone(database: Database) -> list[Finding]:
    """Whether this computer knows the office's time zone."""
    async with database.read() as session:
        name = (await the_office(session)).time_zone if await revision(database) == HEAD else DEFAULT_ZONE
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        advice = "Prüfen Sie time_zone in office.toml, oder spielen Sie die Zeitzonendaten ein (make setup)."
        return [Finding(ok=False, title=f"Die Zeitzone {name} ist diesem Computer unbekannt.", advice=advice)]
    return [Finding(ok=True, title=f"Zeitzone: {name}")]


async def look_at_promises(database: Database) -> list[Finding]:
    """Whether everything holds that the store has to keep."""
    if await revision(database) != HEAD:
        return []
    async with database.snapshot() as session:
        broken = await broken_promises(session)
        if session.get_bind().dialect.name == "sqlite":
            lines = await session.stream_scalars(text("PRAGMA quick_check"))
            broken += [str(line) async for line in lines if line != "ok"]
    if not broken:
        return [Finding(ok=True, title="Der Speicher ist in sich stimmig.")]
    advice = "Sichern Sie den Speicher, wie er ist, und melden Sie diese Zeile."
    return [Finding(ok=False, title=f"Im Speicher stimmt etwas nicht: {line}", advice=advice) for line in broken]
