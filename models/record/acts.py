"""The record of votes: appending to it and reading it. An entry is written in the transaction of its act.

**Locks.** On PostgreSQL whoever appends holds the head's row until the commit. An act that locks votes does so before
it appends, in the order of their numbers, and takes no lock after: always vote first, head last. SQLite has one writer.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import LargeBinary, cast, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.record.chain import Finding, Head, Line, check_chain, parse_head
from models.record.rows import RecordHead, RecordLine
from models.record.rules import Entry, NewEntry, check_entry, read_entry, write_entry
from models.statements import insert_or, table_of

_HEAD = select(table_of(RecordHead).c.length, table_of(RecordHead).c.hash)
_LOCKED_HEAD = _HEAD.with_for_update()
_APPEND = insert(table_of(RecordLine))


async def append(session: AsyncSession, new: NewEntry, *, open_ballots: bool = False) -> Entry:
    """Write one entry at the end of the record. Two statements.

    ``open_ballots`` says that the vote is an open one; without it no entry may tell what somebody chose.

    Raises:
        Unrecordable: the entry holds what the record must not.
    """
    return (await append_all(session, [new], open_ballots=open_ballots))[0]


async def append_all(session: AsyncSession, news: Iterable[NewEntry], *, open_ballots: bool = False) -> list[Entry]:
    """Write entries in this order at the end of the record. Two statements, however many they are.

    Raises:
        Unrecordable: an entry holds what the record must not.
    """
    waiting = list(news)
    for new in waiting:
        check_entry(new, open_ballots=open_ballots)
    if not waiting:
        return []
    last = await _hold_head(session)
    written: list[Entry] = []
    for number, new in enumerate(waiting, last.length + 1):
        written.append(write_entry(new, number, written[-1].hash if written else last.hash))
    lines = [{"number": one.number, "vote_number": one.vote, "entry": one.text, "hash": one.hash} for one in written]
    # The head's row follows by itself (``guards.py``): on PostgreSQL one round trip less while everybody waits for it.
    await session.execute(_APPEND, lines if len(lines) > 1 else lines[0])
    return written


async def _hold_head(session: AsyncSession) -> Head:
    """The head, held until the commit. Its row is made by the first entry."""
    row = (await session.execute(_LOCKED_HEAD)).one_or_none()
    if row is None:
        first = Head()
        statement = insert_or(session, RecordHead.__table__).values(id=1, length=first.length, hash=first.hash)
        await session.execute(statement.on_conflict_do_nothing())
        row = (await session.execute(_LOCKED_HEAD)).one()
    return Head(row.length, row.hash)


async def head(session: AsyncSession) -> Head:
    """How long the record is, and the hash of its last entry: what cards and decision records carry."""
    row = (await session.execute(_HEAD)).one_or_none()
    return Head(row.length, row.hash) if row else Head()


async def entries_of(session: AsyncSession, vote: int) -> list[Entry]:
    """The entries of a vote, in their order."""
    statement = select(RecordLine.entry).where(RecordLine.vote_number == vote).order_by(RecordLine.number)
    return [read_entry(text) for text in await session.scalars(statement)]


async def lines(session: AsyncSession) -> Sequence[Line]:
    """Every line as it lies in the store, byte for byte."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"

    def as_bytes(column: Any) -> Any:
        # A text that is no longer UTF-8 would stop the reading, where it is to be named.
        return cast(column, LargeBinary) if on_sqlite else func.convert_to(column, "UTF8")

    statement = select(
        RecordLine.number, RecordLine.vote_number, as_bytes(RecordLine.entry), as_bytes(RecordLine.hash)
    ).order_by(RecordLine.number)
    rows = await session.execute(statement)
    return [Line(number, vote, bytes(entry or b""), bytes(hashed or b"")) for number, vote, entry, hashed in rows]


async def verify(session: AsyncSession, spelled: str | None = None) -> Finding:
    """Whether the record is one unbroken chain, and still holds the head that was ``spelled`` somewhere.

    Raises:
        ValueError: what was spelled is no head.
    """
    given = parse_head(spelled) if spelled else None
    noted = await head(session)  # before the lines: they only grow meanwhile
    return check_chain(await lines(session), given, noted)
