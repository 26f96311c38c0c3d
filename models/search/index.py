"""BM25 over four-letter grams and over stems with compound parts: the two halves of „lex".

Built once for each state of the sources. What an earlier index knows of a text is taken over, so that a new edition
costs what is new in it.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np

from models.search.postings import Places, Postings, Scores, Triples
from models.search.vocabulary import Vocabulary
from models.search.words import fold, gram_codes, stem, words

_STEMS, _PART = 0.5, 0.5  # what stems count beside grams, and parts of a compound beside a whole word


class Index:
    """The lexical index of a collection of texts. Deterministic, whatever it was built from; never changed."""

    def __init__(self, texts: Sequence[str], before: "Index | None" = None) -> None:
        self.size = len(texts)
        self._places = {digest(text): place for place, text in enumerate(texts)}
        came = _Carried(self._places, before)
        new = _Reading((place, text) for place, text in enumerate(texts) if place not in came.places)
        known = set(came.words).union(new.numbers)
        self.vocabulary: Vocabulary = Vocabulary(known, stems=before.vocabulary.stems if before else None)
        numbers = self.vocabulary.numbers
        self.grams = Postings(Triples.together([came.grams(), new.grams()]), self.size)
        self.words = Postings(Triples.together([came.said(numbers), new.said(numbers)]), self.size)
        self.number_of_term, self.terms_of_word = self._terms()
        self.stems = Postings(self._stemmed(), self.size)

    @property
    def bytes(self) -> int:
        """Memory of the postings, in bytes."""
        return self.grams.bytes + self.words.bytes + self.stems.bytes

    def terms(self, word: str) -> tuple[str, ...]:
        """A word's stem, and the stems of its parts where it is a compound."""
        return (self.vocabulary.stems.get(word) or stem(word), *self.vocabulary.parts(word))

    def repaired(self, question: str) -> str:
        """The question with its mistyped words replaced by the collection's nearest."""
        return " ".join(self.vocabulary.repair(word) for word in words(question))

    def with_word(self, word: str) -> Places:
        """The texts that hold this very word, folded."""
        return self.words.holders(self.vocabulary.numbers.get(word, -1))

    def with_term(self, term: str) -> Places:
        """The texts that hold a stem, as a word or as a part of one."""
        return self.stems.holders(self.number_of_term.get(term, -1))

    def scores(self, question: str) -> Scores:
        """Each text's score for a question, 0 to about 1.5: grams and stems of the repaired question together."""
        return self.blended([(1.0, question)])

    def blended(self, questions: Sequence[tuple[float, str]]) -> Scores:
        """The scores of several questions, added up by their weights."""
        mended = [(weight, self.repaired(question)) for weight, question in questions]
        by_gram = self.grams.blended((weight, _grams(question)) for weight, question in mended)
        by_stem = self.stems.blended((weight, self._stems(question)) for weight, question in mended)
        return by_gram + np.float32(_STEMS) * by_stem

    def _stems(self, question: str) -> list[tuple[int, float]]:
        weighted = dict.fromkeys((stem(word) for word in words(question)), 1.0)
        for word in words(question):
            for part in self.vocabulary.parts(word):
                weighted.setdefault(part, _PART)
        return [(self.number_of_term.get(term, -1), weight) for term, weight in weighted.items()]

    def _terms(self) -> tuple[dict[str, int], list[tuple[int, ...]]]:
        numbers: dict[str, int] = {}
        of_word = [
            tuple(numbers.setdefault(term, len(numbers)) for term in self.terms(word)) for word in self.vocabulary.words
        ]
        return numbers, of_word

    def _stemmed(self) -> Triples:
        """Words' postings turned into those of their terms, counts of one term in one text added up."""
        said = self.words.triples(np.arange(self.size, dtype=np.int64))
        many = np.array([len(terms) for terms in self.terms_of_word], np.int32)
        of, most = said.terms, int(many.max(initial=0))
        found = []
        for nth in range(most):
            # The nth term of every word that has so many.
            of_word = np.array([terms[nth] if nth < len(terms) else 0 for terms in self.terms_of_word], np.int32)
            has = many[of] > nth
            found.append(Triples(said.packed[has]).renumbered(of_word))
        return Triples.added(found)


def _grams(question: str) -> list[tuple[int, float]]:
    return [(code, 1.0) for code in dict.fromkeys(gram_codes(question).tolist())]


class _Carried:
    """What an earlier index knows of the texts that stay."""

    def __init__(self, places: dict[bytes, int], before: Index | None) -> None:
        self._before = before
        self._new_place = np.full(before.size if before else 0, -1, np.int64)
        self.places: set[int] = set()
        for text, place in before._places.items() if before else ():  # noqa: SLF001 - an index and its own successor
            if text in places:
                self._new_place[place] = places[text]
                self.places.add(places[text])
        self.words = self._words()

    def _words(self) -> list[str]:
        if self._before is None:
            return []
        kept = np.unique(self._before.words.triples(self._new_place).terms)
        return [self._before.vocabulary.words[number] for number in kept.tolist()]

    def grams(self) -> Triples:
        return self._before.grams.triples(self._new_place) if self._before else Triples.together([])

    def said(self, numbers: dict[str, int]) -> Triples:
        if self._before is None:
            return Triples.together([])
        renumbered = np.array([numbers.get(word, -1) for word in self._before.vocabulary.words], np.int64)
        return self._before.words.triples(self._new_place).renumbered(renumbered)


class _Reading:
    """New texts, read one after the other: grams, and words with a number in the order of their coming."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        self.numbers: dict[str, int] = {}
        self._grams: list[Triples] = []
        self._said: list[Triples] = []
        for place, text in texts:
            folded = fold(text)
            said = [self.numbers.setdefault(word, len(self.numbers)) for word in words(folded)]
            self._grams.append(Triples.of(place, gram_codes(folded)))
            self._said.append(Triples.of(place, np.array(said, np.int32)))

    def grams(self) -> Triples:
        """All grams; they can be had only once, since they are by far the most."""
        found, self._grams = Triples.together(self._grams), []
        return found

    def said(self, numbers: dict[str, int]) -> Triples:
        """All words, by the numbers of a vocabulary."""
        renumbered = np.array([numbers[word] for word in self.numbers], np.int32)
        return Triples.together(self._said).renumbered(renumbered)


def digest(text: str) -> bytes:
    """What a text is known again by."""
    return blake2b(text.encode(), digest_size=16).digest()
