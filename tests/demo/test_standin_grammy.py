"""grammY, unchanged, by polling and by webhook. It comes from the npm registry, in the versions locked beside it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from demo.telegram import Person, World
from demo.telegram.bots import Bot
from tests.auxil.npm import PATIENCE, installed, missing
from tests.demo.raw_client import TOKEN
from tests.demo.walk import judge_all, walk

FOLDER = Path(__file__).parent / "grammy"
pytestmark = pytest.mark.xdist_group("grammy")  # one worker installs it


@pytest.fixture(scope="module")
def node() -> str:
    """Node's path, with grammY installed as locked."""
    return installed(FOLDER, "grammY")


@asynccontextmanager
async def grammy(node: str, address: str, way: str) -> AsyncIterator[None]:
    running = await asyncio.create_subprocess_exec(
        node, "walk.mjs", address, TOKEN, way, cwd=FOLDER, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield
    finally:
        running.terminate()
        _, complaints = await running.communicate()
    assert (running.returncode, complaints.decode()) == (0, "")


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_grammy_walks_through(node: str, address: str, anna: Person, bot: Bot, world: World, way: str) -> None:
    asked = {"polling": "getUpdates", "webhook": "setWebhook"}[way]
    async with grammy(node, address, way):
        await world.until(lambda: bool(world.journal.requests(asked)) or bot.waiting is not None, within=PATIENCE)
        await walk(anna, world)
    judge_all(world, asked)


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_in_ci_nothing_is_skipped(monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no node"):
        missing("no node")
