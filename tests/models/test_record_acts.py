"""Appending: what may be said, by how many at once, and what the store itself refuses."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from models import record
from models.base import Database, open_database
from models.record import Act, Head, NewEntry, Unrecordable
from models.record.chain import NO_HASH
from models.record.rules import canonical, check_entry, last_said, read_entry, still_excluded, write_entry
from tests.auxil.clock import START
from tests.auxil.records import chained, new_entries

TAP = NewEntry(Act.CAST, START, by=3, vote=17, mandate=4, details={"choice": "yes", "receipt": "7F3K"})


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the store within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


# --- an entry


def test_an_entry_is_the_text_that_is_hashed() -> None:
    entry = write_entry(TAP, 42, "ab" * 32)
    assert entry.text == (
        '{"at":"2026-11-24T09:00:00.000000Z","by":3,"details":{"choice":"yes","receipt":"7F3K"},"kind":"cast",'
        f'"mandate":4,"number":42,"previous":"{"ab" * 32}","vote":17}}'
    )
    assert entry.hash == hashlib.sha256(entry.text.encode()).hexdigest()
    assert read_entry(entry.text) == entry


@settings(max_examples=60)
@given(new_entries)
def test_what_is_written_is_read(new: NewEntry) -> None:
    entry = write_entry(new, 1, NO_HASH)
    check_entry(new, open_ballots=True)
    again = read_entry(entry.text)
    assert canonical(again.details) == canonical(entry.details)
    assert (again.act, again.at, again.hash) == (entry.act, entry.at, entry.hash)


def test_an_instant_is_the_same_in_every_zone() -> None:
    berlin = START.astimezone(timezone(timedelta(hours=1)))
    assert record.instant(berlin) == record.instant(START) == "2026-11-24T09:00:00.000000Z"
    with pytest.raises(Unrecordable):
        record.instant(datetime(2026, 11, 24, 9))  # noqa: DTZ001 - naive on purpose


def test_data_has_one_digest_whether_fresh_or_out_of_the_store() -> None:
    assert record.digest_of({"b": 1, "a": (1, "ä")}) == record.digest_of({"a": [1, "ä"], "b": 1})
    assert record.digest_of({10: 1, 9: 2}) == record.digest_of({"10": 1, "9": 2})


@pytest.mark.parametrize(
    "details",
    [
        {"why": "Frau Muster ist krank"},
        {"title": "Förderung"},
        {"why": ""},
        {"why": "a" * 65},
        {"deep": [{"why": "zwei Wörter"}]},
        {"Vera Muster": 1},
        {"share": 0.5},
        {"many": 2**53},
        {"at": datetime(2026, 11, 24, tzinfo=UTC)},
        {"blob": b"x"},
    ],
)
async def test_words_of_people_do_not_enter(sqlite_database: Database, details: dict[str, Any]) -> None:
    async with sqlite_database.begin() as session:
        with pytest.raises(Unrecordable):
            await record.append(session, NewEntry(Act.EXTENDED, START, 3, 17, details=details))
        assert await record.head(session) == Head()


SECRET = [
    *(NewEntry(act, START, 3, 17, 4) for act in (Act.CAST, Act.CHANGED, Act.TELEPHONE_ENTERED, Act.PAPER_ENTERED)),
    NewEntry(Act.CAST, START, None, 17),
    NewEntry(Act.CLOSED, START, None, 17, 4, {"choice": "yes"}),
]


@pytest.mark.parametrize("new", SECRET)
def test_of_a_secret_vote_no_ballot_is_told(new: NewEntry) -> None:
    with pytest.raises(Unrecordable):
        check_entry(new, open_ballots=False)
    check_entry(new, open_ballots=True)


@pytest.mark.parametrize(
    "new",
    [
        NewEntry(Act.PAPER_ENTERED, START, 3, 17, details={"yes": 2, "no": 1, "mandates": [4, 5, 6]}),
        NewEntry(Act.CONFLICT, START, 3, 17, 4),
        NewEntry(Act.HANDED_OVER, START, 3, None, 4, {"to": 9}),
    ],
)
def test_of_a_secret_vote_the_rest_is_told(new: NewEntry) -> None:
    check_entry(new, open_ballots=False)


def test_the_last_choice_of_a_mandate_counts() -> None:
    entries = chained(
        [
            TAP,
            NewEntry(Act.CAST, START, 5, 17, 6, {"choice": "no"}),
            NewEntry(Act.CONFLICT, START, 3, 17, 4, {"choice": "conflict"}),
            NewEntry(Act.CHANGED, START, 8, 17, 4, {"choice": "abstain"}),
            NewEntry(Act.EXCLUSION_RECORDED, START, 9, 17, 6),
            NewEntry(Act.EXCLUSION_RECORDED, START, 9, 17, 7),
            NewEntry(Act.EXCLUSION_LIFTED, START, 9, 17, 7),
            NewEntry(Act.CLOSED, START, None, 17),
        ]
    )
    assert {mandate: (said.choice, said.by) for mandate, said in last_said(entries).items()} == {
        4: ("abstain", 8),
        6: ("no", 5),
    }
    assert still_excluded(entries) == {6}


# --- appending


async def test_entries_hang_together_and_the_head_follows(database: Database) -> None:
    async with database.begin() as session:
        assert await record.head(session) == Head()
        first = await record.append(session, NewEntry(Act.ENTERED, START, 1, 17))
        assert (first.number, first.previous) == (1, NO_HASH)
    async with database.begin() as session:
        news = [TAP, NewEntry(Act.HANDED_OVER, START, 2), NewEntry(Act.CLOSED, START, None, 17)]
        later = await record.append_all(session, news, open_ballots=True)
        assert await record.append_all(session, []) == []
        assert [entry.previous for entry in later] == [first.hash, later[0].hash, later[1].hash]
    async with database.read() as session:
        assert await record.head(session) == Head(4, later[-1].hash)
        assert await record.entries_of(session, 17) == [first, later[0], later[2]]
        assert (await record.verify(session)).whole


async def test_an_append_costs_two_statements_however_many_entries(database: Database) -> None:
    async with database.begin() as session:
        await record.append(session, NewEntry(Act.ENTERED, START, 1, 17))
    async with database.begin() as session:
        await session.connection()
        with statements(database) as sent:
            await record.append_all(session, [TAP] * 5, open_ballots=True)
        assert len(sent) == 2, sent


async def test_an_act_that_fails_leaves_no_entry(database: Database) -> None:
    async def act() -> None:
        async with database.begin() as session:
            await record.append(session, NewEntry(Act.ENTERED, START, 1, 17))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await act()
    async with database.begin() as session:
        assert (await record.append(session, NewEntry(Act.ENTERED, START, 1, 18))).number == 1


async def test_many_writers_make_one_chain_without_a_gap(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.begin() as session:
            await record.append_all(session, [NewEntry(Act.ENTERED, START, number, 17)] * (1 + number % 3))

    await asyncio.gather(*map(write, range(16)))  # from the very first entry on
    async with database.read() as session:
        entries = await record.entries_of(session, 17)
        assert [entry.number for entry in entries] == list(range(1, 32))
        assert (await record.verify(session)).whole


async def test_who_appends_waits_for_who_appended_before_and_goes_on_from_there(postgres_url: str) -> None:
    database = open_database(postgres_url)  # SQLite lets in one writer from the beginning
    async with database.begin() as session:
        await record.append(session, NewEntry(Act.ENTERED, START, 1, 17))
    async with database.begin() as first, database.begin() as second:
        ahead = await record.append(first, NewEntry(Act.ENTERED, START, 2, 17))
        waiting = asyncio.create_task(record.append(second, NewEntry(Act.ENTERED, START, 3, 17)))
        async with database.read() as onlooker:
            while not await onlooker.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                assert not waiting.done()
        await first.commit()
        behind = await waiting
    assert (ahead.number, behind.number, behind.previous) == (2, 3, ahead.hash)
    async with database.read() as session:
        assert (await record.verify(session)).whole
    await database.close()


# --- what the store refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET hash = 'x'",
        "UPDATE record SET vote_number = NULL WHERE number = 1",
        "DELETE FROM record WHERE number = 2",
        "DELETE FROM record",
        "INSERT INTO record SELECT number - 1, vote_number, entry, hash FROM record WHERE number = 2",
        "INSERT INTO record SELECT 0, vote_number, entry, hash FROM record WHERE number = 2",
    ],
)
async def test_nothing_but_appending_is_let_through(database: Database, statement: str) -> None:
    async with database.begin() as session:
        await record.append_all(session, [TAP, TAP], open_ballots=True)
    with pytest.raises(IntegrityError, match="append-only"):
        async with database.begin() as session:
            await session.execute(text(statement))
    async with database.read() as session:
        assert (await record.head(session)).length == 2
        assert (await record.verify(session)).whole


async def test_what_would_go_round_the_guards_is_refused_too(database: Database) -> None:
    replacing = "INSERT OR REPLACE INTO record SELECT * FROM record WHERE number = 1"
    async with database.begin() as session:
        await record.append(session, TAP, open_ballots=True)
    with pytest.raises(IntegrityError, match="append-only"):
        async with database.begin() as session:
            await session.execute(text("TRUNCATE record" if database.shared else replacing))
