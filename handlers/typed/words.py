"""„Zusage 4", „Ja zu 17", „Nicht mehr erinnern an Frist 12": what is asked for, and of what. Pure.

A whole text must say it: whatever has more words is a question, and so is whatever ends with a question mark.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from handlers.meetings.words import ANSWERS
from handlers.votes.naming import CHOICES, FITS
from locales import N_, SHIPPED, Voice
from models.ballot.rules import Choice, Fit


class Thing(StrEnum):
    """What a number is the number of."""

    VOTE = "vote"
    MEETING = "meeting"
    DEADLINE = "deadline"
    QUESTION = "question"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody types of a thing by its number: ``act`` is ``open``, or a word of the things' buttons.

    ``place``: which date of a date finding; 0 where none is named.
    """

    thing: Thing
    act: str
    number: int
    place: int = 0


# Labels of buttons; the catalogues say what they are in each language.
LABELS: dict[tuple[Thing, str], str] = {
    **{(Thing.VOTE, choice.value): label for choice, label in CHOICES.items()},
    **{(Thing.VOTE, fit.value): label for fit, label in FITS.items()},
    **{(Thing.MEETING, answer): label for answer, label in ANSWERS.items()},
    (Thing.VOTE, "object"): N_("Objection"),
    (Thing.VOTE, "result"): N_("Result"),
    (Thing.VOTE, "open"): N_("Vote"),
    (Thing.MEETING, "open"): N_("Meeting"),
    (Thing.MEETING, "present"): N_("Present"),
    (Thing.DEADLINE, "open"): N_("Deadline"),
    (Thing.DEADLINE, "remind"): N_("Remind me"),
    (Thing.DEADLINE, "done"): N_("Done"),
    (Thing.DEADLINE, "mute"): N_("Stop reminding me"),
    (Thing.DEADLINE, "ics"): N_("Calendar"),
    (Thing.QUESTION, "open"): N_("Question"),
    (Thing.QUESTION, "answer"): N_("Answer"),
    (Thing.BROADCAST, "open"): N_("Broadcast"),
    (Thing.BROADCAST, "read"): N_("Read"),
}
# Other ways to say the same.
ALIASES: dict[str, tuple[Thing, str]] = {
    "accept": (Thing.MEETING, "yes"),
    "decline": (Thing.MEETING, "no"),
    "abstain": (Thing.VOTE, Choice.ABSTAIN.value),
    "abstention": (Thing.VOTE, Choice.ABSTAIN.value),
    "conflict": (Thing.VOTE, Choice.CONFLICT.value),
    "objection": (Thing.VOTE, "object"),
    "erinnern": (Thing.DEADLINE, "remind"),
    "nicht erinnern": (Thing.DEADLINE, "mute"),
    "do not remind me": (Thing.DEADLINE, "mute"),
    "termin": (Thing.MEETING, "open"),
    "einladung": (Thing.MEETING, "open"),
    "invitation": (Thing.MEETING, "open"),
}
# Words that stand before a number by themselves: „No 4" is a number in English.
NEED_TO = {(Thing.VOTE, Choice.YES.value), (Thing.VOTE, Choice.NO.value)}
# As dictation writes small numbers.
NUMBERS = {
    word: number
    for words in (
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "one two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(words.split(), 1)
}
_NUMBER = rf"\d{{1,9}}|{'|'.join(NUMBERS)}"


def read_number(word: str) -> int:
    """„4" or „vier"."""
    return NUMBERS.get(word.casefold()) or int(word)


def read_request(text: str) -> Request | None:
    """What a text asks for by number; None where it is no such text."""
    found = _shape().fullmatch(" ".join(text.split()))
    if found is None:
        return None
    asked = _vocabulary().get(found["said"].casefold())
    if asked is None or (asked in NEED_TO and not found["to"]):
        return None
    thing, act = asked
    if found["noun"] and _vocabulary()[found["noun"].casefold()] != (thing, "open"):
        return None
    place = read_number(found["place"]) if found["place"] else 0
    if place and act not in {*Fit}:
        return None
    return Request(thing, act, read_number(found["number"]), place)


@cache
def _vocabulary() -> dict[str, tuple[Thing, str]]:
    spoken = {Voice(language).plain(label).casefold(): meant for meant, label in LABELS.items() for language in SHIPPED}
    return {**ALIASES, **spoken}


@cache
def _shape() -> re.Pattern[str]:
    things = "|".join(re.escape(word) for word, meant in _vocabulary().items() if meant[1] == "open")
    return re.compile(
        r"(?P<said>[^\W\d][^\d]*?)[,:]?"
        r"(?P<to>\s+(?:zu|zur|zum|für|bei|an|to|for|of)(?:\s+(?:der|die|das|dem|the))?)?"
        rf"(?:\s+(?P<noun>{things}))?"
        r"\s+(?:(?:nr|no|nummer|number)\b\.?\s*)?"
        rf"(?P<number>{_NUMBER})"
        rf"(?:,?\s+(?:termin|date)\s+(?P<place>{_NUMBER}))?"
        r"\s*[.!]?",
        re.IGNORECASE,
    )


_BARE = re.compile(rf"(?P<number>{_NUMBER})\s*[.!]?", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:knopf|taste|button)\s+(?:(?:nr|no|nummer|number)\.?\s*)?(?P<number>{_NUMBER})\s*[.!]?", re.IGNORECASE
)


def bare_number(text: str) -> int | None:
    """A text that is a number and nothing else: „2", „zwei"."""
    found = _BARE.fullmatch(text.strip())
    return read_number(found["number"]) if found else None


def button_number(text: str) -> int | None:
    """„Knopf 2", which can mean nothing but a button."""
    found = _NAMED.fullmatch(" ".join(text.split()))
    return read_number(found["number"]) if found else None


def as_label(text: str) -> str:
    """A label or what was typed for it, so that the two can be compared: without case, ends, and its state."""
    plain = " ".join(text.split()).strip("„“”\"'").rstrip(".!").casefold()
    for state in _states():
        plain = plain.removeprefix(state) if state.endswith(" ") else plain.removesuffix(state)
    return plain


@cache
def _states() -> tuple[str, ...]:
    """What a label says besides of how things stand: „Gewählt: …", „…: fertig"."""
    voices = [Voice(one) for one in SHIPPED]
    before = [one.plain("Chosen: %(name)s", name="").casefold() for one in voices]
    behind = [one.plain("%(label)s: done", label="").casefold() for one in voices]
    return (*before, *behind)
