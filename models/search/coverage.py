"""How much of a question's meaning a passage holds: by its own words, their parts, what they mean, or a typo away."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.search.glossary import ABBREVIATIONS, LIGHT, is_small
from models.search.index import Index
from models.search.postings import Scores
from models.search.question import Question, meanings, meanings_of_the_head
from models.search.words import REMEMBERED, stem, words

_AS_PART, _AS_MEANING, _AS_HEAD = 0.8, 0.9, 0.75
_AS_TITLE = 0.75  # every passage stands under its title, and not every one speaks of it
_GUESSED = 0.85
_GUESSED_SHORT = 0.6  # a short mistyped word alone may as well be another („Wetter" is near to „weiter")
_SHORT = 8
_AS_AKIN, _LONG_STEM, _ENDING = 0.85, 6, 3
_AS_FORM, _BASE, _VERB_ENDS = 0.9, 4, ("t", "st", "te", "ten", "tet", "en")
_PLACE = 0.3  # a place must be right, but it is not what is asked
_LIGHT = 0.4
_FEW = 10  # as if there were more passages: among two or three no count tells anything
_SMALL = 0.6  # how something is said tells less than what
_UNKNOWN_SMALL = 0.2  # also for English, where the glossary holds the field's nouns


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: what it weighs, and how well each term stands for it.

    ``whole`` are the parts of a compound that say the same when all of them are there; ``titled`` how well the title
    of a document stands for it.
    """

    weight: float
    sure: float
    terms: dict[int, float]
    whole: tuple[int, ...]
    titled: dict[int, float]

    def strength(self, terms: frozenset[int], title: int) -> float:
        """How well a text with these terms under that title says it, 0 to 1."""
        best = max((self.terms[term] for term in terms & self.terms.keys()), default=0.0)
        if self.whole and terms.issuperset(self.whole):
            best = max(best, _AS_PART)
        return max(best, self.titled.get(title, 0.0))


