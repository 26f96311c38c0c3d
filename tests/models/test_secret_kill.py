"""A process that casts a secret ballot, killed with SIGKILL at each of its statements: mark and ballot, or neither."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count
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
from tests.auxil.party import JENS, VERA, found_office
from tests.auxil.voting import enter_vote

pytestmark = pytest.mark.crash


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


async def prepare(url: str) -> None:
    async with opened(url) as database:
        await found_office(database, START)
        await enter_vote(database, START, secret=True)
        await cast(database, VERA, 1, "no")


async def cast(database: Database, who: int, mandate: int, choice: str) -> str:
    async with database.begin_traceless() as session:
        said = Said(1, mandate, choice, START + timedelta(minutes=1), 5000 + who)
        return (await casting.cast(session, said, await actor(session, who))).receipt


async def state(url: str) -> tuple[int, int, int]:
    """How many marks, ballots and ids of casting updates there are; everything else is as it must be."""
    async with opened(url) as database, database.read() as session:
        assert await broken_promises(session) == []
        tables: tuple[type[Any], ...] = (SecretVoter, SecretBallot, SecretCast)
        marks, ballots, casts = [len(list(await session.scalars(select(one)))) for one in tables]
        return marks, ballots, casts


def die_at(step: int) -> Callable[..., None]:
    """Kill this process at the step-th call."""
    done = count(1)

    def stepped(*_: object) -> None:
        if next(done) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return stepped


async def cast_and_die(url: str, step: int) -> None:
    stepped = die_at(step)
    async with opened(url) as database:
        for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(database.engine.sync_engine, moment, stepped)
        emptied = LogEmptier.emptied

        def watched(log: LogEmptier) -> bool:
            stepped()
            done = emptied(log)
            stepped()
            return done

        LogEmptier.emptied = watched  # type: ignore[method-assign,assignment]  # in this process alone, which ends here
        await cast(database, JENS, 2, "yes")


def survives(url: str, step: int) -> bool:
    """Cast in a process of its own that dies at this step; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            asyncio.run(cast_and_die(url, step))
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


def test_mark_and_ballot_appear_together_or_not_at_all(database_url: str) -> None:
    asyncio.run(prepare(database_url))
    seen = []
    for step in count(1):
        survived = survives(database_url, step)
        seen.append(asyncio.run(state(database_url)))
        if survived:
            break
    assert set(seen) == {(1, 1, 1), (2, 2, 2)}
    assert seen == sorted(seen)
    assert len(seen) > 20
    # Brought again: the same receipt, nothing more.
    asyncio.run(again(database_url))
    assert asyncio.run(state(database_url)) == (2, 2, 2)


async def again(url: str) -> None:
    async with opened(url) as database:
        first, second = [await cast(database, JENS, 2, choice) for choice in ("yes", "no")]
    assert first == second != ""
