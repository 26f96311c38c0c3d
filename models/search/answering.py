"""From a question to what is said to it: guards, intents, then the best passage, if it is good enough."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.knowledge.values import Quote
from models.search.evidence import Kind, needed
from models.search.figures import disagree
from models.search.glossary import AREAS
from models.search.guards import confidential, personal_data
from models.search.intents import intent
from models.search.library import Hit, Library
from models.search.question import Question
from models.search.slots import letters, slots
from models.search.values import (
    Answer,
    AsksContact,
    AsksDeadline,
    AsksMeeting,
    Finding,
    Heading,
    Near,
    NewerEdition,
    NoAnswer,
    NotYetValid,
    OtherFigure,
    SmallTalk,
    ValidityEnded,
    Warning_,
)
from models.search.words import stem, words

# Calibrated on the office's own questions: below FLOOR nothing is shown, below NEAR not even a heading.
FLOOR, NEAR = 0.62, 0.45
_HEADINGS = 3
_AS_GOOD = 0.12  # how much less of the question a higher-ranked passage may hold and still be preferred
_ALIKE = 0.4
_THANKS = frozenset(
    [
        "danke",
        "dank",
        "vielen",
        "super",
        "prima",
        "thanks",
        "thank",
        "you",
        "thx",
        "merci",
        "toll",
        "gut",
        "perfekt",
        "besten",
        "schoen",
        "schoenen",
    ]
)
_GREETING = frozenset(
    [
        "hallo",
        "moin",
        "hi",
        "hey",
        "guten",
        "tag",
        "morgen",
        "abend",
        "servus",
        "hello",
        "good",
        "morning",
        "evening",
        "liebe",
        "reko",
        "wer",
        "bist",
        "du",
        "na",
    ]
)
_REACHING = frozenset({"telephone", "e-mail", "contact"})


def answer(text: str, library: Library, now: datetime, zone: str = "Europe/Berlin") -> Finding:
    """What is to be said to a message. ``now`` is aware; validity ends with the day in ``zone``."""
    guarded = personal_data(text) or _small_talk(text) or confidential(text)
    if guarded:
        return guarded
    question = library.question(text)
    asked = intent(question.said)
    if asked == "deadline":
        return AsksDeadline(slots(question.said))
    if asked == "meeting":
        return AsksMeeting(slots(question.said))
    if set(letters(question.said)) - set(AREAS):
        return NoAnswer("no such area")
    return _from_sources(question, library, now.astimezone(ZoneInfo(zone)).date())


def show(quote: Quote, library: Library, now: datetime, zone: str = "Europe/Berlin") -> Answer:
    """A passage that was asked for by its heading or citation, with the same warnings as an answer's."""
    return _answer(quote, library, now.astimezone(ZoneInfo(zone)).date(), 1.0)


def _small_talk(text: str) -> SmallTalk | None:
    said = words(text)
    if not said or len(said) > 4:  # noqa: PLR2004 - longer ones want something
        return None
    if {"danke", "dank", "thanks", "thank", "thx", "merci"} & set(said) and set(said) <= _THANKS | _GREETING:
        return SmallTalk("thanks")
    return SmallTalk("greeting") if set(said) <= _GREETING else None


def _from_sources(question: Question, library: Library, today: date) -> Finding:
    kinds = needed(question.said + " | " + question.meant)
    hits = [hit for hit in library.hits(question) if _about(question, library, hit.place)]
    fit = [hit for hit in hits if _shows(kinds, library, hit.place)]
    if fit and fit[0].covered >= FLOOR:
        best = _highest_ranked(fit, library)
        return _answer(library.quotes[best.place], library, today, best.covered)
    if _REACHING & {kind.name for kind in kinds}:
        return AsksContact(slots(question.said))
    near = [hit for hit in fit if hit.covered >= NEAR]
    if near:
        return Near(_headings(near, library))
    return NoAnswer("not in the sources" if hits and hits[0].covered >= FLOOR else "nothing found")


