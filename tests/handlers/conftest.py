from collections.abc import AsyncIterator

import pytest

from models.base import Database
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, at_work


@pytest.fixture
async def party(sqlite_database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    """An office at work, on SQLite."""
    async with at_work(sqlite_database, telegram, clock) as party:
        yield party
