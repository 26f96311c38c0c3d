from collections.abc import AsyncIterator

import pytest

from models.base import Database
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, found_office, throw


@pytest.fixture
async def party(sqlite_database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    """An office at work, on SQLite."""
    await found_office(sqlite_database, clock.now)
    party = throw(sqlite_database, telegram, clock)
    await party.assistant.application.initialize()
    yield party
    await party.assistant.intake.stop()
    await party.assistant.application.bot.shutdown()
