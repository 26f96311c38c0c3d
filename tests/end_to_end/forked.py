"""``python -m bot run`` as a process of its own that need not load the program first.

Tests kill it and start it again some twenty times; loading it took most of each start. So one process of each worker
loads it (nothing of it has begun to run there), and every start is a fork of that one.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

_NURSERY = get_context("forkserver")
_NURSERY.set_forkserver_preload([__name__, "bot.running"])


class Forked:
    """A process that runs the bot; it can be handled like one of asyncio's."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        log.touch()
        self._process = _NURSERY.Process(target=_run, args=(dict(environment), log), daemon=True)
        self._process.start()
        self._ended = asyncio.Event()
        loop, ends = asyncio.get_running_loop(), self._process.sentinel

        def note() -> None:
            loop.remove_reader(ends)
            self._ended.set()

        loop.add_reader(ends, note)

    @property
    def pid(self) -> int:
        number = self._process.pid
        assert number is not None
        return number

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int:
        await self._ended.wait()
        self._process.join()
        code = self.returncode
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _run(environment: dict[str, str], log: Path) -> None:
    from bot.__main__ import main  # noqa: PLC0415 - in the child, as its first act

    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(main(["run"]))
