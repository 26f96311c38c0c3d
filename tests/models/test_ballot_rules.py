"""When a vote is open, which tap counts, when people are reminded; and a vote's whole life, played at random."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
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

from models.actor import actor
from models.ballot.casting import Said, cast
from models.ballot.closing import close_due
from models.ballot.rows import Ballot, Receipt, Vote
from models.ballot.rules import (
    Choice,
    Held,
    Kind,
    Phase,
    check_open,
    ends_at,
    held_where,
    is_older_tap,
    phase,
    reminders,
)
from models.base import open_database
from models.charter import read_charter
from models.invariants import broken_promises
from models.refusals import BallotClosed, Refusal, TooEarly, Withdrawn
from tests.auxil.clock import START
from tests.auxil.party import JENS, KARL, VERA, found_office
from tests.auxil.voting import enter_vote

OPENS, CLOSES = START, START + timedelta(days=7)
TICK = timedelta.resolution
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 24), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds are naive by Hypothesis' wish


def a_vote(**facts: Any) -> Vote:
    return Vote(opens_at=OPENS, closes_at=CLOSES, charter={}, kind=Kind.MOTION, **facts)


# --- phases


@pytest.mark.parametrize(
    ("facts", "at", "expected"),
    [
        ({}, OPENS - TICK, Phase.WAITING),
        ({}, OPENS, Phase.OPEN),
        ({}, CLOSES - TICK, Phase.OPEN),
        ({}, CLOSES, Phase.CLOSED),
        ({"complete_at": OPENS + TICK}, OPENS + TICK, Phase.OPEN),
        ({"complete_at": OPENS + TICK}, OPENS + 2 * TICK, Phase.CLOSED),
        ({"complete_at": CLOSES}, CLOSES, Phase.CLOSED),
        ({"cancelled_at": OPENS + TICK}, OPENS, Phase.OPEN),
        ({"cancelled_at": OPENS + TICK}, OPENS + TICK, Phase.CANCELLED),
        ({"cancelled_at": OPENS - TICK}, OPENS, Phase.CANCELLED),
        ({"cancelled_at": OPENS + TICK}, CLOSES, Phase.CANCELLED),
    ],
)
def test_phases_by_the_instant(facts: dict[str, Any], at: datetime, expected: Phase) -> None:
    assert phase(a_vote(**facts), at) is expected


@given(MOMENTS, st.none() | st.timedeltas(timedelta(), CLOSES - OPENS))
def test_phases_follow_one_another_and_only_the_open_one_takes_taps(at: datetime, complete: timedelta | None) -> None:
    vote = a_vote(complete_at=None if complete is None else OPENS + complete)
    now, later = phase(vote, at), phase(vote, at + TICK)
    order = [Phase.WAITING, Phase.OPEN, Phase.CLOSED]
    assert order.index(later) - order.index(now) in {0, 1}
    assert OPENS <= ends_at(vote) <= CLOSES
    refused = {Phase.WAITING: TooEarly, Phase.CLOSED: BallotClosed}.get(now)
    if refused is None:
        assert OPENS <= at <= ends_at(vote)
        check_open(vote, at)
        return
    with pytest.raises(refused):
        check_open(vote, at)


def test_a_cancelled_vote_and_one_with_a_result_take_no_tap() -> None:
    with pytest.raises(Withdrawn):
        check_open(a_vote(cancelled_at=OPENS), OPENS)
    with pytest.raises(BallotClosed):
        check_open(a_vote(closed_at=OPENS), OPENS)


# --- which of two taps is the later one


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(hours=24) - TICK), st.integers(1, 9), st.integers(1, 9))
def test_within_a_day_the_higher_id_is_the_later_tap(at: datetime, apart: timedelta, one: int, other: int) -> None:
    assert is_older_tap(one, at, other, at + apart) is (one < other)
    assert is_older_tap(one, at + apart, other, at) is (one < other)


@given(MOMENTS, st.timedeltas(timedelta(hours=24), timedelta(days=9)), st.integers(1, 9), st.integers(1, 9))
def test_beyond_a_day_arrival_decides(at: datetime, apart: timedelta, one: int, other: int) -> None:
    assert is_older_tap(one, at, other, at + apart)
    assert not is_older_tap(one, at + apart, other, at)


# --- counting, reminding, where it is held


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=60)))
def test_reminders_come_in_order_and_before_the_end(opens: datetime, lasts: timedelta) -> None:
    closes = opens + lasts
    steps = reminders(opens, closes)
    assert steps == sorted(set(steps))
    assert all(opens < at < closes for at in steps)
    assert opens + lasts / 2 in steps
    assert {at for at in (closes - timedelta(hours=24), closes - timedelta(hours=3)) if at > opens} <= set(steps)


@pytest.mark.parametrize(
    ("circular", "motion", "straw_poll"),
    [
        ("never", [Held.MEETING], [Held.MEETING]),
        ("straw poll only", [Held.MEETING], [Held.CIRCULAR, Held.MEETING]),
        ("no objection", [Held.MEETING, Held.CIRCULAR], [Held.CIRCULAR, Held.MEETING]),
        ("majority", [Held.MEETING, Held.CIRCULAR], [Held.CIRCULAR, Held.MEETING]),
    ],
)
def test_an_umlauf_only_as_the_charter_permits(circular: str, motion: list[Held], straw_poll: list[Held]) -> None:
    charter = read_charter({"circular": circular, "clause": "§ 9 GO"})
    assert list(held_where(charter, Kind.MOTION)) == motion
    assert list(held_where(charter, Kind.STRAW_POLL)) == straw_poll


# --- a vote's whole life


class Tap(NamedTuple):
    update_id: int
    who: int
    choice: Choice
    at: datetime


class VotesLife(RuleBasedStateMachine):
    """Members tap; what arrives is worked off in any order across chats, some of it twice; the clock goes on.

    The model: what counts is each member's tap with the highest id of those received while the vote was open.
    """

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "store.db"
        shutil.copyfile(self.template, path)
        self.loop = asyncio.new_event_loop()
        self.database = open_database(f"sqlite:///{path}")
        self.now, self.next_id = START, 1
        self.waiting: list[Tap] = []
        self.worked: list[Tap] = []
        self.receipts: dict[str, int] = {}

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self._end())
        self.loop.close()
        self.folder.cleanup()

    @initialize(when_all=st.booleans())
    def open(self, when_all: bool) -> None:
        self.when_all = when_all
        self.run(self._open())

    @rule(who=st.sampled_from([VERA, JENS, KARL]), choice=st.sampled_from([*Choice]), pause=st.integers(0, 3))
    def tap(self, who: int, choice: Choice, pause: int) -> None:
        self.now += timedelta(hours=pause)
        self.waiting.append(Tap(self.next_id, who, choice, self.now))
        self.next_id += 1

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 99))
    def work_off(self, which: int) -> None:
        """The next of any chat: within one, order is kept."""
        lanes = sorted({one.who for one in self.waiting})
        tap = next(one for one in self.waiting if one.who == lanes[which % len(lanes)])
        self.waiting.remove(tap)
        self.run(self._cast(tap))
        self.worked.append(tap)

    @precondition(lambda self: self.worked)
    @rule(which=st.integers(0, 99))
    def come_late(self, which: int) -> None:
        """A tap is worked off once more, as by a second process that still had it."""
        self.run(self._cast(self.worked[which % len(self.worked)]))

    @rule(hours=st.sampled_from([1, 20, 60]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: not self.waiting)
    @rule()
    def close(self) -> None:
        """As the planner does, which waits until nothing is unworked."""
        self.run(self._close())

    @invariant()
    def every_receipt_given_stands(self) -> None:
        self.run(self._receipts_stand())

    async def _open(self) -> None:
        await enter_vote(self.database, START, closes=CLOSES, when_all=self.when_all)
        async with self.database.read() as session:
            self.seats = {who: (await actor(session, who)).standings[0].mandate_id for who in (VERA, JENS, KARL)}

    async def _cast(self, tap: Tap) -> None:
        seat = self.seats[tap.who]
        assert seat is not None
        try:
            async with self.database.begin() as session:
                who = await actor(session, tap.who)
                said = await cast(session, Said(1, seat, tap.choice, tap.at, tap.update_id), who)
        except Refusal:
            return
        assert said.ballot is not None
        self.receipts[said.ballot.receipt] = seat

    async def _close(self) -> None:
        async with self.database.begin() as session:
            await close_due(session, self.now)

    async def _receipts_stand(self) -> None:
        async with self.database.read() as session:
            stored = {one.code: one.mandate_id for one in await session.scalars(select(Receipt))}
        assert self.receipts.items() <= stored.items()

    async def _end(self) -> None:
        for tap in self.waiting:
            await self._cast(tap)
        self.now = max(self.now, CLOSES)
        await self._close()
        async with self.database.read() as session:
            vote = await session.get_one(Vote, 1)
            ballots = {one.mandate_id: one for one in await session.scalars(select(Ballot))}
            assert await broken_promises(session) == []
        await self.database.close()
        assert vote.closed_at == ends_at(vote)
        if not self.when_all:
            self._last_taps_count(ballots)

    def _last_taps_count(self, ballots: dict[int, Ballot]) -> None:
        last: dict[int, Choice] = {}
        for tap in sorted([*self.worked, *self.waiting]):
            seat = self.seats[tap.who]
            if tap.at < CLOSES and seat is not None:
                last[seat] = tap.choice
        assert {seat: one.choice for seat, one in ballots.items()} == last


def test_a_votes_whole_life(tmp_path: Path, sqlite_template: Path) -> None:
    """From opening to the invariants, in any order of taps, work and time."""
    founded = tmp_path / "founded.db"
    shutil.copyfile(sqlite_template, founded)

    async def found() -> None:
        database = open_database(f"sqlite:///{founded}")
        await found_office(database, START)
        await database.close()

    asyncio.run(found())
    VotesLife.template = founded
    run_state_machine_as_test(VotesLife, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
