"""Anything the Bot API allows: nothing fails, and nothing we ask of Telegram is invalid."""

from collections.abc import AsyncIterator

import pytest

from models.base import Database
from tests.auxil.bot_api_spec import require_spec
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import Party, at_work
from tests.auxil.strange import MOST_SEEN, Strange, furnish, play


@pytest.fixture
async def furnished(sqlite_database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    require_spec()
    async with at_work(sqlite_database, telegram, clock) as party:
        await furnish(party)
        yield party


async def test_nothing_that_telegram_may_send_fails(furnished: Party) -> None:
    made = await play(furnished, seed=11, many=400)
    assert {one for kind, one in made.seen if kind == "Update"} >= {"message", "callback_query", "managed_bot"}


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(100, 110))
async def test_nothing_fails_in_a_hundred_thousand(
    database: Database, telegram: FakeTelegram, clock: Clock, seed: int
) -> None:
    """Ten offices on each kind of store, five thousand updates each."""
    require_spec()
    async with at_work(database, telegram, clock) as party:
        await furnish(party)
        made = await play(party, seed, many=5000)
    assert len(made.reachable() - set(made.seen)) < 10


def test_every_optional_field_comes_and_stays_away() -> None:
    require_spec()
    made = Strange(7, [1, 2])
    updates = [made.update(number) for number in range(MOST_SEEN)]
    assert made.reachable() <= set(made.seen)
    assert sum("text" not in one.get("message", {"text": ""}) for one in updates) > 0
