"""Words as the search sees them: folded, cut, stemmed, and how far apart two are."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe"})
# 7.10.1, 31.12.2025 and reko@landkreis-stendal.de are one word each; everything else is letters or digits.
_WORD = re.compile(r"\d+(?:\.\d+)+|[a-z]+|\d+")
_STEMMER = snowballstemmer.stemmer("german")
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_SHORTEST_PART = 4
_MOST_REPAIRS = 10_000  # questions come from outside: the memory must not grow with them


def fold(text: str) -> str:
    """Lower case, ä→ae, ß→ss, no accents: how people write on a phone and how they write at a desk fall together."""
    text = text.lower().translate(_UMLAUTS)
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text).translate(_UMLAUTS)
    # Some signs come apart into capitals: „𝐀" is one.
    return "".join(sign for sign in plain if sign.isascii()).lower()


def words(text: str) -> list[str]:
    """The folded words of a text, numbers with their points."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The German stem of a folded word."""
    return str(_STEMMER.stemWord(word)) if word.isalpha() else word


def grams(folded: str) -> list[str]:
    """Four letters at a time, within and across words: compounds, inflections and typos still share most of them."""
    padded = f" {' '.join(_WORD.findall(folded))} "
    return [padded[place : place + 4] for place in range(len(padded) - 3)]


def distance(left: str, right: str, most: int) -> int:
    """Edits between two words, a swap of neighbours being one (optimal string alignment); ``most + 1`` when above."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def tolerance(word: str) -> int:
    """How many edits a word may be wrong by: none up to three letters, one up to seven, then two."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2  # noqa: PLR2004 - said in the sentence above


class Vocabulary:
    """All words of a collection: what compounds are made of, and what a mistyped word may have meant."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = set(known)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._known):
            if word.isalpha() and len(word) >= _SHORTEST_PART:
                self._by_length.setdefault(len(word), []).append(word)
        self._stems = {stem(word) for word in self._known if len(word) >= _SHORTEST_PART}
        self._parts: dict[str, tuple[str, ...]] = {}
        self._repairs: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known or stem(word) in self._stems

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems a compound is made of, from the collection's own words; nothing for a simple word."""
        if word not in self._parts:
            self._parts[word] = self._cut(word, 3)
        return self._parts[word]

    def _cut(self, word: str, depth: int) -> tuple[str, ...]:
        if depth == 0 or not word.isalpha():
            return ()
        # The longest head first: „arbeitsmarkt|programm" before „arbeit|smarktprogramm".
        for place in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            tail = word[place:]
            for link in _LINKS:
                head = word[: place - len(link)] if word[:place].endswith(link) else ""
                if len(head) >= _SHORTEST_PART and self._is_word(head):
                    if self._is_word(tail):
                        return (*(self._cut(head, depth - 1) or (stem(head),)), stem(tail))
                    rest = self._cut(tail, depth - 1)
                    if rest:
                        return (stem(head), *rest)
        return ()

    def _is_word(self, part: str) -> bool:
        return part in self._known or stem(part) in self._stems

    def repair(self, word: str) -> str:
        """The nearest word of the collection; the word itself where it is known, or where nothing is near enough."""
        if word not in self._repairs:
            if len(self._repairs) > _MOST_REPAIRS:
                self._repairs.clear()
            self._repairs[word] = self._nearest(word)
        return self._repairs[word]

    def _nearest(self, word: str) -> str:
        most = tolerance(word)
        # What a known compound ends in is a word, too: „Behörde" is no mistyped „Börde" beside „Verwaltungsbehörde".
        if most == 0 or word in self or any(known.endswith(word) for known in self._known):
            return word
        best, found = most + 1, word
        for length in range(len(word) - most, len(word) + most + 1):
            for candidate in self._by_length.get(length, ()):
                away = distance(word, candidate, best - 1)
                if away < best:
                    best, found = away, candidate
        return found
