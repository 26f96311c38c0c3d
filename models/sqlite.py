"""SQLite in the event loop's own thread.

A statement on SQLite takes microseconds; handing each to a thread and back takes a hundred times as long. One commit
waits for the disk, and everybody has to wait for that one anyway: SQLite has one writer.

It is set up so that a receipt survives a power cut (WAL, ``synchronous=FULL``), deleted text is overwritten
(``secure_delete``) and nobody decides on what another is about to change (``BEGIN IMMEDIATE``).
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import immutabledict

DRIVER = "sqlite+inloop"
_KEPT = immutabledict({"prebuffer_rows": True})


class InLoopCursor(sqlite3.Cursor):
    """The driver's cursor, with the one thing SQLAlchemy awaits of an asynchronous one."""

    async def _async_soft_close(self) -> None:
        """Nothing is held elsewhere that would have to be awaited."""


class InLoopConnection(sqlite3.Connection):
    """The driver's connection, with our cursors. ``reads``: its next transaction only looks."""

    reads = False

    def cursor(self, factory: Any = InLoopCursor) -> Any:
        """A cursor of ours."""
        return super().cursor(factory)


class InLoopDialect(SQLiteDialect_pysqlite):
    """The standard library's driver, said to be asynchronous: it never has to wait, so nothing of it is awaited."""

    driver = "inloop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003 - SQLAlchemy's signature
        """A pool whose queue is awaited."""
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> tuple[Any, dict[str, Any]]:
        """Connections may be closed by the collector of another thread."""
        args, options = super().create_connect_args(url)
        return args, {**options, "check_same_thread": False, "factory": InLoopConnection}

    # Not at the engine's event: whoever listens there has every statement ask for listeners, four times.

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin as it is meant: who acts is the only one from the beginning."""
        connection = dbapi_connection.driver_connection
        reads, connection.reads = connection.reads, False
        connection.execute("BEGIN" if reads else "BEGIN IMMEDIATE")

    # A statement of its own for each would be compiled anew every time, since the name is another one.

    def do_savepoint(self, connection: Any, name: str) -> None:
        """Begin an act in company."""
        connection.exec_driver_sql(f"SAVEPOINT {name}")

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
        """Undo it."""
        connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        """Let it stand."""
        connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")


class InLoopSession(AsyncSession):
    """A session that has its connection. No statement of it has to wait, so none is handed to a greenlet and back.

    That is half the price of a short statement. What is read is kept, as in any asynchronous session.
    """

    link: Connection | None = None  # the connection, for statements that do not concern the mapper

    async def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """The result, all of it read."""
        if link := self._link_for(statement, options):
            return link.execute(statement, params, execution_options=_KEPT)
        given = {**_KEPT, **options.pop("execution_options", {})}
        return self.sync_session.execute(statement, params, execution_options=given, **options)

    async def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """The first column of the first row; None where there is none."""
        if link := self._link_for(statement, options):
            return link.scalar(statement, params)
        return self.sync_session.scalar(statement, params, **options)

    async def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The row with this key, or None."""
        return self.sync_session.get(entity, ident, **options)

    async def get_one(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The row with this key.

        Raises:
            NoResultFound: there is none.
        """
        return self.sync_session.get_one(entity, ident, **options)

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what has changed."""
        self.sync_session.flush(objects)

    def _link_for(self, statement: Any, options: Mapping[str, Any]) -> Connection | None:
        """The connection, where the statement need not go through the mapper; what waits there is written first."""
        if self.link is None or options or not _is_core(statement):
            return None
        if self.sync_session.autoflush:
            self.sync_session.flush()
        return self.link


def _is_core(statement: Any) -> bool:
    """Whether a statement is of tables alone: on its way through the session nothing would happen to it."""
    return bool(statement._propagate_attrs.get("compile_state_plugin") != "orm")  # noqa: SLF001 - said nowhere else


class LogEmptier:
    """Moves what the write-ahead log holds into the file and cuts the log to nothing.

    https://www.sqlite.org/pragma.html#pragma_wal_checkpoint: TRUNCATE succeeds once nobody reads an earlier state.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def emptied(self) -> bool:
        """Try to empty it; False while somebody reads an earlier state, or where the file cannot be written."""
        try:
            if self._connection is None:
                # No waiting of SQLite's own: it would hold up the loop in which the reader has to finish.
                self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
            busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:
            return False
        return not busy

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def set_up(engine: Engine) -> None:
    """Have every connection keep what the module promises."""
    event.listen(engine, "connect", _prepare)


def only_reading(engine: AsyncEngine) -> AsyncEngine:
    """The same engine for those who only look."""
    reading = engine.execution_options()
    event.listen(reading.sync_engine, "engine_connect", _only_reads)
    return reading


def _only_reads(connection: Connection) -> None:
    cast("InLoopConnection", connection.connection.driver_connection).reads = True


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: its default is deferred, which lets a vote slip past a closing.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "busy_timeout = 10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


registry.register("sqlite.inloop", __name__, InLoopDialect.__name__)
