"""BM25 over four-letter grams and over stems with compound parts: the two halves of „lex"."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

from models.search.words import Vocabulary, fold, grams, stem, words

_K1, _B = 1.2, 0.75


class Field:
    """BM25 over one kind of term. Scores are shares of what a text that matched every term best would get."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        counts = [Counter(terms) for terms in texts]
        lengths = [max(1, sum(count.values())) for count in counts]
        self.size = len(counts)
        mean = sum(lengths) / max(1, self.size)
        lists: dict[str, tuple[array[int], array[float]]] = {}
        for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = _K1 * (1 - _B + _B * length / mean)
            for term, often in count.items():
                where, weight = lists.setdefault(term, (array("I"), array("f")))
                where.append(place)
                weight.append(often * (_K1 + 1) / (often + norm))
        self._lists = lists

    def idf(self, term: str) -> float:
        """How telling a term is; highest for one that occurs nowhere."""
        often = len(self._lists[term][0]) if term in self._lists else 0
        return math.log(1 + (self.size - often + 0.5) / (often + 0.5))

    def scores(self, terms: Iterable[tuple[str, float]]) -> list[float]:
        """Each text's share of the ideal, from weighted terms of the question."""
        total = [0.0] * self.size
        ideal = 0.0
        for term, weight in terms:
            strength = weight * self.idf(term)
            ideal += strength * (_K1 + 1)
            if term in self._lists:
                where, weights = self._lists[term]
                for place, share in zip(where, weights, strict=True):
                    total[place] += strength * share
        return [score / ideal for score in total] if ideal else total


class Index:
    """The lexical index of a collection of texts. Deterministic; built once, never changed."""

    def __init__(self, texts: Sequence[str]) -> None:
        tokens = [words(text) for text in texts]
        self.vocabulary = Vocabulary(word for text in tokens for word in text)
        self.grams = Field(grams(fold(text)) for text in texts)
        self.stems = Field([term for word in text for term in self.terms(word)] for text in tokens)

    def terms(self, word: str) -> tuple[str, ...]:
        """A word's stem, and the stems of its parts where it is a compound."""
        return (stem(word), *self.vocabulary.parts(word))

    def repaired(self, question: str) -> str:
        """The question with its mistyped words replaced by the collection's nearest."""
        return " ".join(self.vocabulary.repair(word) for word in words(question))

    def scores(self, question: str) -> list[float]:
        """Each text's score for a question, 0 to about 1: grams and stems of the repaired question together."""
        mended = self.repaired(question)
        by_gram = self.grams.scores((gram, 1.0) for gram in dict.fromkeys(grams(mended)))
        weighted = dict.fromkeys((stem(word) for word in words(mended)), 1.0)
        for word in words(mended):
            for part in self.vocabulary.parts(word):
                weighted.setdefault(part, 0.5)
        by_stem = self.stems.scores(weighted.items())
        return [a + 0.5 * b for a, b in zip(by_gram, by_stem, strict=True)]
