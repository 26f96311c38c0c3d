"""An attack on secret votes: whoever has one copy of the store guesses, for every mandate, how it voted.

The adversary is a strong one. They know who voted when (they stood at the door), and the tally. From the copy they take
every order and every difference there is in it, and guess by each. A guess that is right more often than the tally
alone allows would be a leak.

*Chance.* Of N ballots n(c) say c. Whoever deals the N ballots out at random is right in Σ n(c)²/N cases on average,
with the standard deviation that ``chance`` gives. Each way of guessing is compared with that over all elections.
"""

import re
import sqlite3
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import psycopg

KEY_LENGTH, HASH_LENGTH = 32, 64
_HEX = re.compile(rb"[0-9a-f]{32,}")

Choices = Sequence[str]


@dataclass(frozen=True)
class Slip:
    """A ballot as it was found somewhere in the copy."""

    key: str
    choice: str


@dataclass(frozen=True)
class Found:
    """What one copy of the store gave: orders of ballots, each as a sequence of choices, and what should not be there.

    ``states``: how many different states of the box the copy holds. ``differences``: the choices by which each state
    goes beyond the one before, the ballots in the order of casting.
    """

    orders: Mapping[str, Choices]
    states: int
    differences: Choices
    remains: int  # keys of ballots that are in no live row


def chance(tally: Mapping[str, int]) -> tuple[float, float]:
    """Mean and standard deviation of the number of right guesses of who knows the tally alone."""
    total = sum(tally.values())
    squares = sum(n * n for n in tally.values())
    cubes = sum(n**3 for n in tally.values())
    mean = squares / total
    if total == 1:
        return mean, 0.0
    # Hits of a random permutation: Var = (S² + N²·S - 2·N·C) / (N²·(N-1)), S = Σ n², C = Σ n³.
    variance = (squares**2 + total**2 * squares - 2 * total * cubes) / (total**2 * (total - 1))
    return mean, sqrt(max(variance, 0.0))


@dataclass
class Score:
    """Right guesses of one way of guessing, over several elections."""

    right: int = 0
    guesses: int = 0
    expected: float = 0.0
    variance: float = 0.0

    def add(self, guess: Choices, truth: Choices) -> None:
        """Compare a guess with how the mandates voted, both in the order of casting."""
        mean, deviation = chance(Counter(truth))
        self.right += sum(one == other for one, other in zip(guess, truth, strict=False))
        self.guesses += len(truth)
        self.expected += mean
        self.variance += deviation**2

    def add_chance(self, *, right: bool, chance: float) -> None:
        """Add one guess that is right by luck with this chance."""
        self.right += right
        self.guesses += 1
        self.expected += chance
        self.variance += chance * (1 - chance)

    @property
    def beyond_chance(self) -> float:
        """By how many standard deviations it is better than chance."""
        return (self.right - self.expected) / sqrt(self.variance) if self.variance else 0.0


def score(copies: Iterable[tuple[Found, Choices]]) -> dict[str, Score]:
    """The score of each way of guessing over elections: what each copy gave, and how the mandates really voted."""
    scores: dict[str, Score] = {}
    for found, truth in copies:
        guesses = {f"{name}{suffix}": turned for name, order in found.orders.items() for suffix, turned in _both(order)}
        if len(found.differences) == len(truth):
            guesses["differences of states"] = list(found.differences)
        for name, guess in guesses.items():
            scores.setdefault(name, Score()).add(guess, truth)
    return scores


def _both(order: Choices) -> Iterator[tuple[str, Choices]]:
    yield "", order
    yield " backwards", order[::-1]


def keys_in(content: bytes) -> set[str]:
    """Keys of ballots anywhere in raw bytes. What follows one may look like more of it; hashes are twice as long."""
    return {one[:KEY_LENGTH].decode() for one in _HEX.findall(content) if len(one) < HASH_LENGTH}


# --- SQLite: the file and its log, byte by byte


def search_sqlite(path: Path) -> Found:
    """Everything that an SQLite file and its log tell of the order of ballots."""
    content, log = path.read_bytes(), _log_of(path)
    size = int.from_bytes(content[16:18], "big")
    pages = [content[at : at + size] for at in range(0, len(content), size)]
    roots = _roots(path)
    versions = [[*_page_states(pages, log, size)][-1]] if not log else list(_page_states(pages, log, size))
    boxes = [_box(version, roots["secret_ballots"]) for version in versions]
    live = {slip.key for slip in boxes[-1]}
    orders = {
        "place in the file": [one.choice for one in boxes[-1]],
        "key": [one.choice for one in sorted(boxes[-1], key=lambda slip: slip.key)],
    }
    seen = keys_in(content + log)
    return Found(orders, _distinct(boxes), _growth(boxes), len(seen - live))


