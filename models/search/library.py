"""The passages in force with everything that finding needs, built once for each state of the sources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from models.knowledge import Quote, editions_in_force, passages_in_force
from models.search.coverage import Coverage
from models.search.index import Index
from models.search.question import ASKED_FOR, Question
from models.search.shapes import shape_wanted
from models.search.words import Vocabulary, fold, words

# What adds to the order of hits, besides what a passage covers: one sentence that covers it, likeness of letters, and
# the shape that is asked for; a source that counts less loses a little.
_SENTENCE, _LEXICAL, _SHAPE, _RANK = 0.25, 0.3, 0.3, 0.03
_EQUAL = 0.02
_CONSIDERED = 200
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÄÖÜ„])|\n")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage for a question. ``covered``: share of the question's meaning that it holds, 0 to 1; ``score`` ranks."""

    place: int
    covered: float
    score: float


class Library:
    """A frozen collection of passages, searchable. Deterministic: the same passages and question give the same hits."""

    def __init__(self, quotes: Sequence[Quote]) -> None:
        self.quotes = tuple(quotes)
        bodies = [f"{q.section}\n{q.lead}\n{q.text}" for q in quotes]
        heads = [f"{q.document.title}\n{q.document.publisher}" for q in quotes]
        # What a passage is found by: its own words and those it stands under, folded.
        self.shown = tuple(fold(f"{head}\n{body}") for head, body in zip(heads, bodies, strict=True))
        self.index = Index(bodies)
        self._typed = Vocabulary({word for body in bodies + heads for word in words(body)} | ASKED_FOR)
        titles = [quote.document.title for quote in quotes]
        self._passages = Coverage(self.index, bodies, titles)
        sentences = [(place, part) for place, body in enumerate(bodies) for part in _SENTENCE_END.split(body)]
        self._home = tuple(place for place, _ in sentences)
        self._sentences = Coverage(
            self.index, [part for _, part in sentences], [titles[place] for place, _ in sentences]
        )

    def question(self, text: str) -> Question:
        """A question, read with the words of this library in mind."""
        return Question.of(text, self._typed.repair)

    def hits(self, question: Question) -> list[Hit]:
        """The passages that hold something of the question, the best first."""
        alone = dict[int, float]()
        for sentence, share in self._sentences.shares(question).items():
            place = self._home[sentence]
            alone[place] = max(alone.get(place, 0.0), share)
        lexical = self.index.scores(" ".join(question.content))
        hits = []
        for place, covered in self._passages.shares(question).items():
            extra = _SENTENCE * alone.get(place, 0.0) + _LEXICAL * lexical[place]
            extra -= _RANK * self.quotes[place].document.rank.place
            hits.append(Hit(place, covered, covered + extra))
        hits.sort(key=_best_first)
        return self._from_the_beginning(self._in_shape(hits[:_CONSIDERED], question))

    def _in_shape(self, hits: list[Hit], question: Question) -> list[Hit]:
        shape = shape_wanted(question)
        fits = (shape(self.quotes[hit.place].text, self.shown[hit.place]) for hit in hits)
        raised = [Hit(hit.place, hit.covered, hit.score + _SHAPE * fit) for hit, fit in zip(hits, fits, strict=True)]
        return sorted(raised, key=_best_first)

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
        return tuple(other for other in self.quotes if _same_block(other, quote) and other.id != quote.id)

    def names_area(self, place: int, letter: str) -> bool:
        """Whether a passage speaks of a funding area by its letter: „Förderbereich C" or an entry „C …" of a list."""
        text = self.quotes[place].text
        return bool(re.search(rf"(?:^|\n)\W*{letter}[):.]?\s+\w|[Bb]ereichs?\s+{letter}\b", text))


def _best_first(hit: Hit) -> tuple[float, int]:
    return -hit.score, hit.place


def _same_block(left: Quote, right: Quote) -> bool:
    return (left.document.id, left.block) == (right.document.id, right.block)


_SHELF: dict[tuple[object, ...], Library] = {}


async def library(session: AsyncSession) -> Library:
    """The library of the editions in force; kept in the process until another edition is loaded."""
    editions = await editions_in_force(session)
    details = (
        "id",
        "content_hash",
        "loaded_at",
        "title",
        "publisher",
        "dated",
        "valid_from",
        "valid_until",
        "url",
        "rank",
    )
    state = tuple((*(getattr(edition, name) for name in details), *edition.contradicts) for edition in editions)
    if state not in _SHELF:
        built = Library(await passages_in_force(session))
        _SHELF.clear()  # one state is enough: the one before answers nobody any more
        _SHELF[state] = built
    return _SHELF[state]
