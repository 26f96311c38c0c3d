"""Bring the store to the revision this program was written for; a few milliseconds where it is there already.

There is no way back by migrations: ``bot/upgrading.py`` saves first what holds something (decision 34).

A new revision is written with ``.venv/bin/python -m migrations "what changed"``.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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
VERSION_TABLE = "alembic_version"


class StoreFault(Exception):
    """The store is not one to work on; the text is a German sentence for whoever started the program."""


class UnknownRevision(StoreFault):
    """The store was made by a newer program; ``found`` is its revision."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Der Speicher hat den Stand {found}, den dieses Programm (Stand {HEAD}) nicht kennt: Er gehört zu einer "
            "neueren Version. Nehmen Sie diese. Wie man zur älteren zurückkehrt, steht in docs/betrieb.md."
        )
        self.found = found


async def revision(database: Database) -> str | None:
    """The store's revision; None for one that was never migrated."""
    async with database.read() as session:  # asking waits for no writer
        return await (await session.connection()).run_sync(revision_of)


async def migrate(database: Database, save: Callable[[str], Awaitable[None]] | None = None) -> None:
    """Run the revisions the store has not seen, all in one transaction.

    ``save`` is called with the store's revision before anything in it changes; where it raises, nothing has happened.

    Raises:
        UnknownRevision: the store is newer than the program.
    """
    if await revision(database) == HEAD:
        return
    async with rebuilding(database) as connection:
        found = await connection.run_sync(_alone)
        if save is not None and found not in {None, HEAD}:
            await save(str(found))
        await connection.run_sync(raise_to, HEAD)


@asynccontextmanager
async def rebuilding(database: Database) -> AsyncIterator[AsyncConnection]:
    """One transaction in which tables may change, too; at its end every row must point to one that is there."""
    async with database.engine.connect() as connection:
        # SQLite changes a table by copying and dropping it, which foreign keys would take for the loss of its rows;
        # they cannot be switched within a transaction.
        await _foreign_keys(connection, "OFF")
        try:
            async with connection.begin():
                yield connection
                await connection.run_sync(_check_foreign_keys)
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


def revision_of(connection: Connection) -> str | None:
    """The revision of the store on ``connection``; None for one that was never migrated."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _alone(connection: Connection) -> str | None:
    """Wait for other processes that migrate; the revision that is found then.

    Raises:
        UnknownRevision: the store is newer than the program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # it may take another process its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        # Saving what is there may take longer than an open transaction of the bot's may lie.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    found = revision_of(connection)
    if found is not None and found not in REVISIONS:
        raise UnknownRevision(found)
    return found


def raise_to(connection: Connection, target: str) -> None:
    """Run what is missing up to ``target``; nothing where the store is there.

    Raises:
        UnknownRevision: the store is newer than the program.
    """
    from alembic import command  # noqa: PLC0415 - as above

    if _alone(connection) != target:
        command.upgrade(configuration(connection), target)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken:
        raise RuntimeError(f"the migration would leave a row of {broken[0]} pointing nowhere")
