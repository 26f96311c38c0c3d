"""A secret ballot that is cut off at each statement of its casting: mark and ballot are there together, or neither is.

What a killed process leaves on SQLite are its files as they lie, so they are copied at every step and opened anew. On
PostgreSQL it leaves an open transaction, which is rolled back: there the casting itself ends at every step. Two
processes are killed in earnest (SIGKILL), before the commit and right after it.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from models.actor import actor
from models.ballot.casting import Said
from models.ballot.secret import casting
from models.ballot.secret.rows import SecretBallot, SecretCast, SecretVoter
from models.base import Database, open_database
from models.invariants import broken_promises
from models.sqlite import LogEmptier
from tests.auxil.clock import START
from tests.auxil.linkage import search_sqlite
from tests.auxil.party import JENS, VERA, found_office
from tests.auxil.voting import enter_vote

pytestmark = pytest.mark.crash

BEFORE, AFTER = (1, 1, 1), (2, 2, 2)  # marks, ballots, ids of casting updates: Vera's, then Jens's too
State = tuple[int, ...]


class EndOfProcessError(Exception):
    """Nothing after this happens."""


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


async def prepare(database: Database) -> None:
    await found_office(database, START)
    await enter_vote(database, START, secret=True)
    await cast(database, VERA, 1, "no")


async def cast(database: Database, who: int, mandate: int, choice: str) -> str:
    async with database.begin_traceless() as session:
        said = Said(1, mandate, choice, START + timedelta(minutes=1), 5000 + who)
        return (await casting.cast(session, said, await actor(session, who))).receipt


async def state(database: Database) -> State:
    async with database.read() as session:
        tables: tuple[type[Any], ...] = (SecretVoter, SecretBallot, SecretCast)
        return tuple([len(list(await session.scalars(select(one)))) for one in tables])


async def brought_again(database: Database) -> None:
    """The tap is redelivered, then tapped once more with another choice: one ballot, one receipt."""
    first, second = [await cast(database, JENS, 2, choice) for choice in ("yes", "no")]
    assert first == second != ""
    assert await state(database) == AFTER
    async with database.read() as session:
        assert sorted(await session.scalars(select(SecretBallot.choice))) == ["no", "yes"]
        assert await broken_promises(session) == []


@contextmanager
def at_each_step(database: Database, stepped: Callable[[str], None]) -> Iterator[None]:
    """Call ``stepped`` with the moment's name before and after each statement, commit and emptying of the log."""
    moments = ("before_cursor_execute", "after_cursor_execute", "commit")
    hooks = [(moment, lambda *_, moment=moment: stepped(moment)) for moment in moments]
    emptied = LogEmptier.emptied

    def watched(log: LogEmptier) -> bool:
        stepped("before emptying")
        done = emptied(log)
        stepped("after emptying")
        return done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LogEmptier, "emptied", watched)
        for moment, hook in hooks:
            event.listen(database.engine.sync_engine, moment, hook)
        yield
        for moment, hook in hooks:
            event.remove(database.engine.sync_engine, moment, hook)


async def test_at_each_step_the_files_hold_mark_and_ballot_or_neither(sqlite_url: str, tmp_path: Path) -> None:
    store, copies = Path(sqlite_url.removeprefix("sqlite:///")), list[Path]()

    def copy(_moment: str) -> None:
        copies.append(tmp_path / f"{len(copies)}.db")
        for suffix in ("", "-wal"):
            if Path(f"{store}{suffix}").exists():
                shutil.copyfile(f"{store}{suffix}", f"{copies[-1]}{suffix}")

    async with opened(sqlite_url) as database:
        await prepare(database)
        with at_each_step(database, copy):
            await cast(database, JENS, 2, "yes")
    assert len(copies) > 20
    seen = []
    for one in copies:
        async with opened(f"sqlite:///{one}") as database:
            seen.append(await state(database))
            await database.empty_log()  # as at each start: a copy made from then on holds one state
            found = search_sqlite(one)
            assert (found.states, found.remains) == (1, 0)
    assert set(seen) == {BEFORE, AFTER}
    assert seen == sorted(seen)
    async with opened(f"sqlite:///{copies[seen.index(AFTER)]}") as database:
        await brought_again(database)


async def test_at_each_step_a_lost_connection_leaves_mark_and_ballot_or_neither(postgres_url: str) -> None:
    async with opened(postgres_url) as database:
        await prepare(database)
        for step in count(1):
            steps = count(1)

            def end(_moment: str, steps: Iterator[int] = steps, last: int = step) -> None:
                if next(steps) == last:
                    raise EndOfProcessError

            with at_each_step(database, end), suppress(EndOfProcessError):
                await cast(database, JENS, 2, "yes")
                break
            assert await state(database) == BEFORE
        assert step > 20
        await brought_again(database)


@pytest.mark.parametrize(("moment", "left"), [("commit", BEFORE), ("before emptying", AFTER)])
def test_killed_in_earnest(sqlite_url: str, moment: str, left: State) -> None:
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            asyncio.run(cast_and_die(sqlite_url, moment))
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    asyncio.run(come_to(sqlite_url, left))


async def come_to(url: str, left: State) -> None:
    async with opened(url) as database:
        assert await state(database) == left
        await brought_again(database)


async def cast_and_die(url: str, moment: str) -> None:
    def die(now: str) -> None:
        if now == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    async with opened(url) as database:
        await prepare(database)
        with at_each_step(database, die):
            await cast(database, JENS, 2, "yes")


async def test_who_reads_for_long_holds_the_emptying_up_until_done(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(sqlite_url.removeprefix("sqlite:///"))
    monkeypatch.setattr("models.base.PATIENCE", 0.01)
    async with opened(sqlite_url) as database, opened(sqlite_url) as other:
        await prepare(database)
        async with other.snapshot() as session:
            await session.scalars(select(SecretBallot))
            await cast(database, JENS, 2, "yes")
            await database.empty_overdue_log()
            assert search_sqlite(store).states == 2
        await database.empty_overdue_log()
        assert search_sqlite(store).states == 1
