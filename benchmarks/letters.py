"""Five thousand letters through the stand-in while a fifth of the attempts fails: nothing lost, and no time either.

The bot runs in a process of its own, at its usual pace, so this takes some minutes. ``python -m benchmarks.letters
[LETTERS]`` measures this alone.
"""

import asyncio
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks.pace import Attempt, allowed
from bot.migrate import migrate
from demo.telegram import Fault, World, serve
from demo.telegram.journal import Request
from models.base import Database, open_database
from models.deadline import Deadline, Step, Subscription
from models.heartbeat import Outage
from models.invariants import broken_promises
from models.member import Account
from models.office import Office
from models.outbox import Letter, LetterState

LETTERS, RATE = 5000, 25
TOKEN = "42:BENCH"  # noqa: S105 - the stand-in takes any
PATIENCE = 1800.0
HALT = 1
# A fifth in all, and three halts: each costs everybody about half a second besides its own, since those who were on
# their way set out anew. In life a 429 means that the pace is wrong.
FAULTS = (
    Fault("error", "sendMessage", count=None, probability=0.07, code=502, description="Bad Gateway"),
    Fault("drop_before", "sendMessage", count=None, probability=0.05),
    Fault("drop_after", "sendMessage", count=None, probability=0.05),
    Fault("half_reply", "sendMessage", count=None, probability=0.04),
    Fault("retry_after", "sendMessage", count=3, probability=0.002, seconds=HALT),
)


async def furnish(database: Database, letters: int) -> None:
    """Half reminders of one deadline, half news of an outage; each to another account, all due now."""
    now = datetime.now(UTC)
    due = now + timedelta(days=6, hours=20)
    readers = range(1, letters + 1)
    account = {"first_seen": now, "reachable": True, "wrong_codes": 0, "language": "de"}
    letter = {"posted_at": now, "not_before": now, "silent": False, "state": "waiting"}
    kinds = ({"kind": "outage", "about": {"outage": 1}}, {"kind": "reminder", "about": {}})
    reminded = [one for one in readers if one % 2]
    step = {"deadline_number": 1, "revision": 1, "lead": 7, "late": False}
    async with database.begin() as session:
        session.add(Office(id=1, name="Bench", contact="", languages=["de"], settings={}))
        session.add(Outage(id=1, began_at=now - timedelta(hours=21), ended_at=now))
        session.add(Deadline(number=1, title="Aufruf", kind="Aufruf", due_at=due, entered_at=now, leads=[7]))
        await session.execute(insert(Account), [account | {"telegram_id": one} for one in readers])
        await session.flush()
        await session.execute(
            insert(Letter),
            [letter | kinds[one % 2] | {"id": one, "key": f"k{one}", "telegram_id": one} for one in readers],
        )
        await session.execute(
            insert(Subscription), [{"deadline_number": 1, "telegram_id": one, "since": now} for one in reminded]
        )
        await session.execute(insert(Step), [step | {"telegram_id": one, "letter_id": one} for one in reminded])


async def run(letters: int, folder: Path) -> tuple[World, list[Letter]]:
    """Let the bot send them all; what came of it."""
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    for number in range(1, letters + 1):
        world.user(number, first_name="L", language_code="de").room().opened = True
    for fault in FAULTS:
        world.faults.add(fault)
    database = open_database(f"sqlite:///{folder}/letters.db")
    await migrate(database)
    await furnish(database, letters)
    async with serve(world, port=0) as url:
        env = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{url}/bot", "BOT_OUTBOX_RATE": str(RATE),
               "BOT_DATABASE_URL": f"sqlite:///{folder}/letters.db"}  # fmt: skip
        with (folder / "log").open("wb") as log:
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env={**os.environ, **env}, stdout=log, stderr=log
            )
        try:
            async with asyncio.timeout(PATIENCE):
                while await _left(database):  # noqa: ASYNC110 - another process empties the store
                    await asyncio.sleep(1)
        finally:
            bot.terminate()
            await bot.wait()
    async with database.read() as session:
        found = list(await session.scalars(select(Letter).order_by(Letter.id)))
        if broken := await broken_promises(session):
            raise RuntimeError(broken[0])
    await database.close()
    return world, found


async def _left(database: Database) -> int:
    states = [LetterState.WAITING, LetterState.CLAIMED]
    async with database.read() as session:
        return await session.scalar(select(func.count()).where(Letter.state.in_(states))) or 0


def attempts(requests: Sequence[Request]) -> list[Attempt]:
    """What the stand-in has seen, in seconds from the first."""
    tries: Counter[int] = Counter()
    found = []
    for one in requests:
        chat = int(one.params["chat_id"])
        refused = one.status == 502  # noqa: PLR2004 - as in FAULTS
        pause = 5.0 * 3 ** tries[chat] if refused else 0.0
        tries[chat] += refused
        halt = float(HALT) if one.status == 429 else 0.0  # noqa: PLR2004 - HTTP's word for it
        found.append(Attempt((one.at - requests[0].at).total_seconds(), chat, pause, halt))
    return found


def verdicts(world: World, letters: Sequence[Letter]) -> tuple[int, int, int]:
    """How many are lost, doubled though it was known that they had arrived, and doubled because nobody could know."""
    lost = needless = undecided = 0
    for one in letters:
        copies = len([message for message in world.people[one.telegram_id].messages if message.from_bot])
        lost += one.state == LetterState.SENT and not copies
        lost += one.state == LetterState.FAILED and one.error != "NotTakenError"
        undecidable = one.kind == "reminder" and copies <= 1 + one.doubts
        undecided += copies > 1 and undecidable
        needless += copies > 1 and not undecidable
    # Every doubt has its broken connection: nothing was held for doubtful that could be decided.
    broken = sum(one.hits for one in world.faults.faults if one.action in {"drop_before", "drop_after", "half_reply"})
    return lost, needless + max(0, sum(one.doubts for one in letters) - broken), undecided


async def main(letters: int = LETTERS) -> None:
    """Send, look, and print."""
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder:
        world, found = await run(letters, Path(folder))
    rows = attempts(world.journal.requests("sendMessage"))
    took, best = rows[-1].at, allowed(rows, RATE)
    failed = sum(one.hits for one in world.faults.faults) / len(rows)
    lost, needless, undecided = verdicts(world, found)
    states = Counter(one.state for one in found)
    name = f"{letters} letters, {failed:.0%} of attempts failing"
    print(f"{name:<44}{took:>8.1f} s, the limiter allows {best:.1f} s  ×{took / best:.3f}")
    print(f"    lost {lost}, doubled needlessly {needless}, doubled undecidably {undecided}; {_told(states)}")


def _told(states: Counter[str]) -> str:
    return ", ".join(f"{state} {number}" for state, number in sorted(states.items()))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS))
