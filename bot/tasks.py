"""What runs beside the conversations for as long as the bot does."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("bot")


class Tasks:
    """Work under way; what breaks is said so."""

    def __init__(self) -> None:
        self.under_way: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it."""
        task = asyncio.create_task(work)
        self.under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("A part of the bot has stopped. Please start it anew.", exc_info=error)

    async def stop(self) -> None:
        """Break off what is under way, and wait until it has ended."""
        tasks = set(self.under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
