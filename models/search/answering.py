"""From a question to what is said to it: guards, intents, then the best passage, if it is good enough."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.knowledge.values import Quote
from models.search.caveats import counts_more, outranks, warnings
from models.search.discretion import confidential
from models.search.evidence import needed, shows
from models.search.figures import disagree
from models.search.guards import personal_data
from models.search.intents import intent, small_talk
from models.search.library import Hit, Library
from models.search.premises import Premise, premise
from models.search.question import Question
from models.search.slots import letters, slots
from models.search.understanding import Topic, is_about
from models.search.values import (
    Answer,
    AsksContact,
    AsksDeadline,
    AsksMeeting,
    Finding,
    Floors,
    Heading,
    Near,
    NoAnswer,
)

_HEADINGS = 3
_AS_GOOD = 0.12  # how much less of the question a higher-ranked passage may hold and still be preferred
_PLAINLY_WRONG = frozenset({Premise.PAST_PROGRAMME, Premise.WRONG_AUTHORITY, Premise.OTHER_PROGRAMME})
_REACHING = frozenset({"telephone", "e_mail", "contact"})


def answer(text: str, library: Library, now: datetime, zone: str = "Europe/Berlin") -> Finding:
    """What is to be said to a message. ``now`` is aware; validity ends with the day in ``zone``."""
    guarded = personal_data(text) or small_talk(text) or confidential(text)
    if guarded:
        return guarded
    question = library.question(text)
    if letters(question.meant) and not question.content:
        question = library.question(f"{text} Förderbereich")  # „wofür steht K": a letter alone is looked for nowhere
    assumed = premise(question)
    if assumed is Premise.NO_SUCH_AREA:
        return NoAnswer(assumed.value)
    if is_about(Topic.OWN_CASE, question.said):
        return NoAnswer("own case")
    asked = intent(question.said)
    if asked == "deadline":
        return AsksDeadline(slots(question.said))
    if asked == "meeting":
        return AsksMeeting(slots(question.said))
    finding = _from_sources(question, library, now.astimezone(ZoneInfo(zone)).date())
    # Whoever takes a thing for granted that is not so hears no more than what sources say on it.
    refused = isinstance(finding, NoAnswer | Near | AsksContact) and assumed in _PLAINLY_WRONG
    return NoAnswer(str(assumed)) if refused else finding


def show(quote: Quote, library: Library, now: datetime, zone: str = "Europe/Berlin") -> Answer:
    """A passage that was asked for by its heading or citation, with the same warnings as an answer's."""
    return _answer(quote, library, now.astimezone(ZoneInfo(zone)).date(), 1.0)


def _from_sources(question: Question, library: Library, today: date) -> Finding:
    floors = library.floors
    kinds = needed(question.said + " | " + question.meant)
    hits = library.hits(question, letters(question.meant))
    fit = [hit for hit in hits if hit.covered >= floors.near and shows(kinds, library.shown[hit.place])]
    only_a_place = set(question.content) <= set(question.places)
    if fit and fit[0].covered >= floors.answer and not only_a_place:
        best = _highest_ranked(fit, library, floors)
        return _answer(library.quotes[best.place], library, today, best.covered)
    if _REACHING & {kind.name for kind in kinds}:
        return AsksContact(slots(question.said))
    if fit:
        return Near(_headings(fit, library))
    return NoAnswer("not in the sources" if hits and hits[0].covered >= floors.answer else "nothing found")


def _highest_ranked(hits: Sequence[Hit], library: Library, floors: Floors) -> Hit:
    """The best hit, or one of a higher rank that states the same.

    Another figure for the same thing is enough: a lesser source must not win with more of the question's words.
    """
    best = hits[0]
    for hit in hits[1:]:
        ours, theirs = library.quotes[best.place], library.quotes[hit.place]
        if not counts_more(theirs, ours):
            continue
        least = floors.answer if disagree(ours, theirs) else max(floors.answer, hits[0].covered - _AS_GOOD)
        if hit.covered >= least and outranks(theirs, ours):
            best = hit
    return best


def _answer(quote: Quote, library: Library, today: date, confidence: float) -> Answer:
    return Answer(quote, library.block(quote), tuple(warnings(quote, library, today)), round(min(1.0, confidence), 3))


def _headings(hits: Sequence[Hit], library: Library) -> tuple[Heading, ...]:
    """Up to three headings, each once."""
    labels: dict[str, int] = {}
    for hit in hits:
        quote = library.quotes[hit.place]
        labels.setdefault(quote.section or quote.document.title, quote.id)
    return tuple(Heading(passage, label) for label, passage in labels.items())[:_HEADINGS]
