"""The passages in force with everything that finding needs, built once for each state of the sources."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.knowledge import Quote
from models.knowledge.values import Document
from models.search.coverage import Coverage, Word
from models.search.glossary import ABBREVIATIONS, BODIES, ELSEWHERE, LIGHT, PLACES
from models.search.index import Index
from models.search.ledger import Ledger
from models.search.meaning import Meaning, Wanted
from models.search.postings import Scores
from models.search.question import ASKED_FOR, Question
from models.search.shapes import shape_wanted
from models.search.values import Floors
from models.search.vocabulary import Vocabulary
from models.search.words import fold, stem, words

# What adds to the order of hits, besides what a passage covers: one sentence that covers it, likeness of letters, and
# the shape that is asked for; a source that counts less loses a little.
_COVERED, _SENTENCE, _LEXICAL, _SHAPE, _RANK = 0.7, 0.25, 0.3, 0.2, 0.03
_OPENING, _HINT = 0.5, 0.4
_WHOLE = 3.0  # the question as it was asked, beside the words in it that carry meaning
_MEANT = 0.4  # beside all that is known of a word, likeness in meaning decides between what is nearly equal
_HEADING = 0.8  # beside a sentence
_EQUAL = 0.02
_CONSIDERED, _CLOSELY = 40, 16  # the best of so many are looked at, and these sentence by sentence
_NAMED = 200  # passages that hold a letter by itself are read for the area it may stand for
_HEADINGS = 4  # lines above a passage: title, publisher, section, lead
_NONE: Mapping[int, Sequence[str]] = {}
_KEPT = 4000  # passages whose sentences stay cut
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÄÖÜ„])|\n")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage for a question. ``covered``: share of the question's meaning that it holds, 0 to 1; ``score`` ranks."""

    place: int
    covered: float
    score: float


