"""Scoring in the store: crashes at every statement, tampering, and a random play against a second reading."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import actor
from models.ballot import entering
from models.ballot.closing import close_due
from models.ballot.office import exclude, lift_exclusion
from models.ballot.rows import Ballot, Receipt
from models.ballot.rules import Held, Kind, Way
from models.base import Database
from models.invariants import broken_promises
from models.record.agreement import Part as Differs
from models.record.agreement import disagreements
from models.record.rows import RecordLine
from models.refusals import Refusal
from models.selection import office, scoring
from models.selection.counting import frozen_selection
from models.selection.ranking import Fate
from models.selection.rows import AsideRow, ScoreRow
from models.selection.rules import Part
from models.selection.scoring import Tapped
from tests.auxil import selection_oracle as oracle
from tests.auxil.clock import START
from tests.auxil.party import JENS, KARL, STAFF, VERA, found_office
from tests.auxil.records import by_hand
from tests.auxil.selecting import CALL

CLOSES = START + timedelta(days=7)
HOLDERS = {1: VERA, 2: JENS, 3: KARL}  # by mandate
MINUTE = timedelta(minutes=1)
TABLES = (Ballot, Receipt, ScoreRow, AsideRow, RecordLine)


async def opened(database: Database, **charter: Any) -> int:
    """A selection of three projects, open to three mandates."""
    await found_office(database, START, {"quorum": {"at_least": 2}, **charter})
    async with database.begin() as session:
        plan = entering.VotePlan(1, Kind.SELECTION, Held.MEETING, "T", "Text", START, CLOSES, call=CALL)
        return (await entering.enter(session, plan, await actor(session, STAFF), START)).number


async def everything(database: Database) -> dict[str, list[Any]]:
    async with database.read() as session:
        return {
            table.__tablename__: [tuple(row) for row in await session.execute(select(table.__table__))]
            for table in TABLES
        }


async def whole(database: Database) -> bool:
    async with database.read() as session:
        return await broken_promises(session) == []


class KilledError(Exception):
    """The process ended here."""


@contextmanager
def killed_after(database: Database, statements: int) -> Iterator[list[int]]:
    """The process ends before its so-manieth statement; what was reached."""
    left = [statements]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    try:
        yield left
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", count)


Work = Callable[[AsyncSession], Awaitable[Any]]


async def points(session: AsyncSession) -> None:
    tapped = Tapped(1, 1, START + MINUTE, 50)
    await scoring.give_points(session, tapped, 1, 1, 4, await actor(session, VERA))


async def paper(session: AsyncSession) -> None:
    entered = office.Entered(1, 2, Part({(1, 1): 4, (1, 2): 2}), Way.PAPER, "Brief", START + MINUTE)
    await office.enter_points(session, entered, await actor(session, STAFF))


async def aside(session: AsyncSession) -> None:
    tapped = Tapped(1, 1, START + MINUTE, 50)
    await scoring.stand_aside(session, tapped, 2, await actor(session, VERA), aside=True)


@pytest.mark.parametrize("work", [points, paper, aside], ids=lambda one: one.__name__)
async def test_points_receipt_ballot_and_record_appear_together_or_not_at_all(database: Database, work: Work) -> None:
    await opened(database, conflict_scope="project")
    before = await everything(database)
    for statements in range(1, 60):
        with killed_after(database, statements) as left, suppress(KilledError):
            async with database.begin() as session:
                await work(session)
        if left[0] >= 0:
            break
        assert await everything(database) == before, statements
    after = await everything(database)
    assert statements > 5
    assert len(after["record"]) == len(before["record"]) + 1
    assert len(after["ballots"]) == 1
    assert len(after["scores"]) + len(after["asides"]) >= 1
    assert await whole(database)


async def test_quick_taps_of_two_processes_leave_one_number_of_points_each(database: Database) -> None:
    """https://github.com/Nukesor/ultimate-poll-bot: quick taps double or lose a vote."""
    await opened(database)

    async def tap(number: int) -> None:
        async with database.begin() as session:
            tapped = Tapped(1, 1, START + MINUTE, 100 + number)
            who = await actor(session, VERA)
            await scoring.give_points(session, tapped, 1 + number % 3, 1 + number % 2, number % 6, who)

    await asyncio.gather(*(tap(number) for number in range(24)))
    rows = (await everything(database))["scores"]
    assert len(rows) == 6
    latest = {(1 + number % 3, 1 + number % 2): number % 6 for number in range(24)}
    assert {(row[2], row[3]): row[4] for row in rows} == latest
    assert await whole(database)


