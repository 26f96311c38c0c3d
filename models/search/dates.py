"""Which deadlines a question for a date means. Pure; the rows come from the table, nothing from prose."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.calendar import Calendar
from models.deadline import AREAS, Deadline, effective_due, schedule_of
from models.search.glossary import FILLERS, LIGHT, MEANINGS, SMALL
from models.search.periods import Period, period
from models.search.slots import areas, kinds, letters
from models.search.values import Slots
from models.search.words import distance, stem, tolerance, words

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_NAMES_NOTHING = frozenset(stem(word) for word in _DATA["names_nothing"].split())
_UNDERSTOOD = FILLERS | LIGHT | SMALL
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question for a date names. ``names`` are words of a title, a place or a sponsor, as typed, folded."""

    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    days: Period | None = None

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        days = [self.days.first.isoformat(), self.days.last.isoformat()] if self.days else None
        return {**asdict(self), "days": days}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Wanted":
        """From the store."""
        days = Period(*map(date.fromisoformat, stored["days"])) if stored["days"] else None
        return cls(tuple(stored["areas"]), tuple(stored["kinds"]), tuple(stored["names"]), days)


def wanted(slots: Slots, text: str, today: date) -> Wanted:
    """What is wanted by a question whose slots these are; ``today`` is the office's day."""
    said = " ".join(words(text))
    names = [word for word in slots.words if _is_name(word)]
    if slots.body and slots.body not in names:
        names.append(slots.body)
    return Wanted(slots.areas, slots.kinds, tuple(names), period(said, slots.month, today))


def _is_name(word: str) -> bool:
    """Whether a word that is left over names something, instead of being part of how one asks."""
    if len(word) < _SHORTEST or not word.isalpha() or word in _UNDERSTOOD or kinds(word):
        return False
    return stem(word) not in _NAMES_NOTHING and not any(word in said.split() for said, _ in MEANINGS)


def fitting(rows: Sequence[Deadline], asked: Wanted, calendar: Calendar) -> list[Deadline]:
    """The deadlines that a question means, in the order given; one that names nothing means all of them.

    What names an area or a kind, a period or a title means those alone: another call is never given in its stead.
    """
    found = [row for row in rows if _fits(row, asked, calendar)]
    names = [name for name in asked.names if not _names_area(name, asked.areas)]
    hits = {row.number: sum(_shows(row, name) for name in names) for row in found}
    most = max(hits.values(), default=0)
    return [row for row in found if hits[row.number] == most] if most or not names else []


def _fits(row: Deadline, asked: Wanted, calendar: Calendar) -> bool:
    if asked.areas and not set(asked.areas) & _areas_of(row):
        return False
    if asked.kinds and row.kind not in asked.kinds and not set(asked.kinds) & set(kinds(_searched(row.title))):
        return False
    return asked.days is None or asked.days.holds(calendar.day(effective_due(schedule_of(row), calendar)))


def _areas_of(row: Deadline) -> set[str]:
    return set(row.areas) | ({*areas(_searched(row.title))} & set(AREAS))


def _names_area(name: str, asked: Iterable[str]) -> bool:
    """A word that was taken for an area („stabill") is not looked for in the title once more."""
    return bool({*areas(name), *letters(name)} & set(asked))


def _shows(row: Deadline, name: str) -> bool:
    known = _searched(f"{row.title} {row.place} {row.audience} {row.kind}").split()
    return any(_same(name, word) for word in known)


def _same(name: str, word: str) -> bool:
    if (min(len(name), len(word)) > _SHORTEST and (name in word or word in name)) or stem(name) == stem(word):
        return True
    most = tolerance(name)
    return most > 0 and distance(name, word, most) <= most


def _searched(text: str) -> str:
    return " ".join(words(text))
