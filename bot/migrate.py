"""Bring the store to the revision this program was written for; a few milliseconds where it is there already.

A new revision is written with ``.venv/bin/python -m migrations "what changed"``.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.base import Database

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
# Revisions are numbered, and their files begin with the number: the last is known without importing Alembic.
REVISIONS = sorted(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))
HEAD = REVISIONS[-1] if REVISIONS else ""
# Any number that nobody else locks: two processes that start together migrate one after the other.
LOCK = 0x5245_4B4D


class UnknownRevision(Exception):
    """The store was made by a newer program; ``found`` is its revision."""

    def __init__(self, found: str) -> None:
        super().__init__(f"the store is at revision {found}, this program knows up to {HEAD}")
        self.found = found


async def revision(database: Database) -> str | None:
    """The store's revision; None for one that was never migrated."""
    async with database.read() as session:  # asking waits for no writer
        return await (await session.connection()).run_sync(_revision)


async def migrate(database: Database) -> None:
    """Run the revisions the store has not seen, all in one transaction.

    Raises:
        UnknownRevision: the store is newer than the program.
    """
    if await revision(database) == HEAD:
        return
    async with database.engine.connect() as connection:
        # SQLite changes a table by copying and dropping it, which foreign keys would take for the loss of its rows;
        # they cannot be switched within a transaction.
        await _foreign_keys(connection, "OFF")
        try:
            async with connection.begin():
                await connection.run_sync(_upgrade)
        finally:
            await _foreign_keys(connection, "ON")


async def _foreign_keys(connection: AsyncConnection, state: str) -> None:
    if connection.dialect.name == "sqlite":
        driver = (await connection.get_raw_connection()).driver_connection
        driver.execute(f"PRAGMA foreign_keys = {state}")  # type: ignore[union-attr]  # it is open


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for work on ``connection``."""
    from alembic.config import Config  # noqa: PLC0415 - costs a start that needs no migration a tenth of a second

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # it may take another process its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    found = _revision(connection)  # once more: another process may have been quicker
    if found is not None and found not in REVISIONS:
        raise UnknownRevision(found)
    if found != HEAD:
        command.upgrade(configuration(connection), "head")
        _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken:
        raise RuntimeError(f"the migration would leave a row of {broken[0]} pointing nowhere")
