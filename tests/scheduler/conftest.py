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