TAMPERED = {
    "UPDATE scores SET points = 5 WHERE criterion = 1": (Differs.SCORES, "Jobcenter Stendal"),
    "DELETE FROM scores": (Differs.SCORES, "Jobcenter Stendal"),
    "UPDATE asides SET holds = 0": (Differs.SCORES, "Jobcenter Stendal"),
    "UPDATE projects SET applied = 1 WHERE number = 3": (Differs.CALL, ""),
    "UPDATE criteria SET weight = 1": (Differs.CALL, ""),
    "UPDATE calls SET budget = budget * 2": (Differs.CALL, ""),
    """UPDATE votes SET ties = '{"1": {"order": [2, 1]}}'""": (Differs.TIE, ""),
}


@pytest.mark.parametrize("change", TAMPERED)
async def test_points_changed_behind_the_records_back_are_named(
    sqlite_database: Database, sqlite_url: str, change: str
) -> None:
    await opened(sqlite_database, conflict_scope="project")
    async with sqlite_database.begin() as session:
        await points(session)
        await aside(session)
    by_hand(sqlite_url, change)
    async with sqlite_database.snapshot() as session:
        assert await disagreements(session) == [(1, *TAMPERED[change])]


async def test_an_older_tap_that_is_worked_off_later_changes_nothing(sqlite_database: Database) -> None:
    await opened(sqlite_database)
    for update_id, given in ((60, 4), (50, 1)):
        async with sqlite_database.begin() as session:
            tapped = Tapped(1, 1, START + MINUTE, update_id)
            await scoring.give_points(session, tapped, 1, 1, given, await actor(session, VERA))
    assert [row[4] for row in (await everything(sqlite_database))["scores"]] == [4]


# --- a random play


@dataclass
class Said:
    """What one mandate has said, read a second time."""

    points: dict[tuple[int, int], int] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)
    out: bool = False
    own: bool = False  # has tapped itself
    excluded: bool = False


