"""``python -m tests.end_to_end.clocked run``: the real program, by a clock that a test moves.

Nothing else is different but the pace: it plans several times a second, and Telegram's second is a short one.
"""

import mmap
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot import application, assistant, limiter, running
from bot.__main__ import main

CLOCK = "REKO_TEST_CLOCK"  # the environment's name for the clock's file
TICK, SECOND = 0.1, 0.02
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW, PLANNED, SHOWN = range(3)


class SharedClock:
    """A clock in a file: in every process it is the same time, which stands still until somebody moves it.

    Beside it stands since when each thing was last begun and ended, on the monotonic clock that all processes share.
    """

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._cells = memoryview(mmap.mmap(file.fileno(), 24)).cast("q")

    @classmethod
    def made(cls, path: Path, now: datetime) -> "SharedClock":
        """A new one."""
        path.write_bytes(bytes(24))
        clock = cls(path)
        clock.jump(now)
        return clock

    def __call__(self) -> datetime:
        return EPOCH + timedelta(microseconds=self._cells[NOW])

    @property
    def now(self) -> datetime:
        """The same."""
        return self()

    def jump(self, to: datetime) -> None:
        """It is another time."""
        self._cells[NOW] = (to - EPOCH) // timedelta(microseconds=1)

    def advance(self, by: timedelta) -> None:
        """Time has passed."""
        self.jump(self() + by)

    def done_since(self, what: int, began: int) -> bool:
        """Whether something was begun after that, and is done."""
        return self._cells[what] >= began

    def note(self, what: int, began: int) -> None:
        """Something that was begun then is done."""
        self._cells[what] = max(self._cells[what], began)


Work = Callable[[Any], Awaitable[None]]


def noted(work: Work, clock: SharedClock, what: int) -> Work:
    """The same work, with a note of it on the clock."""

    async def worked(self: Any) -> None:
        began = time.monotonic_ns()
        await work(self)
        clock.note(what, began)

    return worked


def put_on(clock: SharedClock) -> None:
    """Let the program go by this clock."""
    running.build = partial(application.build, clock=clock)
    assistant.TICK_SECONDS = TICK
    assistant.PAUSE = timedelta(seconds=TICK)
    limiter.SECOND = SECOND
    ours = assistant.Assistant
    ours.plan = noted(ours.plan, clock, PLANNED)
    ours.show_progress = noted(ours.show_progress, clock, SHOWN)


if __name__ == "__main__":
    put_on(SharedClock(Path(os.environ[CLOCK])))
    sys.exit(main())
