"""A vote's whole life, played at random against a second reading of the rules, with crashes on the way.

Taps arrive and are worked off later, in any order across chats, some of them twice, some after a crash between effect
and commit. Meanwhile the office extends, excludes, enters from paper and breaks off; a holder hands over and takes
back; a seat changes hands; one objects; the bot is out of order. After each step the ballots are what the model says;
in the end every promise holds, and the record is whole from every head that was ever given out.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
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
from sqlalchemy.ext.asyncio import AsyncSession

from models import inbox, record
from models.actor import actor
from models.ballot import casting, closing, handover, office
from models.ballot.rows import Ballot, Handover, Receipt, Vote
from models.ballot.rules import Held, Way
from models.base import open_database
from models.charter import DEFAULT_PRESET
from models.heartbeat import Outage
from models.inbox import Arrival
from models.invariants import broken_promises
from models.member import Account, Membership, Person, Role
from models.office import Body
from models.record.agreement import disagreements
from models.refusals import Refusal
from tests.auxil.clock import START
from tests.auxil.party import DORA, JENS, KARL, STAFF, VERA, found_office
from tests.auxil.voting import CLAUSE, enter_vote

CLOSES = START + timedelta(days=4)
TICK = timedelta.resolution
VERAS, JENSS, KARLS = 1, 2, 3  # mandates
SEATS = [VERAS, JENSS, KARLS]
NADINE = 9  # follows Karl
CHOICES = ["yes", "no", "abstain", "conflict"]
seats, choices, crashes = st.sampled_from(SEATS), st.sampled_from(CHOICES), st.sampled_from([False, False, False, True])


class CrashError(Exception):
    """The process ends between effect and commit."""


# --- the second reading of the rules


@dataclass(frozen=True, order=True)
class Tap:
    """A tap that has arrived."""

    update_id: int
    who: int
    seat: int
    choice: str
    at: datetime


@dataclass
class Paper:
    """What a mandate has said."""

    choice: str
    by: int
    at: datetime
    last_id: int
    deputy: bool = False
    entered: bool = False  # by the office
    vowed: str | None = None  # what „Befangen" can be taken back to


@dataclass
class Model:
    """What the storyboard says must come of it."""

    changeable: bool
    when_all: bool
    closes: datetime = CLOSES
    ended: datetime | None = None
    broken_off: datetime | None = None
    objected: bool = False
    awaits: bool = False
    holders: dict[int, int] = field(default_factory=lambda: {VERAS: VERA, JENSS: JENS, KARLS: KARL})
    papers: dict[int, Paper] = field(default_factory=dict)
    excluded: dict[int, datetime] = field(default_factory=dict)
    given: dict[str, datetime] = field(default_factory=dict)  # „one" vote or „all", to Dora, of Vera's mandate
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)

    def complete(self) -> datetime | None:
        """When the last mandate was heard, where the vote ends with it."""
        times = [self.excluded.get(seat) or (self.papers[seat].at if seat in self.papers else None) for seat in SEATS]
        heard = [one for one in times if one is not None]
        return max(heard) if self.when_all and len(heard) == len(SEATS) else None

    def end(self) -> datetime:
        return min([self.closes, *([one] if (one := self.complete()) else [])])

    def takes(self, at: datetime) -> bool:
        """Whether a tap received then is in time."""
        complete = self.complete()
        in_time = at < self.closes and (complete is None or at <= complete)
        return in_time and self.ended is None and (self.broken_off is None or at < self.broken_off)

    def acting(self, seat: int, at: datetime) -> int:
        """Who acts for a mandate."""
        return DORA if seat == VERAS and any(given <= at for given in self.given.values()) else self.holders[seat]

    def tap(self, tap: Tap) -> bool:
        """What becomes of a tap; whether it was taken."""
        before = self.papers.get(tap.seat)
        if not self.takes(tap.at) or self.acting(tap.seat, tap.at) != tap.who or tap.seat in self.excluded:
            return False
        own = before if before and not before.entered else None
        if own and tap.update_id < own.last_id:
            return True
        if own and own.choice == tap.choice and own.by == tap.who:
            own.last_id, own.at = tap.update_id, tap.at
            return True
        if own and not self.may_say(own, tap.choice):
            return False
        vowed = own.vowed if own else None
        if own and tap.choice == "conflict" != own.choice:
            vowed = own.choice
        self.papers[tap.seat] = Paper(tap.choice, tap.who, tap.at, tap.update_id, tap.who == DORA, vowed=vowed)
        return True

    def may_say(self, own: Paper, choice: str) -> bool:
        """A mind may change where the charter says so; „Befangen" may come and go, but what is under it stays."""
        if self.changeable or choice in {"conflict", own.choice}:
            return True
        return own.choice == "conflict" and own.vowed in {None, choice}

    def close(self, now: datetime, unworked: list[Tap]) -> None:
        """What the clock does."""
        end, complete = self.end(), self.complete()
        late_from = min([self.closes, *([complete + TICK] if complete else [])])
        if self.ended or self.broken_off or self.awaits or now < end or any(one.at < late_from for one in unworked):
            return
        if complete is None and any(began < self.closes <= ended for began, ended in self.outages):
            self.awaits = True
            return
        self.ended = end

    def figures(self) -> dict[str, int]:
        """What is counted."""
        out = {seat for seat in SEATS if seat in self.excluded or self.choice(seat) == "conflict"}
        said = [self.choice(seat) for seat in SEATS if seat not in out]
        names = {"yes": "yes", "no": "no", "abstained": "abstain"}
        return {"excluded": len(out), **{name: said.count(choice) for name, choice in names.items()}}

    def choice(self, seat: int) -> str:
        return self.papers[seat].choice if seat in self.papers else ""

    def outcome(self) -> str:
        """The verdict: more than half of all there, more yes than no, unless somebody objected."""
        counted = self.figures()
        if self.objected:
            return "to a meeting"
        if 2 * (counted["yes"] + counted["no"] + counted["abstained"]) <= len(SEATS):
            return "no quorum"
        return "adopted" if counted["yes"] > counted["no"] else "rejected"