class Coverage:
    """The passages of an index, each with the number of the title it stands under."""

    def __init__(self, index: Index, titles: Sequence[str], title_of: Sequence[int]) -> None:
        self._index = index
        self._title_of = np.array(title_of, np.int64)
        self._titled: dict[str, set[int]] = {}
        for number, title in enumerate(titles):
            for word in words(title):
                for term in (word, *index.terms(word)):
                    self._titled.setdefault(term, set()).add(number)
        self._titles = len(titles)
        self._known: dict[str, tuple[dict[int, float], tuple[int, ...], dict[int, float]]] = {}
        self._sorted = sorted(index.number_of_term)
        self._backwards = sorted(term[::-1] for term in index.number_of_term if len(term) > _LONG_STEM)

    def read(self, question: Question) -> list[tuple[Word, Scores]]:
        """Each word that carries meaning, with how well every passage says it."""
        return [self._read(word, question) for word in question.content]

    def hinted(self, question: Question) -> Scores:
        """How well every passage says what the way of asking lets one look for, 0 to 1."""
        found = [self._read(word, question)[1] for word in question.hints]
        return np.max(found, axis=0) if found else np.zeros(self._index.size, np.float32)

    def shares(self, said: Sequence[tuple[Word, Scores]]) -> Scores:
        """For every passage the share of the question's meaning that it holds, 0 to 1."""
        total = np.zeros(self._index.size, np.float32)
        for word, strengths in said:
            total += np.float32(word.weight * word.sure) * strengths
        whole = sum(word.weight for word, _ in said)
        return total / np.float32(whole) if whole else total

    def share(self, said: Sequence[tuple[Word, Scores]], terms: frozenset[int], title: int) -> float:
        """The same for a single sentence."""
        whole = sum(word.weight for word, _ in said)
        return sum(word.weight * word.sure * word.strength(terms, title) for word, _ in said) / whole if whole else 0.0

    def terms(self, text: str) -> frozenset[int]:
        """The numbers of a text's stems and parts of compounds."""
        numbers, found = self._index.vocabulary.numbers, set[int]()
        for word in words(text):
            if word in numbers:
                found.update(self._index.terms_of_word[numbers[word]])
        return frozenset(found)

    def _read(self, word: str, question: Question) -> tuple[Word, Scores]:
        terms, whole, titled = self._senses(word)
        strengths = self._strengths(terms, whole, titled)
        weight = self._weight(word, int(np.count_nonzero(strengths)), question)
        return Word(weight, _sureness(word, question), terms, whole, titled), strengths

    def _senses(self, word: str) -> tuple[dict[int, float], tuple[int, ...], dict[int, float]]:
        """The terms that stand for a word, the parts that do together, and the titles; remembered, as people repeat."""
        if word not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = (self._standing_for(word), self._whole(word), self._titles_for(word))
        return self._known[word]

    def _standing_for(self, word: str) -> dict[int, float]:
        terms = dict[int, float]()
        for found, strength in self._ways(word):
            for term in found:
                number = self._index.number_of_term.get(term)
                if number is not None:
                    terms[number] = max(terms.get(number, 0.0), strength)
        return terms

    def _strengths(self, terms: dict[int, float], whole: tuple[int, ...], titled: dict[int, float]) -> Scores:
        titles = np.zeros(self._titles, np.float32)
        for title, strength in titled.items():
            titles[title] = strength
        strengths = titles[self._title_of] if titled else np.zeros(self._index.size, np.float32)
        holders = self._index.stems.holders
        if whole:
            together = set.intersection(*(set(holders(part).tolist()) for part in whole))
            strengths[list(together)] = np.maximum(strengths[list(together)], _AS_PART)
        for term, strength in sorted(terms.items(), key=lambda item: item[1]):
            places = holders(term)
            strengths[places] = np.maximum(strengths[places], strength)
        return strengths

    def _weight(self, word: str, often: int, question: Question) -> float:
        """How telling a word is: most, if no passage holds it."""
        telling = math.log(1 + (self._index.size + _FEW - often + 0.5) / (often + 0.5))
        if word in question.places:
            return telling * _PLACE
        if word in LIGHT:
            return telling * _LIGHT
        if often:
            return telling * (_SMALL if is_small(word) else 1.0)
        # A noun that no passage holds speaks against every one; a verb or an adjective hardly does.
        return telling * (_UNKNOWN_SMALL if question.english or is_small(word) else 1.0)

    def _ways(self, word: str) -> Iterable[tuple[Iterable[str], float]]:
        start, stems = stem(word), self._index.vocabulary.stems
        yield (start,), 1.0
        if len(start) >= _LONG_STEM:
            akin = _beginning_with(start, self._sorted)
            yield (term for term in akin if len(term) <= len(start) + _ENDING), _AS_AKIN
            yield (term[::-1] for term in _beginning_with(word[::-1], self._backwards)), _AS_PART
            yield (stems[longer] for longer in self._index.vocabulary.ending_in(word) if longer != word), _AS_PART
        for base in _bases(word):
            # „steuert" is said as „steuern" and as „Steuerung".
            yield (base, f"{base}ung"), _AS_FORM
        yield ABBREVIATIONS.get(word, ()), 1.0
        parts = self._index.vocabulary.parts(word)
        if parts:
            yield parts, _AS_PART / len(parts)
        for pattern, strength in self._meant(word):
            yield self._matching(pattern), strength

    def _meant(self, word: str) -> list[tuple[str, float]]:
        patterns = meanings(word)
        if patterns:
            return [(pattern, _AS_MEANING) for pattern in patterns]
        known = stem(word) in self._index.number_of_term
        return [] if known else [(pattern, _AS_HEAD) for pattern in meanings_of_the_head(word)]

    def _whole(self, word: str) -> tuple[int, ...]:
        parts = [self._index.number_of_term.get(part) for part in self._index.vocabulary.parts(word)]
        return tuple(part for part in parts if part is not None) if None not in parts else ()

    def _titles_for(self, word: str) -> dict[int, float]:
        best = dict.fromkeys(self._titled.get(stem(word), ()), _AS_TITLE)
        for pattern, strength in self._meant(word):
            for title in self._titled.get(pattern.rstrip("*"), ()):
                best[title] = max(best.get(title, 0.0), _AS_TITLE * strength)
        return best

    def _matching(self, pattern: str) -> list[str]:
        if pattern.endswith("*"):
            longer = self._index.vocabulary.beginning_with(pattern[:-1])
            stems = self._index.vocabulary.stems
            return [*_beginning_with(pattern[:-1], self._sorted), *(stems[word] for word in longer)]
        # The glossary writes words as they stand in sources; their stems are what is indexed.
        return [pattern, stem(pattern)]


def _bases(word: str) -> tuple[str, ...]:
    """A verb's stem without the endings that the stemmer leaves."""
    return tuple(word.removesuffix(end) for end in _VERB_ENDS if word.endswith(end) and len(word) - len(end) >= _BASE)


def _beginning_with(start: str, terms: list[str]) -> list[str]:
    """All of the sorted terms that begin so."""
    place = bisect_left(terms, start)
    end = place
    while end < len(terms) and terms[end].startswith(start):
        end += 1
    return terms[place:end]


def _sureness(word: str, question: Question) -> float:
    if word not in question.guessed:
        return 1.0
    return _GUESSED if len(word) >= _SHORT else _GUESSED_SHORT
