"""``run``: one process at a time on an SQLite store, a clean end on SIGTERM."""

import asyncio
import fcntl
import gc
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import journal
from bot.application import build, utc_now
from bot.embedding import installed, keep_up
from bot.listening import AddressTaken
from bot.next_step import nobody_inside
from bot.settings import Settings
from models.base import async_url


class AlreadyRunning(Exception):
    """Another process works on this SQLite store."""


@contextmanager
def alone_on(database_url: str) -> Iterator[None]:
    """Hold the lock beside an SQLite file; on PostgreSQL any number of processes may run.

    Raises:
        AlreadyRunning: another process holds it.
    """
    url = async_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning from error
        yield


async def run_until_stopped(settings: Settings) -> int:
    """Run the bot until SIGTERM or Ctrl-C; the exit code."""
    journal.begin(settings.log)
    try:
        with alone_on(settings.database_url):
            assistant = await build(settings)
            stop = asyncio.Event()
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
            await assistant.start()
            if missing := await nobody_inside(assistant.database, utc_now()):
                logging.getLogger("bot").info(missing)
            # The program itself is not garbage: looking through it again and again would take a tenth of the time.
            gc.collect()
            gc.freeze()
            vectors = asyncio.create_task(keep_up(assistant.database)) if installed() else None
            await stop.wait()
            if vectors:
                vectors.cancel()
            await assistant.stop()
    except AlreadyRunning:
        print("Der Bot läuft bereits auf dieser Datenbank.", file=sys.stderr)  # noqa: T201 - for whoever started it
        return 1
    except AddressTaken as taken:
        print(f"Auf {taken} lauscht schon ein anderes Programm.", file=sys.stderr)  # noqa: T201 - likewise
        return 1
    logging.getLogger("bot").info("Stopped.")
    return 0