# --- the life

AS_IT_STANDS = select(
    Vote.closes_at,
    Vote.closed_at,
    Vote.cancelled_at,
    Vote.awaits_office,
    Ballot.mandate_id,
    Ballot.choice,
    Ballot.cast_by,
    Ballot.as_deputy,
).outerjoin(Ballot, Ballot.vote_number == Vote.number)


class VotesLife(RuleBasedStateMachine):
    """The store, the model beside it, and what may happen."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "store.db"
        shutil.copyfile(self.template, path)
        self.loop = asyncio.new_event_loop()
        self.database = open_database(f"sqlite:///{path}")
        self.now, self.next_id = START, 1
        self.model = Model(changeable=True, when_all=False)
        self.waiting: list[Tap] = []
        self.worked: list[Tap] = []
        self.receipts: dict[str, int] = {}
        self.heads: set[str] = set()

    def teardown(self) -> None:
        try:
            self.loop.run_until_complete(self._end())
        finally:
            self.loop.run_until_complete(self.database.close())
            self.loop.close()
            self.folder.cleanup()

    def act(self, work: Callable[[AsyncSession], Awaitable[Any]], *, crash: bool = False) -> bool:
        """Do it in one transaction; whether it was let through. After a crash nothing is left of it."""
        return self.loop.run_until_complete(self._act(work, crash=crash))

    async def _act(self, work: Callable[[AsyncSession], Awaitable[Any]], *, crash: bool = False) -> bool:
        try:
            async with self.database.begin() as session:
                await work(session)
                if crash:
                    raise CrashError  # noqa: TRY301 - it has to come between effect and commit
        except (Refusal, CrashError):
            return False
        return True

    @initialize(changeable=st.booleans(), when_all=st.booleans())
    def open(self, changeable: bool, when_all: bool) -> None:
        self.model = Model(changeable, when_all)
        self.loop.run_until_complete(self._open(changeable=changeable, when_all=when_all))

    async def _open(self, *, changeable: bool, when_all: bool) -> None:
        async with self.database.begin() as session:
            body = await session.get_one(Body, 1)
            rules = {"circular": "majority", "clause": CLAUSE, "changeable": changeable}
            body.charter = {"preset": DEFAULT_PRESET, **rules}
        await enter_vote(self.database, START, closes=CLOSES, when_all=when_all, held=Held.CIRCULAR)

    # --- members

    @rule(seat=seats, deputy=st.booleans(), choice=choices, pause=st.integers(0, 3))
    def arrive(self, seat: int, deputy: bool, choice: str, pause: int) -> None:
        """A tap reaches us; it is stored, and worked off later."""
        self._arrive(seat, choice, pause, deputy=deputy)

    @rule(seat=seats, deputy=st.booleans(), choice=choices)
    def tap(self, seat: int, deputy: bool, choice: str) -> None:
        """A tap that is worked off at once, where nothing of that chat waits before it."""
        tap = self._arrive(seat, choice, 0, deputy=deputy)
        if not any(one.who == tap.who for one in self.waiting[:-1]):
            self._worked(tap)

    def _arrive(self, seat: int, choice: str, pause: int, *, deputy: bool) -> Tap:
        self.now += timedelta(hours=pause)
        who = DORA if deputy and seat == VERAS else self.model.holders[seat]
        tap = Tap(self.next_id, who, seat, choice, self.now)
        self.next_id += 1
        self.waiting.append(tap)
        arrival = Arrival(tap.update_id, who, tap.at, "callback_query", "{}")
        assert self.act(lambda session: inbox.take_in(session, [arrival]))
        return tap

    def _worked(self, tap: Tap) -> None:
        self._cast(tap)
        self.waiting.remove(tap)
        self.worked.append(tap)

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 99), crash=crashes)
    def work_off(self, which: int, crash: bool) -> None:
        """The next of any chat: within one, order is kept."""
        lanes = sorted({one.who for one in self.waiting})
        tap = next(one for one in self.waiting if one.who == lanes[which % len(lanes)])
        if crash:
            self._cast(tap, crash=True)
        else:
            self._worked(tap)

    @precondition(lambda self: self.worked)
    @rule(which=st.integers(0, 99))
    def come_twice(self, which: int) -> None:
        """A tap is worked off once more, as by a second process that still had it."""
        self._cast(self.worked[which % len(self.worked)])

    def _cast(self, tap: Tap, *, crash: bool = False) -> None:
        async def cast(session: AsyncSession) -> None:
            said = casting.Said(1, tap.seat, tap.choice, tap.at, tap.update_id)
            paper = await casting.cast(session, said, await actor(session, tap.who))
            assert paper.ballot is not None
            given.append(paper.ballot.receipt)
            await inbox.mark_done(session, [tap.update_id])

        given: list[str] = []
        taken = self.act(cast, crash=crash)
        if crash:
            return
        if not taken:
            self.act(lambda session: inbox.mark_done(session, [tap.update_id]))
        assert taken is self.model.tap(tap), tap
        self.receipts |= dict.fromkeys(given, tap.seat)

    @rule(everything=st.booleans(), back=st.booleans(), crash=crashes)
    def hand_over_or_take_back(self, everything: bool, back: bool, crash: bool) -> None:
        scope = "all" if everything else "one"
        if back and scope in self.model.given:
            self._take_back(scope, crash=crash)
        else:
            self._hand_over(scope, crash=crash)

    def _hand_over(self, scope: str, *, crash: bool) -> None:
        """Vera hands her mandate to Dora, for this vote or until further notice."""
        everything, model = scope == "all", self.model

        async def give(session: AsyncSession) -> None:
            new = handover.NewHandover(VERAS, DORA, None if everything else 1)
            await handover.hand_over(session, new, await actor(session, VERA), self.now)

        done = self.act(give, crash=crash)
        if crash:
            return
        running = model.ended is None and model.broken_off is None
        votable = running and self.now < model.closes
        assert done is (everything or (votable and not self._deputy_voted()))
        if done:
            self._taken("all") if everything else model.given.pop(scope, None)
            model.given[scope] = self.now

    def _take_back(self, scope: str, *, crash: bool) -> None:
        """Vera takes it back."""

        async def take(session: AsyncSession) -> None:
            same = Handover.vote_number.is_(None) if scope == "all" else Handover.vote_number == 1
            found = await session.scalar(select(Handover.id).where(Handover.ended_at.is_(None), same))
            assert found is not None
            await handover.take_back(session, found, await actor(session, VERA), self.now)

        done = self.act(take, crash=crash)
        if not crash:
            assert done is (scope == "all" or not self._deputy_voted())
            if done:
                self._taken(scope)

    def _deputy_voted(self) -> bool:
        """Whether Dora, in charge now, has voted in this vote while it runs."""
        model, paper = self.model, self.model.papers.get(VERAS)
        running = model.ended is None and model.broken_off is None
        return running and bool(model.given) and paper is not None and paper.deputy

    def _taken(self, scope: str) -> None:
        """A handover ends; where Dora has voted by it, it stays for this vote."""
        given = self.model.given
        voted = self._deputy_voted()
        began = given.pop(scope, None)
        if scope == "all" and began is not None and voted:
            given.setdefault("one", began)

    @precondition(lambda self: self.model.holders[KARLS] == KARL)
    @rule()
    def succeed(self) -> None:
        """Karl's membership ends; Nadine follows."""

        async def follow(session: AsyncSession) -> None:
            ending = select(Membership).where(Membership.person_id == KARL, Membership.role == Role.MEMBER)
            (await session.scalars(ending)).one().ended_at = self.now
            session.add(Account(telegram_id=NADINE, first_seen=self.now))
            await session.flush()
            session.add(Person(id=NADINE, name="Nadine Nachfolge", telegram_id=NADINE))
            await session.flush()
            session.add(Membership(person_id=NADINE, role=Role.MEMBER, body_id=1, mandate_id=KARLS))

        assert self.act(follow)
        self.model.holders[KARLS] = NADINE

    @precondition(lambda self: self.next_id % 5 == 0)  # rare, since it ends everything
    @rule(seat=seats, by_office=st.booleans(), crash=crashes)
    def end_early(self, seat: int, by_office: bool, crash: bool) -> None:
        if by_office:
            self._break_off(crash=crash)
        else:
            self._object(seat, crash=crash)

    def _object(self, seat: int, *, crash: bool) -> None:
        """„Widerspruch gegen das Umlaufverfahren"."""
        model = self.model
        who = model.acting(seat, self.now)

        async def object_to(session: AsyncSession) -> None:
            await closing.object_to(session, 1, seat, await actor(session, who), self.now)

        done = self.act(object_to, crash=crash)
        if not crash:
            takes_part = seat not in model.excluded and model.choice(seat) != "conflict"
            assert done is (model.takes(self.now) and takes_part)
            if done:
                model.objected, model.ended = True, self.now

    # --- the office

    @rule(seat=seats, choice=choices, way=st.sampled_from([Way.PAPER, Way.TELEPHONE]), crash=crashes)
    def enter(self, seat: int, choice: str, way: Way, crash: bool) -> None:
        """The office enters what came on paper or by telephone."""

        async def enter_for(session: AsyncSession) -> None:
            said = casting.Said(1, seat, choice, self.now, 0, way, "hat angerufen")
            await casting.enter_for(session, said, await actor(session, STAFF))

        done, model = self.act(enter_for, crash=crash), self.model
        if not crash:
            before = model.papers.get(seat)
            free = seat not in model.excluded and (before is None or before.entered)
            assert done is (model.takes(self.now) and free)
            if done:
                model.papers[seat] = Paper(choice, STAFF, self.now, 0, entered=True)

    @rule(seat=seats, crash=crashes)
    def exclude_or_lift(self, seat: int, crash: bool) -> None:
        """A decision under § 33 is recorded, or taken back."""
        out = seat in self.model.excluded

        async def decide(session: AsyncSession) -> None:
            staff = await actor(session, STAFF)
            if out:
                await office.lift_exclusion(session, 1, seat, staff, self.now)
            else:
                await office.exclude(session, 1, seat, "Beschluss", staff, self.now)

        done, model = self.act(decide, crash=crash), self.model
        if not crash:
            assert done is model.takes(self.now)
            if done and out:
                del model.excluded[seat]
            elif done:
                model.excluded[seat] = self.now

    @rule(hours=st.sampled_from([-1, 24, 60]), crash=crashes)
    def extend(self, hours: int, crash: bool) -> None:
        to, model = max(self.model.closes, self.now) + timedelta(hours=hours), self.model

        async def put_off(session: AsyncSession) -> None:
            await office.extend(session, 1, to, "Unterlagen kamen spät", await actor(session, STAFF), self.now)

        done = self.act(put_off, crash=crash)
        if not crash:
            assert done is (hours > 0 and (model.awaits or model.takes(self.now)))
            if done:
                model.closes, model.awaits = to, False

    def _break_off(self, *, crash: bool) -> None:
        async def break_it(session: AsyncSession) -> None:
            await office.break_off(session, 1, "Zurückgezogen", await actor(session, STAFF), self.now)

        done, model = self.act(break_it, crash=crash), self.model
        if not crash:
            assert done is (model.ended is None and model.broken_off is None)
            if done:
                model.broken_off, model.awaits = self.now, False

    @precondition(lambda self: self.model.awaits)
    @rule(crash=crashes)
    def close_by_hand(self, crash: bool) -> None:
        async def close(session: AsyncSession) -> None:
            await office.close_by_office(session, 1, await actor(session, STAFF), self.now)

        assert self.act(close, crash=crash) is not crash
        if not crash:
            self.model.ended, self.model.awaits = self.model.closes, False

    # --- time

    @rule(hours=st.sampled_from([1, 20, 60]), out=st.booleans(), crash=crashes)
    def time_passes(self, hours: int, out: bool, crash: bool) -> None:
        """With the bot at work or out of order; then the planner looks whether the vote has ended."""
        began, self.now = self.now, self.now + timedelta(hours=hours)
        if out and hours > 1:
            assert self.act(partial(self._come_back, began))
            self.model.outages.append((began, self.now))
        self.act(lambda session: closing.close_due(session, self.now), crash=crash)
        if not crash:
            self.model.close(self.now, self.waiting)

    async def _come_back(self, began: datetime, session: AsyncSession) -> None:
        outage = Outage(began_at=began, ended_at=self.now)
        session.add(outage)
        await closing.note_outage(session, outage, self.now)

    # --- what must hold

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        self.loop.run_until_complete(self._compare())

    async def _compare(self) -> None:
        async with self.database.read() as session:
            rows = (await session.execute(AS_IT_STANDS)).all()
            self.heads.add(str(await record.head(session)))
        model = self.model
        said = {row.mandate_id: (row.choice, row.cast_by, row.as_deputy) for row in rows if row.mandate_id}
        assert said == {seat: (one.choice, one.by, one.deputy) for seat, one in model.papers.items()}
        expected = (model.closes, model.ended, model.broken_off, model.awaits)
        assert {(row.closes_at, row.closed_at, row.cancelled_at, row.awaits_office) for row in rows} == {expected}

    async def _end(self) -> None:
        """Everything is worked off, the vote comes to its end, and all is looked at once more."""
        for tap in self.waiting:
            await self._act(partial(self._last_cast, tap))
            self.model.tap(tap)
        await self._act(lambda session: inbox.mark_done(session, [one.update_id for one in self.waiting]))
        self.now = max(self.now, self.model.closes)
        await self._act(lambda session: closing.close_due(session, self.now))
        self.model.close(self.now, [])
        await self._compare()
        async with self.database.read() as session:
            assert await broken_promises(session) == []
            assert await disagreements(session) == []
            codes = {one.code: one.mandate_id for one in await session.scalars(select(Receipt))}
            assert self.receipts.items() <= codes.items()
            for head in self.heads:
                assert (await record.verify(session, head)).whole
            vote = await session.get_one(Vote, 1)
        if self.model.ended is None:
            assert vote.result is None
            return
        assert vote.result is not None
        assert {key: vote.result["tally"][key] for key in self.model.figures()} == self.model.figures()
        assert vote.result["outcome"] == self.model.outcome()

    async def _last_cast(self, tap: Tap, session: AsyncSession) -> None:
        said = casting.Said(1, tap.seat, tap.choice, tap.at, tap.update_id)
        await casting.cast(session, said, await actor(session, tap.who))


def test_a_votes_whole_life(tmp_path: Path, sqlite_template: Path) -> None:
    """From opening to the invariants, in any order of taps, acts, crashes and time."""
    founded = tmp_path / "founded.db"
    shutil.copyfile(sqlite_template, founded)

    async def found() -> None:
        database = open_database(f"sqlite:///{founded}")
        await found_office(database, START)
        await database.close()

    asyncio.run(found())
    VotesLife.template = founded
    run_state_machine_as_test(VotesLife, settings=settings(max_examples=15, stateful_step_count=20, deadline=None))
