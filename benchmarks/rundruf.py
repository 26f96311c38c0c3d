"""A Rundruf to five thousand through the stand-in, with faults: how long each step takes, and that nobody is lost.

The bot runs in this process at its usual pace, so this takes some minutes. ``python -m benchmarks.rundruf [READERS]
[smooth]``: ``smooth`` leaves the faults and the correction out, and says how much longer it took than the limiter
allows (the goal is two in a hundred).
"""

import asyncio
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from benchmarks.pace import Attempt, allowed
from bot.application import assemble
from bot.migrate import migrate
from bot.settings import load_settings
from demo.telegram import Fault, World, serve
from models.actor import actor
from models.base import Database, open_database
from models.broadcast.acts import Plan, enter, find
from models.broadcast.audience import recipients
from models.broadcast.correcting import Rewriting, rewrite
from models.broadcast.looking import tally
from models.broadcast.rules import EVERYONE, Fate, Tally
from models.invariants import broken_promises
from models.member import Account, Membership, Person
from models.office import Body, Office

READERS, STAFF = 5000, 1
TOKEN = "42:BENCH"  # noqa: S105 - the stand-in takes any
FAULTS = (
    Fault("error", count=None, probability=0.03, code=502, description="Bad Gateway"),
    Fault("drop_after", count=None, probability=0.002),
    Fault("retry_after", "sendMessage", count=None, probability=0.001, seconds=1),
)


async def furnish(database: Database, readers: int) -> None:
    """An office, one at its desk, and its guests; every hundredth has not come in."""
    now = datetime.now(UTC)
    people = range(2, readers + 2)
    account = {"first_seen": now, "reachable": True, "wrong_codes": 0, "language": "de"}
    came_in = [one for one in people if one % 100]
    async with database.begin() as session:
        session.add(Office(id=1, name="Bench", contact="", languages=["de"], settings={}))
        session.add(Body(id=1, name="B", short="B"))
        await session.execute(insert(Account), [account | {"telegram_id": one} for one in (STAFF, *came_in)])
        await session.flush()
        rows = [{"id": one, "name": f"P{one}", "telegram_id": one if one % 100 else None} for one in (STAFF, *people)]
        await session.execute(insert(Person), rows)
        await session.flush()
        guests = [{"person_id": one, "role": "gast", "body_id": 1, "sponsor": ""} for one in people]
        await session.execute(insert(Membership), guests)
        session.add(Membership(person_id=STAFF, role="buero"))


async def settled(database: Database) -> Tally:
    """Wait until nothing of the Rundruf is on its way; what has come of it."""
    while True:
        async with database.read() as session:
            row = await find(session, 1)
            if row.ended_at is not None:
                return await tally(session, row, datetime.now(UTC))
        await asyncio.sleep(0.5)


def report(name: str, began: float, counted: Tally | None = None) -> None:
    """One line, and one more with what became of the copies."""
    print(f"{name:<44}{time.perf_counter() - began:>9.3f} s")
    if counted is not None:
        fates = ", ".join(f"{fate} {counted.fates[fate]}" for fate in Fate if counted.fates[fate])
        print(f"    {fates}; corrected {counted.corrected}, not {counted.uncorrected}")


async def run(database: Database, *, corrected: bool = True) -> None:
    """Write, send, correct."""
    began = time.perf_counter()
    async with database.read() as session:
        found = await recipients(session, [EVERYONE], datetime.now(UTC))
    report(f"count the audience: {len(found)}", began)
    began = time.perf_counter()
    async with database.begin() as session:
        plan = Plan({"de": "Guten Tag"}, "de", [EVERYONE], asks_read=True)
        await enter(session, plan, await actor(session, STAFF), datetime.now(UTC))
    report("freeze it and post every letter", began)
    began = time.perf_counter()
    async with database.read() as session:
        await tally(session, await find(session, 1), datetime.now(UTC))
    report("look how far it is", began)
    began = time.perf_counter()
    report("until the last copy", began, await settled(database))
    if not corrected:
        return
    began = time.perf_counter()
    async with database.begin() as session:
        await rewrite(session, 1, Rewriting(0, {"de": "Neu"}), await actor(session, STAFF), datetime.now(UTC))
    report("post every correction", began)
    began = time.perf_counter()
    report("until the last correction", began, await settled(database))


def beside_the_limiter(world: World, rate: int) -> None:
    """How long the copies took, first to last, and how long they must by the limiter alone."""
    sent = [one for one in world.journal.requests("sendMessage") if int(one.params["chat_id"]) != STAFF]
    rows = [Attempt((one.at - sent[0].at).total_seconds(), int(one.params["chat_id"])) for one in sent]
    took, best = rows[-1].at, allowed(rows, rate)
    print(f"{f'{len(rows)} copies':<44}{took:>8.1f} s, the limiter allows {best:.1f} s  ×{took / best:.3f}")


async def main(readers: int = READERS, *, smooth: bool = False) -> None:
    """Furnish, run, and look whether all holds."""
    random.seed(7)
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    for number in range(1, readers + 2):
        world.user(number, first_name="R", language_code="de").room().opened = True
    for fault in () if smooth else FAULTS:
        world.faults.add(fault)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder)}/rundruf.db")
        await migrate(database)
        await furnish(database, readers)
        async with serve(world, port=0) as url:
            settings = load_settings({"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{url}/bot"}, needs_token=True)
            assistant = assemble(settings, database)
            await assistant.start()
            await run(database, corrected=not smooth)
            async with database.read() as session:
                if broken := await broken_promises(session):
                    raise RuntimeError(broken[0])
            await assistant.stop()
    if smooth:
        beside_the_limiter(world, settings.outbox_rate)
    edits = world.journal.requests("editMessageText", chat_id=STAFF)
    print(f"{'edits of the line that shows how far it is':<44}{len(edits):>9}")


if __name__ == "__main__":
    words = sys.argv[1:]
    asyncio.run(main(*(int(one) for one in words if one.isdigit()), smooth="smooth" in words))
