"""Statements compiled once a run instead of once an engine: a third of what the tests would otherwise spend.

Every test opens a store of its own, hence an engine of its own with an empty cache. The engines of one dialect are
alike in all that a compiled statement depends on, so they share one cache here; the program itself has one engine and
needs none of this.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

_SHARED: LRUCache[Any, Any] = LRUCache(5000)


def share() -> None:
    """From now on; once a process."""
    for dialect in (SQLiteDialect, PGDialect):
        dialect.__hash__ = lambda self: hash(type(self))
        dialect.__eq__ = lambda self, other: type(self) is type(other)
    event.listen(Engine, "engine_connect", _connected)


def _connected(connection: Connection) -> None:
    connection.engine._compiled_cache = _SHARED
