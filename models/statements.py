"""Statements in the store's dialect that SQLAlchemy's own do not spell: an INSERT that minds what is there already."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Base

Row = TypeVar("Row", bound=Base)


def table_of(rows: type[Base]) -> Table:
    """A class's table. Statements of the class itself look for loaded rows to bring up to date; those of it do not."""
    return Base.metadata.tables[rows.__tablename__]


def as_read(kind: type[Row], values: Iterable[Any]) -> Row:
    """A row of a class from all the columns of its table, in their order: to look at. Whoever changes it raises.

    It belongs to no session and was not read by the mapper, which takes three times as long as the statement itself.
    """
    row = kind.__new__(kind)
    row.__dict__.update(zip(table_of(kind).columns.keys(), values, strict=True))
    return row


def insert_or(session: AsyncSession, table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``, in the store's dialect."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_new(session: AsyncSession, table: Table) -> Any:
    """An INSERT that leaves a row as it is which is there already, and gives back the keys of those that are new."""
    return _insert_new(session.get_bind().dialect.name, table)


def replace_in(session: AsyncSession, table: Table) -> Any:
    """An INSERT that puts the whole new row in the place of one with the same key."""
    return _replace_in(session.get_bind().dialect.name, table)


# Made once: SQLAlchemy takes longer to make such a statement and to find it in its cache than to execute it.


@cache
def _insert_new(dialect: str, table: Table) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    return insert.on_conflict_do_nothing().returning(*table.primary_key)


@cache
def _replace_in(dialect: str, table: Table) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    keys = [one.name for one in table.primary_key]
    values = {one.name: insert.excluded[one.name] for one in table.columns if one.name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=values)
