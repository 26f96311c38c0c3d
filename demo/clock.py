"""The clock of the demo: real time and a lead that people on the page can make longer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

# Never more than an hour: the bot takes a longer gap between two ticks for an outage.
STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60))
BUDGET = 4.5
"""Seconds of real time a move may take; only where a tick is very slow it takes longer."""

Tick = Callable[[], Awaitable[object]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ClockMovesError(RuntimeError):
    """The clock is being moved already."""


class DemoClock:
    """``clock()`` gives the demo's time (UTC). It never goes back; while it is moved it stands still at each step.

    ``tick`` is awaited at every step of a move, so that what falls due on the way is done at its time. ``changed``
    is called whenever `moving` or `progress` (0 to 1) changes.
    """

    def __init__(self, real: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._real = real
        self._step: datetime | None = None
        self.lead = timedelta()
        self.progress = 0.0
        self.tick: Tick | None = None
        self.changed: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        """Now."""
        return self._step or self._real() + self.lead

    @property
    def moving(self) -> bool:
        """Whether somebody is moving it."""
        return self._step is not None

    def begin_at(self, moment: datetime) -> None:
        """Goes on from ``moment``, if that is not past; nothing is played on the way."""
        self.lead = max(self.lead, moment - self._real())

    async def advance(self, delta: timedelta) -> None:
        """Moves on by ``delta``, step by step, on a grid of full minutes (9:00 is met at 9:00).

        Raises:
            ClockMovesError: somebody else is moving it.
        """
        if self._step is not None:
            raise ClockMovesError
        start = self._step = self()
        try:
            await self._walk(start, start + delta)
        finally:
            reached, self._step, self.progress = self._step, None, 0.0
            self.begin_at(reached)
            self.changed()

    async def _walk(self, now: datetime, end: datetime) -> None:
        start, began, steps = now, time.monotonic(), 0
        while now < end:
            spent = time.monotonic() - began
            # The first one is short, so that with the time since the last tick before it is no outage either.
            step = _step(end - now, spent / steps, BUDGET - spent) if steps else STEPS[0]
            now = self._step = min(_next_on_grid(now, step), end)
            self.progress = (now - start) / (end - start)
            self.changed()
            if self.tick:
                await self.tick()
            await asyncio.sleep(0)
            steps += 1


def _step(left: timedelta, cost: float, budget: float) -> timedelta:
    """The finest step that keeps to the budget, if a tick goes on costing ``cost`` seconds."""
    return next((step for step in STEPS if left / step * cost <= budget), STEPS[-1])


def _next_on_grid(now: datetime, step: timedelta) -> datetime:
    return now + step - (now - _EPOCH) % step
