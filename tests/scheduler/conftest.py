"""What is claimed, counted and broken off is tested on both stores; what is due when, and who hears it, on SQLite.

A file whose subject is the second says so by a fixture ``kind`` of its own, which gives SQLite alone; a test in a file
of the first by ``SQLITE_ALONE``. Each such file has at least one test on PostgreSQL, for its statements.
"""

from collections.abc import AsyncIterator

import pytest

from models.base import Database
from models.invariants import broken_promises
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, at_work


@pytest.fixture
async def party(database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    """An office at work, on either store; what must hold in it is looked at in the end."""
    async with at_work(database, telegram, clock) as party:
        yield party
    async with database.read() as session:
        assert await broken_promises(session) == []
