"""Strange updates through the whole bot: ``python -m benchmarks.strange [HOW_MANY] [SEED]``, on SQLite and PostgreSQL.

Updates as the Bot API's specification allows them (it stands beside the project, in ``../shared``). Ends with an error
at the first one that fails, and names it; the same seed makes the same updates.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bot.migrate import migrate
from models.base import open_database
from tests.auxil import postgres
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import at_work
from tests.auxil.strange import furnish, play

IN_ONE_OFFICE = 5_000  # then a fresh one: the chats of the stand-in grow with every answer


async def office(url: str, seed: int, many: int) -> set[tuple[str, str]]:
    """One office under fire; which optional fields it met."""
    database = open_database(url)
    await migrate(database)
    telegram = FakeTelegram()
    try:
        async with at_work(database, telegram, Clock()) as party:
            await furnish(party)
            made = await play(party, seed, many)
    finally:
        await database.close()
    assert not telegram.unscripted, telegram.unscripted  # noqa: S101 - what is measured
    left = made.reachable() - set(made.seen)
    print(f"  seed {seed}: {many:,} updates, none failed; optional fields not met: {len(left)}", flush=True)
    return set(made.seen)


async def main(many: int, seed: int) -> None:
    """Half of them on each kind of store."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp())
    met: set[tuple[str, str]] = set()
    try:
        with postgres.server() as server:
            for number in range(-(-many // IN_ONE_OFFICE)):
                name = f"strange{seed + number}"
                if number % 2:
                    url = postgres.create_database(server, name).render_as_string(hide_password=False)
                else:
                    url = f"sqlite:///{folder / name}.db"
                met |= await office(url, seed + number, min(IN_ONE_OFFICE, many - number * IN_ONE_OFFICE))
    finally:
        shutil.rmtree(folder)
    print(f"{many:,} strange updates in {time.monotonic() - began:.0f} s; {len(met)} optional fields met, none failed")


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    arguments = [int(one.replace("_", "")) for one in sys.argv[1:]]
    asyncio.run(main(*arguments, *(100_000, 1)[len(arguments) :]))
