"""The clock of the demo: real time and a lead that people on the page can make longer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60))
BUDGET = 4.5
"""Seconds of real time a move may take, whatever its length; only very slow ticks take longer."""

Tick = Callable[[], Awaitable[object]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ClockMovesError(RuntimeError):
    """The clock is being moved already."""


class DemoClock:
    """``clock()`` gives the demo's time (UTC). It never goes back, and is moved by one at a time.

    ``tick`` is awaited at every step of a move, so that what falls due on the way is done at its time. ``changed``
    is called whenever `moving` or `progress` (0 to 1) changes.
    """

    def __init__(self, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._real = real
        self.lead = timedelta()
        self.moving = False
        self.progress = 0.0
        self.tick: Tick | None = None
        self.changed: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        """Now."""
        return self._real() + self.lead

    async def advance(self, delta: timedelta) -> None:
        """Moves on by ``delta``, step by step, on a grid of full minutes (9:00 is met at 9:00).

        Raises:
            ClockMovesError: somebody else is moving it.
        """
        if self.moving:
            raise ClockMovesError
        self.moving = True
        try:
            await self._walk(self(), self() + delta)
        finally:
            self.moving, self.progress = False, 0.0
            self.changed()

    async def _walk(self, start: datetime, end: datetime) -> None:
        began, steps = time.monotonic(), 0
        while (now := self()) < end:
            spent = time.monotonic() - began
            step = _step(end - now, spent / steps if steps else 0.0, BUDGET - spent)
            self._set(min(_next_on_grid(now, step), end))
            steps += 1
            self.progress = min((self() - start) / (end - start), 1.0)
            self.changed()
            if self.tick:
                await self.tick()
            await asyncio.sleep(0)

    def _set(self, moment: datetime) -> None:
        self.lead = max(self.lead, moment - self._real())


def _step(left: timedelta, cost: float, budget: float) -> timedelta:
    """The finest step that keeps to the budget, if a tick goes on costing ``cost`` seconds."""
    for step in STEPS:
        if left / step * cost <= budget:
            return step
    return STEPS[-1]


def _next_on_grid(now: datetime, step: timedelta) -> datetime:
    return now + step - (now - _EPOCH) % step
