"""Two transactions that meet."""

from sqlalchemy import text

from models.base import Database
from tests.auxil.clock import settle


async def blocked(database: Database) -> None:
    """Wait until somebody waits for a lock."""
    await settle()
    while database.shared:
        async with database.read() as session:
            if await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
