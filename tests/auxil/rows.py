"""Two rows for every table there is: the first with every column filled, the second with every optional one empty."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import UtcDateTime, Word
from models.tables import METADATA

Row = dict[str, Any]
MOMENT = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
SAMPLES: dict[type, tuple[Any, Any]] = {
    BigInteger: (2**53 + 1, -(2**63)),
    Boolean: (True, False),
    Date: (date(2026, 11, 24), date(1, 1, 1)),
    Float: (0.1, -1e300),
    Integer: (2**31 - 1, 0),
    JSON: ({"ä": [1, 2.5, None, True, {"x": "\u0001"}]}, []),
    LargeBinary: (bytes(range(256)), b""),
    String: ('Größe „Ä"\n\t\\ 🗳 \u202e', ""),
    UtcDateTime: (MOMENT, MOMENT + timedelta(hours=1)),
    Word: ("one", "other"),
}
# What a table's own checks ask for.
SPECIAL: dict[str, tuple[Row, Row]] = {
    "presences": ({"left_at": MOMENT + timedelta(hours=2)}, {}),
    "votes": ({"closes_at": MOMENT + timedelta(days=1)}, {"closes_at": MOMENT + timedelta(days=1)}),
    "ballots": ({"choice": "yes", "way": "tap", "why": ""}, {"choice": "conflict", "way": "tap", "why": ""}),
    "extensions": ({"new_closing": MOMENT + timedelta(days=1)}, {"new_closing": MOMENT + timedelta(days=1)}),
    "follows": ({"what": "area"}, {"what": "kind"}),
    "wishes": ({"about": "deadline"}, {"about": "meeting"}),
    "broadcast_copies": ({}, {"person_id": 71}),
    "calls": ({"budget": 1, "threshold": 0}, {"budget": 2**53, "threshold": 2**31 - 1}),
    "criteria": ({"maximum": 1, "weight": 1}, {"maximum": 100, "weight": 2**31 - 1}),
    "projects": ({"applied": 1}, {"applied": 2**53}),
    "scores": ({"way": "tap", "why": ""}, {"way": "paper", "why": "x"}),
    "backups": ({"open": False, "fault": ""}, {"open": True}),
    "troubles": ({}, {"many": 1}),
    "letters": ({"state": "sent", "lease_until": None}, {"state": "waiting"}),
    "secret_ballots": ({"choice": "yes"}, {"choice": "no"}),
    "secret_counts": ({"ballots": 2}, {"ballots": 1}),
    "inbox": ({"state": "done", "payload": None}, {"state": "set_aside"}),
}


async def fill_every_table(session: AsyncSession, tables: Iterable[Table] = ()) -> dict[str, list[Row]]:
    """Insert the rows; what was inserted, by table. A table that may hold only one has only the first.

    ``tables``: those of an earlier revision, where they are not today's; what holds rows already is left as it is.
    """
    made: dict[str, list[Row]] = {}
    for table in tables or METADATA.sorted_tables:
        if tables and (there := await _there(session, table)):
            made[table.name] = there
            continue
        made[table.name] = [_row(table, which, made) for which in ((0,) if _is_single(table) else (0, 1))]
        for row in made[table.name]:
            await session.execute(insert(table).values(row))
    return made


async def _there(session: AsyncSession, table: Table) -> list[Row]:
    found = await session.execute(select(table).order_by(*table.primary_key.columns))
    return [dict(row) for row in found.mappings()]


def _is_single(table: Table) -> bool:
    checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
    return any(str(one.sqltext).strip("()") == "id = 1" for one in checks)


def _row(table: Table, which: int, made: dict[str, list[Row]]) -> Row:
    values = {column.name: _value(column, which, made) for column in table.columns}
    special = {"id": 1} if _is_single(table) else SPECIAL.get(table.name, ({}, {}))[which]
    given = {name: value for name, value in (values | special).items() if name in table.columns}
    return {name: value for name, value in given.items() if value is not None}


def _value(column: Column[Any], which: int, made: dict[str, list[Row]]) -> Any:
    if column.nullable and which == 1:
        return None
    for key in column.foreign_keys:
        parents = made.get(key.column.table.name)
        if parents is None:
            return None
        return parents[min(which, len(parents) - 1)][key.column.name]
    if column.primary_key and type(column.type) is Integer:  # a big one is Telegram's, and may be anything
        return 70 + which
    return SAMPLES[type(column.type)][which]