class Library:
    """A frozen collection of passages, searchable. Deterministic: the same passages and question give the same hits."""

    def __init__(
        self, quotes: Sequence[Quote], before: "Library | None" = None, aliases: Mapping[int, Sequence[str]] = _NONE
    ) -> None:
        """``aliases``: other ways of asking by the passage's id, found like its own words.

        ``before``: the state of the sources till now; what is known of passages that stay is not worked out again.
        """
        self.quotes = tuple(quotes)
        self.aliases = {quote.id: tuple(aliases[quote.id]) for quote in quotes if quote.id in aliases}
        self.floors = Floors()
        self.meaning: Meaning | None = None  # likeness in meaning, once somebody has computed vectors
        bodies = ["\n".join([q.section, *self.aliases.get(q.id, ()), q.lead, q.text]) for q in quotes]
        self.index: Index = Index(bodies, before.index if before else None)
        self.documents: dict[int, Document] = {quote.document.id: quote.document for quote in quotes}
        heads = {number: f"{one.title}\n{one.publisher}" for number, one in self.documents.items()}
        # What a passage is found by: its own words and those it stands under, folded.
        self.shown = tuple(fold(f"{heads[q.document.id]}\n{body}") for q, body in zip(quotes, bodies, strict=True))
        said = {word for head in heads.values() for word in words(head)}
        self._typed = Vocabulary(ASKED_FOR.union(said, self.index.vocabulary.words), stems=self.index.vocabulary.stems)
        order = {number: place for place, number in enumerate(self.documents)}
        self._title_of = [order[quote.document.id] for quote in quotes]
        self._ranks = np.array([quote.document.rank.place for quote in quotes], np.float32)
        self._titles = [frozenset(words(one.title)) for one in self.documents.values()]
        self._here = [PLACES & title for title in self._titles]
        self._coverage = Coverage(self.index, [one.title for one in self.documents.values()], self._title_of)
        self.ledger: Ledger = Ledger([quote.text for quote in quotes], before.ledger if before else None)
        self.others: dict[int, tuple[Quote, ...]] = {}  # what contradicts a passage, once it was asked for
        self._blocks: dict[tuple[int, int], list[int]] = {}
        for place, quote in enumerate(quotes):
            self._blocks.setdefault((quote.document.id, quote.block), []).append(place)
        self._sentences: dict[int, tuple[frozenset[int], ...]] = {}

    def question(self, text: str) -> Question:
        """A question, read with the words of this library in mind."""
        return Question.of(text, self._typed.repair)

    def wanted(self) -> Wanted:
        """What is to have a vector: every passage under its headings, and every other way of asking for it."""
        passages = [f"{q.document.title}\n{q.section}\n{q.lead}\n{q.text}" for q in self.quotes]
        askings = [(place, text) for place, quote in enumerate(self.quotes) for text in self.aliases.get(quote.id, ())]
        return Wanted.of(passages, askings)

    def hits(self, question: Question, letters: Sequence[str] = ()) -> list[Hit]:
        """The passages that hold something of the question, the best first: of its places, persons and areas only."""
        said = self._coverage.read(question)
        covered = self._coverage.shares(said)
        eligible = (covered > 0) & self._about(question, letters)
        score = np.float32(_COVERED) * covered + np.float32(_LEXICAL) * self._lexical(question)
        score += np.float32(_HINT) * self._coverage.hinted(question) - np.float32(_RANK) * self._ranks
        if self.meaning:
            score += np.float32(_MEANT) * self.meaning.likeness(question.text, foreign=question.english)
        places = _best(score, eligible, _NAMED if letters else _CONSIDERED)
        places = [place for place in places if all(self.names_area(place, letter) for letter in letters)]
        hits = []
        for position, place in enumerate(places[:_CONSIDERED]):
            alone = self._alone(said, place) if position < _CLOSELY else 0.0
            hits.append(Hit(place, float(covered[place]), float(score[place]) + _SENTENCE * alone))
        return self._from_the_beginning(self._in_shape(hits, question))

    def _lexical(self, question: Question) -> Scores:
        """Likeness of letters and stems: of what carries meaning, and of the question whole („wo" and „wann", too)."""
        return self.index.blended([(1.0, " ".join(question.content)), (_WHOLE, question.text)])

    def _alone(self, said: Sequence[tuple[Word, Scores]], place: int) -> float:
        """How much the best single sentence of a passage holds, and the headings it stands under."""
        title = self._title_of[place]
        heading = self._coverage.terms(self.quotes[place].section)
        under = _HEADING * self._coverage.share(said, heading, -1) if heading else 0.0
        return under + max((self._coverage.share(said, one, title) for one in self._cut(place)), default=0.0)

    def _about(self, question: Question, letters: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Which passages may speak of the places, persons and areas asked for: never another's in their stead."""
        fit = self._not_elsewhere(question.places)
        for name in question.places + question.persons:
            fit &= self._naming(name)
        if question.places and BODIES & set(question.content):
            fit &= self._on_a_body()
        for letter in letters:
            there = np.zeros(len(self.quotes), np.bool_)
            there[self.index.with_word(letter.lower())] = True
            fit &= there
        return fit

    def _not_elsewhere(self, places: Sequence[str]) -> npt.NDArray[np.bool_]:
        """A document on one place does not answer for another that it only mentions; other Länder need their own."""
        asked = set(places)
        if not asked:
            return np.ones(len(self.quotes), np.bool_)
        fit = [(not here or bool(asked & here)) and here >= asked & ELSEWHERE for here in self._here]
        return np.array(fit, np.bool_)[self._title_of]

    def _on_a_body(self) -> npt.NDArray[np.bool_]:
        """Passages that speak of a body or stand under its title: „RAK Magdeburg" is not in whatever names the town."""
        there = np.array([bool(BODIES & title) for title in self._titles], np.bool_)
        fit = there[self._title_of]
        for word in BODIES:
            fit[self.index.with_term(stem(word))] = True
        return fit

    def _naming(self, name: str) -> npt.NDArray[np.bool_]:
        """Who holds a name, also within a word, or stands under a title or publisher that does."""
        there = np.zeros(len(self.quotes), np.bool_)
        for word in self.index.vocabulary.containing(name):
            there[self.index.with_word(word)] = True
        documents = [name in fold(f"{one.title}\n{one.publisher}") for one in self.documents.values()]
        return there | np.array(documents, np.bool_)[self._title_of] if self.quotes else there

    def _cut(self, place: int) -> tuple[frozenset[int], ...]:
        """The terms of each sentence of a passage."""
        if place not in self._sentences:
            if len(self._sentences) > _KEPT:
                self._sentences.clear()
            quote = self.quotes[place]
            parts = [
                *_SENTENCE_END.split(f"{quote.section}\n{quote.lead}\n{quote.text}"),
                *self.aliases.get(quote.id, ()),
            ]
            self._sentences[place] = tuple(map(self._coverage.terms, parts))
        return self._sentences[place]

    def _in_shape(self, hits: list[Hit], question: Question) -> list[Hit]:
        shape = shape_wanted(question)
        fits = (
            shape(self.quotes[hit.place].text, self._folded(hit.place)) + self._opens(hit.place, question)
            for hit in hits
        )
        raised = [Hit(hit.place, hit.covered, hit.score + _SHAPE * fit) for hit, fit in zip(hits, fits, strict=True)]
        return sorted(raised, key=_best_first)

    def _opens(self, place: int, question: Question) -> float:
        """What a document that bears the subject's name says first is what it says of the subject."""
        quote = self.quotes[place]
        asked = [word for word in question.content if word not in LIGHT]
        if quote.ordinal or not asked:
            return 0.0
        title = self._titles[self._title_of[place]]
        return _OPENING * all({word, *ABBREVIATIONS.get(word, ())} & title for word in asked)

    def _folded(self, place: int) -> str:
        """A passage's own text, folded: without its headings, which stand above it line by line."""
        quote = self.quotes[place]
        above = _HEADINGS + len(self.aliases.get(quote.id, ())) + quote.lead.count("\n")
        return self.shown[place].split("\n", above)[-1]

    def _from_the_beginning(self, hits: list[Hit]) -> list[Hit]:
        """Where the best is a later part of a list that an earlier part answers as well, the earlier comes first."""
        if not hits or not self.quotes[hits[0].place].lead:
            return hits
        best = self.quotes[hits[0].place]
        as_good = [hit for hit in hits if hit.covered >= hits[0].covered - _EQUAL]
        first = min((hit for hit in as_good if _same_block(self.quotes[hit.place], best)), key=lambda hit: hit.place)
        return [first, *(hit for hit in hits if hit is not first)]

    def block(self, quote: Quote) -> tuple[Quote, ...]:
        """The other passages of the same list or paragraph, in order."""
        places = self._blocks.get((quote.document.id, quote.block), ())
        return tuple(self.quotes[place] for place in places if self.quotes[place].id != quote.id)

    def names_area(self, place: int, letter: str) -> bool:
        """Whether a passage speaks of a funding area by its letter: „Förderbereich C" or an entry „C …" of a list."""
        text = self.quotes[place].text
        return bool(re.search(rf"(?:^|\n)\W*{letter}[):.]?\s+\w|[Bb]ereichs?\s+{letter}\b", text))


def _best(score: Scores, eligible: npt.NDArray[np.bool_], most: int) -> list[int]:
    """The best places, ties by their order."""
    places = np.flatnonzero(eligible)
    if len(places) > most:
        cut = np.partition(score[places], -most)[-most]
        places = places[score[places] >= cut]
    ordered = places[np.argsort(-score[places], kind="stable")]
    return [int(place) for place in ordered[:most]]


def _best_first(hit: Hit) -> tuple[float, int]:
    return -hit.score, hit.place


def _same_block(left: Quote, right: Quote) -> bool:
    return (left.document.id, left.block) == (right.document.id, right.block)
