"""What the benchmarks share."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from demo.telegram import Message

TOKEN = "42:BENCH"  # noqa: S105 - the stand-in takes any
PATIENCE = 120.0


@asynccontextmanager
async def process(*words: str, env: dict[str, str] | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process that is ended with the block."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
        env={**os.environ, **(env or {})},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.terminate()
        await running.wait()


def choice(card: Message, turn: int) -> str:
    """The button to tap this turn."""
    # Yes and no in turn, so that every tap changes the ballot and the card.
    wanted = ("yes", "no")[turn % 2]
    return next(button.data for button in card.buttons if button.data.endswith(f":{wanted}"))
