from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.base import Database
from models.invariants import broken_promises
from models.knowledge import (
    Passage,
    Source,
    Taken,
    editions_in_force,
    passages_in_force,
    quote,
    read_sources,
    take_in,
    turn_over,
    withdraw,
)
from models.knowledge.acts import waits
from scheduler.planner import plan

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
EVE = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
NEW_YEAR = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def source(text: str, valid_from: str = "") -> list[Source]:
    head = f"---\ntitle: Merkblatt\npublisher: Büro\nvalid_from: {valid_from}\nrank: office\n---\n"
    read = read_sources({"merkblatt.md": (head + text).encode()})
    assert not read.faults
    return list(read.sources)


OLD, NEXT = "Das Plakat ist rot.", "Das Plakat ist blau."


async def said(database: Database) -> list[str]:
    async with database.begin() as session:
        assert await broken_promises(session) == []
        return [passage.text for passage in await passages_in_force(session)]


async def test_an_edition_of_next_year_waits_for_its_first_day_in_berlin(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source(OLD), NOW)
        cited = (await passages_in_force(session))[0].id
        [taken] = await take_in(session, source(NEXT, "01.01.2027"), NOW)
        [again] = await take_in(session, source(NEXT, "01.01.2027"), NOW)
        assert await turn_over(session, EVE) == []
    assert (taken.taken, taken.begins, again.taken) == (Taken.WAITING, date(2027, 1, 1), Taken.UNCHANGED)
    assert await said(database) == [OLD]
    async with database.begin() as session:
        [turned] = await turn_over(session, NEW_YEAR)
        assert await turn_over(session, NEW_YEAR + timedelta(days=1)) == []
        old = await quote(session, cited)
    assert (turned.taken, turned.edition_id) == (Taken.NEW_EDITION, taken.edition_id)
    assert await said(database) == [NEXT]
    assert old is not None
    assert (old.text, old.document.superseded) == (OLD, True)


async def test_the_planner_turns_over(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source(OLD), NOW)
        await take_in(session, source(NEXT, "2027-01-01"), NOW)
    await plan(database, EVE)
    assert await said(database) == [OLD]
    await plan(database, NEW_YEAR)
    assert await said(database) == [NEXT]


async def test_what_was_taken_in_last_counts(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source(OLD), NOW)
        await take_in(session, source(NEXT, "2027-01-01"), NOW)
        [other] = await take_in(session, source("Das Plakat ist grün.", "2027-02-01"), NOW)
        assert other.taken == Taken.WAITING
        assert await turn_over(session, NEW_YEAR) == []
        [back] = await take_in(session, source(OLD), NOW)
        assert back.taken == Taken.CORRECTED
        assert await turn_over(session, NEW_YEAR + timedelta(days=90)) == []
    assert await said(database) == [OLD]


async def test_a_corrected_first_day_lets_it_begin(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source(OLD), NOW)
        await take_in(session, source(NEXT, "2027-01-01"), NOW)
        [begun] = await take_in(session, source(NEXT, "2026-11-01"), NOW)
        assert begun.taken == Taken.NEW_EDITION
    assert await said(database) == [NEXT]


async def test_withdrawing_takes_what_waits_too(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source(OLD), NOW)
        await take_in(session, source(NEXT, "2027-01-01"), NOW)
        assert await withdraw(session, "merkblatt", NOW)
        assert await turn_over(session, NEW_YEAR) == []
        assert await editions_in_force(session) == []


async def test_the_first_edition_answers_at_once(database: Database) -> None:
    async with database.begin() as session:
        [taken] = await take_in(session, source(NEXT, "2027-01-01"), NOW)
    assert taken.taken == Taken.NEW
    assert await said(database) == [NEXT]


@pytest.mark.parametrize(
    ("current", "following", "expected"),
    [
        (None, None, False),
        (None, date(2027, 1, 1), True),
        (None, date(2026, 11, 22), False),
        (date(2022, 1, 1), date(2027, 1, 1), True),
        (date(2027, 1, 1), date(2027, 1, 1), False),
        (date(2028, 1, 1), date(2027, 1, 1), False),
        (date(2027, 1, 1), None, False),
    ],
)
def test_when_an_edition_waits(current: date | None, following: date | None, expected: bool) -> None:
    assert waits(current, following, date(2026, 11, 22)) == expected


async def test_a_passage_that_stays_keeps_its_hash_in_the_next_edition(database: Database) -> None:
    async with database.begin() as session:
        await take_in(session, source("# A\n\nEins bleibt so.\n\n# B\n\nZwei ändert sich."), NOW)
        await take_in(session, source("# A\n\nEins bleibt so.\n\n# B\n\nZwei ist anders."), NOW)
        hashes = (await session.scalars(select(Passage.hash).where(Passage.text == "Eins bleibt so."))).all()
        count = await session.scalar(select(func.count(Passage.hash.distinct())))
    assert len(hashes) == 2
    assert len(set(hashes)) == 1
    assert count == 3
