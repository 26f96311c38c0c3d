from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import deadline as deadlines
from models import question as questions
from models import wish as wishes
from models.actor import actor, ensure_account
from models.base import Database
from models.deadline import Deadline, Entry, Follow, Subscription
from models.outbox import Letter
from models.search.dates import Wanted

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday, 10:00 in Berlin
ANNA, BEN = 11, 12


def call(area: str = "C", days: int = 40) -> Entry:
    return {"title": f"Aufruf {area}", "kind": "Aufruf", "areas": [area], "due_at": NOW + timedelta(days=days)}


async def come(session: AsyncSession, *telegram_ids: int) -> None:
    for one in telegram_ids:
        await ensure_account(session, one, "de", NOW)


async def reminded(session: AsyncSession, telegram_id: int) -> dict[int, str]:
    rows = await session.scalars(
        select(Subscription).where(Subscription.telegram_id == telegram_id, Subscription.ended_at.is_(None))
    )
    return {one.deadline_number: one.origin for one in rows}


async def test_following_subscribes_to_what_is_ahead_and_to_what_comes(database: Database) -> None:
    async with database.begin() as session:
        await come(session, ANNA, BEN)
        for entry in (call(), call("B"), call("C", days=-1)):
            await deadlines.enter(session, entry, NOW)
        await deadlines.follow(session, "area", "C", ANNA, NOW)
        await deadlines.follow(session, "area", "C", ANNA, NOW)
        assert await reminded(session, ANNA) == {1: "followed"}
        row = await deadlines.enter(session, call(), NOW)
        assert await deadlines.hearers(session, row) == [ANNA]
        assert await reminded(session, ANNA) == {1: "followed", 4: "followed"}
        assert await reminded(session, BEN) == {}
        await deadlines.unfollow(session, "area", "C", ANNA)
        assert await reminded(session, ANNA) == {}
        assert list(await session.scalars(select(Follow))) == []


async def test_a_deadline_that_moves_into_an_area_finds_its_followers(database: Database) -> None:
    async with database.begin() as session:
        await come(session, ANNA)
        await deadlines.follow(session, "area", "C", ANNA, NOW)
        await deadlines.enter(session, call("B"), NOW)
        await deadlines.revise(session, 1, {"areas": ["C"]}, NOW, told=True)
        assert await reminded(session, ANNA) == {1: "followed"}


async def test_news_count_the_steps_that_are_past_for_all_who_get_them(database: Database) -> None:
    async with database.begin() as session:
        await come(session, ANNA, BEN)
        for one in (ANNA, BEN):
            await deadlines.follow(session, "kind", "Aufruf", one, NOW)
        row = await deadlines.enter(session, call(days=10), NOW, told=True)
        await deadlines.announce_new(session, row, NOW)
        assert await deadlines.due_reminders(session, NOW) == []
        assert [one.telegram_id for one in await session.scalars(select(Letter).order_by(Letter.id))] == [ANNA, BEN]
        assert {one.next_at for one in await session.scalars(select(Subscription))} == {
            datetime(2026, 3, 5, 8, tzinfo=UTC)
        }


async def test_another_account_inherits_without_hearing_a_step_again(database: Database) -> None:
    async with database.begin() as session:
        await come(session, ANNA, BEN)
        row = await deadlines.enter(session, call(), NOW)
        await deadlines.subscribe(session, row.number, await actor(session, ANNA), NOW)
        await deadlines.inherit(session, ANNA, BEN, NOW)
        await deadlines.inherit(session, ANNA, BEN, NOW)
        assert await reminded(session, BEN) == {1: "asked"}


async def test_a_wish_is_met_once_by_what_is_entered_after_it(database: Database) -> None:
    async with database.begin() as session:
        await come(session, ANNA)
        await deadlines.enter(session, call(), NOW)
        asked = await questions.note(session, ANNA, "Frist C?", NOW, "no date", None)
        who = await actor(session, ANNA)
        assert await wishes.wish(session, asked.number, wishes.DEADLINE, Wanted(areas=("C",)), who, NOW)
        assert not await wishes.wish(session, asked.number, wishes.DEADLINE, Wanted(areas=("C",)), who, NOW)
        for entry, letters in ((call("B"), 0), (call("C", days=-1), 0), (call(), 1), (call(), 1)):
            await deadlines.enter(session, entry, NOW)
            await wishes.tell_of_deadlines(session, NOW)
            assert len(list(await session.scalars(select(Letter)))) == letters
        [letter] = list(await session.scalars(select(Letter)))
        assert letter.about["deadlines"] == [4]
        assert await wishes.awaited_by(session, await session.get_one(Deadline, 1)) == set()
