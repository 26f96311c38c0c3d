"""python-telegram-bot's own idioms, in a process of their own as they are meant to run."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from demo.telegram import Person, World
from demo.telegram.bots import Bot
from tests.auxil.bot_api_spec import check_object, check_request, check_result, require_spec
from tests.demo.raw_client import TOKEN

ROOT = Path(__file__).parents[2]
PATIENCE = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def idioms(address: str, way: str) -> AsyncIterator[None]:
    """The bot; ends cleanly when told to by a signal."""
    command = [sys.executable, "-m", "tests.demo.ptb_idioms", address, TOKEN, way]
    running = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.PIPE)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        _, complaints = await running.communicate()
    assert (running.returncode, complaints.decode()) == (0, "")


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_run_conversation_and_jobs(address: str, anna: Person, bot: Bot, world: World, way: str) -> None:
    asked = {"polling": "getUpdates", "webhook": "setWebhook"}[way]
    async with idioms(address, way if way == "polling" else str(free_port())):
        await world.until(lambda: bool(world.journal.requests(asked)) or bot.waiting is not None, PATIENCE)
        await conversation(anna)
        anna.send("/erinnern")
        await anna.receive("Erinnerung: einmal")
        await anna.receive("Erinnerung: wieder")
        await anna.receive("Erinnerung: wieder")
        anna.send("/still")
        await anna.receive("Still")
    require_spec()
    for one in world.journal.requests():
        check_request(one.method, one.params, one.uploads)
        if one.ok:
            check_result(one.method, one.result)
    for update in world.journal.brought:
        check_object("Update", update)
    assert bool(world.journal.brought) == (way == "webhook")


async def conversation(anna: Person) -> None:
    """Once through, and once left in the middle."""
    anna.send("/start")
    await anna.receive("Wie heißen Sie?")
    anna.send("Anna")
    await anna.receive("Welche Farbe?")
    keyboard = anna.room().keyboard
    assert keyboard
    assert [[button["text"] for button in row] for row in keyboard["keyboard"]] == [["Rot", "Blau"]]
    anna.send("Blau")
    await anna.receive("Anna mag Blau")
    assert anna.room().keyboard is None
    anna.send("/start")
    await anna.receive("Wie heißen Sie?")
    anna.send("/abbrechen")
    await anna.receive("Abgebrochen")
