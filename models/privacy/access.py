"""What is stored about somebody: every row of every table that knows them, and nothing of anybody else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.member import Membership, Person, Role
from models.privacy.listing import KNOWN, Fate, Formal, Known
from models.record.rows import RecordLine

# Whose number a reader cannot make sense of: where its name stands.
NAMED = {"bodies": "short", "mandates": "name", "votes": "title", "meetings": "title", "deadlines": "title"}


@dataclass(frozen=True, slots=True)
class Mine:
    """By what the store knows somebody: the Telegram number, the people it came in as, the mandates they hold."""

    telegram_id: int
    people: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    mandates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of one table that know somebody, by column."""

    known: Known
    rows: tuple[Mapping[str, Any], ...]


async def mine(session: AsyncSession, telegram_id: int) -> Mine:
    """By what the store knows this account now."""
    people = list(await session.scalars(select(Person).where(Person.telegram_id == telegram_id).order_by(Person.id)))
    numbers = tuple(one.id for one in people)
    held = await session.scalars(
        select(Membership.mandate_id).where(
            Membership.person_id.in_(numbers), Membership.role == Role.MEMBER, Membership.ended_at.is_(None)
        )
    )
    mandates = tuple(sorted({one for one in held if one is not None}))
    names = tuple(name for one in people for name in (one.name, *one.former_names))
    return Mine(telegram_id, numbers, names, mandates)


def links(known: Known, who: Mine) -> dict[str, tuple[Any, ...]]:
    """The columns of a table that name somebody, each with the values that mean this one."""
    return {
        **dict.fromkeys(known.accounts, (who.telegram_id,)),
        **dict.fromkeys(known.people, who.people),
    }


def concerning(known: Known, who: Mine) -> ColumnElement[bool]:
    """As SQL: whether a row of a table knows somebody."""
    if known.row is RecordLine:
        return or_(*(RecordLine.entry.like(pattern) for pattern in _named_in_record(who)))
    columns = known.table.columns
    tests = [columns[name].in_(values) for name, values in links(known, who).items()]
    if known.mandate:
        tests.append(columns[known.mandate].in_(who.mandates))
    return or_(*tests)


def _named_in_record(who: Mine) -> Iterator[str]:
    """Entries are canonical JSON: keys sorted, no blanks."""
    for number in who.people or (-1,):
        yield f'%"by":{number},%'
        yield from (f'%"deputy":{number}{end}%' for end in ",}")
        yield f'%"person":{number},%'


async def own_data(session: AsyncSession, telegram_id: int) -> list[Kept]:
    """Everything stored about somebody, in the order of the listing; a table that holds nothing is left out."""
    who = await mine(session, telegram_id)
    found = []
    for known in KNOWN:
        query = select(known.table).where(concerning(known, who)).order_by(*known.table.primary_key.columns)
        rows = [await _shown(session, known, row, who) for row in (await session.execute(query)).mappings()]
        if rows:
            found.append(Kept(known, tuple(rows)))
    return found


async def _shown(session: AsyncSession, known: Known, row: Mapping[Any, Any], who: Mine) -> dict[str, Any]:
    """A row without what is hidden and without other people; numbers are joined by the names they stand for."""
    shown: dict[str, Any] = {}
    own = links(known, who)
    # A question that somebody answered is its asker's.
    others = any(row[name] not in {None, who.telegram_id} for name in known.accounts)
    for name, value in row.items():
        is_others = name in own and value not in own[name]
        if value is None or name in known.hidden or is_others or (others and name in known.words):
            continue
        shown[name] = value
        target = _target(known.table.columns[name])
        if target is not None and target.table.name in NAMED:
            key = name.removesuffix("_id").removesuffix("_number")
            shown[key] = await _name(session, target.table, target, value)
    return shown


def _target(column: Column[Any]) -> Column[Any] | None:
    """The column that a foreign key leads to at last."""
    target: Column[Any] | None = None
    while column.foreign_keys:
        column = target = next(iter(column.foreign_keys)).column
    return target


async def _name(session: AsyncSession, table: Table, column: Column[Any], value: Any) -> str:
    return str(await session.scalar(select(table.columns[NAMED[table.name]]).where(column == value)) or "")


async def formal_acts(session: AsyncSession, who: Mine) -> dict[Formal, list[datetime | None]]:
    """The formal acts that somebody took part in: the instant of each."""
    found: dict[Formal, list[datetime | None]] = {}
    for known in KNOWN:
        if known.formal is None or not who.people:
            continue
        columns = known.table.columns
        theirs = or_(*(columns[name].in_(who.people) for name, fate in known.people.items() if fate is Fate.STAYS))
        for row in await session.execute(select(*(columns[name] for name in known.at)).where(theirs)):
            found.setdefault(known.formal, []).append(next((one for one in row if one is not None), None))
    return found
