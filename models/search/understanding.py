"""What a message wants, before any source is asked: its topic, what it names, and what it takes for granted wrongly.

Rules and tables only, to be read in ``topics.toml``, ``intents.toml`` and ``premises.toml``.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.search.discretion import confidential
from models.search.guards import personal_data
from models.search.intents import intent, small_talk
from models.search.premises import Premise, premise
from models.search.question import Question, said_in
from models.search.slots import areas, slots
from models.search.values import Slots


class Topic(StrEnum):
    """What a message is about."""

    PERSONAL_DATA = "personal data"
    SMALL_TALK = "small talk"
    CONFIDENTIAL = "confidential"
    OWN_CASE = "own case"
    DEADLINE = "deadline"
    MEETING = "meeting"
    CONTACT = "contact"
    VOTE = "vote"
    DOCUMENT = "document"
    AREA = "area"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Understood:
    """A message's topic, its slots, and a false premise where it has one."""

    topic: Topic
    slots: Slots
    premise: Premise | None


def _read(name: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    asked, against = _DATA[name]["asked"], _DATA[name]["not"]
    return re.compile("|".join(asked)), re.compile("|".join(against)) if against else None


_DATA = tomllib.loads(Path(__file__).with_name("topics.toml").read_text(encoding="utf-8"))
_CUES = {topic: _read(topic.replace(" ", "_")) for topic in (Topic.OWN_CASE, Topic.CONTACT, Topic.VOTE, Topic.DOCUMENT)}


def understand(text: str) -> Understood:
    """Read a message. Personal data come first: of such a message nothing else is looked at."""
    if personal_data(text):
        return Understood(Topic.PERSONAL_DATA, Slots(), None)
    question = Question.of(text)
    named = slots(question.said)
    return Understood(_topic(text, question.said, named.areas), named, premise(question))


def counted_as(text: str) -> tuple[Topic, tuple[str, ...]]:
    """The topic of a message and the funding areas it names: what ``understand`` says of it, and no more."""
    if personal_data(text):
        return Topic.PERSONAL_DATA, ()
    said = said_in(text)
    named = areas(said)
    return _topic(text, said, named), named


def _topic(text: str, said: str, named: Sequence[str]) -> Topic:
    if small_talk(text):
        return Topic.SMALL_TALK
    if confidential(text):
        return Topic.CONFIDENTIAL
    if is_about(Topic.OWN_CASE, said):
        return Topic.OWN_CASE
    asked = intent(said)
    if asked:
        return Topic.DEADLINE if asked == "deadline" else Topic.MEETING
    found = (topic for topic in (Topic.CONTACT, Topic.VOTE, Topic.DOCUMENT) if is_about(topic, said))
    return next(found, Topic.AREA if named else Topic.FACT)


def is_about(topic: Topic, said: str) -> bool:
    """Whether the cues of a topic are there. ``said`` is folded, its words set apart by blanks."""
    asked, against = _CUES[topic]
    return asked.search(said) is not None and not (against and against.search(said))
