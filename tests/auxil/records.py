"""Records to tamper with: random entries, chained as the store would chain them."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from models.record import Act, Head, NewEntry
from models.record.chain import NO_HASH, Line
from models.record.rules import Entry, write_entry

_TOKENS = st.text("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.:+/-", min_size=1, max_size=12)
_PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TOKENS
_DETAILS = st.dictionaries(
    st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=8),
    st.recursive(_PLAIN, lambda inner: st.lists(inner, max_size=3), max_leaves=4),
    max_size=3,
)
_NUMBERS = st.none() | st.integers(1, 500)
_INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - as Hypothesis wants bounds

new_entries = st.builds(NewEntry, st.sampled_from(Act), _INSTANTS, _NUMBERS, _NUMBERS, _NUMBERS, _DETAILS)


def chained(news: list[NewEntry]) -> list[Entry]:
    """The entries one after the other, from the first."""
    entries: list[Entry] = []
    for number, new in enumerate(news, 1):
        entries.append(write_entry(new, number, entries[-1].hash if entries else NO_HASH))
    return entries


def line(entry: Entry, number: int | None = None) -> Line:
    """An entry as it lies in the store; ``number``: at another place than its own."""
    return Line(number or entry.number, entry.vote, entry.text.encode(), entry.hash.encode())


def head_of(entries: list[Entry]) -> Head:
    """The head after these entries."""
    return Head(len(entries), entries[-1].hash)


def flipped(content: bytes, place: int, bit: int) -> bytes:
    """The content with one bit changed; beyond its end, the place is counted from its beginning again."""
    place %= len(content)
    return content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]


def by_hand(sqlite_url: str, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """Change an SQLite store as somebody does who has the file: no guard holds, and no foreign key."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.create_function("flip", 3, flipped)
        guards = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement, values)
