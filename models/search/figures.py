"""Figures in passages: does a lower-ranked source give another one for the same thing?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.knowledge.values import Quote
from models.search.glossary import FILLERS
from models.search.words import fold, stem, words

_SCALES = {
    "tausend": 1e3,
    "tsd": 1e3,
    "million": 1e6,
    "millionen": 1e6,
    "mio": 1e6,
    "milliarde": 1e9,
    "milliarden": 1e9,
    "mrd": 1e9,
}
_NUMBER_WORDS = {
    name: float(value)
    for value, name in enumerate(
        [
            "null",
            "eins",
            "zwei",
            "drei",
            "vier",
            "fuenf",
            "sechs",
            "sieben",
            "acht",
            "neun",
            "zehn",
            "elf",
            "zwoelf",
            "dreizehn",
            "vierzehn",
            "fuenfzehn",
        ]
    )
}
_MEASURES = {
    "euro": "euro", "eur": "euro", "prozent": "prozent", "monate": "monate", "monaten": "monate",
    "jahre": "jahre", "jahren": "jahre", "wochen": "wochen", "tage": "tage", "tagen": "tage", "vzae": "vzae",
    "punkte": "punkte",
}  # fmt: skip
_FIGURE = re.compile(
    rf"(?<![\w.\-/])(?P<number>\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?|{'|'.join(_NUMBER_WORDS)})\s+(?:(?P<scale>{'|'.join(_SCALES)})\.?\s+)?"
    r"(?P<unit>[a-z][\w\-]*)"
)
_SENTENCE = re.compile(r"[.!?:]\s+|\n")
SAME_SENTENCE = 0.3  # share of common words from which two sentences speak of one thing
_SHORTEST_UNIT = 4
_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)  # the quick look before the thorough one


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit (a measure, or the noun that is counted) and the other words of its sentence, as stems."""

    value: float
    unit: str
    about: frozenset[str]


def figures(text: str) -> Iterable[Figure]:
    """The figures of a text; numbers of years and of paragraphs are none."""
    for sentence in _SENTENCE.split(_spelt_out(text)) if _NUMBER.search(text) else ():
        about: frozenset[str] | None = None
        for found in _FIGURE.finditer(sentence):
            unit = _MEASURES.get(found["unit"], "")
            if not unit and len(found["unit"]) >= _SHORTEST_UNIT:
                unit = stem(found["unit"])
            if unit and unit not in FILLERS:
                about = _told(sentence) if about is None else about
                yield Figure(_value(found), unit, about - {stem(found["unit"])})


def _told(sentence: str) -> frozenset[str]:
    said = (word for word in words(sentence) if word not in FILLERS and not word[0].isdigit())
    return frozenset(stem(word) for word in said if word not in _SCALES)


def _spelt_out(text: str) -> str:
    return re.sub(r"\b(mio|mrd|tsd)\.", r"\1", fold(text.replace("€", " euro ").replace("%", " prozent ")))


def _value(found: re.Match[str]) -> float:
    number = found["number"]
    value = _NUMBER_WORDS[number] if number in _NUMBER_WORDS else float(number.replace(".", "").replace(",", "."))
    return value * _SCALES.get(found["scale"] or "", 1.0)


def disagree(left: Quote, right: Quote) -> bool:
    """Whether two passages give different figures for the same thing, and none in common for it."""
    ours, theirs = list(figures(left.text)), list(figures(right.text))
    pairs = [(a, b) for a in ours for b in theirs if _same_thing(a, b)]
    return any(a.value != b.value for a, b in pairs) and not any(a.value == b.value for a, b in pairs)


def _same_thing(left: Figure, right: Figure) -> bool:
    if left.unit != right.unit:
        return False
    common, both = left.about & right.about, left.about | right.about
    return bool(both) and len(common) / len(both) >= SAME_SENTENCE
