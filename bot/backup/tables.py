"""Which tables a store has: this program's own, or, at an earlier revision, those that the store tells of itself."""

import warnings
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import TypeEngine

from bot.migrate import HEAD, VERSION_TABLE
from models.columns import UtcDateTime
from models.tables import METADATA

# What a store calls its columns' types, and what is meant by it. The first that fits: a big integer is an integer too.
_MEANT: tuple[tuple[type[TypeEngine[Any]], type[TypeEngine[Any]]], ...] = (
    (JSON, JSON),
    (DateTime, UtcDateTime),
    (Date, Date),
    (Boolean, Boolean),
    (BigInteger, BigInteger),
    (Integer, Integer),
    (Float, Float),
    (LargeBinary, LargeBinary),
    (String, String),
)


def tables_at(connection: Connection, revision: str) -> list[Table]:
    """The tables of the store, which is at ``revision``, each after those that it points to."""
    if revision == HEAD:
        return METADATA.sorted_tables
    found = MetaData()
    with warnings.catch_warnings():  # rows are wanted, not indexes
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        found.reflect(connection)
    tables = [table for table in found.sorted_tables if table.name != VERSION_TABLE]
    for table in tables:
        for column in table.columns:
            column.type = next(meant() for told, meant in _MEANT if isinstance(column.type, told))
    return tables
