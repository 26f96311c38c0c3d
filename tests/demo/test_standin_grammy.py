"""grammY, unchanged, by polling and by webhook. It comes from the npm registry, in the versions locked beside it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from demo.telegram import Person, World
from demo.telegram.bots import Bot
from tests.demo.raw_client import TOKEN
from tests.demo.walk import judge_all, walk

FOLDER = Path(__file__).parent / "grammy"
PATIENCE = 60
pytestmark = pytest.mark.xdist_group("grammy")  # one worker installs it


def missing(what: str) -> None:
    """Skips the test; in CI nothing may be missing."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def node() -> str:
    """Node's path, with grammY installed as locked."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        missing("Node.js is not here, so grammY cannot walk")
    assert program
    assert npm
    installed = FOLDER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (FOLDER / "package-lock.json").stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=20000", "--loglevel=error"]
        try:
            done = subprocess.run(  # noqa: S603 - the program's own path, fixed words
                command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            missing("the npm registry does not answer, so grammY cannot walk")
        else:
            if done.returncode:
                missing(f"grammY could not be installed from the npm registry: {done.stderr.strip()}")
    return program


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
