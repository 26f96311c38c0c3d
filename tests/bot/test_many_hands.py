"""Several processes on one PostgreSQL, as several intakes, limiters and planners in one test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import NetworkError, RetryAfter

from bot.application import utc_now
from bot.door import Door
from bot.intake import Intake
from bot.limiter import LETTER, Limiter
from bot.pace import SharedPace
from handlers.house import Act, House
from models import inbox, pace
from models.ballot.rows import Vote
from models.base import Database, open_database
from models.inbox import TRIES, Arrival, InboxRow
from models.pace import BURST, Pace
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import VERA, at_work
from tests.auxil.voting import enter_vote
from tests.bot.test_intake import Hands, said

SIDES = 3
RATE = 25


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = open_database(postgres_url, running=True)
    yield opened
    await opened.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the hands tell nobody
            await asyncio.sleep(0.01)


class Houses:
    """Processes that share a store and one pair of hands, which notes who works when."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.hands = database, Hands()
        self.at_work: dict[int, int] = {}  # by chat
        self.intakes = [Intake(House(database, clock), self.work) for _ in range(SIDES)]

    async def work(self, data: Mapping[str, Any], act: Act) -> BaseException | None:
        chat = data["message"]["chat"]["id"]
        self.at_work[chat] = self.at_work.get(chat, 0) + 1
        assert self.at_work[chat] == 1, "two processes at work in one chat"
        await asyncio.sleep(0)
        error = await self.hands(data, act)
        self.at_work[chat] -= 1
        return error

    async def idle(self) -> None:
        async with asyncio.timeout(20):
            await asyncio.gather(*(one.idle() for one in self.intakes))

    async def states(self) -> set[str]:
        async with self.database.read() as session:
            return set(await session.scalars(InboxRow.__table__.select().with_only_columns(InboxRow.state)))


@pytest.fixture
async def houses(database: Database, clock: Clock) -> AsyncIterator[Houses]:
    made = Houses(database, clock)
    yield made
    await asyncio.gather(*(one.stop() for one in made.intakes))


