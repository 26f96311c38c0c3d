"""Planner and courier under a state machine: people act, time passes, Telegram fails, and the process dies anywhere.

It dies before or after any commit, and before or after a letter has reached Telegram. Whatever happens, no step is
lost, and none is told twice but where nobody could know whether the first had arrived.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest, Forbidden, RetryAfter, TimedOut

from handlers.letters import word
from models import deadline, outbox
from models.actor import actor
from models.base import Database, open_database
from models.deadline import Deadline, Step, Subscription, office_calendar, schedule_of, steps_due
from models.heartbeat import Outage
from models.invariants import broken_promises
from models.member import Account
from models.outbox import Letter
from models.refusals import Refusal
from scheduler.courier import LEASE, Courier
from scheduler.planner import plan
from scheduler.verdicts import NeverLeftError, NotTakenError
from tests.auxil import postgres
from tests.auxil.clock import START
from tests.auxil.party import JENS, VERA, found_office

PEOPLE = (VERA, JENS)
ONCE = 40  # more points than a tick passes: no crash
PAUSES = [timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=11), timedelta(hours=9), timedelta(days=1),
          timedelta(days=3)]  # fmt: skip
ERRORS: dict[str, Callable[[], Exception]] = {
    "5xx": NotTakenError,
    "no line": NeverLeftError,
    "answer lost": TimedOut,
    "request lost": TimedOut,
    "flood": lambda: RetryAfter(30),
    "blocked": lambda: Forbidden("blocked"),
    "refused": lambda: BadRequest("chat not found"),
}
MEETS = ["arrives", "arrives", *ERRORS]
LEADS = st.lists(st.sampled_from([14, 7, 3, 1, 0]), min_size=1, max_size=4, unique=True)


class Crash(BaseException):
    """The process has died."""


class Fate:
    """Counts the points at which the process may die."""

    def __init__(self) -> None:
        self.left, self.dead = ONCE, False

    def passes(self) -> None:
        """One such point. Once dead, nothing of this process goes on."""
        self.left -= 1
        self.dead = self.dead or self.left < 0
        if self.dead:
            raise Crash


class Mortal:
    """The store as the process sees it, which may die right before and right after each commit."""

    def __init__(self, database: Database, fate: Fate) -> None:
        self._database, self._fate, self.shared = database, fate, database.shared
        self.read = database.read

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        async with self._database.begin() as session:
            yield session
            self._fate.passes()
        self._fate.passes()


@dataclass(frozen=True)
class Worded:
    """A letter in one part that knows which it is."""

    letter: int
    text: str

    @property
    def parts(self) -> Sequence["Worded"]:
        return [self]


async def word_and_number(session: AsyncSession, letter: Letter, now: datetime) -> Worded | None:
    message = await word(session, letter, now)
    return Worded(letter.id, message.text) if message else None


class Machine(RuleBasedStateMachine):
    """One office. ``fresh_store`` gives the URL of an empty store; it is set by the test."""

    fresh_store: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.now = START
        self.database = open_database(type(self).fresh_store())
        self.arrived: Counter[int] = Counter()  # by letter
        self.unknown: Counter[int] = Counter()  # attempts of which nobody can know whether they arrived
        self.refused: Counter[int] = Counter()  # attempts that Telegram certainly did not take, or never will
        self.again: Counter[int] = Counter()  # times a person has sent it again
        self.known: set[int] = set()  # letters whose attempt of this tick was answered; to be noted yet
        self.messages, self.halted_until, self.meets = count(1), START, list[str]()
        self.be_born()
        self.run(found_office(self.database, self.now))

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(work)

    def act(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def in_transaction() -> Any:
            async with self.database.begin() as session:
                return await work(session)

        return self.run(in_transaction())

    def be_born(self) -> None:
        self.fate = Fate()
        self.store: Any = Mortal(self.database, self.fate)
        self.courier = Courier(self.store, word_and_number, self.send, lambda: self.now, self.halted)

    def halted(self) -> float:
        return max(0.0, (self.halted_until - self.now).total_seconds())

    async def send(self, _who: int, part: Any, _silent: bool) -> int:
        """Telegram, as it may be."""
        number = part.letter
        self.unknown[number] += 1  # until we hear otherwise
        self.fate.passes()
        await asyncio.sleep(0)
        if self.fate.dead:
            raise Crash
        meets = self.meets.pop(0) if self.meets else "arrives"
        error = self.error(meets)
        if meets in {"arrives", "answer lost"}:
            self.arrived[number] += 1
        self.fate.passes()
        if not isinstance(error, TimedOut):
            self.unknown[number] -= 1
            self.known.add(number)
        if error is not None:
            self.refused[number] += not isinstance(error, TimedOut | NeverLeftError | RetryAfter)
            raise error
        return next(self.messages)

    def error(self, meets: str) -> Exception | None:
        if meets == "flood":
            self.halted_until = self.now + timedelta(seconds=30)
        return ERRORS[meets]() if meets in ERRORS else None

    # --- what people do

    @initialize()
    def somebody_is_reminded(self) -> None:
        for days in (15, 9):
            self.enter(days, 3, [14, 7, 3, 1])
            for who in PEOPLE:
                self.subscribe(who)

    @rule(days=st.integers(0, 16), hour=st.integers(0, 23), leads=LEADS)
    def enter(self, days: int, hour: int, leads: list[int]) -> None:
        due = self.now + timedelta(days=days, hours=hour, minutes=7)
        entry: deadline.Entry = {"title": "Frist", "kind": "Aufruf", "due_at": due, "leads": leads}
        self.act(lambda session: deadline.enter(session, entry, self.now))

    @rule(who=st.sampled_from(PEOPLE))
    def subscribe(self, who: int) -> None:
        async def to_the_newest(session: AsyncSession) -> None:
            row = await session.scalar(select(Deadline).order_by(Deadline.number.desc()).limit(1))
            if row is not None:
                with suppress(Refusal):
                    await deadline.subscribe(session, row.number, await actor(session, who), self.now)

        self.act(to_the_newest)

    @rule(who=st.sampled_from(PEOPLE), done=st.booleans())
    def end(self, who: int, done: bool) -> None:
        async def the_first(session: AsyncSession) -> None:
            number = await session.scalar(select(Subscription.deadline_number).limit(1))
            await deadline.end_subscription(session, number or 0, who, "done" if done else "muted", self.now)

        self.act(the_first)

    @rule(days=st.integers(-3, 9), cancelled=st.booleans())
    def change(self, days: int, cancelled: bool) -> None:
        async def the_newest(session: AsyncSession) -> None:
            row = await session.scalar(select(Deadline).order_by(Deadline.number.desc()).limit(1))
            if row is None:
                return
            entry: deadline.Entry = (
                {"status": "abgesagt"} if cancelled else {"due_at": row.due_at + timedelta(days=days)}
            )
            revision = await deadline.revise(session, row.number, entry, self.now, told=True)
            await deadline.announce(session, revision, self.now)

        self.act(the_newest)

    @rule(who=st.sampled_from(PEOPLE))
    def come_back(self, who: int) -> None:
        async def unblock(session: AsyncSession) -> None:
            (await session.get_one(Account, who)).reachable = True

        self.act(unblock)

    @rule(send=st.booleans())
    def staff_decides(self, send: bool) -> None:
        async def the_first(session: AsyncSession) -> None:
            number = await session.scalar(select(Letter.id).where(Letter.state == "uncertain").order_by(Letter.id))
            if number is None:
                return
            if send:
                self.again[number] += 1
                await outbox.send_again(session, number, self.now)
            else:
                await outbox.settle_by_hand(session, number)

        self.act(the_first)

    @rule(who=st.sampled_from(PEOPLE))
    def news(self, who: int) -> None:
        """Some letter that is no reminder."""

        async def of_an_outage(session: AsyncSession) -> None:
            outage = Outage(began_at=self.now - timedelta(hours=21), ended_at=self.now)
            session.add(outage)
            await session.flush()
            letter = outbox.NewLetter(f"news:{outage.id}", "outage", who, {"outage": outage.id})
            await outbox.post(session, letter, self.now)

        self.act(of_an_outage)

    # --- what the process does

    @precondition(lambda self: not self.fate.dead)
    @rule(
        pause=st.sampled_from(PAUSES),
        meets=st.lists(st.sampled_from(MEETS), max_size=6),
        dies_after=st.one_of(st.integers(0, ONCE), st.just(ONCE)),
    )
    def tick(self, pause: timedelta, meets: list[str], dies_after: int) -> None:
        self.now, self.meets, self.known = self.now + pause, meets, set()
        self.fate.left = dies_after if dies_after < ONCE else 10_000
        try:
            self.run(self.one_tick())
        except Crash:
            # What was answered and not noted, the next process cannot know.
            self.unknown.update(one.id for one in self.rows(Letter) if one.state == "claimed" and one.id in self.known)
            return
        self.nothing_is_overdue()

    async def one_tick(self) -> None:
        await plan(self.store, self.now)
        await self.courier.deliver()

    @precondition(lambda self: self.fate.dead)
    @rule(dies_again=st.booleans())
    def start_anew(self, dies_again: bool) -> None:
        if self.database.shared:
            self.now += LEASE  # of many processes none can know that another has died, before its lease is over
        self.be_born()
        self.fate.left = 0 if dies_again else 10_000
        with suppress(Crash):
            self.run(self.courier.release())

    # --- what must hold

    @invariant()
    def promises_hold(self) -> None:
        async def looked_at() -> list[str]:
            async with self.database.read() as session:
                return await broken_promises(session)

        assert self.run(looked_at()) == []

    @invariant()
    def nothing_is_doubled_or_claimed_without_reason(self) -> None:
        for one in self.rows(Letter):
            copies, unknown, again = self.arrived[one.id], self.unknown[one.id], self.again[one.id]
            assert copies <= 1 + unknown, "doubled though it was known to have arrived"
            assert copies <= (2 if one.kind == "reminder" else 1) + again, "sent again blindly"
            match one.state:
                case "sent":
                    assert copies >= 1, "said to be sent, and never arrived"
                case "uncertain":
                    assert unknown or one.error == "Abandoned", "put before a person without need"
                case "failed":
                    assert self.refused[one.id], "given up without a refusal"

    def rows(self, table: type[Any]) -> list[Any]:
        async def read() -> list[Any]:
            async with self.database.read() as session:
                return list(await session.scalars(select(table)))

        return list(self.run(read()))

    def nothing_is_overdue(self) -> None:
        """After a whole tick every step that is due has its letter."""

        async def overdue() -> list[tuple[int, int]]:
            async with self.database.read() as session:
                calendar = await office_calendar(session)
                told: dict[tuple[int, int, int], set[int]] = {}
                for one in await session.scalars(select(Step)):
                    told.setdefault((one.deadline_number, one.revision, one.telegram_id), set()).add(one.lead)
                rows = await session.execute(
                    select(Subscription, Deadline)
                    .join(Deadline, Deadline.number == Subscription.deadline_number)
                    .join(Account, Account.telegram_id == Subscription.telegram_id)
                    .where(Subscription.ended_at.is_(None), Deadline.status == "", Account.reachable)
                )
                return [
                    (row.number, one.telegram_id)
                    for one, row in rows
                    if steps_due(schedule_of(row), calendar, one.since, self.now,
                                 told.get((row.number, row.revision, one.telegram_id), set()))
                    and not self.waits_for_the_unreachable(one)
                ]  # fmt: skip

        assert self.run(overdue()) == []

    def waits_for_the_unreachable(self, one: Subscription) -> bool:
        """Who could not be written to a while ago is looked at within the hour."""
        return one.next_at is not None and self.now < one.next_at <= self.now + timedelta(hours=1)

    def teardown(self) -> None:
        """In the end the line is good, and everything that can be settled is."""
        try:
            if self.fate.dead:
                self.start_anew(dies_again=False)
            for _ in range(8):
                self.tick(timedelta(minutes=1), [], ONCE)
            assert {one.state for one in self.rows(Letter) if one.not_before <= self.now} <= {
                "sent", "void", "failed", "uncertain",
            }  # fmt: skip
            self.nothing_is_doubled_or_claimed_without_reason()
            self.promises_hold()
        finally:
            self.run(self.database.close())
            self.loop.close()


@pytest.mark.parametrize(
    ("store", "examples"),
    [
        ("sqlite", 5),
        ("postgres", 2),
        pytest.param("sqlite", 60, marks=pytest.mark.chaos),
        pytest.param("postgres", 20, marks=pytest.mark.chaos),
    ],
)
def test_planner_and_courier_survive_anything(
    store: str, examples: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    numbers = count()

    def fresh_file() -> str:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    def emptied_database() -> str:
        url: str = request.getfixturevalue("postgres_url")
        postgres.empty_tables(make_url(url).set(drivername="postgresql+psycopg"))
        return url

    Machine.fresh_store = staticmethod(fresh_file if store == "sqlite" else emptied_database)
    request.getfixturevalue(f"{store}_url")
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate],  # twenty steps can be read; to shorten them costs minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
