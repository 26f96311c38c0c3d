"""BM25 over numbered terms, as two flat arrays: small, quick, and put together anew from what did not change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer[Any]]
Places = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]

K1, B = 1.2, 0.75
MOST = 255  # a term said more often in one passage tells nothing more
_PLACE_BITS = 26  # 67 million passages


@dataclass(frozen=True, slots=True)
class Triples:
    """Which term stands in which text how often; the same pair of term and text only once."""

    terms: Numbers
    places: Places
    counts: Counts

    @classmethod
    def none(cls) -> "Triples":
        """Nothing at all."""
        return cls(np.empty(0, np.int32), np.empty(0, np.uint32), np.empty(0, np.uint8))

    @classmethod
    def of(cls, place: int, said: Numbers) -> "Triples":
        """From every single occurrence in one text, in any order."""
        terms, often = np.unique(said, return_counts=True)
        counts = np.minimum(often, MOST).astype(np.uint8)
        return cls(terms.astype(np.int32), np.full(len(terms), place, np.uint32), counts)

    @classmethod
    def added(cls, parts: Iterable["Triples"]) -> "Triples":
        """Several lists in which the same pair may come again: the counts add up."""
        rows = cls.together(parts)
        keys = _keys(rows.terms, rows.places)
        first = np.append(True, keys[1:] != keys[:-1]) if len(keys) else np.empty(0, np.bool_)
        starts = np.flatnonzero(first)
        total = np.add.reduceat(rows.counts.astype(np.int64), starts) if len(starts) else np.empty(0, np.int64)
        return cls(rows.terms[first], rows.places[first], np.minimum(total, MOST).astype(np.uint8))

    @classmethod
    def merged(cls, left: "Triples", right: "Triples") -> "Triples":
        """Two lists that are in order, about different texts."""
        if not len(left.terms) or not len(right.terms):
            return right if len(right.terms) else left
        return cls.together([left, right])

    @classmethod
    def together(cls, parts: Iterable["Triples"]) -> "Triples":
        """Several lists about different texts in one, by term and place."""
        rows = [cls.none(), *parts]
        terms = np.concatenate([part.terms for part in rows])
        places = np.concatenate([part.places for part in rows])
        counts = np.concatenate([part.counts for part in rows])
        del rows
        order = np.argsort(_keys(terms, places), kind="stable").astype(np.uint32)
        return cls(terms[order], places[order], counts[order])


def _keys(terms: Numbers, places: Places) -> Numbers:
    return (terms.astype(np.int64) << _PLACE_BITS) | places.astype(np.int64)


class Postings:
    """Term → texts. Scores are shares of what a text that matched every term best would get."""

    def __init__(self, triples: Triples, size: int) -> None:
        self.size = size
        terms, starts = np.unique(triples.terms, return_index=True)
        self._terms = terms.astype(np.int64)
        self._starts = np.append(starts, len(triples.terms)).astype(np.int64)
        self._places, self._counts = triples.places, triples.counts
        lengths = np.maximum(1.0, np.bincount(triples.places, weights=triples.counts, minlength=size))
        mean = lengths.mean() if size else 1.0
        self._norms = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)

    @property
    def bytes(self) -> int:
        """Memory held, in bytes."""
        arrays = (self._terms, self._starts, self._places, self._counts, self._norms)
        return sum(array.nbytes for array in arrays)

    def triples(self, new_place: Numbers, new_term: Numbers | None = None) -> Triples:
        """What is known of the texts that stay: ``new_place`` says where each goes to, −1 where it is gone."""
        places = new_place[self._places]
        stays = places >= 0
        terms = np.repeat(self._terms.astype(np.int32), np.diff(self._starts))[stays]
        terms = terms if new_term is None else new_term[terms].astype(np.int32)
        return Triples(terms, places[stays].astype(np.uint32), self._counts[stays])

    def holders(self, term: int) -> Places:
        """The texts that hold a term, in order."""
        start, end = self._range(term)
        return self._places[start:end]

    def scores(self, terms: Iterable[tuple[int, float]]) -> Scores:
        """Each text's share of the ideal, from weighted terms; a term below 0 is one that no text can hold."""
        return self.blended([(1.0, terms)])

    def blended(self, questions: Iterable[tuple[float, Iterable[tuple[int, float]]]]) -> Scores:
        """Several questions' scores added up by their weights, each term's list read once."""
        strengths: dict[int, float] = {}
        for weight, asked in questions:
            terms = list(asked)
            numbers = np.array([term for term, _ in terms], np.int64)
            telling = self._idfs(numbers) * np.array([one for _, one in terms], np.float64)
            ideal = float(telling.sum()) * (K1 + 1)
            for term, strength in zip(numbers.tolist(), telling.tolist(), strict=True):
                strengths[term] = strengths.get(term, 0.0) + weight * strength * (K1 + 1) / ideal if ideal else 0.0
        total = np.zeros(self.size, np.float32)
        starts, ends = self._ranges(np.array(list(strengths), np.int64))
        for start, end, strength in zip(starts.tolist(), ends.tolist(), strengths.values(), strict=True):
            if end > start:
                places = self._places[start:end]
                counts = self._counts[start:end].astype(np.float32)
                total[places] += np.float32(strength) * counts / (counts + self._norms[places])
        return total

    def _idfs(self, terms: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        starts, ends = self._ranges(terms)
        often = ends - starts
        found: npt.NDArray[np.float64] = np.log(1 + (self.size - often + 0.5) / (often + 0.5))
        return found

    def _ranges(self, terms: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the list of each term begins and ends; the same place where there is none."""
        if not len(self._terms):
            return np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
        at = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        known = self._terms[at] == terms
        starts = np.where(known, self._starts[at], 0)
        return starts, np.where(known, self._starts[at + 1], 0)

    def _range(self, term: int) -> tuple[int, int]:
        starts, ends = self._ranges(np.array([term], np.int64))
        return int(starts[0]), int(ends[0])
