"""The demo's clock: every step on the way is played, none too long, on full minutes."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from demo.clock import ClockMovesError, DemoClock, _step

REAL = datetime(2026, 11, 24, 8, 7, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> DemoClock:
    return DemoClock(lambda: REAL)


async def played(clock: DemoClock, delta: timedelta) -> list[datetime]:
    ticks: list[datetime] = []

    async def tick() -> None:
        ticks.append(clock())

    clock.tick = tick
    await clock.advance(delta)
    return ticks


async def test_a_move_ends_where_it_should(clock: DemoClock) -> None:
    await clock.advance(timedelta(days=1))
    assert clock() == REAL + timedelta(days=1)
    assert not clock.moving


async def test_full_hours_are_met_to_the_second(clock: DemoClock) -> None:
    ticks = await played(clock, timedelta(days=2))
    assert datetime(2026, 11, 25, 8, 0, tzinfo=UTC) in ticks
    assert ticks == sorted(set(ticks))
    assert ticks[-1] == REAL + timedelta(days=2)


async def test_no_gap_looks_like_an_outage(clock: DemoClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.clock.BUDGET", 0.0)
    ticks = await played(clock, timedelta(weeks=1))
    gaps = [later - earlier for earlier, later in pairwise(ticks)]
    assert ticks[0] - REAL <= timedelta(minutes=5)
    assert max(gaps) == timedelta(hours=1)


def test_slow_ticks_make_longer_steps() -> None:
    week = timedelta(weeks=1)
    assert _step(week, 0.001, 4.5) == timedelta(minutes=5)
    assert _step(week, 0.01, 4.5) == timedelta(minutes=30)
    assert _step(week, 1.0, 4.5) == timedelta(hours=1)


async def test_only_one_moves_it(clock: DemoClock) -> None:
    going = asyncio.Event()
    clock.tick = going.wait
    first = asyncio.ensure_future(clock.advance(timedelta(minutes=5)))
    await asyncio.sleep(0)
    assert clock.moving
    with pytest.raises(ClockMovesError):
        await clock.advance(timedelta(minutes=5))
    going.set()
    await first
    assert clock.lead == timedelta(minutes=5)


async def test_a_tick_that_fails_leaves_the_clock_usable(clock: DemoClock) -> None:
    async def fail() -> None:
        raise LookupError

    clock.tick = fail
    with pytest.raises(LookupError):
        await clock.advance(timedelta(hours=1))
    clock.tick = None
    await clock.advance(timedelta(hours=1))
    assert clock() > REAL + timedelta(hours=1)


def test_it_never_goes_back(clock: DemoClock) -> None:
    clock.begin_at(REAL - timedelta(days=1))
    assert clock() == REAL
