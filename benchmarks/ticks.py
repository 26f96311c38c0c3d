"""An idle tick with ten thousand deadlines and subscriptions, beside one with a hundred.

Run with ``python -m benchmarks.ticks``.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, text

from bot.migrate import migrate
from models.base import Database, open_database
from models.deadline import Deadline, Step, Subscription
from models.inbox import InboxRow
from models.member import Account
from models.office import Office
from models.outbox import Letter
from models.question import OfficeQuestion
from models.wish import Wish
from scheduler.courier import Courier
from scheduler.planner import plan

FEW, MANY = 100, 10_000
TICKS = 60


async def fill(database: Database, now: datetime, many: int, *, counted: bool) -> None:
    """As many deadlines and subscriptions, each with a step behind it and its letter; nothing is due for days.

    ``counted``: the store knows how large its tables are. PostgreSQL always does, SQLite only when told to.
    """
    due, ago = now + timedelta(days=20), now - timedelta(days=3)
    account = {"first_seen": ago, "reachable": True, "wrong_codes": 0}
    deadline = {"title": "t", "kind": "Antrag", "areas": [], "due_at": due, "mode": "", "place": "", "copies": "",
                "budget": "", "audience": "alle", "leads": [30, 14], "shift": False, "source": "", "status": "",
                "revision": 1, "entered_at": ago}  # fmt: skip
    letter = {"kind": "reminder", "about": {}, "posted_at": ago, "not_before": ago, "silent": False, "state": "sent",
              "sent_at": ago, "message_id": 1, "text": "t"}  # fmt: skip
    armed = {"since": ago, "next_at": due - timedelta(days=14), "origin": "asked"}
    step = {"revision": 1, "lead": 30, "late": False}
    done = {"lane": 1, "received_at": now - timedelta(hours=1), "state": "done", "tries": 0, "kind": "message"}
    asked = {"text": "t", "asked_at": ago, "finding": "none"}
    told = {"about": "deadline", "wanted": {}, "asked_at": ago, "seen": 1, "told_at": ago}
    numbers = range(1000, 1000 + many)
    async with database.begin() as session:
        await session.execute(insert(Account), [account | {"telegram_id": one} for one in numbers])
        await session.execute(insert(Deadline), [deadline | {"number": one} for one in numbers])
        await session.execute(
            insert(Subscription), [armed | {"deadline_number": one, "telegram_id": one} for one in numbers]
        )
        await session.execute(
            insert(Letter), [letter | {"id": one, "key": f"k{one}", "telegram_id": one} for one in numbers]
        )
        await session.execute(
            insert(Step), [step | {"deadline_number": one, "telegram_id": one, "letter_id": one} for one in numbers]
        )
        await session.execute(insert(OfficeQuestion), [asked | {"number": one, "telegram_id": one} for one in numbers])
        await session.execute(insert(Wish), [told | {"question_number": one, "telegram_id": one} for one in numbers])
        await session.execute(insert(InboxRow), [done | {"update_id": one} for one in numbers])
    if counted:
        async with database.begin() as session:
            await session.execute(text("ANALYZE"))


async def nothing(*_args: Any) -> Any:
    """Neither words nor sends: nothing is due."""
    raise RuntimeError("nothing is due")


async def tick(database: Database, now: datetime) -> None:
    """Planner and courier, once."""
    await plan(database, now)
    courier = Courier(database, nothing, nothing, lambda: now)
    await courier.deliver()
    await courier.pause()


async def store(path: Path, many: int, now: datetime) -> Database:
    """A store with so many of everything."""
    database = open_database(f"sqlite:///{path}")
    await migrate(database)
    async with database.begin() as session:
        session.add(Office(id=1, name="Bench", contact="", languages=["de"], settings={}))
    await fill(database, now, many, counted=False)
    return database


async def main() -> None:
    """Measure idle ticks on both stores in turn, and print one line."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        stores = [await store(Path(folder) / f"{many}.db", many, now) for many in (FEW, MANY)]
        figures: tuple[list[float], list[float]] = ([], [])
        for number in range(TICKS):
            for database, times in zip(stores, figures, strict=True):
                began = time.perf_counter()
                await tick(database, now + timedelta(seconds=5 * number))
                times.append((time.perf_counter() - began) * 1000)
        for database in stores:
            await database.close()
    few, many = map(median, figures)
    print(f"{'idle tick, 10,000 deadlines beside 100':<44}{many:>8.1f} ms beside {few:.1f} ms  ×{many / few:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
