"""Is a date to come asked for? Deadlines and meetings are answered from tables, never from prose.

The cues stand in ``intents.toml``.
"""

import re
import tomllib
from pathlib import Path
from typing import Literal

from models.search.slots import areas, kinds
from models.search.values import SmallTalk
from models.search.words import distance, words

Intent = Literal["deadline", "meeting"]

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_DATA[name]))


_DUE, _UNTIL, _WHEN, _MUST = _any("due"), _any("until"), _any("when"), _any("must")
_EXPIRES, _OPEN_CALLS = _any("expires"), _any("open_calls")
_AHEAD, _STILL = _any("ahead"), _any("still")
_VALIDITY, _PAST = _any("validity"), _any("past")
_THANKS, _POLITE = frozenset(_DATA["thanks"]), frozenset(_DATA["thanks"] + _DATA["polite"])
_MEETING, _NEXT = _any("meeting"), _any("next")


def intent(question: str) -> Intent | None:
    """Which table is asked; None for a question to the sources. ``question`` is folded, words set apart by blanks."""
    if _asks_deadline(question):
        return "deadline"
    if _MEETING.search(question) and _NEXT.search(question) and not _PAST.search(question):
        return "meeting"
    return None


def small_talk(text: str) -> SmallTalk | None:
    """A greeting or thanks with nothing else in the message."""
    said = frozenset(words(text))
    if not said or not said <= _POLITE:
        return None
    return SmallTalk("thanks" if said & _THANKS else "greeting")


def _asks_deadline(question: str) -> bool:
    papers = kinds(question)
    past = _PAST.search(question) is not None and not _MUST.search(question)
    if _DUE.search(question) or _is_mistyped(question) or _AHEAD.search(question):
        return True
    if _STILL.search(question) and areas(question):
        return True
    if _UNTIL.search(question):
        return bool(papers) or not (_VALIDITY.search(question) or past)
    if past:
        return False
    if _WHEN.search(question):
        begins_or_ends = bool(areas(question)) and _EXPIRES.search(question) is not None
        return bool(papers) or begins_or_ends or _MUST.search(question) is not None
    return "Aufruf" in papers and _OPEN_CALLS.search(question) is not None


def _is_mistyped(question: str) -> bool:
    near = (word for word in question.split() if word not in _DATA["no_typos"])
    return any(distance(word, cue, 1) <= 1 for word in near for cue in _DATA["typed"])
