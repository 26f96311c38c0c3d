"""Short acts in company: those that stand in line for SQLite's one writer share a commit, since it waits for the disk.

Each is a savepoint of one transaction. Done, an act gets in line again, behind those who were waiting; the first whose
turn comes a second time commits for all, and nobody goes on before that.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from typing import cast

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models.sqlite import InLoopSession

MOST = 64  # acts that share a commit: as many as are at work side by side; sixteen let a hundred wait a tenth longer
ALONE = 64  # acts that share none after one has failed for all: tried again, it must not fail for them again


class _Journey:
    """One transaction, how many have joined it, and the error for which none of them has happened."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection, self.joined = connection, 0
        self.error: SQLAlchemyError | None = None


class Company:
    """Those who act together on one store, under the lock of its ``writer``."""

    def __init__(self, engine: AsyncEngine, writer: asyncio.Lock) -> None:
        self._engine, self._writer = engine, writer
        self._journey: _Journey | None = None  # the transaction that is open for those who come next
        self._wary = 0  # so many acts commit alone

    @asynccontextmanager
    async def join(self) -> AsyncIterator[InLoopSession]:
        """A session on the shared connection, for one act at a time; left once everything done on it is durable.

        Raises:
            SQLAlchemyError: the transaction could not be begun or committed. None of its acts has happened.
        """
        journey = None
        try:
            async with self._writer:
                journey = await self._board()
                try:
                    with _act_within(journey.connection) as session:
                        yield session
                except OperationalError as error:  # a full disk: SQLite may have rolled back what the others did, too
                    await self.arrive(error)
                    raise
                if journey.joined == MOST or self._wary:
                    self._wary = max(0, self._wary - 1)
                    await self.arrive()
        finally:
            # Also whoever raises waits: a refusal may rest on what another act of this transaction has done.
            if journey is not None:
                await self._wait_for(journey)

    async def _board(self) -> _Journey:
        if self._journey is None:
            await asyncio.sleep(0)  # those who are about to get in line may do so
            connection = await self._engine.connect()
            try:
                await connection.begin()
            except BaseException:
                await connection.close()
                raise
            self._journey = _Journey(connection)
        self._journey.joined += 1
        return self._journey

    async def _wait_for(self, journey: _Journey) -> None:
        async with self._writer:
            if self._journey is journey:
                await self.arrive()
        if journey.error is not None:
            raise journey.error

    async def arrive(self, error: SQLAlchemyError | None = None) -> None:
        """Commit what is open, or with an error roll it back; whoever holds the writer's lock may."""
        journey, self._journey = self._journey, None
        if journey is None:
            return
        journey.error = error
        if error is not None:
            self._wary = ALONE
        try:
            await (journey.connection.rollback() if error else journey.connection.commit())
        except SQLAlchemyError as failed:
            journey.error = failed
            await journey.connection.invalidate()  # its transaction may still be open
        finally:
            await journey.connection.close()


@contextmanager
def _act_within(connection: AsyncConnection) -> Iterator[InLoopSession]:
    """A session for a part of the connection's transaction. Where the block raises, that part is undone by itself.

    One part at a time. Only an act that needs the mapper pays for a transaction of the session's own within it.
    """
    link = cast("Connection", connection.sync_connection)  # it has one, since its transaction has begun
    session = InLoopSession(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    session.link = link
    link.exec_driver_sql("SAVEPOINT act")
    try:
        with closing(session.sync_session) as mapped:
            yield session
            mapped.flush()
            if mapped.in_transaction():
                mapped.commit()
    except BaseException:
        link.exec_driver_sql("ROLLBACK TO SAVEPOINT act")
        raise
    finally:
        link.exec_driver_sql("RELEASE SAVEPOINT act")
