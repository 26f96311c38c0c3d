"""A clock that tests set by hand, with its monotonic twin and a sleep that costs no time."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Berlin


class Clock:
    """``clock()`` is the wall clock (UTC), ``clock.monotonic()`` its twin that never jumps."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed

    def advance(self, delta: timedelta | None = None, **parts: float) -> datetime:
        """Time passes: both twins move (``advance(hours=2)``); whoever sleeps until then wakes at the next await."""
        step = delta if delta is not None else timedelta(**parts)
        self.now += step
        self._elapsed += step.total_seconds()
        self._wake()
        return self.now

    def jump(self, to: datetime) -> None:
        """Somebody sets the wall clock; the monotonic twin stays."""
        self.now = to

    async def sleep(self, seconds: float) -> None:
        """Sleep until ``advance`` or ``play`` has passed the moment."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        alarm = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), alarm))
        await alarm

    async def play(self, seconds: float) -> None:
        """Let time pass, from alarm to alarm, and let everybody work at each."""
        end = self._elapsed + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._move_to(self._sleepers[0][0])
            await settle()
        self._move_to(end)
        await settle()

    def _move_to(self, moment: float) -> None:
        self.now += timedelta(seconds=max(0.0, moment - self._elapsed))
        self._elapsed = max(self._elapsed, moment)
        self._wake()

    def _wake(self) -> None:
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            _, _, alarm = heapq.heappop(self._sleepers)
            if not alarm.done():
                alarm.set_result(None)


async def settle(rounds: int = 20) -> None:
    """Let every task run as far as it can without time passing."""
    for _ in range(rounds):
        await asyncio.sleep(0)
