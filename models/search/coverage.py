"""How much of a question's meaning a text holds: by its own words, their parts, what they mean, or a typo away."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from models.search.glossary import ABBREVIATIONS, LIGHT, SMALL
from models.search.index import Index
from models.search.question import Question, meanings, meanings_of_the_head
from models.search.words import stem, words

_AS_PART, _AS_MEANING, _AS_HEAD = 0.8, 0.9, 0.75
_AS_TITLE = 0.75  # every passage stands under its title, and not every one speaks of it
_GUESSED = 0.85
_GUESSED_SHORT = (
    0.6  # below the floor: a short mistyped word alone may as well be another („Wetter" is near to „weiter")
)
_SHORT = 8
_AS_AKIN, _LONG_STEM, _ENDING = 0.85, 6, 3
_PLACE = 0.3  # a place must be right, but it is not what is asked
_LIGHT = 0.4
_FEW = 10  # as if there were more texts: among two or three no count tells anything
_UNKNOWN_SMALL = 0.35  # also for English, where the glossary holds the field's nouns

Holders = dict[str, set[int]]


class Coverage:
    """A frozen list of texts, each with the title it stands under."""

    def __init__(self, index: Index, texts: Sequence[str], titles: Sequence[str]) -> None:
        self._index = index
        self._size = len(texts)
        self._holders = _holders(index, texts)
        self._titled = _holders(index, titles)
        self._sorted = sorted(self._holders)
        self._backwards = sorted(term[::-1] for term in self._holders if len(term) > _LONG_STEM)

    def shares(self, question: Question) -> dict[int, float]:
        """Place of a text → the share of the question's meaning that it holds, where there is any. 0 to 1."""
        total, whole = dict[int, float](), 0.0
        for word in question.content:
            strengths = self._strengths(word)
            sure = _sureness(word, question)
            weight = self._weight(word, len(strengths), question)
            whole += weight
            for place, strength in strengths.items():
                total[place] = total.get(place, 0.0) + weight * strength * sure
        return {place: found / whole for place, found in total.items()}

    def _weight(self, word: str, often: int, question: Question) -> float:
        """How telling a word is: most, if no text holds it."""
        telling = math.log(1 + (self._size + _FEW - often + 0.5) / (often + 0.5))
        if word in question.places:
            return telling * _PLACE
        if word in LIGHT:
            return telling * _LIGHT
        if often:
            return telling
        # A noun that no text holds speaks against every text; a verb or an adjective hardly does.
        return telling * (_UNKNOWN_SMALL if question.english or word in SMALL else 1.0)

    def _strengths(self, word: str) -> dict[int, float]:
        best: dict[int, float] = {}
        for places, strength in self._ways(word):
            for place in places:
                best[place] = max(best.get(place, 0.0), strength)
        return best

    def _ways(self, word: str) -> Iterable[tuple[Iterable[int], float]]:
        yield self._holders.get(stem(word), ()), 1.0
        yield self._titled.get(stem(word), ()), _AS_TITLE
        if len(stem(word)) >= _LONG_STEM:
            yield self._akin(stem(word)), _AS_AKIN
            yield self._compounds_of(word), _AS_PART
        for short in ABBREVIATIONS.get(word, ()):
            yield self._holders.get(short, ()), 1.0
        parts = self._index.vocabulary.parts(word)
        for part in parts:
            yield self._holders.get(part, ()), _AS_PART / len(parts)
        if parts:
            yield set.intersection(*(self._holders.get(part, set()) for part in parts)), _AS_PART
        known, patterns = stem(word) in self._holders, meanings(word)
        strength = _AS_MEANING if patterns else _AS_HEAD
        for pattern in patterns or ([] if known else meanings_of_the_head(word)):
            yield self._titled.get(pattern.rstrip("*"), ()), _AS_TITLE * strength
            for term in self._matching(pattern):
                yield self._holders[term], strength

    def _akin(self, start: str) -> set[int]:
        """Who holds a word of the same beginning and hardly longer: „verbessern" and „Verbesserung"."""
        terms = [term for term in self._matching(start + "*") if len(term) <= len(start) + _ENDING]
        return set().union(*(self._holders[term] for term in terms))

    def _compounds_of(self, word: str) -> set[int]:
        """Who holds a compound that ends in a word: „Verwaltungsbehörde" for „Behörde"."""
        terms = [term[::-1] for term in _beginning_with(word[::-1], self._backwards)]
        return set().union(*(self._holders[term] for term in terms))

    def _matching(self, pattern: str) -> Iterable[str]:
        if pattern.endswith("*"):
            return _beginning_with(pattern[:-1], self._sorted)
        return [pattern] if pattern in self._holders else []


def _beginning_with(start: str, terms: list[str]) -> list[str]:
    """All of the sorted terms that begin so."""
    place = bisect_left(terms, start)
    found = []
    while place < len(terms) and terms[place].startswith(start):
        found.append(terms[place])
        place += 1
    return found


def _sureness(word: str, question: Question) -> float:
    if word not in question.guessed:
        return 1.0
    return _GUESSED if len(word) >= _SHORT else _GUESSED_SHORT


def _holders(index: Index, texts: Iterable[str]) -> Holders:
    """Term → the places of the texts that hold it: whole words, stems, and the stems of compounds' parts."""
    holders: Holders = {}
    for place, text in enumerate(texts):
        for word in words(text):
            for term in (word, *index.terms(word)):
                holders.setdefault(term, set()).add(place)
    return holders
