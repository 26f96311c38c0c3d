"""``make bench``: the full vote path beside bare echo bots on the same stand-in, cold start, memory; ticks and letters.

The stand-in runs in this process, each bot in one of its own. A vote counts from the moment its tap lies at the
stand-in to the moment its toast *and* its edited card have arrived there; the ballot is then committed durably.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import psutil

from benchmarks import age, hall, letters, load, memory, standin, ticks
from benchmarks.bare import UPDATES, WARM_UP, Count, echo, rate, spoken_taps
from benchmarks.office import MEMBERS, found
from benchmarks.parts import PATIENCE, TOKEN, choice, process
from demo.telegram import World, serve

ROUNDS = 3


async def votes(folder: Path) -> tuple[float, float, float]:
    """Votes a second, seconds from start to the first poll, and resident megabytes after the run."""
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    people = [world.user(number, first_name="M", language_code="de") for number in range(1, MEMBERS + 1)]
    for person in people:
        person.send("/hilfe")
    database = f"sqlite:///{folder}/bench.db"
    await found(database)
    async with serve(world, port=0) as url:
        env = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"{url}/bot", "BOT_DATABASE_URL": database, "BOT_OUTBOX_RATE": "30"}
        began = time.perf_counter()
        async with process("bot", "run", env=env) as running:
            await world.until(lambda: bool(world.journal.requests("getUpdates")), within=PATIENCE)
            cold = time.perf_counter() - began
            cards = [await person.receive("Neue Abstimmung", within=PATIENCE) for person in people]
            count = Count(world, "answerCallbackQuery", "editMessageText")

            def give(number: int) -> None:
                person, card = people[number % MEMBERS], cards[number % MEMBERS]
                person.press(card, choice(card, number // MEMBERS))

            await rate(world, give, count, WARM_UP)
            speed = await rate(world, give, count, UPDATES)
            return speed, cold, psutil.Process(running.pid).memory_info().rss / 1e6


def report(name: str, figures: Sequence[float], base: float) -> None:
    """One line: median, smallest and largest, and the ratio to the base."""
    middle = median(figures)
    print(f"{name:<44}{middle:>8.0f}/s  ({min(figures):.0f}–{max(figures):.0f})  ×{middle / base:.2f}")


async def main() -> None:
    """Run everything, the bots in turn in each round."""
    await standin.main()
    await ticks.main()
    await letters.main()
    slow: list[float] = []
    quick: list[float] = []
    spoken: list[float] = []
    ours: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS):
        slow.append(await echo("ptb"))
        quick.append(await echo("aiogram"))
        spoken.append(await spoken_taps())
        with tempfile.TemporaryDirectory() as folder:
            ours.append(await votes(Path(folder)))
    base = median(slow)
    report("PTB echo, concurrent_updates=256, default", slow, base)
    report("aiogram echo", quick, base)
    report("aiogram, toast and changed card, no store", spoken, base)
    report("full vote path, durable", [one[0] for one in ours], base)
    print(f"cold start to the first poll: {median(one[1] for one in ours):.2f} s")
    print(f"resident memory after the run: {median(one[2] for one in ours):.0f} MB")
    await hall.main()
    await load.main(echo)
    await age.main()
    await memory.main()


if __name__ == "__main__":
    asyncio.run(main())
