"""BM25 over numbered terms, as two flat arrays: small, quick, and put together anew from what did not change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer[Any]]
Packed = npt.NDArray[np.int64]
Places = npt.NDArray[np.uint32]
Scores = npt.NDArray[np.float32]

K1, B = 1.2, 0.75
_LARGE, _COMMON = 20_000, 0.7  # texts; the share of them
MOST = 255  # a term said more often in one passage tells nothing more
_COUNT_BITS, _PLACE_BITS = 8, 26  # up to 67 million passages; what is left is the term's


@dataclass(frozen=True, slots=True)
class Triples:
    """Which term stands in which text how often, each in one number: sorted, they are by term, then by place."""

    packed: Packed

    @classmethod
    def of(cls, place: int, said: Numbers) -> "Triples":
        """From every single occurrence in one text, in any order."""
        terms, often = np.unique(said, return_counts=True)
        return cls(_packed(terms, np.full(len(terms), place, np.int64), often))

    @classmethod
    def together(cls, parts: Iterable["Triples"]) -> "Triples":
        """Several lists about different texts in one, in order."""
        packed = np.concatenate([np.empty(0, np.int64), *(part.packed for part in parts)])
        packed.sort()
        return cls(packed)

    @classmethod
    def added(cls, parts: Iterable["Triples"]) -> "Triples":
        """Several lists in which the same term and text may come again: the counts add up."""
        whole = cls.together(parts)
        pairs = whole.packed >> _COUNT_BITS
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        if not len(starts):
            return whole
        total = np.add.reduceat(whole.counts.astype(np.int64), starts)
        return cls((pairs[starts] << _COUNT_BITS) | np.minimum(total, MOST))

    @property
    def terms(self) -> Numbers:
        """The term of each."""
        return (self.packed >> (_COUNT_BITS + _PLACE_BITS)).astype(np.int32)

    @property
    def places(self) -> Places:
        """The text of each."""
        return ((self.packed >> _COUNT_BITS) & ((1 << _PLACE_BITS) - 1)).astype(np.uint32)

    @property
    def counts(self) -> npt.NDArray[np.uint8]:
        """How often."""
        return (self.packed & MOST).astype(np.uint8)

    def renumbered(self, terms: Numbers) -> "Triples":
        """The same with each term's new number."""
        return Triples.together([Triples(_packed(terms[self.terms], self.places, self.counts))])


def _packed(terms: Numbers, places: Numbers, counts: Numbers) -> Packed:
    where = places.astype(np.int64) << _COUNT_BITS
    return (terms.astype(np.int64) << (_COUNT_BITS + _PLACE_BITS)) | where | np.minimum(counts, MOST).astype(np.int64)


class Postings:
    """Term → texts. Scores are shares of what a text that matched every term best would get."""

    def __init__(self, triples: Triples, size: int) -> None:
        self.size = size
        of_term = triples.packed >> (_COUNT_BITS + _PLACE_BITS)
        starts = np.flatnonzero(np.diff(of_term, prepend=-1))
        self._terms = of_term[starts]
        del of_term  # as large as everything else together
        self._starts = np.append(starts, len(triples.packed)).astype(np.int64)
        self._places, self._counts = triples.places, triples.counts
        lengths = np.maximum(1.0, np.bincount(self._places, weights=self._counts, minlength=size))
        mean = lengths.mean() if size else 1.0
        self._norms = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)

    @property
    def bytes(self) -> int:
        """Memory held, in bytes."""
        arrays = (self._terms, self._starts, self._places, self._counts, self._norms)
        return sum(array.nbytes for array in arrays)

    def triples(self, new_place: Numbers) -> Triples:
        """What is known of the texts that stay: ``new_place`` says where each goes to, −1 where it is gone."""
        places = new_place[self._places]
        stays = places >= 0
        terms = np.repeat(self._terms, np.diff(self._starts))[stays]
        return Triples.together([Triples(_packed(terms, places[stays], self._counts[stays]))])

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
        # In a large collection what most texts hold tells little, and would cost the most.
        longest = self.size if self.size < _LARGE else self.size * _COMMON
        starts, ends = self._ranges(np.array(list(strengths), np.int64))
        lengths = ends - starts
        lengths[lengths > longest] = 0
        at = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        places, counts = self._places[at], self._counts[at].astype(np.float32)
        weights = np.repeat(np.array(list(strengths.values()), np.float32), lengths)
        np.add.at(total, places, weights * counts / (counts + self._norms[places]))
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
        at = int(self._terms.searchsorted(np.int64(term)))
        if at == len(self._terms) or self._terms[at] != term:
            return 0, 0
        return int(self._starts[at]), int(self._starts[at + 1])
