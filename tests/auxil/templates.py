"""SQLite files that hold something already, made once and copied for each test."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from models.base import Database, open_database


def filled(template: Path, path: Path, fill: Callable[[Database], Awaitable[None]]) -> Path:
    """A copy of the template at ``path`` with what ``fill`` puts in."""
    shutil.copyfile(template, path)

    async def work() -> None:
        database = open_database(f"sqlite:///{path}")
        await fill(database)
        await database.close()

    asyncio.run(work())
    return path
