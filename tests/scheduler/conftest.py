from collections.abc import AsyncIterator

import pytest

from models.base import Database
from models.invariants import broken_promises
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, found_office, throw


@pytest.fixture
async def party(database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    """An office at work, on either store; what must hold in it is looked at in the end."""
    await found_office(database, clock.now)
    party = throw(database, telegram, clock)
    await party.assistant.application.initialize()
    yield party
    await party.assistant.intake.stop()
    async with database.read() as session:
        assert await broken_promises(session) == []
