"""Whoever has one copy of the store guesses no better than the tally alone allows; with the rewriting off they would.

Seeds are fixed, so every run draws the same elections, keys and orders.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import Actor, Standing
from models.ballot import entering
from models.ballot.casting import Said
from models.ballot.rules import Held, Kind
from models.ballot.secret import box, casting
from models.ballot.secret.rows import SecretBallot, SecretVoter
from models.base import Base, Database
from models.invariants import broken_promises
from models.member import Account, Membership, Person, Role
from models.office import Body, Mandate, Office
from tests.auxil.linkage import Choices, Found, Score, score, search_postgres, search_sqlite

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STAFF = Actor(1, standings=(Standing(Role.STAFF, 1, "Berta Büro"),))
WORDS = ("yes", "no", "abstain")
ELECTIONS = {5: 6, 20: 2, 200: 1}  # by size
SMALL = [5, 20]  # show as much as many where the attack succeeds
# Three and a half standard deviations above chance: one way of guessing in four thousand gets there by luck.
LUCK = 3.5
CERTAIN = 0.9  # of the mandates


@dataclass
class Hall:
    """A body of so many mandates, each held by one person."""

    database: Database
    url: str
    folder: Path
    mandates: Sequence[int]
    body: int
    updates: int = 1000

    async def open_vote(self, options: int = 0) -> int:
        kind, end = Kind.ELECTION if options else Kind.MOTION, NOW + timedelta(days=7)
        labels = [entering.NewOption(str(one)) for one in range(options)]
        async with self.database.begin() as session:
            plan = entering.VotePlan(self.body, kind, Held.MEETING, "T", "T", NOW, end, options=labels, secret=True)
            return (await entering.enter(session, plan, STAFF, NOW)).number

    async def cast(self, number: int, mandate: int, choice: str) -> None:
        self.updates += 1
        holder = Actor(mandate, standings=(Standing(Role.MEMBER, mandate, "x", mandate_id=mandate),))
        async with self.database.begin_traceless() as session:
            said = Said(number, mandate, choice, NOW + timedelta(seconds=self.updates), self.updates)
            await casting.cast(session, said, holder)

    def search(self) -> Found:
        """Take a copy of the store, as it lies there, and search it."""
        if self.database.shared:
            return search_postgres(self.url.replace("postgresql+psycopg", "postgresql"))
        store, copy = Path(self.url.removeprefix("sqlite:///")), self.folder / "copy.db"
        for suffix in ("", "-wal"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)
            if Path(f"{store}{suffix}").exists():
                shutil.copyfile(f"{store}{suffix}", f"{copy}{suffix}")
        return search_sqlite(copy)

    async def elections(self, seed: int, number: int) -> list[tuple[Found, Choices]]:
        """So many elections, a copy of the store taken after the last ballot of each."""
        copies: list[tuple[Found, Choices]] = []
        random = Random(seed)  # noqa: S311 - the electors' moods
        for _ in range(number):
            vote = await self.open_vote()
            order = random.sample(list(self.mandates), len(self.mandates))
            truth = random.choices(WORDS, weights=(5, 3, 2), k=len(order))
            for mandate, choice in zip(order, truth, strict=True):
                await self.cast(vote, mandate, choice)
            copies.append((self.search(), truth))
            await self._forget(vote)
        return copies

    async def _forget(self, vote: int) -> None:
        async with self.database.begin_traceless() as session:
            found = await box.open_box(session)
            found.take(vote)
            await box.put_back(session, found)


@pytest.fixture
async def hall(database: Database, database_url: str, size: int, tmp_path: Path) -> Hall:
    async with database.begin() as session:
        session.add(Office(id=1, name="ReKo", contact="", languages=["de"], settings={}))
        body = Body(name="RAK", short="RAK", charter={"preset": "angelehnt an KVG LSA", "secret_on_request": True})
        session.add(body)
        await session.flush()
        people = range(1, size + 1)
        session.add_all(Account(telegram_id=one, first_seen=NOW) for one in people)
        await session.flush()
        session.add_all(Person(id=one, name=f"P{one}", telegram_id=one) for one in people)
        session.add_all(Mandate(id=one, body_id=body.id, name=f"M{one}") for one in people)
        await session.flush()
        session.add_all(Membership(person_id=one, role=Role.MEMBER, body_id=body.id, mandate_id=one) for one in people)
        number = body.id
    return Hall(database, database_url, tmp_path, list(people), number)


@pytest.fixture(autouse=True)
def _dice(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(box, "random", Random(size))  # noqa: S311 - the same every time


@pytest.mark.parametrize("size", ELECTIONS)
async def test_one_copy_of_the_store_ties_no_voter_to_a_ballot(hall: Hall, size: int) -> None:
    copies = await hall.elections(seed=size, number=ELECTIONS[size])
    for found, truth in copies:
        assert sorted(next(iter(found.orders.values()))) == sorted(truth)  # they did find the ballots
        assert (found.states, found.differences, found.remains) == (1, [], 0)
    scores = score(copies)
    assert len(scores) >= 4
    assert {name: one.beyond_chance for name, one in scores.items() if one.beyond_chance > LUCK} == {}
    async with hall.database.read() as session:
        assert await broken_promises(session) == []


@pytest.mark.parametrize("size", SMALL[-1:])
async def test_no_copy_shows_which_ballot_came_last(hall: Hall, size: int) -> None:
    vote = await hall.open_vote(options=size)
    by_order = dict[str, Score]()
    for cast, mandate in enumerate(hall.mandates, 1):
        await hall.cast(vote, mandate, str(mandate))  # everybody chooses something else, so every ballot is known
        for name, order in hall.search().orders.items():
            for way, seen in (("", order[-1]), (" backwards", order[0])):
                guess = by_order.setdefault(f"{name}{way}", Score())
                guess.add_chance(right=seen == str(mandate), chance=1 / cast)
    assert {name: one.beyond_chance for name, one in by_order.items() if one.beyond_chance > LUCK} == {}


@pytest.mark.parametrize("size", SMALL)
async def test_without_the_rewriting_the_same_attack_succeeds(
    hall: Hall, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "put_back", _added_at_the_end)
    [(found, truth)] = await hall.elections(seed=size, number=1)
    assert _best(score([(found, truth)])) >= CERTAIN * size


@pytest.mark.parametrize("size", SMALL[-1:])
async def test_with_keys_in_order_the_same_attack_succeeds(
    hall: Hall, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "_under_fresh_keys", _in_the_order_of_casting)
    [(found, truth)] = await hall.elections(seed=size, number=1)
    assert _best(score([(found, truth)])) >= CERTAIN * size


@pytest.mark.parametrize("size", SMALL[-1:])
async def test_without_emptying_the_log_the_same_attack_succeeds(
    hall: Hall, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hall.database.shared:
        monkeypatch.setattr(box, "put_back", _deleted_not_truncated)
        [(found, _)] = await hall.elections(seed=size, number=1)
        assert found.remains >= size - 1
        return
    monkeypatch.setattr(hall.database, "_emptier", None)  # as if nobody had thought of the log
    await _no_checkpoints_by_itself(hall.database)
    [(found, truth)] = await hall.elections(seed=size, number=1)
    assert found.states >= size
    assert _best(score([(found, truth)])) >= CERTAIN * size


def _best(scores: dict[str, Score]) -> int:
    return max(one.right for one in scores.values())


def _in_the_order_of_casting(slips: Sequence[box.Slip]) -> list[dict[str, object]]:
    """The box as it would be with a sequence for a key: everything is written anew, and every time in order."""
    return [
        {"key": f"{place:032x}", "vote_number": one.vote, "choice": one.choice, "receipt": one.receipt}
        for place, one in enumerate(slips)
    ]


async def _added_at_the_end(session: AsyncSession, changed: box.Box) -> None:
    """``put_back`` as somebody might write it who thinks that random keys suffice."""
    if not changed.marks:
        await session.execute(delete(SecretVoter))
        await session.execute(delete(SecretBallot))
        return
    mark, slip = changed.marks[-1], changed.slips[-1]
    values: dict[str, Any] = {"vote_number": mark.vote, "mandate_id": mark.mandate_id, "receipt": mark.receipt}
    await session.execute(insert(Base.metadata.tables["secret_voters"]), [values])
    rows = box._under_fresh_keys([slip])
    await session.execute(insert(Base.metadata.tables["secret_ballots"]), rows)


async def _deleted_not_truncated(session: AsyncSession, changed: box.Box) -> None:
    await session.execute(delete(SecretVoter))
    await session.execute(delete(SecretBallot))
    marks = [{"vote_number": one.vote, "mandate_id": one.mandate_id, "receipt": one.receipt} for one in changed.marks]
    if marks:
        await session.execute(insert(Base.metadata.tables["secret_voters"]), marks)
        await session.execute(insert(Base.metadata.tables["secret_ballots"]), box._under_fresh_keys(changed.slips))


async def _no_checkpoints_by_itself(database: Database) -> None:
    async with database.read() as session:
        await session.execute(text("PRAGMA wal_autocheckpoint = 0"))
