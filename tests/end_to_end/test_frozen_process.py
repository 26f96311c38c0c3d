"""One of four processes is stopped for a minute, as by a computer that swaps or is moved: the others do its work."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.lanes import SIDE_BY_SIDE
from models.ballot.rows import Receipt
from models.base import HANGING, SILENCE
from tests.auxil.voting import enter_vote
from tests.end_to_end.proxy import free_ports, in_front_of
from tests.end_to_end.stage import Program, Stage, set_up, utc_now
from tests.end_to_end.test_many_processes import (
    CROWD,
    LONG,
    PROCESSES,
    all_answered,
    answers,
    everybody_taps,
    everything_counted,
    listens,
    programs,
    seat,
    worked_off,
)

pytestmark = pytest.mark.chaos

MINUTE = 60.0
PASSED_OVER = 2.0  # seconds after which the address turns to another process


@pytest.fixture
async def stage(bare_postgres_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with set_up(bare_postgres_url, tmp_path) as made:
        yield made


async def test_a_process_that_sleeps_for_a_minute_holds_nobody_up_and_undoes_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    assert SILENCE < HANGING < MINUTE  # after which PostgreSQL takes from it what it holds
    chance, ports = random.Random(12), free_ports(PROCESSES)  # noqa: S311 - the same disorder in every run
    await seat(stage)
    number = await enter_vote(stage.database, utc_now(), closes=utc_now() + timedelta(days=7))
    async with in_front_of(ports, chance, PASSED_OVER) as (_, url):
        four = programs(stage, url, ports, tmp_path)
        try:
            for one in four:
                await one.start()
            await asyncio.gather(*map(listens, ports))
            await stage.world.until(lambda: all(len(stage.cards(who, number)) == 1 for who in CROWD), within=LONG)
            await it_sleeps_while_people_vote(stage, four[0], chance)
        finally:
            for one in four:
                tell(one, signal.SIGCONT)
                one.kill()
                await one.ended()
    assert "Traceback" not in "".join(one.log.read_text() for one in four[1:])


async def it_sleeps_while_people_vote(stage: Stage, sleeper: Program, chance: random.Random) -> None:
    asleep = stage.when("answer", 5, lambda: tell(sleeper, signal.SIGSTOP))
    taps = everybody_taps(stage, chance, "yes", "no", "abstain")
    await asyncio.wait_for(asleep.wait(), LONG)
    woken = asyncio.get_running_loop().time() + MINUTE
    await all_answered(taps)
    assert asyncio.get_running_loop().time() < woken, "the others waited for it"
    await everything_counted(stage)
    receipts = await how_many_receipts(stage)
    await asyncio.sleep(woken - asyncio.get_running_loop().time())
    tell(sleeper, signal.SIGCONT)
    # It works off what it had in hand, and the calls that nobody else believed it would take.
    await asyncio.sleep(PASSED_OVER)
    assert await how_many_receipts(stage) == receipts
    await everything_counted(stage)
    taps += (more := everybody_taps(stage, chance, "conflict", "no"))
    await all_answered(more)
    await worked_off(stage)
    await everything_counted(stage)
    counted = answers(stage)
    # Only what it was just saying may be said twice.
    assert sum(counted[one.id] - 1 for one in taps) <= SIDE_BY_SIDE
    assert max(counted.values()) <= 2
    assert sleeper.process is not None
    assert sleeper.process.returncode is None


async def how_many_receipts(stage: Stage) -> int:
    async with stage.database.read() as session:
        return await session.scalar(select(func.count()).select_from(Receipt)) or 0


def tell(program: Program, what: signal.Signals) -> None:
    """Send it a signal, if it lives."""
    if program.process is not None and program.process.returncode is None:
        program.process.send_signal(what)