def _about(question: Question, library: Library, place: int) -> bool:
    """Whether a passage speaks of the places, persons and areas asked for: never another's in their stead."""
    shown = library.shown[place]
    names = question.places + question.persons
    return all(name in shown for name in names) and all(
        library.names_area(place, letter) for letter in letters(question.said)
    )


def _shows(kinds: Sequence[Kind], library: Library, place: int) -> bool:
    return all(kind.shown.search(library.shown[place]) for kind in kinds)


def _highest_ranked(hits: Sequence[Hit], library: Library) -> Hit:
    """The best hit, or one of a higher rank that states the same."""
    best = hits[0]
    for hit in hits[1:]:
        ours, theirs = library.quotes[best.place], library.quotes[hit.place]
        as_good = hit.covered >= max(FLOOR, hits[0].covered - _AS_GOOD)
        if as_good and _outranks(theirs, ours):
            best = hit
    return best


def _outranks(theirs: Quote, ours: Quote) -> bool:
    """Whether a passage is to be preferred: it states the same in a higher source, or another figure in a newer one."""
    if theirs.document.rank.place < ours.document.rank.place:
        return _same_statement(ours, theirs)
    return _precedence(theirs) < _precedence(ours) and disagree(ours, theirs)


def _precedence(quote: Quote) -> tuple[int, int]:
    newest = quote.document.dated or quote.document.valid_from or date.min
    return quote.document.rank.place, -newest.toordinal()


def _same_statement(left: Quote, right: Quote) -> bool:
    return disagree(left, right) or any(
        _alike(ours, theirs) >= _ALIKE for ours in _sentences(left.text) for theirs in _sentences(right.text)
    )


def _sentences(text: str) -> list[frozenset[str]]:
    parts = (frozenset(map(stem, words(part))) for part in re.split(r"[.!?:]\s+|\n", text))
    return [part for part in parts if len(part) > 5]  # noqa: PLR2004 - shorter ones are headings and addresses


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


def _answer(quote: Quote, library: Library, today: date, confidence: float) -> Answer:
    return Answer(quote, library.block(quote), tuple(_warnings(quote, library, today)), round(min(1.0, confidence), 3))


def _warnings(quote: Quote, library: Library, today: date) -> list[Warning_]:
    document, found = quote.document, list[Warning_]()
    if document.valid_until and document.valid_until < today:
        found.append(ValidityEnded(document.valid_until))
    if document.valid_from and document.valid_from > today:
        found.append(NotYetValid(document.valid_from))
    newer = _newer(quote, library)
    found += [newer] if newer else []
    named = set[int]()
    for other in library.quotes:
        if other.document.id not in named and _contradicts(quote, other):
            named.add(other.document.id)
            found.append(OtherFigure(other))
    return found


def _newer(quote: Quote, library: Library) -> NewerEdition | None:
    ours = quote.document
    for theirs in {other.document.id: other.document for other in library.quotes}.values():
        same = theirs.key == ours.key or (theirs.title, theirs.publisher) == (ours.title, ours.publisher)
        later = bool(theirs.dated and ours.dated and theirs.dated > ours.dated)
        if theirs.id != ours.id and same and (ours.superseded or later):
            return NewerEdition(theirs.title, theirs.dated)
    return NewerEdition(ours.title, None) if ours.superseded else None


def _contradicts(quote: Quote, other: Quote) -> bool:
    """Whether a source that counts less gives another figure for what is quoted."""
    ours, theirs = quote.document, other.document
    if theirs.id == ours.id or _precedence(other) <= _precedence(quote):
        return False
    if disagree(quote, other):
        return True
    marked = theirs.key in ours.contradicts or ours.key in theirs.contradicts
    return marked and _same_statement(quote, other)


def _headings(hits: Sequence[Hit], library: Library) -> tuple[Heading, ...]:
    """Up to three headings, each once."""
    labels: dict[str, int] = {}
    for hit in hits:
        quote = library.quotes[hit.place]
        labels.setdefault(quote.section or quote.document.title, quote.id)
    return tuple(Heading(passage, label) for label, passage in labels.items())[:_HEADINGS]
