"""What has happened on the phones, kept so that a page gets each thing once and what it has missed after a break."""

import json
import secrets
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any


@dataclass
class Change:
    """One event with its place in the order; ``block`` is how it goes over the line."""

    place: str
    number: int
    event: str
    data: Any

    @cached_property
    def block(self) -> bytes:
        """The server-sent event, written once for all pages."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.place}\nevent: {self.event}\ndata: {data}\n\n".encode()


class Changes:
    """Events in their order. Of those with the same key only the last is kept.

    So a burst comes down to what there is to know, and never grows beyond the messages there are.
    """

    def __init__(self) -> None:
        self.last = 0
        self._run = secrets.token_hex(4)  # a page of an earlier run has to begin anew
        self._kept: dict[Hashable, Change] = {}

    def add(self, key: Hashable, event: str, data: Any) -> None:
        """Something happened; what had the same key before is forgotten."""
        self._kept.pop(key, None)
        self.last += 1
        self._kept[key] = Change(self.place, self.last, event, data)

    def after(self, number: int) -> list[Change]:
        """What happened since, oldest first."""
        newest_first = takewhile(lambda change: change.number > number, reversed(self._kept.values()))
        return list(newest_first)[::-1]

    @property
    def place(self) -> str:
        """Where we are, as a page says it when it comes back."""
        return f"{self._run}-{self.last}"

    def number(self, place: str) -> int | None:
        """The number of the last event a page has got; None where it has to begin anew."""
        run, _, number = place.partition("-")
        known = run == self._run and number.isdecimal() and int(number) <= self.last
        return int(number) if known else None
