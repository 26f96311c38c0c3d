"""Who plays the bot in a walk: the one in this process, or real programs beside it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import or_, select

from bot.assistant import Assistant
from models.base import Database
from models.outbox import Letter, LetterState
from models.safekeeping import Backup
from tests.auxil.clock import Clock
from tests.end_to_end.clocked import CLOCK, PLANNED, SHOWN, SharedClock
from tests.end_to_end.stage import ROOT, Program

PATIENCE = 90.0  # seconds, on a computer that others use too
GLANCE = 0.01


class Crew(Protocol):
    """The bot, as a walk has to do with it."""

    async def deliver(self) -> None:
        """Let everything go out that may go out now."""

    async def tick(self) -> None:
        """Let everything happen that is due now."""

    async def keep_safe(self) -> None:
        """Let the backup be made that was ordered."""

    async def away(self, delta: timedelta) -> None:
        """Be out of order for so long."""


class InHouse:
    """The bot in this process."""

    def __init__(self, assistant: Assistant, clock: Clock) -> None:
        self.assistant, self.clock = assistant, clock

    async def deliver(self) -> None:
        await self.assistant.courier.deliver()

    async def tick(self) -> None:
        await self.assistant.tick()

    async def keep_safe(self) -> None:
        await self.assistant.keep_safe()

    async def away(self, delta: timedelta) -> None:
        self.clock.advance(delta)


class Clocked(Program):
    """The real program by a clock that the test moves."""

    def __init__(self, environment: dict[str, str], clock: Path, log: Path) -> None:
        super().__init__("", "", log)
        self.environment = {**os.environ, **environment, CLOCK: str(clock)}

    async def start(self) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.end_to_end.clocked", "run", cwd=ROOT, env=self.environment, stdout=log,
                stderr=log,
            )  # fmt: skip
        return self.process

    def end(self) -> None:
        """Ask it to end."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)


class Programs:
    """One or several real programs on one store, which is looked into to see how far they are."""

    def __init__(
        self, programs: Sequence[Clocked], database: Database, clock: SharedClock, heard: Callable[[], Awaitable[None]]
    ) -> None:
        self.programs, self.database, self.clock, self.heard = programs, database, clock, heard

    async def deliver(self) -> None:
        """Nothing that may go out waits, and nobody has a letter in hand."""
        async with asyncio.timeout(PATIENCE):
            while await self._at_work():  # noqa: ASYNC110 - other processes are waited for
                await asyncio.sleep(GLANCE)

    async def _at_work(self) -> bool:
        due = (Letter.state == LetterState.WAITING) & (Letter.not_before <= self.clock())
        letters = select(Letter.id).where(or_(due, Letter.state == LetterState.CLAIMED)).limit(1)
        async with self.database.read() as session:
            return (await session.scalar(letters)) is not None

    async def tick(self) -> None:
        await self._done_anew(PLANNED)
        await self.deliver()
        await self._done_anew(SHOWN)

    async def _done_anew(self, what: int) -> None:
        """Something that is done again and again has been begun after this, and is done."""
        began = time.monotonic_ns()
        async with asyncio.timeout(PATIENCE):
            while not self.clock.done_since(what, began):  # noqa: ASYNC110 - likewise
                await asyncio.sleep(GLANCE)

    async def keep_safe(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self._to_be_kept():  # noqa: ASYNC110 - likewise
                await asyncio.sleep(GLANCE)

    async def _to_be_kept(self) -> bool:
        async with self.database.read() as session:
            return (await session.scalar(select(Backup.id).where(Backup.open))) is not None

    async def away(self, delta: timedelta) -> None:
        """They end, and begin again when so much time has passed."""
        await self.end()
        self.clock.advance(delta)
        await self.start()

    async def start(self) -> None:
        """Begin, and wait until they hear and have planned."""
        for one in self.programs:
            await one.start()
        await self.heard()
        await self._done_anew(PLANNED)

    async def end(self) -> None:
        """End cleanly."""
        for one in self.programs:
            one.end()
        assert [await one.ended() for one in self.programs] == [0] * len(self.programs)

    def said(self) -> str:
        """What they have logged."""
        return "".join(one.log.read_text() for one in self.programs)
