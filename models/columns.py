"""Kinds of columns: an instant, and a word of ours."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Dialect, String, literal_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Goes in aware, in any zone; comes out in UTC. A naive time is a ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; turn any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the store needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface's
        """SQLite keeps no zone: what it gives is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[str]):
    """One of a few words of ours, such as a role. Compared with a constant, that stands in the SQL itself.

    As a parameter SQLite would plan the statement anew at every call, wherever a partial index speaks of the column:
    which index serves would depend on its value (https://www.sqlite.org/partialindex.html).
    """

    impl = String
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Comparing with constants."""

        def operate(self, op: Any, *other: Any, **options: Any) -> ColumnElement[Any]:
            """The comparison; a constant is a member of an enumeration, whose words hold no quotes."""
            return super().operate(op, *map(_spelled, other), **options)

    comparator_factory = Comparator


def _spelled(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return literal_column(f"'{value}'", String())
    return [_spelled(one) for one in value] if isinstance(value, list | tuple) else value
