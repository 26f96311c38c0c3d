"""The demo, held still: a fixed morning, fixed codes, and everybody coming in one after the other."""

import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from bot.assistant import Assistant
from demo.clock import DemoClock
from demo.page import attach
from demo.sample import write_sample
from demo.stage import VOTES, Stage, hints
from demo.telegram.server import build_app, running
from demo.telegram.world import World
from models.calendar import Calendar

MORNING = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
"""A Monday, 9:30 in Berlin, with no holiday in the weeks that the scenes take."""
NEWCOMER = "Hanna Hasel"
"""Has not come in yet."""


class Still(Stage):
    """The stage of the demo, in an order that is the same each time."""

    async def _set_scene(self, assistant: Assistant) -> None:
        for part in self.cast.everybody:
            if part.name != NEWCOMER:
                await self._come_in(part)
        async with self.database.begin() as session:
            vote = await self._give_work(session)
        await assistant.tick()
        for part, choice in zip(self.cast.colleagues, VOTES, strict=False):
            await self._vote(part, vote, choice)


@asynccontextmanager
async def still(folder: Path) -> AsyncIterator[tuple[Still, str]]:
    """The demo in ``folder``, and its address."""
    clock = DemoClock(real=lambda: MORNING)  # it stands still until it is moved
    office = write_sample(folder / "office", Calendar().day(MORNING))
    (folder / "data").mkdir()
    with _inside(folder), _same_codes(), patch("demo.clock.BUDGET", 0.0):
        stage = await Still.open(World(clock=clock), clock, office, Path("data/bot.db"))
        assert isinstance(stage, Still)
        app = build_app(stage.world)
        attach(app, stage.world, stage.cast.phones, clock, hints=hints(stage.cast), zone=stage.zone)
        async with running(app, "127.0.0.1", 0) as address, stage.played(address):
            yield stage, address


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """The store's path is shown under „Technik": it is ``data/bot.db`` as for everybody."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _same_codes() -> Iterator[None]:
    drawn = random.Random(2027)  # noqa: S311 - invented codes, to be seen by everybody
    with patch("secrets.choice", drawn.choice), patch("secrets.randbelow", drawn.randrange):
        yield
