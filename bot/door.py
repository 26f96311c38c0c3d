"""Whose turn a chat is, where several processes work on one PostgreSQL (``models/lanes.py``, decision 32).

One connection of this process holds the chats that it is at work in. What is asked of it while it is busy is asked
together next time: under load a chat costs a fraction of a statement.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.house import Unkept
from models import lanes
from models.base import SILENCE, Database
from models.inbox import Arrival

log = logging.getLogger("bot.door")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
Entering = asyncio.Future[list[Arrival] | None]
Leaving = asyncio.Future[bool]


class Door:
    """In and out of chats. The connection is opened with the first chat, and again whenever it breaks."""

    def __init__(
        self,
        database: Database,
        sleep: Callable[[float], Awaitable[None]],
        settling: Callable[[], AbstractContextManager[Unkept]] = lambda: nullcontext(Unkept()),
    ) -> None:
        self._database, self._sleep, self._settling = database, sleep, settling
        self._entering: dict[int, Entering] = {}
        self._leaving: dict[int, tuple[Sequence[int], Leaving]] = {}
        self._serving: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()
        self._open: AbstractAsyncContextManager[AsyncSession] | None = None
        self._session: AsyncSession | None = None
        self._heard = 0.0
        self._held: set[int] = set()  # the chats that were entered on this connection

    def sure(self, lane: int) -> bool:
        """Whether a chat that was entered is surely still ours.

        After a long silence PostgreSQL gives it to others, and with its connection it is lost.
        """
        return lane in self._held and time.monotonic() - self._heard < SILENCE

    async def enter(self, lane: int) -> list[Arrival] | None:
        """What waits in a chat, which is ours from now on; None where another process is at work in it."""
        future: Entering = asyncio.get_running_loop().create_future()
        self._entering[lane] = future
        self._serve_soon()
        return await future

    async def leave(self, lane: int, spoken: Sequence[int]) -> bool:
        """Note what was answered, and give the chat back. True: something waits there."""
        future: Leaving = asyncio.get_running_loop().create_future()
        self._leaving[lane] = (spoken, future)
        self._serve_soon()
        return await future

    async def look(self, besides: Collection[int], most: int) -> list[int]:
        """Chats in which something waits; also the sign of life by which the connection keeps what it holds.

        Raises:
            SQLAlchemyError: the store is out of reach.
        """
        async with self._at_hand() as session:
            return await lanes.with_work(session, besides, most)

    async def close(self) -> None:
        """Give back whatever is held."""
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)
        await self._hang_up()

    def _serve_soon(self) -> None:
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        pause = 0.0
        while self._entering or self._leaving:
            entering, leaving = self._entering, self._leaving
            self._entering, self._leaving = {}, {}
            try:
                async with self._at_hand() as session:
                    await self._let_out(session, leaving)
                    await self._let_in(session, entering)
            except SQLAlchemyError as error:
                self._entering = {lane: one for lane, one in entering.items() if not one.done()} | self._entering
                self._leaving = {lane: one for lane, one in leaving.items() if not one[1].done()} | self._leaving
                if pause:  # a connection that was merely old is no trouble
                    log.warning("The store is out of reach (%s). Next try in %.1f s.", type(error).__name__, pause)
                    await self._sleep(pause)
                pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            else:
                pause = 0.0

    async def _let_out(self, session: AsyncSession, leaving: dict[int, tuple[Sequence[int], Leaving]]) -> None:
        # Before the chat is another's, who would say it once more, or take what is typed for what stood there earlier.
        with self._settling() as unkept:
            unkept.spoken.update(one for numbers, _ in leaving.values() for one in numbers)
            await unkept.write(session)
        self._held -= leaving.keys()
        more = await lanes.leave(session, list(leaving)) if leaving else set()
        for lane, (_, future) in leaving.items():
            _tell(future, lane in more)

    async def _let_in(self, session: AsyncSession, entering: dict[int, Entering]) -> None:
        ours = await lanes.enter(session, list(entering)) if entering else {}
        self._held |= ours.keys()
        for lane, future in entering.items():
            _tell(future, ours.get(lane))

    @asynccontextmanager
    async def _at_hand(self) -> AsyncIterator[AsyncSession]:
        """The session, alone; what breaks it ends it, and with it whatever it held."""
        async with self._busy:
            try:
                if self._session is None:
                    self._open = self._database.alone()
                    self._session = await self._open.__aenter__()
                yield self._session
                self._session.expunge_all()
                self._heard = time.monotonic()
            except BaseException:
                await self._hang_up()
                raise

    async def _hang_up(self) -> None:
        opened, self._open, self._session = self._open, None, None
        self._held.clear()
        if opened is not None:
            await opened.__aexit__(None, None, None)


def _tell(future: asyncio.Future[Any], what: object) -> None:
    if not future.done():
        future.set_result(what)