async def test_a_chat_is_worked_in_its_order_whoever_stores_it(houses: Houses) -> None:
    updates = [said(number, chat=number % 5) for number in range(100)]
    for start in range(0, 100, 10):
        batch = updates[start : start + 10]
        takers = [houses.intakes[(start // 10 + place) % SIDES] for place in range(SIDES)]
        # Each process gets a third, and the last one once more what the first had.
        await asyncio.gather(
            *(taker.take(batch[place::SIDES]) for place, taker in enumerate(takers)), takers[-1].take(batch[::SIDES])
        )
    await houses.idle()
    assert sorted(houses.hands.done) == list(range(100))
    for chat in range(5):
        mine = [one for one in houses.hands.done if one % 5 == chat]
        # Three store at once, so an update may come in after the one that followed it; never a batch later.
        assert all(earlier < later + 10 for earlier, later in pairwise(mine))
    assert await houses.states() == {"done"}


async def test_what_comes_in_elsewhere_while_a_chat_is_at_work_waits_for_its_turn(houses: Houses) -> None:
    first, second, _ = houses.intakes
    houses.hands.held[1] = asyncio.Event()
    await first.take([said(1)])
    await until(lambda: bool(houses.hands.begun))
    await second.take([said(2), said(3)])
    await second.idle()
    assert houses.hands.done == []
    houses.hands.held[1].set()
    await houses.idle()
    assert houses.hands.done == [1, 2, 3]


async def cut_off(database: Database) -> None:
    """PostgreSQL ends every connection that holds a chat, as it does with those of a process that hangs."""
    async with database.engine.connect() as killer:
        ended = await killer.scalar(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    assert ended == 1


async def test_what_a_dead_process_had_in_hand_is_taken_up(houses: Houses, database: Database) -> None:
    dead, alive, _ = houses.intakes
    houses.hands.held[1] = asyncio.Event()
    await dead.take([said(1), said(2)])
    await until(lambda: bool(houses.hands.begun))
    dead.stopping = True  # from now on as good as dead; its connection ends with it
    await cut_off(database)
    in_hand = houses.hands.held.pop(1)
    houses.at_work.clear()
    watching = asyncio.create_task(alive.watch())
    await until(lambda: houses.hands.done == [1, 2])
    alive.stopping = True
    watching.cancel()
    in_hand.set()


async def test_a_chat_is_no_other_lock_of_ours(database: Database) -> None:
    ours, theirs = Door(database, asyncio.sleep), Door(database, asyncio.sleep)
    gate = 0x5245_4B4F  # a Telegram id like any other
    assert await ours.enter(gate) == []
    assert await theirs.enter(gate) is None
    async with database.begin() as session:
        assert await session.scalar(text("SELECT pg_try_advisory_xact_lock(:gate)"), {"gate": gate})
    assert await ours.leave(gate, []) is False
    assert await theirs.enter(gate) == []
    await asyncio.gather(ours.close(), theirs.close())


async def test_whoever_leaves_sees_what_came_meanwhile(database: Database, clock: Clock) -> None:
    ours, theirs = Door(database, asyncio.sleep), Door(database, asyncio.sleep)
    assert await ours.enter(7) == []
    async with database.begin() as session:
        await inbox.take_in(session, [Arrival(1, 7, clock.now, "message", "{}")])
    assert await theirs.enter(7) is None
    assert await ours.leave(7, []) is True
    found = await theirs.enter(7)
    assert found is not None
    assert [one.update_id for one in found] == [1]
    assert await theirs.leave(7, [1]) is False
    await asyncio.gather(ours.close(), theirs.close())


# --- one pace


class Waits:
    """Notes how long somebody was to wait."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


async def test_letters_of_all_processes_keep_one_pace(database: Database) -> None:
    waits = Waits()
    sides = [SharedPace(database, RATE, waits) for _ in range(SIDES)]
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(side.turn() for side in sides for _ in range(20)))
    took = loop.time() - began
    # 60 letters, of which the first few may leave at once; each of the others 1 / 25 s after the one before.
    assert len(waits.taken) >= 60 - BURST - 1 - took * RATE
    assert max(waits.taken) == pytest.approx((60 - BURST - 1) / RATE, abs=0.05 + took)
    gaps = [later - earlier for earlier, later in pairwise(sorted(waits.taken))]
    assert sum(gaps) / len(gaps) == pytest.approx(1 / RATE, rel=0.3)


async def test_answers_are_taken_off_the_letters_turns(database: Database) -> None:
    waits = Waits()
    answering, sending = SharedPace(database, RATE, waits), SharedPace(database, RATE, waits)
    for _ in range(60):
        answering.answered()
    await answering.look()
    await sending.turn()
    assert waits.taken[0] == pytest.approx(60 / 30 - BURST / RATE, abs=0.3)


async def test_a_clock_set_back_holds_letters_for_no_hour(database: Database) -> None:
    waits = Waits()
    side = SharedPace(database, RATE, waits)
    await side.look()
    async with database.begin() as session:
        await session.execute(update(Pace).values(free_at=utc_now() + timedelta(hours=1)))
        await pace.note_halt(session, 5)
        await session.execute(update(Pace).values(halt_told_at=utc_now() + timedelta(hours=1)))
    await side.turn()
    assert waits.taken == []
    assert await side.look() == 0


async def test_a_halt_is_everybodys(database: Database) -> None:
    async def refused() -> bool:
        raise RetryAfter(7)

    limiters = [Limiter(RATE, shared=SharedPace(database, RATE, asyncio.sleep)) for _ in range(2)]
    with pytest.raises(RetryAfter):
        await limiters[0].process_request(refused, (), {}, "sendMessage", {"chat_id": 1}, LETTER)
    assert limiters[1].halted_for() == 0
    await limiters[1].keep_step()
    assert limiters[1].halted_for() == pytest.approx(7, abs=1)


async def test_a_tick_is_one_process_affair(database: Database) -> None:
    sides = [SharedPace(database, RATE, asyncio.sleep) for _ in range(SIDES)]
    every = timedelta(seconds=5)
    assert sum(await asyncio.gather(*(one.takes_tick(every) for one in sides))) == 1
    assert not await sides[0].takes_tick(every)
    async with database.begin() as session:
        await session.execute(update(Pace).values(ticked_at=utc_now() - timedelta(seconds=4.5)))
    assert sum(await asyncio.gather(*(one.takes_tick(every) for one in sides))) == 1
    # A clock that was set back for an hour must not keep everybody waiting for one.
    async with database.begin() as session:
        await session.execute(update(Pace).values(ticked_at=utc_now() + timedelta(hours=1)))
    assert await sides[0].takes_tick(every)


async def test_a_process_that_hangs_in_a_transaction_is_cut_off(database: Database) -> None:
    async with database.read() as session:
        told = await session.scalar(text("SHOW idle_in_transaction_session_timeout"))
        assert await session.scalar(text("SHOW lock_timeout")) == "20s"
    assert told == "30s"
    async with database.alone() as session:
        assert await session.scalar(text("SHOW idle_session_timeout")) == "15s"
        assert await session.scalar(text("SHOW lock_timeout")) == "0"


async def test_what_somebody_else_holds_is_waited_for_and_counts_as_no_failed_try(
    postgres_url: str, telegram: FakeTelegram, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.base.LOCKED", 0.02)
    impatient, other = open_database(postgres_url, running=True), open_database(postgres_url)
    async with at_work(impatient, telegram, clock) as party:
        await enter_vote(impatient, clock())
        await party.deliver()
        async with other.begin() as session:
            await session.execute(select(Vote).with_for_update())
            tapping = asyncio.create_task(party.tap(VERA, "Ja"))
            how_many = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            for waiting in (1, 0) * 2 * TRIES:  # it waits, and gives up
                async with asyncio.timeout(20):
                    while await asked(other, how_many) != waiting:
                        pass
        await tapping
        assert party.toast().startswith("Ihre Stimme: Ja")
        assert [one.tries for one in await party.rows(InboxRow)] == [0]
    await impatient.close()
    await other.close()


async def test_who_hung_does_not_say_what_another_process_has_said(
    houses: Houses, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = houses.intakes[0]
    houses.hands.held[1] = asyncio.Event()
    houses.hands.faults[1] = [NetworkError("its call to Telegram was too old when it woke")]
    await first.take([said(1), said(2)])
    await until(lambda: bool(houses.hands.begun))
    monkeypatch.setattr("bot.door.SILENCE", 0)
    async with database.begin() as session:
        await inbox.mark_done(session, [1, 2])  # by whoever had the chat meanwhile
    houses.hands.held[1].set()
    await houses.idle()
    assert houses.hands.begun == [1]


async def asked(database: Database, query: str) -> Any:
    async with database.read() as session:
        return await session.scalar(text(query))


async def test_a_new_connection_makes_nobody_sure_of_what_the_lost_one_held(database: Database) -> None:
    ours = Door(database, asyncio.sleep)
    assert await ours.enter(7) == []
    assert ours.sure(7)
    assert not ours.sure(8)
    await cut_off(database)
    with pytest.raises(SQLAlchemyError):
        await ours.look([], 1)
    await ours.look([], 1)  # on a new one
    assert not ours.sure(7)
    assert await ours.enter(8) == []
    assert ours.sure(8)
    assert await ours.leave(8, []) is False
    assert not ours.sure(8)
    await ours.close()
