"""The agenda as it is written: one item a line, „Beschluss:" before what is to be decided. Pure.

The rows (``AgendaItem``) are the truth; this is how a list of the office folder or a form spells them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

DECISION = "Beschluss:"
_NUMBER = re.compile(r"(?:TOP\s*(\d+)\s*[.:)]?|(\d+)[.)])\s+(?=\S)", re.IGNORECASE)
_DECISION = re.compile(r"Beschluss\s*:\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what it is about, and whether the body is to decide."""

    text: str
    decision: bool = False


def read_agenda(text: str) -> list[Item]:
    """The items of a written agenda. A number that only counts the line is left out: the place says it."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [_item(line, place) for place, line in enumerate(filter(None, lines), 1)]


def _item(line: str, place: int) -> Item:
    number = _NUMBER.match(line)
    # „1. Dezember" as the third item is a date, not a number.
    if number and int(number[1] or number[2]) == place:
        line = line[number.end() :]
    decision = _DECISION.match(line)
    return Item(line[decision.end() :] if decision else line, decision is not None)


def write_agenda(items: Iterable[Item]) -> str:
    """The items as a list spells them, numbered; reading it again gives the same items."""
    return "\n".join(
        f"{place}. {DECISION} {one.text}" if one.decision else f"{place}. {one.text}"
        for place, one in enumerate(items, 1)
    )
