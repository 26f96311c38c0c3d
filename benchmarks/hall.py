"""A vote of 500 mandates: how long a member waits from the tap to the toast, with few and with many at once.

``python -m benchmarks.hall`` measures this alone. The stand-in runs in this process, the bot in one of its own.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from benchmarks.office import found
from benchmarks.parts import PATIENCE, TOKEN, choice, process
from demo.telegram import Message, Person, World, serve

MANDATES = 500
AT_ONCE = (1, 10, 100, 500)
WARM_UP = 100
RATE = "30"


async def waits(people: list[Person], cards: list[Message], turn: int, at_once: int) -> list[float]:
    """Milliseconds from tap to toast of every member, so many of them tapping side by side."""
    room = asyncio.Semaphore(at_once)

    async def tap(person: Person, card: Message) -> float:
        async with room:
            began = time.perf_counter()
            await person.tap(card, choice(card, turn), PATIENCE)
            return (time.perf_counter() - began) * 1000

    return await asyncio.gather(*map(tap, people, cards))


async def main() -> None:
    """Call 500 members, let them all vote four times, and print the waits."""
    world = World()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    people = [world.user(number, first_name="M", language_code="de") for number in range(1, MANDATES + 1)]
    for person in people:
        person.send("/hilfe")
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'hall.db'}"
        await found(database, MANDATES)
        async with serve(world, port=0) as url:
            env = {
                "BOT_TOKEN": TOKEN,
                "BOT_API_URL": f"{url}/bot",
                "BOT_DATABASE_URL": database,
                "BOT_OUTBOX_RATE": RATE,
            }
            async with process("bot", "run", env=env):
                cards = [await person.receive("Neue Abstimmung", within=PATIENCE) for person in people]
                await waits(people[:WARM_UP], cards, 1, 10)
                for turn, at_once in enumerate(AT_ONCE):
                    report(at_once, await waits(people, cards, turn, at_once))


def report(at_once: int, waited: list[float]) -> None:
    """One line: how long half, 95 and 99 in a hundred waited at most."""
    at = quantiles(waited, n=100)
    name = f"{MANDATES} mandates, {at_once} at once, tap to toast"
    print(f"{name:<44}p50 {at[49]:.0f} ms  p95 {at[94]:.0f} ms  p99 {at[98]:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