@dataclass
class Play:
    """Random acts on the store, and what must come of them."""

    database: Database
    random: Random
    scope: str
    now: datetime = START
    update_id: int = 100
    said: dict[int, Said] = field(default_factory=lambda: {number: Said() for number in HOLDERS})

    async def act(self, work: Work) -> bool:
        """Do it in one transaction; sometimes the process ends before the commit, and the tap is worked off again."""
        try:
            if self.random.random() < 0.2:
                with suppress(KilledError):
                    async with self.database.begin() as session:
                        await work(session)
                        raise KilledError
            async with self.database.begin() as session:
                await work(session)
        except Refusal:
            return False
        return True

    def tapped(self, mandate: int) -> Tapped:
        self.now += MINUTE
        self.update_id += 1
        return Tapped(1, mandate, self.now, self.update_id)

    async def step(self) -> None:
        mandate = self.random.choice([*HOLDERS])
        acts = [self.score] * 12 + [self.stand_aside, self.take_no_part, self.confirm, self.enter, self.exclude]
        await self.random.choice(acts)(mandate, self.said[mandate])

    async def score(self, mandate: int, said: Said) -> None:
        project, criterion, given = self.random.randint(1, 3), self.random.randint(1, 2), self.random.randint(0, 5)
        tapped = self.tapped(mandate)

        async def work(session: AsyncSession) -> None:
            who = await actor(session, HOLDERS[mandate])
            await scoring.give_points(session, tapped, project, criterion, given, who)

        done = await self.act(work)
        assert done == (not said.excluded and not said.out and project not in said.aside)
        if done:
            said.points[project, criterion] = given
            said.own = True

    async def stand_aside(self, mandate: int, said: Said) -> None:
        project, wanted = self.random.randint(1, 3), self.random.random() < 0.5
        tapped = self.tapped(mandate)

        async def work(session: AsyncSession) -> None:
            await scoring.stand_aside(session, tapped, project, await actor(session, HOLDERS[mandate]), aside=wanted)

        done = await self.act(work)
        assert done == (not said.excluded and self.scope == "project")
        if done and wanted != (project in said.aside):
            said.aside ^= {project}
            said.own = True

    async def take_no_part(self, mandate: int, said: Said) -> None:
        wanted, tapped = self.random.random() < 0.4, self.tapped(mandate)

        async def work(session: AsyncSession) -> None:
            await scoring.take_no_part(session, tapped, await actor(session, HOLDERS[mandate]), aside=wanted)

        done = await self.act(work)
        assert done == (not said.excluded and self.scope == "call")
        if done and wanted != said.out:
            said.out, said.own = wanted, True

    async def confirm(self, mandate: int, said: Said) -> None:
        tapped = self.tapped(mandate)

        async def work(session: AsyncSession) -> None:
            await scoring.confirm(session, tapped, await actor(session, HOLDERS[mandate]))

        asked = [number for number in (1, 2, 3) if number not in said.aside]
        full = all((number, criterion) in said.points for number in asked for criterion in (1, 2))
        done = await self.act(work)
        assert done == (full and not said.excluded and not said.out)
        said.own |= done

    async def enter(self, mandate: int, said: Said) -> None:
        cards = {(number, place): self.random.randint(0, 5) for number in (1, 2, 3) for place in (1, 2)}
        for number in self.random.sample([1, 2, 3], self.random.randint(0, 2)):
            del cards[number, self.random.randint(1, 2)]
        self.now += MINUTE
        entered = office.Entered(1, mandate, Part(cards), Way.TELEPHONE, "Anruf", self.now)

        async def work(session: AsyncSession) -> None:
            await office.enter_points(session, entered, await actor(session, STAFF))

        done = await self.act(work)
        assert done == (not said.excluded and not said.own)
        if done:
            said.points, said.aside, said.out = dict(cards), set(), False

    async def exclude(self, mandate: int, said: Said) -> None:
        self.now += MINUTE

        async def work(session: AsyncSession) -> None:
            who = await actor(session, STAFF)
            if said.excluded:
                await lift_exclusion(session, 1, mandate, who, self.now)
            else:
                await exclude(session, 1, mandate, "Beschluss", who, self.now)

        assert await self.act(work)
        said.excluded = not said.excluded


@pytest.mark.parametrize(("seed", "scope"), [(1, "call"), (2, "project")])
async def test_whatever_is_tapped_the_result_is_that_of_a_second_reading(
    sqlite_database: Database, seed: int, scope: str
) -> None:
    await opened(sqlite_database, conflict_scope=scope, first_that_does_not_fit="skip")
    play = Play(sqlite_database, Random(seed), scope)  # noqa: S311 - to be played again
    for _ in range(70):
        await play.step()
    assert await whole(sqlite_database)
    async with sqlite_database.begin() as session:
        [vote] = await close_due(session, CLOSES)
        found = frozen_selection(vote)
    heard = [oracle.Mandate(one.points, one.out or one.excluded, frozenset(one.aside)) for one in play.said.values()]
    bids = [oracle.Bid(one.number, one.applied) for one in CALL.projects]
    task = oracle.Task([200, 100], bids, heard, CALL.budget, 0, "skip", 2)
    funded, left, tied = oracle.funded(task)
    assert {one.project.number: one.rank for one in found.standings if one.rank} == oracle.ranks(task)
    assert ({one.project.number for one in found.with_fate(Fate.FUNDED)}, found.left) == (funded, left)
    assert set(found.tied) == tied
    assert await whole(sqlite_database)
