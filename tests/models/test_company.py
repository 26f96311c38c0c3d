import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Database, open_database
from models.company import MOST
from models.member import Person
from models.statements import table_of
from models.tables import METADATA


class Commits:
    """Counts the commits of a store, and lets the next one fail."""

    def __init__(self, database: Database) -> None:
        self.seen, self.fails = 0, False
        event.listen(database.engine.sync_engine, "commit", self._met)

    def _met(self, _connection: Any) -> None:
        self.seen += 1
        if self.fails:
            self.fails = False
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'store.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield database
    await database.close()


async def enter(database: Database, number: int, error: Exception | None = None) -> None:
    async with database.begin_together() as session:
        session.add(Person(id=number, name=f"P{number}"))
        await session.flush()
        if error is not None:
            raise error


async def people(database: Database) -> set[int]:
    async with database.read() as session:
        return set(await session.scalars(select(Person.id)))


async def in_line(database: Database, *numbers: int, failing: dict[int, Exception] | None = None) -> list[Any]:
    acts = [enter(database, one, (failing or {}).get(one)) for one in numbers]
    return await asyncio.gather(*acts, return_exceptions=True)


async def test_those_in_line_share_a_commit(store: Database) -> None:
    commits = Commits(store)
    assert await in_line(store, *range(1, 11)) == [None] * 10
    assert commits.seen == 1
    assert await people(store) == set(range(1, 11))


async def test_a_commit_is_not_put_off_for_ever(store: Database) -> None:
    commits = Commits(store)
    await in_line(store, *range(1, 3 * MOST + 1))
    assert commits.seen == 3


async def test_nobody_goes_on_before_it_is_durable(store: Database) -> None:
    async def act(number: int) -> set[int]:
        await enter(store, number)
        return await people(store)

    assert await asyncio.gather(*map(act, range(1, 6))) == [set(range(1, 6))] * 5


async def test_one_that_raises_leaves_no_trace_and_the_others_stay(store: Database) -> None:
    error = ValueError("no")
    first, refused, twice, last = await in_line(store, 1, 2, 1, 3, failing={2: error})
    assert (first, refused, last) == (None, error, None)
    assert isinstance(twice, IntegrityError)
    assert await people(store) == {1, 3}


async def test_a_commit_that_fails_has_happened_to_nobody(store: Database) -> None:
    commits = Commits(store)
    commits.fails = True
    refused = await in_line(store, 1, 2, 3, failing={2: ValueError("rests on the first")})
    assert {type(one) for one in refused} == {OperationalError}
    assert await people(store) == set()
    await enter(store, 1)
    assert await people(store) == {1}


async def test_a_full_disk_met_by_one_is_met_by_all(store: Database) -> None:
    full = OperationalError("INSERT", {}, Exception("database or disk is full"))
    found = await in_line(store, 1, 2, failing={2: full})
    assert found == [full, full]
    assert await people(store) == set()


async def test_one_that_fails_for_all_does_so_once(store: Database) -> None:
    full = OperationalError("INSERT", {}, Exception("no such column"))
    assert await in_line(store, 1, 2, 3, failing={2: full}) == [full, full, None]
    tried_again, failing = await in_line(store, 1, 2, failing={2: full})
    assert (tried_again, failing) == (None, full)
    assert await people(store) == {1, 3}


async def test_who_writes_alone_finds_nothing_open(store: Database) -> None:
    seen: list[set[int]] = []

    async def alone() -> None:
        async with store.begin() as session:
            seen.append(await all_in(session))

    await asyncio.gather(enter(store, 1), alone(), enter(store, 2))
    assert seen == [{1}]
    assert await people(store) == {1, 2}


async def all_in(session: AsyncSession) -> set[int]:
    async with session.begin_nested():
        return set(await session.scalars(select(Person.id)))


async def test_one_who_is_cancelled_while_waiting_holds_nobody_up(store: Database) -> None:
    acts = [asyncio.create_task(enter(store, number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    acts[1].cancel()
    found = await asyncio.gather(*acts, return_exceptions=True)
    assert [type(one) for one in found] == [type(None), asyncio.CancelledError, type(None)]
    assert await people(store) == {1, 3}


async def test_what_was_added_and_not_yet_written_is_seen_by_a_statement_of_tables(store: Database) -> None:
    async with store.begin_together() as session:
        session.add(Person(id=1, name="P1"))
        people_table = table_of(Person)
        assert (await session.execute(select(people_table.c.name))).scalars().all() == ["P1"]
        assert await session.scalar(select(people_table.c.id)) == 1


async def test_one_that_fails_while_the_mapper_writes_does_not_touch_the_others(store: Database) -> None:
    async def twice(number: int) -> None:
        async with store.begin_together() as session:
            await session.execute(table_of(Person).insert(), {"id": number, "name": "P"})
            session.add(Person(id=1, name="P1 again"))

    await enter(store, 1)
    first, second, third = await asyncio.gather(enter(store, 2), twice(3), enter(store, 4), return_exceptions=True)
    assert (first, third) == (None, None)
    assert isinstance(second, IntegrityError)
    assert await people(store) == {1, 2, 4}
