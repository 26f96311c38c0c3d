"""Likeness in meaning: vectors of passages and of the ways of asking for them, where something computes such vectors.

What computes them is passed in. Without it everything works by words alone; with it, what was said in other words is
found as well.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.search.glossary import FILLERS
from models.search.index import digest
from models.search.postings import Scores
from models.search.words import fold

Matrix = npt.NDArray[np.float32]
_TOKEN = re.compile(r"[^\W_]+")


class Embedder(Protocol):
    """Computes vectors; the same text always gives the same. ``weight``: what its likeness counts beside the words'."""

    name: str
    weight: float

    def questions(self, texts: Sequence[str]) -> Matrix:
        """A row for each question."""

    def passages(self, texts: Sequence[str]) -> Matrix:
        """A row for each passage."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to have a vector: ``texts`` by their hash, and for each hash the places it stands for."""

    texts: Mapping[str, str]
    places: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, passages: Sequence[str], askings: Iterable[tuple[int, str]] = ()) -> "Wanted":
        """Passages in order, and other ways of asking with the place of the passage they ask for."""
        rows = [*enumerate(passages), *askings]
        places = [(digest(text).hex(), place) for place, text in rows]
        return cls({key: text for (key, _), (_, text) in zip(places, rows, strict=True)}, places)


class Space:
    """The vectors of one embedder for the passages of a library."""

    def __init__(self, embedder: Embedder, wanted: Wanted, vectors: Mapping[str, Matrix], size: int) -> None:
        """``vectors`` by hash; a passage that has none yet is as like to any question as the average."""
        known = [(key, place) for key, place in wanted.places if key in vectors]
        self.embedder = embedder
        self._size = size
        self._home = np.array([place for _, place in known], np.int64)
        rows = [vectors[key] for key, _ in known]
        self._rows = unit(np.array(rows, np.float32)) if rows else np.empty((0, 0), np.float32)

    def nearest(self, question: str) -> float:
        """The cosine of the passage that is most like a question."""
        return (
            float((self._rows @ unit(self.embedder.questions([question]))[0]).max(initial=-1.0))
            if len(self._home)
            else 0.0
        )

    def likeness(self, question: str) -> Scores:
        """Each passage's likeness in standard deviations from the average one, the best of its rows counting."""
        if not len(self._home):
            return np.zeros(self._size, np.float32)
        cosines = self._rows @ unit(self.embedder.questions([question]))[0]
        best = np.full(self._size, -np.inf, np.float32)
        np.maximum.at(best, self._home, cosines)
        known = np.isfinite(best)
        best[known] = (best[known] - best[known].mean()) / (best[known].std() + np.float32(1e-6))
        best[~known] = 0.0
        likeness: Scores = best
        return likeness


class Meaning:
    """All spaces of a library, and the spellings that its passages use."""

    def __init__(self, spaces: Sequence[Space], passages: Sequence[str], repair: Callable[[str], str]) -> None:
        self._spaces = tuple(spaces)
        self._size = len(passages)
        self._spellings = spellings(passages)
        self._repair = repair

    def likeness(self, question: str, *, foreign: bool = False) -> Scores:
        """Likeness of all spaces together, by their weights; a foreign question is taken as it was typed."""
        asked = question if foreign else self.spelt(question)
        found: Scores = np.zeros(self._size, np.float32)
        for space in self._spaces:
            found += np.float32(space.embedder.weight) * space.likeness(asked)
        return found

    def nearest(self, question: str) -> float:
        """The cosine of the passage that is most like a question, by the first embedder."""
        return self._spaces[0].nearest(self.spelt(question)) if self._spaces else 0.0

    def spelt(self, question: str) -> str:
        """A question typed on a phone, in the passages' own spelling: slips mended, „foerderung" as „Förderung".

        Whoever writes capitals is taken at their word: mending a name that no passage has would hurt more.
        """
        if question[1:] != question[1:].lower():
            return question

        def one(found: re.Match[str]) -> str:
            typed, word = found.group(), fold(found.group())
            if word in FILLERS:
                return typed
            return self._spellings.get(word) or self._spellings.get(self._repair(word), typed)

        return _TOKEN.sub(one, question)


def spellings(passages: Iterable[str]) -> dict[str, str]:
    """Folded word → the spelling that is most usual, where that is another."""
    counts: dict[str, Counter[str]] = {}
    for text in passages:
        for word in _TOKEN.findall(text):
            counts.setdefault(fold(word), Counter())[word] += 1
    return {word: min(found, key=lambda one: (-found[one], one)) for word, found in counts.items()}


def unit(rows: Matrix) -> Matrix:
    """Rows of length one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    ones: Matrix = (rows / np.maximum(lengths, np.float32(1e-9))).astype(np.float32)
    return ones
