"""Sources against each other: which counts more, and what must be said beside a quotation."""

import re
from datetime import date

from models.knowledge.values import Quote
from models.search.figures import disagree
from models.search.library import Library
from models.search.values import NewerEdition, NotYetValid, OtherFigure, ValidityEnded, Warning_
from models.search.words import stem, words

_ALIKE = 0.4  # share of common words from which two sentences state the same
_SHORTEST_SENTENCE = 6  # words; shorter ones are headings and addresses


def outranks(theirs: Quote, ours: Quote) -> bool:
    """Whether a passage is to be preferred: it states the same in a higher source, or another figure in a newer one."""
    if theirs.document.rank.place < ours.document.rank.place:
        return _same_statement(ours, theirs)
    return _precedence(theirs) < _precedence(ours) and disagree(ours, theirs)


def counts_more(theirs: Quote, ours: Quote) -> bool:
    """Whether a source stands higher, or as high and is newer."""
    return _precedence(theirs) < _precedence(ours)


def _precedence(quote: Quote) -> tuple[int, int]:
    newest = quote.document.dated or quote.document.valid_from or date.min
    return quote.document.rank.place, -newest.toordinal()


def _same_statement(left: Quote, right: Quote) -> bool:
    return disagree(left, right) or any(
        _alike(ours, theirs) >= _ALIKE for ours in _sentences(left.text) for theirs in _sentences(right.text)
    )


def _sentences(text: str) -> list[frozenset[str]]:
    parts = (frozenset(map(stem, words(part))) for part in re.split(r"[.!?:]\s+|\n", text))
    return [part for part in parts if len(part) >= _SHORTEST_SENTENCE]


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


def warnings(quote: Quote, library: Library, today: date) -> list[Warning_]:
    """What is to be said beside a quotation, validity first. ``today`` is the day in the office's zone."""
    document, found = quote.document, list[Warning_]()
    if document.valid_until and document.valid_until < today:
        found.append(ValidityEnded(document.valid_until))
    if document.valid_from and document.valid_from > today:
        found.append(NotYetValid(document.valid_from))
    newer = _newer(quote, library)
    found += [newer] if newer else []
    return found + [OtherFigure(other) for other in others(quote, library)]


def others(quote: Quote, library: Library) -> tuple[Quote, ...]:
    """The passages that give another figure for what is quoted, one of each document."""
    if quote.id not in library.others:
        places = set(library.ledger.disagreeing(quote.text)) | set(_marked(quote, library))
        named = dict[int, Quote]()
        for place in sorted(places):
            named.setdefault(library.quotes[place].document.id, library.quotes[place])
        named.pop(quote.document.id, None)
        library.others[quote.id] = tuple(named.values())
    return library.others[quote.id]


def _marked(quote: Quote, library: Library) -> list[int]:
    """Passages on the same in sources that the office marked as contradicting this one, in either direction."""
    ours = quote.document
    marked = {
        one.id for one in library.documents.values() if one.key in ours.contradicts or ours.key in one.contradicts
    }
    places = (place for place, other in enumerate(library.quotes) if other.document.id in marked) if marked else ()
    return [place for place in places if _same_statement(quote, library.quotes[place])]


def _newer(quote: Quote, library: Library) -> NewerEdition | None:
    ours = quote.document
    for theirs in library.documents.values():
        same = theirs.key == ours.key or (theirs.title, theirs.publisher) == (ours.title, ours.publisher)
        later = bool(theirs.dated and ours.dated and theirs.dated > ours.dated)
        if theirs.id != ours.id and same and (ours.superseded or later):
            return NewerEdition(theirs.title, theirs.dated)
    return NewerEdition(ours.title, None) if ours.superseded else None
