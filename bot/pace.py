"""The pace that several processes keep together, on PostgreSQL (``models/pace.py``, decision 32).

A letter waits for a turn that is reserved in the store; those that ask at the same moment reserve together. Direct
answers never wait: they are counted, and taken off the letters' turns. A halt that one process was told is known to the
others within a second.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from models import pace
from models.base import Database

log = logging.getLogger("bot.pace")

OVERALL = 30  # messages a second that Telegram takes of one bot


class SharedPace:
    """The common pace, as one process keeps it. ``rate``: letters a second, of all processes together."""

    def __init__(self, database: Database, rate: int, sleep: Callable[[float], Awaitable[object]]) -> None:
        self._database, self._rate, self._sleep = database, rate, sleep
        self._asking: list[asyncio.Future[float]] = []
        self._reserving: asyncio.Task[None] | None = None
        self._answers = 0  # sent, and not yet taken off the letters' turns
        self._begun = False

    async def turn(self) -> None:
        """Wait for a letter's turn."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._asking.append(future)
        if self._reserving is None or self._reserving.done():
            self._reserving = asyncio.create_task(self._reserve())
        wait = await future
        if wait > 0:
            await self._sleep(wait)

    def answered(self) -> None:
        """A direct answer goes out."""
        self._answers += 1

    async def halt(self, seconds: float) -> None:
        """Tell the others that Telegram wants silence."""
        try:
            async with self._database.begin() as session:
                await self._begin(session)
                await pace.note_halt(session, seconds)
        except SQLAlchemyError as error:
            log.warning("The other processes could not be told of a halt (%s).", type(error).__name__)

    async def look(self) -> float:
        """Take the answers since the last look off the letters' turns; seconds for which Telegram wants silence.

        Raises:
            SQLAlchemyError: the store is out of reach.
        """
        async with self._database.begin() as session:
            await self._begin(session)
            answers, self._answers = self._answers, 0
            if answers:
                await pace.reserve(session, 0, self._rate, self._worth(answers))
            return await pace.halted_for(session)

    async def takes_tick(self, every: timedelta) -> bool:
        """Whether this process does the tick that is due."""
        async with self._database.begin() as session:
            await self._begin(session)
            return await pace.take_tick(session, every)

    async def _reserve(self) -> None:
        await asyncio.sleep(0)  # who asks at the same moment
        while self._asking:
            asking, self._asking = self._asking, []
            answers, self._answers = self._answers, 0
            try:
                async with self._database.begin() as session:
                    await self._begin(session)
                    wait = await pace.reserve(session, len(asking), self._rate, self._worth(answers))
            except SQLAlchemyError:
                wait = 0.0  # then each process keeps its own; whoever has no store claims no more letters
            for place, future in enumerate(asking):
                if not future.done():
                    future.set_result(wait + place / self._rate)

    async def _begin(self, session: AsyncSession) -> None:
        if not self._begun:
            await pace.begin(session)
            self._begun = True

    def _worth(self, answers: int) -> float:
        """In letters: of answers more fit into a second."""
        return answers * self._rate / OVERALL
