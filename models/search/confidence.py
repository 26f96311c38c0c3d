"""From how much of a question on an answer is right: a floor, calibrated for each state of the knowledge base.

A floor does not carry over from one collection to another. So the office's own questions are asked (other ways of
asking, answers that were kept), each with the passages that answer it taken away: whatever then still looks like an
answer would be a wrong one.
"""

from collections.abc import Iterable

import numpy as np

from models.search.evidence import needed, shows
from models.search.library import Library
from models.search.slots import letters
from models.search.values import Floors

LOWEST, HIGHEST = 0.6, 0.8
FEWEST = 20  # fewer questions tell nothing
WRONGLY = 0.05  # share of unanswerable questions that may be answered
_STEP = 0.17  # how far below the floor a heading is still worth showing
_ABOVE = 0.001
_MOST = 200  # questions; a second's work
_KEPT = "question/"  # keys of answers that were kept


def calibrated(library: Library) -> Floors:
    """The floors for a library; those that fit many libraries, where it has too few questions of its own."""
    own = list(_own_questions(library))[:_MOST]
    if len(own) < FEWEST:
        return Floors()
    floor = float(np.quantile([_without(library, asked, place) for asked, place in own], 1 - WRONGLY))
    answer = round(min(HIGHEST, max(LOWEST, floor + _ABOVE)), 3)
    return Floors(answer, round(answer - _STEP, 3))


def _own_questions(library: Library) -> Iterable[tuple[str, int]]:
    for place, quote in enumerate(library.quotes):
        yield from ((alias, place) for alias in library.aliases.get(quote.id, ()))
        if quote.document.key.startswith(_KEPT) and quote.section:
            yield quote.section, place


def _without(library: Library, asked: str, place: int) -> float:
    """What the best passage would have scored, had the one that answers not been there."""
    question = library.question(asked)
    kinds = needed(f"{question.said} | {question.meant}")
    home = library.quotes[place]
    for hit in library.hits(question, letters(question.meant)):
        quote = library.quotes[hit.place]
        elsewhere = (quote.document.id, quote.block) != (home.document.id, home.block)
        if elsewhere and shows(kinds, library.shown[hit.place]):
            return hit.covered
    return 0.0
