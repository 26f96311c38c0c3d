"""A tick with nothing due costs the same with ten thousand deadlines as with a hundred: it looks at indexes alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from benchmarks.ticks import fill, tick
from models.base import Database
from models.calendar import Calendar
from models.report import report_of
from models.report.periods import month_of
from scheduler.planner import plan
from tests.auxil.clock import Clock
from tests.auxil.party import found_office

MANY = 10_000
BIG = ("deadlines", "subscriptions", "steps", "letters", "inbox", "accounts", "questions", "wishes")
CALENDAR = Calendar()


@contextmanager
def listened(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed in the block, with their parameters."""
    heard: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        heard.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


@pytest.fixture(params=[True, False], ids=["counted", "uncounted"])
async def filled(database: Database, clock: Clock, request: pytest.FixtureRequest) -> Database:
    if database.shared and not request.param:
        pytest.skip("PostgreSQL counts by itself")
    await found_office(database, clock.now)
    await fill(database, clock.now, MANY, counted=request.param)
    await tick(database, clock.now)
    return database


def scans(kind: str, plan_of: str) -> list[str]:
    """The lines of a plan that read a big table from one end to the other."""
    mark = "SCAN " if kind == "sqlite" else "Seq Scan on "
    return [
        line
        for line in plan_of.splitlines()
        if mark in line and line.split(mark)[1].split()[0] in BIG  # by an index too it is the whole table
    ]


async def explained(database: Database, statement: str, parameters: Any) -> str:
    verb = "EXPLAIN QUERY PLAN " if not database.shared else "EXPLAIN "
    async with database.engine.connect() as connection:
        rows = await connection.run_sync(lambda plain: plain.exec_driver_sql(verb + statement, parameters).all())
    return "\n".join(str(row[-1]) for row in rows)


async def test_a_tick_with_nothing_due_and_a_report_read_no_big_table_through(
    filled: Database, kind: str, clock: Clock
) -> None:
    await reads_only_what_is_due(filled, kind, clock)
    await reads_only_that_year(filled, kind, clock)


async def reads_only_what_is_due(filled: Database, kind: str, clock: Clock) -> None:
    """A tick a moment after the last."""
    with listened(filled) as heard:
        await tick(filled, clock.now + timedelta(minutes=2))
    looked = [(one, values) for one, values in heard if one.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(looked) > 8
    plans = {one: await explained(filled, one, values) for one, values in looked}
    assert {one: found for one, how in plans.items() if (found := scans(kind, how))} == {}
    # The way to what is due is an index on when it is due.
    ways = "\n".join(plans.values())
    for index in ("ix_subscriptions_next_at", "ix_letters_turn", "ix_inbox_state"):
        assert index in ways
    # And one that is read through would be seen.
    assert scans(kind, await explained(filled, "SELECT * FROM subscriptions WHERE since > '2020-01-01'", ()))


async def reads_only_that_year(filled: Database, kind: str, clock: Clock) -> None:
    """A report of last year. People and their accounts are counted whole; they are hundreds, not a year of letters."""
    async with filled.begin() as session:
        await session.execute(text("UPDATE accounts SET first_seen = '2020-01-01' WHERE telegram_id = 1000"))
    with listened(filled) as heard:
        async with filled.read() as session:
            found = await report_of(session, month_of(clock.now.date()).moved(-12), clock.now)
    assert found.figures is not None
    plans = {one: await explained(filled, one, values) for one, values in heard if one.lstrip().startswith("SELECT")}
    assert len(plans) > 20
    read_through = {one: [line for line in scans(kind, how) if "accounts" not in line] for one, how in plans.items()}
    assert {one: lines for one, lines in read_through.items() if lines} == {}


async def test_who_cannot_be_reached_is_not_looked_at_every_time(database: Database, clock: Clock) -> None:
    await found_office(database, clock.now)
    await fill(database, clock.now, 50, counted=True)
    async with database.begin() as session:
        await session.execute(text("UPDATE accounts SET reachable = false WHERE telegram_id >= 1000"))
    due = clock.now + timedelta(days=7)
    await plan(database, due)
    async with database.read() as session:
        waiting = await session.scalar(
            text("SELECT count(*) FROM subscriptions WHERE next_at <= :now").bindparams(now=due)
        )
    assert waiting == 0
