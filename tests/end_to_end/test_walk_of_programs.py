"""The walk through everything once more, over real programs: one on SQLite, one on PostgreSQL, four behind webhooks.

After each the commands that an office's computer is looked after with say that all is well.
"""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.migrate import migrate
from demo.telegram import World, serve
from models.base import open_database
from tests.auxil.clock import START
from tests.end_to_end.clocked import SharedClock
from tests.end_to_end.crew import Clocked, Programs
from tests.end_to_end.proxy import free_ports, in_front_of
from tests.end_to_end.stage import ROOT
from tests.end_to_end.test_many_processes import listens
from tests.end_to_end.test_walk import everything, no_word_of_it_is_logged
from tests.end_to_end.walk import TOKEN, Walk, found_sample

pytestmark = pytest.mark.chaos

PATIENCE = 60.0  # seconds until somebody listens


@pytest.fixture(params=[("sqlite", 1), ("postgres", 1), ("postgres", 4)], ids=lambda one: f"{one[0]}-{one[1]}")
async def on(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Walk]:
    """The walk, with so many programs on that kind of store."""
    kind, many = request.param
    url = request.getfixturevalue(f"bare_{kind}_url")
    clock = SharedClock.made(tmp_path / "clock", START)
    database = open_database(url)
    await migrate(database)
    await found_sample(database, clock(), tmp_path)
    world = World(clock=clock)
    world.bot(TOKEN, name="ReKo-Assistent", username="reko_bot")
    async with serve(world) as api, AsyncExitStack() as behind:
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{api}/bot", "BOT_DATABASE_URL": url, "BOT_OUTBOX_RATE": "30"}
        settings["BOT_BACKUP_FOLDER"] = str(tmp_path / "backups")
        ways, heard = [settings], polling(world)
        if many > 1:
            ways, heard = await behind.enter_async_context(webhooks(settings, many))
        programs = [Clocked(way, tmp_path / "clock", tmp_path / f"log{number}") for number, way in enumerate(ways)]
        crew = Programs(programs, database, clock, heard)
        try:
            await crew.start()
            yield Walk(world, crew, database, clock)
        finally:
            for one in programs:
                one.kill()
                await one.ended()
            await database.close()


def polling(world: World) -> Callable[[], Awaitable[None]]:
    async def heard() -> None:
        await world.until(lambda: world.first_bot.waiting is not None, within=PATIENCE)

    return heard


@asynccontextmanager
async def webhooks(
    settings: dict[str, str], many: int
) -> AsyncIterator[tuple[Sequence[dict[str, str]], Callable[[], Awaitable[None]]]]:
    """The settings of several programs behind one address, and how to wait until all of them listen."""
    ports = free_ports(many)

    async def heard() -> None:
        await asyncio.gather(*map(listens, ports))

    async with in_front_of(ports, random.Random(11)) as (_, url):  # noqa: S311 - no mischief here
        common = {**settings, "BOT_WEBHOOK_URL": url, "BOT_WEBHOOK_SECRET": "a-Secret_1"}
        yield [{**common, "BOT_WEBHOOK_LISTEN": f"127.0.0.1:{port}"} for port in ports], heard


async def test_the_same_walk_in_every_set_up(on: Walk) -> None:
    await everything(on)
    assert isinstance(on.crew, Programs)
    await on.crew.end()
    log = on.crew.said()
    no_word_of_it_is_logged(on, log)
    assert "Here is @reko_bot." in log
    assert "ACHTUNG" not in await answered(on.crew, "doctor", "--store")
    assert "unversehrt" in await answered(on.crew, "verify")


async def answered(crew: Programs, *words: str) -> str:
    """What another command of the program says of the same store."""
    told = crew.programs[0].environment
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=ROOT, env=told, stdout=PIPE, stderr=STDOUT
    )
    said = (await command.communicate())[0].decode()
    assert command.returncode == 0, said
    return said
