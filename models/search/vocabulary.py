"""All words of a collection: their stems and parts, their neighbours by beginning and end, and what a slip meant."""

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from models.search.words import REMEMBERED, distance, stem, tolerance

_LINKS = ("", "s", "es", "n", "en", "er", "e")
_SHORTEST_PART = 4
_LONGEST_COMPOUND = 40
_DEPTH = 3  # cuts in one word


class Vocabulary:
    """The words of a collection, each with a number: its place in the alphabet's order."""

    def __init__(self, known: Iterable[str], *, stems: dict[str, str] | None = None) -> None:
        """``stems``: what an earlier vocabulary has worked out, so that nothing is stemmed twice."""
        self.words = sorted(set(known))
        self.numbers = {word: number for number, word in enumerate(self.words)}
        ready = stems or {}
        self.stems = {word: ready.get(word) or stem(word) for word in self.words}
        self._pieces = {word for word in self.words if len(word) >= _SHORTEST_PART and word.isalpha()}
        self._pieces |= {self.stems[word] for word in self._pieces if len(self.stems[word]) >= _SHORTEST_PART}
        self._known_stems = set(self.stems.values())
        self._backwards = sorted(word[::-1] for word in self.words)
        self._joined = "\n".join([*self.words, ""])
        alone = [word for word in self.words if word.isalpha() and len(word) >= _SHORTEST_PART]
        self._alone = alone
        self._lengths = np.array([len(word) for word in alone], np.int16)
        self._letters = np.array([_letters(word) for word in alone], np.uint32)
        self._repairs: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self.numbers or stem(word) in self._known_stems

    def beginning_with(self, start: str) -> list[str]:
        """All words that begin so, in order."""
        return _beginning_with(start, self.words)

    def containing(self, part: str) -> list[str]:
        """All words in which a part stands anywhere, in order."""
        found, place = [], self._joined.find(part)
        while place >= 0:
            start, end = self._joined.rfind("\n", 0, place) + 1, self._joined.find("\n", place)
            found.append(self._joined[start:end])
            place = self._joined.find(part, end)
        return found

    def ending_in(self, end: str) -> list[str]:
        """All words that end so."""
        return [word[::-1] for word in _beginning_with(end[::-1], self._backwards)]

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems a compound is made of, from the collection's own words; nothing for a simple word."""
        if not word.isalpha() or len(word) > _LONGEST_COMPOUND:
            return ()
        return self._cut(self.stems.get(word) or stem(word), _DEPTH)

    def _cut(self, word: str, depth: int) -> tuple[str, ...]:
        if depth == 0:
            return ()
        # The longest head first: „arbeitsmarkt|programm" before „arbeit|smarktprogramm".
        for place in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            head, tail = self._head(word[:place]), word[place:]
            if head:
                rest = (self._plain(tail),) if tail in self._pieces else self._cut(tail, depth - 1)
                if rest:
                    return (*(self._cut(head, depth - 1) or (self._plain(head),)), *rest)
        return ()

    def _plain(self, piece: str) -> str:
        return self.stems.get(piece, piece)

    def _head(self, start: str) -> str:
        """A word that a compound may begin with, its linking letters taken off; ``""`` where it is none."""
        for link in _LINKS:
            head = start[: len(start) - len(link)]
            if start.endswith(link) and len(head) >= _SHORTEST_PART and head in self._pieces:
                return head
        return ""

    def repair(self, word: str) -> str:
        """The nearest word of the collection; the word itself where it is known, or where nothing is near enough."""
        if word not in self._repairs:
            if len(self._repairs) >= REMEMBERED:
                self._repairs.clear()
            self._repairs[word] = self._nearest(word)
        return self._repairs[word]

    def _nearest(self, word: str) -> str:
        most = tolerance(word)
        # What a known compound ends in is a word, too: „Behörde" is no mistyped „Börde" beside „Verwaltungsbehörde".
        if most == 0 or not self._alone or word in self or self.ending_in(word):
            return word
        best, found = most + 1, word
        for candidate in self._alike(word, most):
            away = distance(word, candidate, best - 1)
            if away < best:
                best, found = away, candidate
        return found

    def _alike(self, word: str, most: int) -> list[str]:
        """Words of nearly the same length and nearly the same letters, the shorter first."""
        near = np.abs(self._lengths - len(word)) <= most
        other = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        found = np.flatnonzero(near & (other <= 2 * most))
        return [self._alone[place] for place in found[np.argsort(self._lengths[found], kind="stable")]]


def _letters(word: str) -> int:
    """Which letters a word has, one bit each."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 32)  # a to z are 1 to 26
    return bits


def _beginning_with(start: str, words: list[str]) -> list[str]:
    place = bisect_left(words, start)
    end = place
    while end < len(words) and words[end].startswith(start):
        end += 1
    return words[place:end]
