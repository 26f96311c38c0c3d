"""The store: one declarative base, UTC times, and the two ways into a transaction.

SQLite is set up so that a receipt survives a power cut (WAL, ``synchronous=FULL``), deleted text is overwritten
(``secure_delete``) and nobody decides on what another is about to change (``BEGIN IMMEDIATE``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON, TypeDecorator

from models.sqlite import DRIVER

READ_ONLY = "reko_read_only"
PATIENCE = 10_000  # milliseconds that SQLite waits for another process
GATE = 0x5245_4B4F  # any number that nobody else locks


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Goes in aware, in any zone; comes out in UTC. A naive time is a ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; turn any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the store needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface's
        """SQLite keeps no zone: what it gives is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Mother of all tables; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON, list[int]: JSON}  # noqa: RUF012 - SQLAlchemy's own spelling


class Database:
    """An open store. ``begin()`` acts, ``read()`` looks; both hand out a session."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._readers = async_sessionmaker(engine.execution_options(**{READ_ONLY: True}), expire_on_commit=False)
        # SQLite has one writer at a time; a fair queue here is quicker than its busy polling.
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @property
    def shared(self) -> bool:
        """Whether other processes may work on this store at the same time."""
        return self._writer is None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction that commits at the end of the block and rolls back when the block raises."""
        async with self._writer or nullcontext(), self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for looking only; what is written in it is rolled back."""
        async with self._readers() as session:
            yield session
            # What was read stays readable after the block; the rollback at closing would empty it.
            session.expunge_all()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """``read()`` of one moment: whatever is committed meanwhile, all statements see the same store."""
        async with self.read() as session:
            if self.shared:  # SQLite's every transaction is one snapshot
                await session.connection(
                    execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                )
            yield session

    async def rewrite_log(self) -> None:
        """Bring SQLite's log into its file and empty it, so that what was deleted is in neither any more.

        Where somebody is reading just now it is left for the next time; waiting here would hold everybody up.
        """
        if self.shared:
            return
        async with self._writer or nullcontext(), self.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for pragma in ("busy_timeout = 0", "wal_checkpoint(TRUNCATE)", f"busy_timeout = {PATIENCE}"):
                driver.execute(f"PRAGMA {pragma}").close()

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def async_url(spelled: str) -> URL:
    """The URL of the asynchronous driver: ``sqlite`` → ours, ``postgresql`` → psycopg 3."""
    url = make_url(spelled)
    if url.get_backend_name() == "sqlite":
        return url.set(drivername=DRIVER)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(f"unknown kind of database: {url.drivername}")


def open_database(spelled: str) -> Database:
    """Open the store at a URL; the folder of an SQLite file is made where it is missing."""
    url = async_url(spelled)
    if url.get_backend_name() != "sqlite":
        return Database(create_async_engine(url, pool_size=10, max_overflow=10, hide_parameters=True))
    if not url.database or url.database == ":memory:":
        raise ValueError("the store needs a file: one in memory is shared by accident and lost by design")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    engine = create_async_engine(url, pool_size=5, max_overflow=5, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return Database(engine)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: its default is deferred, which lets a vote slip past a closing.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"busy_timeout = {PATIENCE}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def insert_or(session: AsyncSession, table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``, in the store's dialect."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def stamp_in_order(session: AsyncSession, clock: Callable[[], datetime]) -> datetime:
    """The present instant, taken where no closing can slip in before this transaction commits.

    SQLite's writer lock, already held, is enough. On PostgreSQL those who stamp share a lock that ``close_the_gate``
    takes alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(:gate)"), {"gate": GATE})
    return clock()


async def close_the_gate(session: AsyncSession) -> None:
    """Wait until every update that was stamped before is stored, and let none be stamped until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": GATE})
