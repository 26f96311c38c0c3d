"""What a question names: funding areas, kinds of paper, the month, the place. The words stand in ``intents.toml``."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from models.search.glossary import AREAS, FILLERS, PLACES
from models.search.values import Slots
from models.search.words import distance, remembered, stem, tolerance

_DATA = tomllib.loads(Path(__file__).with_name("intents.toml").read_text(encoding="utf-8"))
_KINDS: dict[str, list[str]] = _DATA["kinds"]
_MONTHS: list[list[str]] = list(_DATA["months"].values())
_KNOWN = frozenset(word for names in (*_KINDS.values(), *_MONTHS) for word in names)
_CUES = frozenset(map(stem, _DATA["no_titles"]))

_AREA = r"(?:foerder)?(?:bereich(?:e|en|s)?|areas?|buchstaben?|foerderlinien?|fb)"
_LETTERS = re.compile(rf"\b{_AREA} ([a-z](?:(?: (?:und|oder|bis|and|or|to|u))? [a-z])*)(?![a-z])")
_LETTER_BEFORE = re.compile(r"\b([a-z]) ?(?:foerder)?bereich\b")
# „worum gehts bei D": only an area that there is, and only where nothing but a letter can be meant.
_LETTER_ALONE = re.compile(
    r"(?:\b(?:bei|in|ist|steht|fuer|zu|mit|zwischen|about|is) |^(?:und |and |oder )?)"
    r"([a-m])(?: (?:und|and) ([a-m]))?"
    r"(?: (?:gefoerdert|drin|da|genau|(?:bei|in|unter)(?: \w+)? \w*(?:regioaktiv|richtlinie|bereichen?)))?$"
)
_INFLECTED = re.compile(r"(?:s?frist(?:en)?|e[ns]?|s|en)?")
_ENDS = 2
_SHORTEST_NAME, _LONG_NAME = 5, 8  # shorter names are too near to other words; longer ones may be wrong by two letters
_NAMES = {letter: re.compile(rf"\b(?:{'|'.join(names)})\b") for letter, names in AREAS.items() if names}
_MISTAKABLE = {
    letter: [words for words in map(str.split, names) if all(len(word) >= _SHORTEST_NAME for word in words)]
    for letter, names in AREAS.items()
}
_NAME_WORDS = sorted({word for names in _MISTAKABLE.values() for name in names for word in name})


def slots(question: str) -> Slots:
    """What the question names. ``question`` is folded, its words set apart by blanks."""
    tokens = question.split()
    place = next((word for word in tokens if word in PLACES), "")
    skipped = FILLERS | _KNOWN
    rest = (word for word in tokens if word not in skipped and stem(word) not in _CUES and len(word) > 1)
    titles = tuple(word for word in rest if not kinds(word))
    return Slots(areas(question), kinds(question), month(tokens), place, titles)


def areas(question: str) -> tuple[str, ...]:
    """Funding areas by letter or by name, in the alphabet's order; a letter that is no area is named, too."""
    slips = [_slips_of(word) for word in question.split()]
    said = {letter for letter, names in _NAMES.items() if names.search(question)}
    meant = set[str]()
    if any(slips):
        meant = {letter for letter, names in _MISTAKABLE.items() if any(_is_meant(name, slips) for name in names)}
    return tuple(sorted(said | meant | set(letters(question))))


def letters(question: str) -> tuple[str, ...]:
    """Only what is said as „Förderbereich X", whether there is such an area or not."""
    found = list(_LETTER_BEFORE.findall(question))
    for series in _LETTERS.findall(question):
        found += _spread(series.split())
    if not found:
        found = [letter for pair in _LETTER_ALONE.findall(question) for letter in pair if letter]
    return tuple(letter.upper() for letter in dict.fromkeys(found))


def _spread(series: list[str]) -> list[str]:
    """„a bis c" is a, b and c; everything else is what is named."""
    found = [word for word in series if len(word) == 1]
    if {"bis", "to"} & set(series) and len(found) == _ENDS and found[0] < found[1]:
        return [chr(code) for code in range(ord(found[0]), ord(found[1]) + 1)]
    return found


def _is_meant(name: Sequence[str], slips: Sequence[frozenset[str]]) -> bool:
    """Whether a name stands in a question, mistyped: word by word, side by side."""
    places = range(len(slips) - len(name) + 1)
    return any(all(word in slip for word, slip in zip(name, slips[place:], strict=False)) for place in places)


@remembered
def _slips_of(word: str) -> frozenset[str]:
    """The words of areas' names of which a word may be a slip, itself included."""
    return frozenset(name for name in _NAME_WORDS if _is_slip_of(word, name))


def _is_slip_of(word: str, name: str) -> bool:
    most = tolerance(name)
    return word[:1] == name[:1] and distance(word, name, most) <= most


def kinds(question: str) -> tuple[str, ...]:
    """Kinds of paper, as in ``models.deadline.KINDS``, also mistyped and inside compounds."""
    named = set[str]().union(*map(_kinds_of, question.split()))
    return tuple(kind for kind in _KINDS if kind in named)


@remembered
def _kinds_of(word: str) -> frozenset[str]:
    return frozenset(kind for kind, names in _KINDS.items() if any(_means(word, name) for name in names))


def _means(word: str, name: str) -> bool:
    if len(name) <= _SHORTEST_NAME:
        return word == name
    if word.startswith(name):
        return len(name) >= _LONG_NAME or _INFLECTED.fullmatch(word[len(name) :]) is not None
    most = tolerance(name)
    return len(name) >= _LONG_NAME and distance(word, name, most) <= most


def month(tokens: Sequence[str]) -> int | None:
    """The first month that is named, 1 to 12."""
    for number, names in enumerate(_MONTHS, 1):
        for word in tokens:
            if word in names or (len(word) >= _SHORTEST_NAME and distance(word, names[0], 1) <= 1):
                return number
    return None
