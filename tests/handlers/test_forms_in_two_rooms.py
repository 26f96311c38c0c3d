"""A form is filled in here while the same person drops it in another room: one comes first, the other is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from handlers.forms import flow
from models import drafts
from models.base import Database
from models.drafts import Draft
from models.inbox import InboxRow
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import STAFF, Party, at_work
from tests.auxil.races import blocked


@pytest.fixture
async def asked(database: Database, telegram: FakeTelegram, clock: Clock) -> AsyncIterator[Party]:
    """Staff is asked for a title."""
    async with at_work(database, telegram, clock) as party:
        await party.write(STAFF, "/buero")
        await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]")
        yield party


@asynccontextmanager
async def dropped(party: Party) -> AsyncIterator[None]:
    """„Abbrechen" in another room: begun before the block, stored after it."""
    [draft] = await party.rows(Draft)
    async with party.database.begin() as session:
        await session.delete(await drafts.to_change(session, STAFF, draft.id))
        await session.flush()
        yield


async def nothing_failed(party: Party) -> None:
    assert [(one.state, one.error) for one in await party.rows(InboxRow) if one.error or one.state != "done"] == []
    assert await party.rows(Draft) == []


@pytest.mark.parametrize("entry", ["Ein Titel", "[Zurück]", "[Als Frage]", "[Für das Formular]"])
async def test_dropped_first_the_entry_is_refused(asked: Party, entry: str) -> None:
    label = entry.strip("[]")
    if label != entry and label not in asked.labels(STAFF):
        asked.clock.advance(hours=2)
        await asked.write(STAFF, "Haushalt 2027")
    given = asked.telegram.tap(STAFF, label) if label != entry else asked.telegram.write(STAFF, label)
    async with dropped(asked):
        hearing = asyncio.create_task(asked.hear(given))
        await blocked(asked.database)
    await hearing
    await nothing_failed(asked)


async def test_a_text_that_would_be_asked_back_finds_no_form(asked: Party) -> None:
    asked.clock.advance(hours=2)
    async with dropped(asked):
        hearing = asyncio.create_task(asked.write(STAFF, "Haushalt 2027"))
        await blocked(asked.database)
    await hearing
    await nothing_failed(asked)


async def test_dropped_while_the_next_question_is_said(asked: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    put = flow.put

    async def slowly(*given: Any, **named: Any) -> None:
        async with dropped(asked):
            putting = asyncio.create_task(put(*given, **named))
            await blocked(asked.database)
        await putting

    monkeypatch.setattr(flow, "put", slowly)
    await asked.write(STAFF, "Ein Titel")
    await nothing_failed(asked)


async def test_of_a_form_taken_up_and_one_begun_at_once_one_waits_for_the_other(asked: Party) -> None:
    await asked.write(STAFF, "/buero")
    [parked] = await asked.rows(Draft)

    async def take_up() -> None:
        async with asked.database.begin() as session:
            draft = await drafts.to_change(session, STAFF, parked.id)
            assert draft is not None
            await drafts.take_up(session, draft)

    async with asked.database.begin() as session:
        await drafts.put_aside(session, STAFF)
        session.add(Draft(id=1, telegram_id=STAFF, form="new_vote", updated_at=asked.clock.now))
        await session.flush()
        taking = asyncio.create_task(take_up())
        await blocked(asked.database)
    await taking
    assert {one.id: one.parked for one in await asked.rows(Draft)} == {1: True, parked.id: False}