def _log_of(path: Path) -> bytes:
    log = path.with_name(f"{path.name}-wal")
    return log.read_bytes() if log.exists() else b""


def _roots(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'").fetchall())


def _page_states(pages: list[bytes], log: bytes, size: int) -> Iterator[list[bytes]]:
    """The file as it was at each commit: https://www.sqlite.org/fileformat2.html#walformat."""
    pages = list(pages)
    yield list(pages)
    for at in range(32, len(log) - 24 - size + 1, 24 + size):
        number, commit = struct.unpack(">II", log[at : at + 8])
        pages.extend(b"" for _ in range(number - len(pages)))
        pages[number - 1] = log[at + 24 : at + 24 + size]
        if commit:
            yield list(pages)


def _box(pages: list[bytes], root: int) -> list[Slip]:
    """The ballots in the order in which they lie: leaves as they follow in the file, within one the newest cell last.

    Cells grow from the end of a page towards its beginning: https://www.sqlite.org/fileformat2.html#b_tree_pages.
    """
    cells: list[tuple[int, int, Slip]] = []
    todo = [root]
    while todo:
        number = todo.pop()
        page = pages[number - 1]
        inner = page[0] == 2
        count = int.from_bytes(page[3:5], "big")
        if inner:
            todo.append(int.from_bytes(page[8:12], "big"))
        start = 12 if inner else 8
        for place in range(count):
            offset = int.from_bytes(page[start + 2 * place : start + 2 * place + 2], "big")
            if inner:
                todo.append(int.from_bytes(page[offset : offset + 4], "big"))
            cells.append((number, -offset, _slip(page[offset + (4 if inner else 0) :])))
    return [slip for _, _, slip in sorted(cells, key=lambda cell: cell[:2])]


def _slip(cell: bytes) -> Slip:
    """A record: https://www.sqlite.org/fileformat2.html#record_format. Short enough for one-byte lengths."""
    header = cell[1]
    types = list(cell[2 : 1 + header])
    at, values = 1 + header, []
    for kind in types:
        width = _width(kind)
        values.append(cell[at : at + width])
        at += width
    return Slip(values[0].decode(), values[2].decode())


def _width(kind: int) -> int:
    integers = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
    return integers.get(kind, (kind - 12) // 2 if kind >= 12 else 0)


def _distinct(boxes: Iterable[Sequence[Slip]]) -> int:
    return len({frozenset(one.key for one in box) for box in boxes})


def _growth(boxes: Sequence[Sequence[Slip]]) -> list[str]:
    """What each state of the box has more than the one before."""
    grown: list[str] = []
    for before, after in zip([(), *boxes], boxes, strict=False):
        more = Counter(one.choice for one in after) - Counter(one.choice for one in before)
        if sum(more.values()) == 1:
            grown += more
    return grown


# --- PostgreSQL: rows alive and dead, and the table's file


def search_postgres(url: str) -> Found:
    """Everything that a PostgreSQL table and its file tell of the order of ballots."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT key, choice, ctid::text, xmin::text::bigint, cmin::text::bigint, xmax::text::bigint"
            " FROM secret_ballots"
        ).fetchall()
        connection.execute("CHECKPOINT")  # so that its file is what is in its memory
        folder = connection.execute("SHOW data_directory").fetchone()
        name = connection.execute("SELECT pg_relation_filepath('secret_ballots')").fetchone()
    assert folder
    assert name
    content = (Path(folder[0]) / name[0]).read_bytes()
    live = {row[0] for row in rows}
    by: dict[str, Callable[[Any], Any]] = {
        "place in the table": lambda row: tuple(map(int, row[2].strip("()").split(","))),
        "transaction": lambda row: (row[3], row[4]),
        "transaction of a change": lambda row: (row[5], row[3], row[4]),
        "key": lambda row: row[0],
    }
    orders = {way: [row[1] for row in sorted(rows, key=order)] for way, order in by.items()}
    transactions = len({row[3] for row in rows})
    grown = orders["transaction"] if transactions == len(rows) else []
    dead = keys_in(content) - live
    return Found(orders, max(transactions, 1), grown, len(dead))
