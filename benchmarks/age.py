"""Does the assistant get slower with the years? Processor time of each step on a young store and on older ones.

``python -m benchmarks.age [OFFICES] [postgresql]`` measures this alone: a year, ten years, and ten years of so many
offices (14). Every step runs by turns on all stores, in this process, through the whole bot; the median counts.
"""

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.boundary import Bot, bot_on
from benchmarks.past import QUARTERS, STAFF, account, found, mandate, motion, today
from benchmarks.postgres import server
from handlers.callbacks import Answer, CastTap, OnReport, Open, PeopleList, Tap
from models.actor import actor
from models.ballot.entering import enter
from models.base import Database
from models.invariants import broken_promises
from models.record import verify
from models.record.agreement import disagreements

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday morning, in winter
OFFICES = 14
TURNS, WARM_UP, ONCE = 12, 3, 3
MINUTE = timedelta(minutes=1)
LIMIT = 1.2
TEN_YEARS = 10 * QUARTERS
TEN = 2  # of the older stores: a year, ten years
WHOLE = {"verify"}  # must read all that there is

Step = Callable[[int], Awaitable[float]]


class Aged:
    """A store of some age with the bot on it, and what can be done there. Each step gives seconds of processor time."""

    def __init__(self, bot: Bot, database: Database, vote: int, invitations: Sequence[int]) -> None:
        self.bot, self.database, self._vote, self._invitations = bot, database, vote, invitations

    def steps(self) -> dict[str, Step]:
        """All steps by name, in the order in which they are taken."""
        commands = {one: self._said(one) for one in ("/offen", "/fristen", "/termine", "/abstimmungen")}
        places = {"Technik": Open("technik"), "people": Open("people"), "a list of people": PeopleList("1")}
        screens = {name: self._staff(tap) for name, tap in places.items()}
        month, report = "report of last month", self._staff(OnReport("2026-10", "show"))
        return {
            "vote tap": self._voted,
            "RSVP tap": self._answered,
            "question": self._asked,
            **commands,
            "/buero": self._said("/buero", STAFF),
            **screens,
            month: report,
            "tick with nothing due": self._ticked,
        }

    async def _heard(self, update: dict[str, object]) -> float:
        self.bot.clock.pass_by(MINUTE)
        return await timed(self.bot.hear(update))

    async def _voted(self, turn: int) -> float:
        seat = turn % 20 + 1
        tap = CastTap(self._vote, mandate(1, seat), ("yes", "no")[turn // 20 % 2])
        return await self._heard(self.bot.tap(account(1, seat), tap))

    async def _answered(self, turn: int) -> float:
        seat = turn % 20
        tap = Answer(self._invitations[seat], 0, ("yes", "no")[turn // 20 % 2])
        return await self._heard(self.bot.tap(account(1, seat + 1), tap))

    async def _asked(self, turn: int) -> float:
        who = account(1, 100 + turn)
        return await self._heard(self.bot.write(who, f"Wie hoch ist die Förderung im Förderbereich C? {turn}"))

    def _said(self, words: str, who: int = 0) -> Step:
        return lambda turn: self._heard(self.bot.write(who or account(1, turn % 20 + 1), words))

    def _staff(self, tap: Tap) -> Step:
        return lambda _turn: self._heard(self.bot.tap(STAFF, tap))

    async def _ticked(self, _turn: int) -> float:
        self.bot.clock.pass_by(MINUTE)
        return await timed(self.bot.assistant.tick())

    async def a_vote(self) -> dict[str, float]:
        """A vote from its opening to its result."""
        clock, assistant = self.bot.clock, self.bot.assistant
        async with self.database.begin() as session:
            opens = clock.now + MINUTE
            plan = motion(1, opens, opens + 20 * MINUTE)
            await enter(session, plan, await actor(session, STAFF), clock.now)
        took = {}
        for opens_or_ends, news, pause in (("opening", "calls", MINUTE), ("closing", "results", 21 * MINUTE)):
            clock.pass_by(pause)
            took[f"{opens_or_ends} a vote of 40"] = await timed(assistant.plan())
            took[f"40 {news} worded and sent"] = await timed(assistant.courier.deliver())
        return took

    async def verified(self) -> dict[str, float]:
        """What reads everything."""

        async def look() -> None:
            async with self.database.snapshot() as session:
                if not (await verify(session)).whole or await disagreements(session):
                    raise RuntimeError("the record does not hold")

        return {"verify": await timed(look())}


async def timed(work: Awaitable[object]) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    await work
    return time.process_time() - began


@contextmanager
def uncollected() -> Iterator[None]:
    """What the collector would do by chance is in no figure; what was there before is none of its business."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


async def aged(url: str, quarters: int, offices: int) -> Aged:
    """A store so old, furnished with today, that keeps every promise, and the bot on it."""
    database = await found(url, NOW, quarters, offices)
    vote, invitations = await today(database, offices, NOW)
    async with database.snapshot() as session:
        if broken := await broken_promises(session):
            raise RuntimeError(broken[0])
    bot = await bot_on(database, NOW)
    await bot.assistant.tick()  # what is done once a day, and the letters of today
    return Aged(bot, database, vote, invitations)


async def measured(stores: Sequence[Aged]) -> dict[str, list[float]]:
    """By step the median of each store, in milliseconds; they take turns."""
    taken: dict[str, list[list[float]]] = {}

    def note(which: int, found_times: dict[str, float]) -> None:
        for name, seconds in found_times.items():
            taken.setdefault(name, [[] for _ in stores])[which].append(seconds * 1000)

    for turn in range(WARM_UP + TURNS):
        gc.collect()
        for which, store in enumerate(stores):
            took = {name: await step(turn) for name, step in store.steps().items()}
            note(which, took if turn >= WARM_UP else {})
    for turn in range(1 + ONCE):
        for which, store in enumerate(stores):
            took = await store.a_vote()
            note(which, took if turn else {})
    for which, store in enumerate(stores):
        note(which, await store.verified())
    return {name: [median(one) for one in figures] for name, figures in taken.items()}


def report(ages: Sequence[str], figures: dict[str, list[float]]) -> None:
    """One line a step: milliseconds on the young store, and how much more it is on each older one."""
    print(f"{'milliseconds of processor time, a step':<44}{'a quarter':>9}{''.join(f'{one:>20}' for one in ages)}")
    for name, (young, *older) in figures.items():
        told = "".join(f"{one:>11.2f}  ×{one / young:>6.2f}" for one in older)
        slow = any(one > LIMIT * young for one in older[:TEN]) and name not in WHOLE
        print(f"{name:<44}{young:>9.2f}{told}{'  TOO SLOW' if slow else ''}")


async def main(offices: int = OFFICES, *, shared: bool = False) -> None:
    """Fill the stores, measure, print."""
    ages = {"young": (1, 1), "1 year": (4, 1), "10 years": (TEN_YEARS, 1)}
    if offices > 1:
        ages[f"{offices} offices"] = (TEN_YEARS, offices)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        made = stack.enter_context(server()) if shared else None
        urls = [
            made(f"age{place}") if made else f"sqlite:///{Path(folder) / f'{place}.db'}" for place in range(len(ages))
        ]
        stores = [await aged(url, *age) for url, age in zip(urls, ages.values(), strict=True)]
        with uncollected():
            report([*ages][1:], await measured(stores))
        for store in stores:
            await store.bot.stop()


if __name__ == "__main__":
    words = sys.argv[1:]
    asyncio.run(main(*(int(one) for one in words if one.isdigit()), shared="postgresql" in words))
