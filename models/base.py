"""The store: one declarative base, and the ways into a transaction."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import JSON

from models import sqlite
from models.columns import UtcDateTime
from models.company import Company
from models.sqlite import DRIVER, InLoopSession, LogEmptier

logger = logging.getLogger("models.base")

FIRST_PAUSE, LONGEST_PAUSE, PATIENCE = 0.002, 0.05, 5.0  # seconds, of emptying SQLite's log
SILENCE = 15  # seconds until PostgreSQL takes a process that holds chats for dead
HANGING = 30  # the same within a transaction, where it holds up everybody
# Seconds until who waits for a lock gives up. Else all that a process has in line when it stops would be given the lock
# one after the other, and be cut off one after the other.
LOCKED = 20


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
        on_sqlite = engine.dialect.name == "sqlite"
        kind = InLoopSession if on_sqlite else AsyncSession
        self._sessions = async_sessionmaker(engine, class_=kind, expire_on_commit=False)
        reading = sqlite.only_reading(engine) if on_sqlite else engine
        self._readers = async_sessionmaker(reading, class_=kind, expire_on_commit=False)
        # SQLite has one writer at a time; a fair queue here is quicker than its busy polling.
        self._writer = asyncio.Lock() if on_sqlite else None
        self._company = Company(engine, self._writer) if self._writer else None
        self._emptier = LogEmptier(engine.url.database or "") if self._writer else None
        self._overdue = False  # it could not be emptied

    @property
    def shared(self) -> bool:
        """Whether other processes may work on this store at the same time."""
        return self._writer is None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction that commits at the end of the block and rolls back when the block raises."""
        async with self._alone(), self._sessions.begin() as session:
            await self._connect(session)
            yield session

    def begin_together(self) -> AbstractAsyncContextManager[AsyncSession]:
        """``begin()`` for short acts: on SQLite those that wait for the writer share one commit, and its disk write.

        Each is a savepoint: one that raises leaves no trace and does not touch the others. The block is left once the
        commit is durable; where that fails, every one of them raises, and none has happened (decision 33).
        """
        return self._company.join() if self._company else self.begin()

    async def _connect(self, session: AsyncSession) -> None:
        """Only for its connection a session of SQLite's has to wait, see ``InLoopSession``."""
        if isinstance(session, InLoopSession):
            session.link = (await session.connection()).sync_connection

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """SQLite's writer, with nothing left open by those who share."""
        async with self._writer or nullcontext():
            if self._company:
                await self._company.arrive()
            yield

    @asynccontextmanager
    async def begin_traceless(self) -> AsyncIterator[AsyncSession]:
        """``begin()`` after which SQLite's files hold the new state alone, before anybody else writes.

        Its write-ahead log would keep the pages as they were at every commit. PostgreSQL's is beyond our reach; what
        lies in its tables is the affair of whoever writes there.
        """
        async with self._alone():
            async with self._sessions.begin() as session:
                await self._connect(session)
                yield session
            if self._emptier:
                self._overdue = not await _emptied(self._emptier)

    async def empty_log(self) -> None:
        """Rid SQLite's files of earlier states that a process which was killed may have left."""
        if self._writer and self._emptier:
            async with self._alone():
                self._overdue = not await _emptied(self._emptier)

    async def empty_overdue_log(self) -> None:
        """The same once more, without waiting, where somebody who was reading for long had kept it from being done."""
        if self._overdue and self._writer and self._emptier:
            async with self._alone():
                self._overdue = not self._emptier.emptied()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for looking only; what is written in it is rolled back."""
        async with self._readers() as session:
            await self._connect(session)
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

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncSession]:
        """A connection of one's own, on which each statement commits itself: what its session holds goes with it.

        PostgreSQL ends it where nothing was said for ``SILENCE``: a process that hangs must not hold what it locked.
        """
        connection = await self.engine.connect()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"SET idle_session_timeout = '{SILENCE}s'"))
            await connection.execute(text("SET lock_timeout = 0"))  # what is held must not go for a wait
            yield AsyncSession(connection, expire_on_commit=False)
        finally:
            await connection.invalidate()  # into the pool it would take its locks
            await connection.close()

    async def rewrite_log(self) -> None:
        """Bring SQLite's log into its file and empty it, so that what was deleted is in neither any more.

        Where somebody is reading just now it is left for the next tick; waiting here would hold everybody up.
        """
        self._overdue = True
        await self.empty_overdue_log()

    async def close(self) -> None:
        """Give all connections back."""
        if self._emptier:
            self._emptier.close()
        await self.engine.dispose()


async def _emptied(log: LogEmptier) -> bool:
    """Empty the log; whether it could be. While somebody reads an earlier state it is tried again, for some seconds.

    It never raises: what was written is committed, and the next time empties what this one left.
    """
    pause, waited = FIRST_PAUSE, 0.0
    while not log.emptied():
        if waited >= PATIENCE:
            logger.warning("Somebody has been reading the store for seconds; its log could not be emptied.")
            return False
        await asyncio.sleep(pause)
        waited += pause
        pause = min(pause * 2, LONGEST_PAUSE)
    return True


def async_url(spelled: str) -> URL:
    """The URL of the asynchronous driver: ``sqlite`` → ours, ``postgresql`` → psycopg 3."""
    url = make_url(spelled)
    if url.get_backend_name() == "sqlite":
        return url.set(drivername=DRIVER)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(f"unknown kind of database: {url.drivername}")


def open_database(spelled: str, *, running: bool = False) -> Database:
    """Open the store at a URL; the folder of an SQLite file is made where it is missing.

    ``running``: for the bot at work, which lets no transaction of its own lie for long. PostgreSQL breaks one off
    whose process hangs (stopped, or swapped out), since the others wait for what it locked; nobody waits for ever.
    """
    url = async_url(spelled)
    if url.get_backend_name() != "sqlite":
        shared = create_async_engine(url, pool_size=10, max_overflow=10, hide_parameters=True)
        if running:
            event.listen(shared.sync_engine, "connect", _prepare_postgres)
        return Database(shared)
    if not url.database or url.database == ":memory:":
        raise ValueError("the store needs a file: one in memory is shared by accident and lost by design")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    engine = create_async_engine(url, pool_size=5, max_overflow=5, hide_parameters=True)
    sqlite.set_up(engine.sync_engine)
    return Database(engine)


def _prepare_postgres(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # else the pool's first rollback would take the setting back
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{HANGING}s'")
    cursor.execute(f"SET lock_timeout = '{LOCKED * 1000:.0f}ms'")
    cursor.close()
    connection.autocommit = False
