"""What a passage must show before it may answer a certain kind of question.

Words overlap easily: „Vertreter", „Projektauswahl" and „Punkt" stand in many passages that say nothing on deputies or
on minimum points. ``evidence.toml`` names each kind of question by its cues, and the sign that an answering passage
cannot lack. So the sources decide what can be answered: once the directive with its rates is loaded, rates are.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from models.search.glossary import FILLERS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: ``asked`` is searched in the question, ``shown`` in the passage and headings, all folded."""

    name: str
    asked: re.Pattern[str]
    shown: re.Pattern[str]


def _read() -> tuple[Kind, ...]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(
        Kind(name, re.compile("|".join(kind["asked"])), re.compile("|".join(kind["shown"])))
        for name, kind in data.items()
    )


KINDS = _read()
_NUMBERS = r"\d+|zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn|elf|zwoelf|dreizehn|vierzehn"
_COUNTED = re.compile(r"\b(?:wieviele?|how many|anzahl(?: der| an)?)\s+([a-z]{4,})")
_MONEY = re.compile(r"geld|euro|mittel|kohle|milli|budget|money|foerder(mittel|ung)|prozent|punkte")


def needed(question: str) -> tuple[Kind, ...]:
    """The kinds a folded question belongs to."""
    return tuple(kind for kind in KINDS if kind.asked.search(question)) + _count(question)


def shows(kinds: Iterable[Kind], shown: str) -> bool:
    """Whether a passage, folded with its headings, has the sign of every kind."""
    return all(kind.shown.search(shown) for kind in kinds)


def _count(question: str) -> tuple[Kind, ...]:
    """„Wie viele Plätze": a number with that noun, or a list under it."""
    nouns = [noun for noun in _COUNTED.findall(question) if noun not in FILLERS and not _MONEY.match(noun)]
    starts = [re.escape(noun[: max(_SHORTEST_START, len(noun) - 2)]) for noun in nouns]  # without the plural's ending
    return tuple(Kind("count", re.compile(start), re.compile(_counted(start))) for start in starts)


def _counted(noun: str) -> str:
    return rf"\b(?:{_NUMBERS}) (?:\w+ )?\w*{noun}|{noun}(?s:.)*\n(?:\s{{2,}}|\W*[*-] )\w"


_SHORTEST_START = 5
